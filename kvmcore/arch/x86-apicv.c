// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose hardware delivers interrupts: where the run loop of all x86 vCPUs meets
 * AMD's AVIC (x86-avic.c) and Intel's posted interrupts (x86-posted.c, x86-vmx.c).
 *
 * A VM has one of the two or neither.  That is set before the run and never
 * changed, so that to ask for it is no access that could race.
 */
#include <linux/kvm_host.h>

#ifdef KVM_ARCH_POSTED

__no_kcsan bool kvm_arch_has_posted(struct kvm_vcpu *vcpu)
{
	return vcpu->kvm->arch.enable_posted;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
__no_kcsan bool kvm_arch_has_avic(struct kvm_vcpu *vcpu)
{
	return vcpu->kvm->arch.enable_avic;
}
#endif

void kvm_x86_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	if (kvm_arch_has_avic(vcpu) && kvm_vcpu_apicv_active(vcpu))
		avic_vcpu_load(vcpu, cpu);
	if (kvm_arch_has_posted(vcpu))
		vmx_vcpu_pi_load(vcpu, cpu);
}

void kvm_x86_vcpu_put(struct kvm_vcpu *vcpu)
{
	if (kvm_arch_has_avic(vcpu) && kvm_vcpu_apicv_active(vcpu))
		avic_vcpu_put(vcpu);
	if (kvm_arch_has_posted(vcpu))
		vmx_vcpu_pi_put(vcpu);
}

void kvm_x86_deliver_interrupt(struct kvm_vcpu *vcpu, int vector)
{
	if (kvm_arch_has_posted(vcpu))
		vmx_deliver_interrupt(vcpu, vector);
	else
		svm_deliver_interrupt(vcpu, vector);
}

/* At entries and re-entries.  Before 37c4dbf337c5 only where APICv was active. */
void kvm_x86_sync_posted(struct kvm_vcpu *vcpu)
{
	if (!kvm_arch_has_posted(vcpu))
		return;
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 17, 0)
	if (!kvm_vcpu_apicv_active(vcpu))
		return;
#endif
	vmx_sync_pir_to_irr(vcpu);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 17, 0)
int kvm_x86_pre_block(struct kvm_vcpu *vcpu)
{
	return kvm_arch_has_posted(vcpu) ? pi_pre_block(vcpu) : 0;
}

void kvm_x86_post_block(struct kvm_vcpu *vcpu)
{
	if (kvm_arch_has_posted(vcpu))
		pi_post_block(vcpu);
}
#endif

bool kvm_arch_guest_interrupts(void *vcpu, bool notified)
{
	if (kvm_arch_has_posted(vcpu))
		return vmx_hw_interrupts(vcpu, notified);
	if (kvm_arch_has_avic(vcpu))
		avic_hw_deliver(vcpu);
	return true;
}

#endif
