// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a RISC-V vCPU runs: loading, interrupts, and the run loop.
 *
 * Copyright (C) 2019 Western Digital Corporation or its affiliates.
 *
 * Authors:
 *     Anup Patel <anup.patel@wdc.com>
 *
 * Derived from arch/riscv/kvm/vcpu.c of Linux 6.1 and 6.12.  Changed in 2026 by the
 * authors of kicksim: reduced to the requests, exits and state that meet the
 * kick protocol; no VMIDs, floating point state, timer, AIA or power states.
 * KVM came to RISC-V with 5.16; its forms of kick are the same everywhere.
 */
#include <linux/kvm_host.h>

void kvm_arch_init_vm(struct kvm *kvm)
{
}

/* The last thing that a load does, after a request of the vCPU's own, where there is one. */
void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
#ifdef KVM_REQ_STEAL_UPDATE
	kvm_make_request(KVM_REQ_STEAL_UPDATE, vcpu);
#endif
	vcpu->cpu = cpu;
}

/* The first thing that a put does: a vCPU that is not loaded names no pCPU. */
void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	vcpu->cpu = -1;
}

int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_exiting_guest_mode(vcpu) == IN_GUEST_MODE;
}

/*
 * No request goes with this kick.  That is enough because the pending words are
 * looked at once more with mode at IN_GUEST_MODE: by the lock, either that look
 * finds the interrupt or the kick finds the mode.
 */
void kvm_arch_inject_irq(struct kvm_vcpu *vcpu)
{
	unsigned long flags;

	machine_call_begin(1ULL << kvm_vcpu_nr(vcpu), -1, 0);
	local_irq_save(flags);
	spin_lock(&vcpu->arch.irqs_pending_lock);
	__set_bit(IRQ_VS_SOFT, &vcpu->arch.irqs_pending);
	__set_bit(IRQ_VS_SOFT, &vcpu->arch.irqs_pending_mask);
	spin_unlock(&vcpu->arch.irqs_pending_lock);
	local_irq_restore(flags);

	kvm_vcpu_kick(vcpu);
	machine_call_end();
}

static void kvm_riscv_vcpu_flush_interrupts(struct kvm_vcpu *vcpu)
{
	unsigned long flags, mask, val;

	local_irq_save(flags);
	spin_lock(&vcpu->arch.irqs_pending_lock);

	mask = vcpu->arch.irqs_pending_mask;
	if (mask) {
		vcpu->arch.irqs_pending_mask = 0;
		val = vcpu->arch.irqs_pending & mask;

		vcpu->arch.hvip &= ~mask;
		vcpu->arch.hvip |= val;
	}

	spin_unlock(&vcpu->arch.irqs_pending_lock);
	local_irq_restore(flags);
}

/* The guest has taken its software interrupt and cleared it in its own CSR. */
static void kvm_riscv_vcpu_sync_interrupts(struct kvm_vcpu *vcpu)
{
	unsigned long flags;

	local_irq_save(flags);
	spin_lock(&vcpu->arch.irqs_pending_lock);

	/* If it has been raised again meanwhile, the next flush hands it over. */
	if (vcpu->arch.hvip & BIT(IRQ_VS_SOFT)) {
		if (!__test_and_set_bit(IRQ_VS_SOFT, &vcpu->arch.irqs_pending_mask))
			__clear_bit(IRQ_VS_SOFT, &vcpu->arch.irqs_pending);
	}

	spin_unlock(&vcpu->arch.irqs_pending_lock);
	local_irq_restore(flags);
}

static bool kvm_riscv_vcpu_has_interrupts(struct kvm_vcpu *vcpu)
{
	unsigned long flags;
	bool ret;

	local_irq_save(flags);
	spin_lock(&vcpu->arch.irqs_pending_lock);
	ret = vcpu->arch.irqs_pending;
	spin_unlock(&vcpu->arch.irqs_pending_lock);
	local_irq_restore(flags);
	return ret;
}

