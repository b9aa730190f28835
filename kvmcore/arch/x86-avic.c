// SPDX-License-Identifier: GPL-2.0-only
/*
 * AVIC: interrupts that AMD's hardware brings into a guest without an exit.
 *
 * Kernel-based Virtual Machine driver for Linux, AMD SVM support
 *
 * Copyright (C) 2006 Qumranet, Inc.
 * Copyright 2010 Red Hat, Inc. and/or its affiliates.
 *
 * Authors:
 *   Yaniv Kamay  <yaniv@qumranet.com>
 *   Avi Kivity   <avi@qumranet.com>
 *
 * Derived from arch/x86/kvm/svm/avic.c, svm/svm.c and (inhibition) x86.c of Linux
 * 6.1.  Changed in 2026 by the authors of kicksim: the physical ID table is one
 * entry in each vCPU; interrupt remapping for assigned devices, and with it
 * ir_list_lock, logical destinations and the legacy interrupt window are left out.
 * What the hardware does stands at the end.
 */
#include <linux/kvm_host.h>
#include <linux/lockdep.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)

/*
 * The pCPU may be wrong by the time the doorbell is rung.  A vCPU that has moved
 * enters its guest anew, and the hardware looks for interrupts then.
 */
static void avic_ring_doorbell(struct kvm_vcpu *vcpu)
{
	int cpu = READ_ONCE(vcpu->cpu);

	if (cpu != get_cpu())
		machine_send_notification(cpu);
	put_cpu();
}

/* Mode before apicv_active: who sees IN_GUEST_MODE sees what the guest runs with. */
static void svm_complete_interrupt_delivery(struct kvm_vcpu *vcpu)
{
	bool in_guest_mode = smp_load_acquire(&vcpu->mode) == IN_GUEST_MODE;

	if (!READ_ONCE(vcpu->arch.apic.apicv_active)) {
		kvm_make_request(KVM_REQ_EVENT, vcpu);
		kvm_vcpu_kick(vcpu);
		return;
	}

	if (in_guest_mode) {
		/* Without a guest there the next VMRUN finds the interrupt. */
		avic_ring_doorbell(vcpu);
	} else {
		kvm_vcpu_wake_up(vcpu);
	}
}

void svm_deliver_interrupt(struct kvm_vcpu *vcpu, int vector)
{
	set_bit(vector, &vcpu->arch.apic.irr);

	/*
	 * Vector before mode; pairs with the barrier after IN_GUEST_MODE is set:
	 * either the hardware finds the vector at VMRUN, or the doorbell is rung.
	 */
	smp_mb__after_atomic();
	svm_complete_interrupt_delivery(vcpu);
}

/* A vCPU that blocks gets its entry when it unblocks, wherever it is by then. */
void avic_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	u64 entry;

	lockdep_assert_preemption_disabled();

	if (kvm_vcpu_is_blocking(vcpu))
		return;

	entry = READ_ONCE(vcpu->arch.avic_physical_id_entry);

	entry &= ~AVIC_PHYSICAL_ID_ENTRY_HOST_PHYSICAL_ID_MASK;
	entry |= (u64)cpu & AVIC_PHYSICAL_ID_ENTRY_HOST_PHYSICAL_ID_MASK;
	entry |= AVIC_PHYSICAL_ID_ENTRY_IS_RUNNING_MASK;

	WRITE_ONCE(vcpu->arch.avic_physical_id_entry, entry);
}

void avic_vcpu_put(struct kvm_vcpu *vcpu)
{
	u64 entry;

	lockdep_assert_preemption_disabled();

	entry = READ_ONCE(vcpu->arch.avic_physical_id_entry);

	if (!(entry & AVIC_PHYSICAL_ID_ENTRY_IS_RUNNING_MASK))
		return;

	entry &= ~AVIC_PHYSICAL_ID_ENTRY_IS_RUNNING_MASK;
	WRITE_ONCE(vcpu->arch.avic_physical_id_entry, entry);
}

/*
 * Before the vCPU looks whether it may sleep, with the barrier of
 * set_current_state() in between: an interrupt that still sees IsRunning is found by
 * that look, a later one makes its sender exit and wake the vCPU.
 */
void avic_vcpu_blocking(struct kvm_vcpu *vcpu)
{
	if (!kvm_vcpu_apicv_active(vcpu))
		return;

	avic_vcpu_put(vcpu);
}

void avic_vcpu_unblocking(struct kvm_vcpu *vcpu)
{
	if (!kvm_vcpu_apicv_active(vcpu))
		return;

	avic_vcpu_load(vcpu, vcpu->cpu);
}

static void avic_refresh_apicv_exec_ctrl(struct kvm_vcpu *vcpu)
{
	if (!kvm_arch_has_avic(vcpu))
		return;
	if (kvm_vcpu_apicv_active(vcpu))
		avic_vcpu_load(vcpu, vcpu->cpu);
	else
		avic_vcpu_put(vcpu);
}

