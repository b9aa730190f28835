// SPDX-License-Identifier: GPL-2.0-only
/*
 * How an arm64 vCPU runs: loading, the run loop, and halting whole guests.
 *
 * Copyright (C) 2012 - Virtual Open Systems and Columbia University
 * Author: Christoffer Dall <c.dall@virtualopensystems.com>
 *
 * Derived from arch/arm64/kvm/arm.c of Linux 5.15 and 6.12.117.  Changed in 2026 by the
 * authors of kicksim: reduced to the requests, exits and state that meet the
 * kick protocol; no VMIDs, PMU, debug or floating point state, PSCI or timer.
 */
#include <linux/kvm_host.h>

/* Who stops a guest: one at a time, or as many as are counted. */
#if KVM_ARM64_PAUSE_COUNT
#define pause_get(pause)	atomic_inc(&(pause))
#define pause_put(pause)	atomic_dec_and_test(&(pause))
#define pause_read(pause)	atomic_read(&(pause))
#else
#define pause_get(pause)	do { (pause) = true; } while (0)
#define pause_put(pause)	({ (pause) = false; true; })
#define pause_read(pause)	(pause)
#endif

void kvm_arch_init_vm(struct kvm *kvm)
{
}

void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	vcpu->cpu = cpu;
	kvm_make_request(KVM_REQ_RECORD_STEAL, vcpu);
}

/* A vCPU that is not loaded names no pCPU. */
void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	vcpu->cpu = -1;
}

int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu)
{
	return kvm_vcpu_exiting_guest_mode(vcpu) == IN_GUEST_MODE;
}

int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu)
{
	return kvm_vgic_vcpu_pending_irq(vcpu) && !pause_read(vcpu->arch.pause);
}

/* The timer's interrupt is pending in the interrupt controller, or it is not. */
int kvm_cpu_has_pending_timer(struct kvm_vcpu *vcpu)
{
	return 0;
}

/* No vCPU may run its guest, and none does any more when this returns. */
void kvm_arm_halt_guest(struct kvm *kvm)
{
	int i;
	struct kvm_vcpu *vcpu;

	kvm_for_each_vcpu(i, vcpu, kvm)
		pause_get(vcpu->arch.pause);
	machine_call_begin(~0ULL, KVM_REQ_SLEEP & KVM_REQUEST_MASK,
			   MACHINE_CALL_MASK | MACHINE_CALL_WAIT | MACHINE_CALL_NO_WAKEUP);
	kvm_make_all_cpus_request(kvm, KVM_REQ_SLEEP);
	machine_call_end();
}

void kvm_arm_resume_guest(struct kvm *kvm)
{
	int i;
	struct kvm_vcpu *vcpu;

	kvm_for_each_vcpu(i, vcpu, kvm) {
		if (pause_put(vcpu->arch.pause))
			rcuwait_wake_up(kvm_arch_vcpu_get_wait(vcpu));
	}
}

static void vcpu_req_sleep(struct kvm_vcpu *vcpu)
{
	struct rcuwait *wait = kvm_arch_vcpu_get_wait(vcpu);

	(void)rcuwait_wait_event(wait, !pause_read(vcpu->arch.pause), TASK_INTERRUPTIBLE);

	/* Paused again meanwhile: sleep before the next entry, not after it. */
	if (pause_read(vcpu->arch.pause))
		kvm_make_request(KVM_REQ_SLEEP, vcpu);

	/* State that was set before the wake-up is read after it. */
	smp_rmb();
}

static void check_vcpu_requests(struct kvm_vcpu *vcpu)
{
	if (kvm_request_pending(vcpu)) {
		if (kvm_check_request(KVM_REQ_SLEEP, vcpu))
			vcpu_req_sleep(vcpu);

		/* Made to be seen: the interrupt is found by the flush below. */
		kvm_check_request(KVM_REQ_IRQ_PENDING, vcpu);
		kvm_check_request(KVM_REQ_RECORD_STEAL, vcpu);
		kvm_check_request(KVM_REQ_RELOAD_PMU, vcpu);
	}
}

/* EXITING_GUEST_MODE is not asked about: the kicker's IPI is on its way. */
static bool kvm_vcpu_exit_request(struct kvm_vcpu *vcpu)
{
	return kvm_request_pending(vcpu) || need_resched();
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
static int kvm_handle_wfx(struct kvm_vcpu *vcpu)
{
	kvm_vcpu_halt(vcpu);
	return 1;
}
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
static int kvm_handle_wfx(struct kvm_vcpu *vcpu)
{
	kvm_vcpu_halt(vcpu);
	kvm_clear_request(KVM_REQ_UNHALT, vcpu);
	return 1;
}
#else
static int kvm_handle_wfx(struct kvm_vcpu *vcpu)
{
	kvm_vcpu_block(vcpu);
	kvm_clear_request(KVM_REQ_UNHALT, vcpu);
	return 1;
}
#endif

/* 0: user space has to help. */
static int handle_exit(struct kvm_vcpu *vcpu, enum machine_exit exit_reason)
{
	switch (exit_reason) {
	case MACHINE_EXIT_HLT:
		return kvm_handle_wfx(vcpu);
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

/*
 * Outside again, and with that comes back what the guest has left in its list
 * registers: with the mode last, who sees it sees them.
 */
#if KVM_ARM64_OUTSIDE_LAST
static __always_inline void vcpu_set_outside(struct kvm_vcpu *vcpu, bool entered)
{
	kvm_vgic_sync_hwstate(vcpu, entered);
	smp_store_release(&vcpu->mode, OUTSIDE_GUEST_MODE);
}
#else
static __always_inline void vcpu_set_outside(struct kvm_vcpu *vcpu, bool entered)
{
	vcpu->mode = OUTSIDE_GUEST_MODE;
	kvm_vgic_sync_hwstate(vcpu, entered);
}
#endif

static int kvm_arch_vcpu_enter(struct kvm_vcpu *vcpu)
{
	enum machine_exit exit_reason;

	if (need_resched())
		schedule();

	check_vcpu_requests(vcpu);

	preempt_disable();

	local_irq_disable();

	kvm_vgic_flush_hwstate(vcpu);

	/*
	 * Mode after interrupts are off and before the last look at requests;
	 * the barrier pairs with kvm_vcpu_exiting_guest_mode().
	 */
	smp_store_mb(vcpu->mode, IN_GUEST_MODE);

	if (kvm_vcpu_exit_request(vcpu)) {
		machine_entry_refused(kvm_vcpu_nr(vcpu));
		vcpu_set_outside(vcpu, false);
		local_irq_enable();
		preempt_enable();
		return 1;
	}

	exit_reason = machine_guest_enter(kvm_vcpu_nr(vcpu));

	vcpu_set_outside(vcpu, true);

	/* A window for the interrupt that made the guest exit. */
	local_irq_enable();

	preempt_enable();

	return handle_exit(vcpu, exit_reason);
}

int kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu)
{
	int ret = 1;

	vcpu_load(vcpu);
	while (ret > 0)
		ret = kvm_arch_vcpu_enter(vcpu);
	vcpu_put(vcpu);
	return ret;
}
