// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who posts an interrupt, and who takes it: KVM as sender, the vCPU at its entry, a
 * device behind VT-d, and the processor while the guest runs.
 *
 * Kernel-based Virtual Machine driver for Linux
 *
 * This module enables machines with Intel VT-x extensions to run virtual
 * machines without emulation or binary translation.
 *
 * Copyright (C) 2006 Qumranet, Inc.
 * Copyright 2010 Red Hat, Inc. and/or its affiliates.
 *
 * Authors:
 *   Avi Kivity   <avi@qumranet.com>
 *   Yaniv Kamay  <yaniv@qumranet.com>
 *
 * Derived from arch/x86/kvm/vmx/vmx.c and lapic.c of Linux 5.15, 6.1 and 6.12.
 * Changed in 2026 by the authors of kicksim: no nested guests; RVI, the cache of
 * the highest vector, is left out, and the entry looks at the IRR itself.  What the
 * hardware does stands at the end.
 */
#include <linux/kvm_host.h>

#ifdef KVM_ARCH_POSTED

/* Set before the run and never changed, so no access that could race. */
__no_kcsan struct vcpu_vmx *to_vmx(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.vmx;
}

__no_kcsan struct kvm_vcpu *vmx_to_vcpu(struct vcpu_vmx *vmx)
{
	return vmx->vcpu;
}