bool kvm_vcpu_apicv_activated(struct kvm_vcpu *vcpu)
{
	return !READ_ONCE(vcpu->kvm->arch.apicv_inhibit_reasons);
}

/* What a vCPU does about KVM_REQ_APICV_UPDATE, and nobody else does for it. */
void kvm_vcpu_update_apicv(struct kvm_vcpu *vcpu)
{
	struct kvm_lapic *apic = &vcpu->arch.apic;
	bool activate;

	down_read(&vcpu->kvm->arch.apicv_update_lock);
	preempt_disable();

	activate = kvm_vcpu_apicv_activated(vcpu);

	if (apic->apicv_active == activate)
		goto out;

	apic->apicv_active = activate;
	avic_refresh_apicv_exec_ctrl(vcpu);

	/* What came in while the hardware was to deliver it is the host's now. */
	if (!apic->apicv_active)
		kvm_make_request(KVM_REQ_EVENT, vcpu);

out:
	preempt_enable();
	up_read(&vcpu->kvm->arch.apicv_update_lock);
}

static void __kvm_set_or_clear_apicv_inhibit(struct kvm *kvm, unsigned long reason, bool set)
{
	unsigned long old, new;

	old = new = kvm->arch.apicv_inhibit_reasons;

	if (set)
		new |= reason;
	else
		new &= ~reason;

	if (!!old != !!new) {
		/*
		 * All vCPUs are out of their guests before the state changes, and
		 * none gets back in before it has: the request waits for the lock.
		 */
		machine_call_begin(~0ULL, KVM_REQ_APICV_UPDATE & KVM_REQUEST_MASK,
				   MACHINE_CALL_MASK | MACHINE_CALL_WAIT |
				   MACHINE_CALL_NO_WAKEUP);
		kvm_make_all_cpus_request(kvm, KVM_REQ_APICV_UPDATE);
		machine_call_end();
		kvm->arch.apicv_inhibit_reasons = new;
	} else {
		kvm->arch.apicv_inhibit_reasons = new;
	}
}

void kvm_set_or_clear_apicv_inhibit(struct kvm *kvm, unsigned long reason, bool set)
{
	down_write(&kvm->arch.apicv_update_lock);
	__kvm_set_or_clear_apicv_inhibit(kvm, reason, set);
	up_write(&kvm->arch.apicv_update_lock);
}

/* The hardware has set the vector and found that its target does not run. */
void avic_incomplete_ipi_interception(struct kvm_vcpu *target)
{
	machine_call_begin(1ULL << kvm_vcpu_nr(target), KVM_REQ_EVENT, 0);
	svm_complete_interrupt_delivery(target);
	machine_call_end();
}

/* --- what the hardware does ------------------------------------------------ */

/* At VMRUN and at a doorbell: the guest gets what its APIC has for it. */
void avic_hw_deliver(struct kvm_vcpu *vcpu)
{
	unsigned long irr;

	if (!kvm_vcpu_apicv_active(vcpu))
		return;
	while ((irr = READ_ONCE(vcpu->arch.apic.irr)))
		clear_bit((int)__fls(irr), &vcpu->arch.apic.irr);
}

/*
 * The guest writes its ICR: vector, then the target's entry, with a full barrier
 * in between.  False: the target does not run, and the guest exits.
 */
bool avic_hw_send_ipi(struct kvm_vcpu *target, int vector)
{
	u64 entry;

	set_bit(vector, &target->arch.apic.irr);
	smp_mb();
	entry = READ_ONCE(target->arch.avic_physical_id_entry);
	if (!(entry & AVIC_PHYSICAL_ID_ENTRY_IS_RUNNING_MASK))
		return false;
	machine_send_notification(
		(int)(entry & AVIC_PHYSICAL_ID_ENTRY_HOST_PHYSICAL_ID_MASK));
	return true;
}

/* --- what the run loop calls ------------------------------------------------- */

void kvm_arch_vcpu_blocking(struct kvm_vcpu *vcpu)
{
	if (kvm_arch_has_avic(vcpu))
		avic_vcpu_blocking(vcpu);
}

void kvm_arch_vcpu_unblocking(struct kvm_vcpu *vcpu)
{
	if (kvm_arch_has_avic(vcpu))
		avic_vcpu_unblocking(vcpu);
}

/* Its target has been noted where only the vCPU's own task looks. */
__no_kcsan struct kvm_vcpu *avic_icr_target(struct kvm_vcpu *vcpu)
{
	return vcpu->kvm->vcpu_array.slots[vcpu->arch.icr_target];
}

static __no_kcsan void avic_note_icr_target(struct kvm_vcpu *vcpu)
{
	vcpu->arch.icr_target = machine_icr_target(kvm_vcpu_nr(vcpu));
}

/* The guest's IPI, without an exit; false: it exits, for the host to wake the target. */
bool avic_guest_sends_ipi(struct kvm_vcpu *vcpu)
{
	avic_note_icr_target(vcpu);
	return avic_hw_send_ipi(avic_icr_target(vcpu), APIC_IPI_VECTOR);
}

#endif
