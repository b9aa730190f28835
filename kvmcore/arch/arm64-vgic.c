// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts on their way into an arm64 guest.
 *
 * Copyright (C) 2015, 2016 ARM Ltd.
 *
 * Derived from arch/arm64/kvm/vgic/vgic.c of Linux 5.15.  Changed in 2026 by
 * the authors of kicksim: one word of pending interrupts for each vCPU, which
 * stands for the list of them; the guest takes all that its list registers
 * hold; edge-triggered interrupts only.
 */
#include <linux/kvm_host.h>

#define VGIC_DEVICE_IRQ	2

/* The list before the request before the kick: one of the two is in time. */
void kvm_arch_inject_irq(struct kvm_vcpu *vcpu)
{
	struct vgic_cpu *vgic_cpu = &vcpu->arch.vgic_cpu;
	unsigned long flags;

	machine_call_begin(1ULL << kvm_vcpu_nr(vcpu), KVM_REQ_IRQ_PENDING, 0);
	local_irq_save(flags);
	spin_lock(&vgic_cpu->ap_list_lock);
	vgic_cpu->ap_list |= BIT(VGIC_DEVICE_IRQ);
	spin_unlock(&vgic_cpu->ap_list_lock);
	local_irq_restore(flags);

	kvm_make_request(KVM_REQ_IRQ_PENDING, vcpu);
	kvm_vcpu_kick(vcpu);
	machine_call_end();
}

/*
 * Without the lock at first: who adds to the list from here on also makes a
 * request, which the last check before the guest does not overlook.
 */
void kvm_vgic_flush_hwstate(struct kvm_vcpu *vcpu)
{
	struct vgic_cpu *vgic_cpu = &vcpu->arch.vgic_cpu;

	if (!READ_ONCE(vgic_cpu->ap_list))
		return;

	spin_lock(&vgic_cpu->ap_list_lock);
	vgic_cpu->lr = vgic_cpu->ap_list;
	vgic_cpu->ap_list = 0;
	spin_unlock(&vgic_cpu->ap_list_lock);
}

/* What the guest has not seen goes back to the list. */
void kvm_vgic_sync_hwstate(struct kvm_vcpu *vcpu, bool entered)
{
	struct vgic_cpu *vgic_cpu = &vcpu->arch.vgic_cpu;

	if (!vgic_cpu->lr)
		return;

	if (!entered) {
		spin_lock(&vgic_cpu->ap_list_lock);
		vgic_cpu->ap_list |= vgic_cpu->lr;
		spin_unlock(&vgic_cpu->ap_list_lock);
	}
	vgic_cpu->lr = 0;
}

bool kvm_vgic_vcpu_pending_irq(struct kvm_vcpu *vcpu)
{
	struct vgic_cpu *vgic_cpu = &vcpu->arch.vgic_cpu;
	unsigned long flags;
	bool pending;

	local_irq_save(flags);
	spin_lock(&vgic_cpu->ap_list_lock);
	pending = vgic_cpu->ap_list;
	spin_unlock(&vgic_cpu->ap_list_lock);
	local_irq_restore(flags);
	return pending;
}