int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu)
{
	return kvm_riscv_vcpu_has_interrupts(vcpu);
}

/* The timer's interrupt is raised like any other, or it is not. */
int kvm_cpu_has_pending_timer(struct kvm_vcpu *vcpu)
{
	return 0;
}

static void kvm_riscv_check_vcpu_requests(struct kvm_vcpu *vcpu)
{
	if (kvm_request_pending(vcpu)) {
		kvm_check_request(KVM_REQ_VCPU_RESET, vcpu);
		kvm_check_request(KVM_REQ_UPDATE_HGATP, vcpu);
		kvm_check_request(KVM_REQ_FENCE_I, vcpu);
		kvm_check_request(KVM_REQ_TLB_FLUSH, vcpu);
#ifdef KVM_REQ_STEAL_UPDATE
		kvm_check_request(KVM_REQ_STEAL_UPDATE, vcpu);
#endif
	}
}

static void kvm_riscv_vcpu_wfi(struct kvm_vcpu *vcpu)
{
	if (!kvm_arch_vcpu_runnable(vcpu)) {
		srcu_read_unlock(&vcpu->kvm->srcu, vcpu->srcu_idx);
		kvm_vcpu_idle(vcpu);
		vcpu->srcu_idx = srcu_read_lock(&vcpu->kvm->srcu);
	}
}

/* 0: user space has to help. */
static int kvm_riscv_vcpu_exit(struct kvm_vcpu *vcpu, enum machine_exit exit_reason)
{
	switch (exit_reason) {
	case MACHINE_EXIT_HLT:
		kvm_riscv_vcpu_wfi(vcpu);
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

/* Since 6.4 the interrupt controller's state is loaded with preemption off. */
#define PREEMPT_OFF_FIRST	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0))

static int kvm_riscv_vcpu_enter(struct kvm_vcpu *vcpu)
{
	enum machine_exit exit_reason;

	if (need_resched())
		schedule();

	kvm_riscv_check_vcpu_requests(vcpu);

	if (PREEMPT_OFF_FIRST)
		preempt_disable();
	local_irq_disable();

	/* A plain store; the barrier that has to follow it is SRCU's. */
	vcpu->mode = IN_GUEST_MODE;

	srcu_read_unlock(&vcpu->kvm->srcu, vcpu->srcu_idx);
	smp_mb__after_srcu_read_unlock();

	/* After the mode, for the sake of kicks without a request. */
	kvm_riscv_vcpu_flush_interrupts(vcpu);

	/* EXITING_GUEST_MODE is not asked about: the kicker's IPI is on its way. */
	if (kvm_request_pending(vcpu) || need_resched()) {
		machine_entry_refused(kvm_vcpu_nr(vcpu));
		vcpu->mode = OUTSIDE_GUEST_MODE;
		local_irq_enable();
		if (PREEMPT_OFF_FIRST)
			preempt_enable();
		vcpu->srcu_idx = srcu_read_lock(&vcpu->kvm->srcu);
		return 1;
	}

	exit_reason = machine_guest_enter(kvm_vcpu_nr(vcpu));

	vcpu->mode = OUTSIDE_GUEST_MODE;

	kvm_riscv_vcpu_sync_interrupts(vcpu);

	if (!PREEMPT_OFF_FIRST)
		preempt_disable();

	/* A window for the interrupt that made the guest exit. */
	local_irq_enable();
	local_irq_disable();

	local_irq_enable();

	preempt_enable();

	vcpu->srcu_idx = srcu_read_lock(&vcpu->kvm->srcu);

	return kvm_riscv_vcpu_exit(vcpu, exit_reason);
}

int kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu)
{
	int ret = 1;

	vcpu->srcu_idx = srcu_read_lock(&vcpu->kvm->srcu);
	vcpu_load(vcpu);
	while (ret > 0)
		ret = kvm_riscv_vcpu_enter(vcpu);
	vcpu_put(vcpu);
	srcu_read_unlock(&vcpu->kvm->srcu, vcpu->srcu_idx);
	return ret;
}
