// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a LoongArch vCPU runs: loading, interrupts, and the run loop.
 *
 * Copyright (C) 2020-2023 Loongson Technology Corporation Limited
 *
 * Derived from arch/loongarch/kvm/{vcpu,main,interrupt,exit}.c of Linux 6.12
 * (GPL-2.0).  Changed in 2026 by the authors of kicksim: reduced to the requests,
 * exits and state that meet the kick protocol; no VPIDs, CSRs, PMU or timer.
 * The kernel has this architecture's KVM since 6.7.
 */
#include <linux/kvm_host.h>

#define INT_HWI0	2

void kvm_arch_init_vm(struct kvm *kvm)
{
}

/* vcpu->cpu is not written here: see kvm_check_vpid(). */
void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	unsigned long flags;

	local_irq_save(flags);
	kvm_make_request(KVM_REQ_STEAL_UPDATE, vcpu);
	local_irq_restore(flags);
}

/* vcpu->cpu stays: a vCPU that is not loaded names the pCPU it entered on last. */
void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
}

int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_exiting_guest_mode(vcpu) == IN_GUEST_MODE;
}

int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu)
{
	return !!vcpu->arch.irq_pending;
}

/* The timer's interrupt is queued like any other, or it is not. */
int kvm_cpu_has_pending_timer(struct kvm_vcpu *vcpu)
{
	return 0;
}

/*
 * No request goes with this kick.  That is enough because pending interrupts are
 * delivered with mode at IN_GUEST_MODE, behind the barrier that comes with it.
 */
void kvm_arch_inject_irq(struct kvm_vcpu *vcpu)
{
	machine_call_begin(1ULL << kvm_vcpu_nr(vcpu), -1, 0);
	set_bit(INT_HWI0, &vcpu->arch.irq_pending);
	kvm_vcpu_kick(vcpu);
	machine_call_end();
}

/* Into the guest's own register, where the guest finds it when it runs. */
static void kvm_deliver_intr(struct kvm_vcpu *vcpu)
{
	unsigned long *pending = &vcpu->arch.irq_pending;

	if (!(*pending))
		return;

	clear_bit(INT_HWI0, pending);
}

static void kvm_check_requests(struct kvm_vcpu *vcpu)
{
	if (!kvm_request_pending(vcpu))
		return;

	kvm_check_request(KVM_REQ_TLB_FLUSH, vcpu);
	kvm_check_request(KVM_REQ_STEAL_UPDATE, vcpu);
}

static void kvm_late_check_requests(struct kvm_vcpu *vcpu)
{
	if (!kvm_request_pending(vcpu))
		return;

	kvm_check_request(KVM_REQ_PMU, vcpu);
}

static void kvm_enter_guest_check(struct kvm_vcpu *vcpu)
{
	int idx;

	if (need_resched())
		schedule();

	idx = srcu_read_lock(&vcpu->kvm->srcu);
	kvm_check_requests(vcpu);
	srcu_read_unlock(&vcpu->kvm->srcu, idx);
}

/* The vCPU says where it is not when it is loaded but when it is about to enter. */
static void kvm_check_vpid(struct kvm_vcpu *vcpu)
{
	int cpu = machine_cpu();

	if (vcpu->cpu != cpu)
		vcpu->cpu = cpu;
}

/* Comes back with interrupts off, to enter. */
static void kvm_pre_enter_guest(struct kvm_vcpu *vcpu)
{
	for (;;) {
		kvm_enter_guest_check(vcpu);

		local_irq_disable();
		kvm_check_vpid(vcpu);

		/* One instruction, which has a barrier on either side of its store. */
		smp_store_mb(vcpu->mode, IN_GUEST_MODE);
		kvm_deliver_intr(vcpu);
		kvm_late_check_requests(vcpu);

		/* EXITING_GUEST_MODE is not asked about: the kicker's IPI is on its way. */
		if (!kvm_request_pending(vcpu) && !need_resched())
			return;

		machine_entry_refused(kvm_vcpu_nr(vcpu));
		smp_store_mb(vcpu->mode, OUTSIDE_GUEST_MODE);
		local_irq_enable();
	}
}

static void kvm_emu_idle(struct kvm_vcpu *vcpu)
{
	if (!kvm_arch_vcpu_runnable(vcpu)) {
		kvm_vcpu_idle(vcpu);
	}
}

/* 0: user space has to help. */
static int kvm_handle_exit(struct kvm_vcpu *vcpu, enum machine_exit exit_reason)
{
	smp_store_mb(vcpu->mode, OUTSIDE_GUEST_MODE);

	/* A window for the interrupt that made the guest exit. */
	local_irq_enable();

	switch (exit_reason) {
	case MACHINE_EXIT_HLT:
		kvm_emu_idle(vcpu);
		return 1;
	case MACHINE_EXIT_IO:
		return 0;
	case MACHINE_EXIT_ICR:
		kvm_arch_inject_irq(kvm_get_vcpu(vcpu->kvm,
						 machine_icr_target(kvm_vcpu_nr(vcpu))));
		return 1;
	default:
		return 1;
	}
}

int kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu)
{
	int ret = 1;

	vcpu_load(vcpu);
	while (ret > 0) {
		kvm_pre_enter_guest(vcpu);
		ret = kvm_handle_exit(vcpu, machine_guest_enter(kvm_vcpu_nr(vcpu)));
	}
	vcpu_put(vcpu);
	return ret;
}