struct pi_desc *vcpu_to_pi_desc(struct kvm_vcpu *vcpu)
{
	return &to_vmx(vcpu)->pi_desc;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
void vmx_wake_up(struct kvm_vcpu *vcpu)
{
	kvm_vcpu_wake_up(vcpu);
}

/* Mode before cpu, as in a kick.  Both are read plainly. */
static void kvm_vcpu_trigger_posted_interrupt(struct kvm_vcpu *vcpu)
{
	if (vcpu->mode == IN_GUEST_MODE) {
		/*
		 * To a vCPU that has left its guest meanwhile the vector says
		 * nothing: it syncs PIR before it enters or sleeps.  One that
		 * sends to itself, in an exit handler, is about to do so.
		 */
		if (vcpu != kvm_get_running_vcpu())
			machine_send_notification(vcpu->cpu);
		return;
	}

	kvm_vcpu_wake_up(vcpu);
}
#else
void vmx_wake_up(struct kvm_vcpu *vcpu)
{
	machine_call_begin(1ULL << kvm_vcpu_nr(vcpu), KVM_REQ_EVENT, 0);
	kvm_vcpu_kick(vcpu);
	machine_call_end();
}

static void kvm_vcpu_trigger_posted_interrupt(struct kvm_vcpu *vcpu)
{
	if (vcpu == kvm_get_running_vcpu())
		return;
	if (vcpu->mode == IN_GUEST_MODE)
		machine_send_notification(vcpu->cpu);
	else
		kvm_vcpu_kick(vcpu);
}
#endif

/* False: the hardware would not bring it into the guest. */
static bool vmx_deliver_posted_interrupt(struct kvm_vcpu *vcpu, int vector)
{
	struct pi_desc *pi_desc = vcpu_to_pi_desc(vcpu);

	if (!kvm_vcpu_apicv_active(vcpu))
		return false;

	if (pi_test_and_set_pir(vector, pi_desc))
		return true;

	/* Who has set ON has sent, or is about to send, a notification. */
	if (pi_test_and_set_on(pi_desc))
		return true;

	/*
	 * ON before mode, by the barrier in that; pairs with the one after
	 * IN_GUEST_MODE is set: either the entry sees ON and syncs PIR, or
	 * IN_GUEST_MODE is seen here.
	 */
	kvm_vcpu_trigger_posted_interrupt(vcpu);
	return true;
}

void vmx_deliver_interrupt(struct kvm_vcpu *vcpu, int vector)
{
	if (vmx_deliver_posted_interrupt(vcpu, vector))
		return;
	set_bit(vector, &vcpu->arch.apic.irr);
	kvm_make_request(KVM_REQ_EVENT, vcpu);
	kvm_vcpu_kick(vcpu);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
static unsigned long pir_to_irr(unsigned long *irr, unsigned long pir)
{
	unsigned long prev = *irr, new;

	do {
		new = prev | pir;
	} while (prev != new && !try_cmpxchg(irr, &prev, new));
	return prev;
}
#else
/* Loses what somebody else sets between load and store: mended in 6.5. */
static unsigned long pir_to_irr(unsigned long *irr, unsigned long pir)
{
	unsigned long prev = *irr;

	*irr = prev | pir;
	return prev;
}
#endif

/* True if that brings a new highest vector. */
static bool kvm_apic_update_irr(struct kvm_vcpu *vcpu, unsigned long *pir)
{
	unsigned long val = READ_ONCE(*pir), prev;

	if (!val)
		return false;
	val = xchg(pir, 0);
	prev = pir_to_irr(&vcpu->arch.apic.irr, val);
	return (prev | val) != prev && __fls(val & ~prev) == __fls(prev | val);
}

/* By the vCPU's own task: the highest vector that waits for it, or -1. */
int vmx_sync_pir_to_irr(struct kvm_vcpu *vcpu)
{
	struct pi_desc *pi_desc = vcpu_to_pi_desc(vcpu);
	bool got_posted_interrupt = false;

	if (pi_test_on(pi_desc)) {
		pi_clear_on(pi_desc);
		/* Who sets PIR after this look finds ON clear, and notifies. */
		smp_mb__after_atomic();
		got_posted_interrupt = kvm_apic_update_irr(vcpu, &pi_desc->pir);
	}

	/* Devices post on while APICv is off; then KVM has to inject it. */
	if (got_posted_interrupt && !kvm_vcpu_apicv_active(vcpu))
		kvm_make_request(KVM_REQ_EVENT, vcpu);

	return kvm_lapic_find_highest_irr(vcpu);
}

/* --- what the hardware does ------------------------------------------------ */

/*
 * VT-d posts a device's interrupt.  In hardware it is one transaction; here PIR comes
 * first, as senders in software have it, and more orders are possible.
 */
void vtd_hw_post(struct kvm_vcpu *vcpu, int vector)
{
	struct pi_desc *pi_desc = vcpu_to_pi_desc(vcpu);
	unsigned long old;

	set_bit(vector, &pi_desc->pir);
	old = READ_ONCE(pi_desc->control);
	do {
		if (old & (BIT(POSTED_INTR_ON) | BIT(POSTED_INTR_SN)))
			return;
	} while (!try_cmpxchg(&pi_desc->control, &old, old | BIT(POSTED_INTR_ON)));

	if (pi_control_nv(old) == POSTED_INTR_WAKEUP_VECTOR)
		machine_send_wakeup(pi_control_ndst(old));
	else
		machine_send_notification(pi_control_ndst(old));
}

/*
 * At VM entry, and when POSTED_INTR_VECTOR comes in the guest: only then does the
 * processor look at the descriptor.  False: the guest exits as for any interrupt.
 */
bool vmx_hw_interrupts(struct kvm_vcpu *vcpu, bool notified)
{
	struct pi_desc *pi_desc = vcpu_to_pi_desc(vcpu);
	unsigned long pir, irr;

	if (!kvm_vcpu_apicv_active(vcpu))
		return !notified;
	if (notified) {
		pi_clear_on(pi_desc);
		pir = xchg(&pi_desc->pir, 0);
		__atomic_fetch_or(&vcpu->arch.apic.irr, pir, __ATOMIC_SEQ_CST);
	}
	while ((irr = READ_ONCE(vcpu->arch.apic.irr)))
		clear_bit((int)__fls(irr), &vcpu->arch.apic.irr);
	return true;
}

#endif
