// SPDX-License-Identifier: GPL-2.0-only
/*
 * How an s390 vCPU runs, and how it is kicked: neither by mode nor by IPIs.
 *
 * Hardware looks at the guest's cpuflags all the time and leaves SIE, the guest,
 * by itself.  So a sender needs no pCPU's number.  It sets PROG_REQUEST in prog20,
 * makes hardware stop, and waits until prog0c says that the vCPU is not in SIE; the
 * entry sets prog0c and then tests prog20.  One of the two sees the other.
 *
 * Copyright IBM Corp. 2008, 2020
 *
 *    Author(s): Carsten Otte <cotte@de.ibm.com>
 *               Christian Borntraeger <borntraeger@de.ibm.com>
 *               Christian Ehrhardt <ehrhardt@de.ibm.com>
 *               Jason J. Herne <jjherne@us.ibm.com>
 *
 * Derived from arch/s390/kvm/{kvm-s390,interrupt}.c and the SIE entry of
 * arch/s390/kernel/entry.S of Linux 6.12.  Changed in 2026 by the authors of
 * kicksim: reduced to the requests, exits and state that meet the kick protocol;
 * no nested SIE, GISA, timers or machine checks.
 */
#include <linux/kvm_host.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#define __kvm_make_request(req, vcpu)	kvm_make_request(req, vcpu)
#endif

#define IRQ_PEND_EXT_EMERGENCY	2	/* of 45: the oracles look at one byte */

void kvm_arch_init_vm(struct kvm *kvm)
{
}

/* What hardware looks at, atomically with its look: no kernel code decides by it. */
static __no_kcsan bool sie_intercepts(struct kvm_vcpu *vcpu)
{
	return vcpu->arch.sie_block.cpuflags.counter & (CPUSTAT_STOP_INT | CPUSTAT_EXT_INT);
}

static void kvm_s390_set_cpuflags(struct kvm_vcpu *vcpu, int flags)
{
	atomic_or(flags, &vcpu->arch.sie_block.cpuflags);
	if (flags & (CPUSTAT_STOP_INT | CPUSTAT_EXT_INT))
		machine_guest_stop(kvm_vcpu_nr(vcpu));
}

static void kvm_s390_clear_cpuflags(struct kvm_vcpu *vcpu, int flags)
{
	atomic_andnot(flags, &vcpu->arch.sie_block.cpuflags);
}

void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	kvm_s390_set_cpuflags(vcpu, CPUSTAT_RUNNING);
	vcpu->cpu = cpu;
}

/* A vCPU that is not loaded names no pCPU. */
void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	vcpu->cpu = -1;
	kvm_s390_clear_cpuflags(vcpu, CPUSTAT_RUNNING);
}

/* The generic kick is not built here. */
int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu)
{
	BUG();
	return 0;
}

int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu)
{
	return !!vcpu->arch.local_int.pending_irqs;
}

/* The timer's interrupt is pending like any other, or it is not. */
int kvm_cpu_has_pending_timer(struct kvm_vcpu *vcpu)
{
	return 0;
}

static void exit_sie(struct kvm_vcpu *vcpu);

static void kvm_s390_vcpu_request(struct kvm_vcpu *vcpu)
{
	atomic_or(PROG_REQUEST, &vcpu->arch.sie_block.prog20);
	exit_sie(vcpu);
}

static bool kvm_s390_vcpu_sie_inhibited(struct kvm_vcpu *vcpu)
{
	return atomic_read(&vcpu->arch.sie_block.prog20) & PROG_REQUEST;
}

static void kvm_s390_vcpu_request_handled(struct kvm_vcpu *vcpu)
{
	atomic_andnot(PROG_REQUEST, &vcpu->arch.sie_block.prog20);
}

/*
 * Get the vCPU out of SIE, and wait until it is.  A vCPU that has not entered yet drops
 * the stop and handles what prog20 is set for; if it has entered by the time of the
 * look at prog0c, nobody has told it to leave again.  A tick of its pCPU ends that.
 */
static void exit_sie(struct kvm_vcpu *vcpu)
{
	kvm_s390_set_cpuflags(vcpu, CPUSTAT_STOP_INT);
	if (vcpu->arch.sie_block.prog0c & PROG_IN_SIE)
		machine_wait_vcpu_out(kvm_vcpu_nr(vcpu), &vcpu->arch.sie_block.prog0c);
}

/* The request before prog20 before the exit: who enters again handles it first. */
void kvm_s390_sync_request(int req, struct kvm_vcpu *vcpu)
{
	__kvm_make_request(req, vcpu);
	kvm_s390_vcpu_request(vcpu);
}

/* To the vCPUs of @vcpu_bitmap, one after the other. */
void kvm_s390_sync_request_broadcast(struct kvm *kvm, int req, unsigned long vcpu_bitmap)
{
	struct kvm_vcpu *vcpu;
	int i;

	kvm_for_each_vcpu(i, vcpu, kvm)
		if (vcpu_bitmap >> i & 1)
			kvm_s390_sync_request(req, vcpu);
}

/* No wait: hardware leaves SIE to take it, or the vCPU looks before it enters. */
void kvm_arch_inject_irq(struct kvm_vcpu *vcpu)
{
	struct kvm_s390_local_interrupt *li = &vcpu->arch.local_int;
	unsigned long flags;

	machine_call_begin(1ULL << kvm_vcpu_nr(vcpu), -1, 0);
	local_irq_save(flags);
	spin_lock(&li->lock);
	set_bit(IRQ_PEND_EXT_EMERGENCY, &li->pending_irqs);
	kvm_s390_set_cpuflags(vcpu, CPUSTAT_EXT_INT);
	spin_unlock(&li->lock);
	local_irq_restore(flags);

	kvm_vcpu_wake_up(vcpu);
	machine_call_end();
}

/* Flags first: who sets one from here on has its interrupt seen below, or stops SIE. */
static void kvm_s390_deliver_pending_interrupts(struct kvm_vcpu *vcpu)
{
	struct kvm_s390_local_interrupt *li = &vcpu->arch.local_int;
	unsigned long flags;

	kvm_s390_clear_cpuflags(vcpu, CPUSTAT_EXT_INT | CPUSTAT_STOP_INT);

	if (!li->pending_irqs)
		return;

	local_irq_save(flags);
	spin_lock(&li->lock);
	clear_bit(IRQ_PEND_EXT_EMERGENCY, &li->pending_irqs);
	spin_unlock(&li->lock);
	local_irq_restore(flags);
}

static void kvm_s390_handle_requests(struct kvm_vcpu *vcpu)
{
retry:
	kvm_s390_vcpu_request_handled(vcpu);
	if (!kvm_request_pending(vcpu))
		return;

	if (kvm_check_request(KVM_REQ_REFRESH_GUEST_PREFIX, vcpu))
		goto retry;
	if (kvm_check_request(KVM_REQ_ICPT_OPEREXC, vcpu))
		goto retry;
	if (kvm_check_request(KVM_REQ_START_MIGRATION, vcpu))
		goto retry;
}

static void vcpu_pre_run(struct kvm_vcpu *vcpu)
{
	if (need_resched())
		schedule();

	kvm_s390_deliver_pending_interrupts(vcpu);
	kvm_s390_handle_requests(vcpu);
}

/*
 * An interrupt that comes between the first statement and SIE makes the code leave
 * as if SIE had been entered and left; with interrupts off it is SIE that leaves.
 * The update of prog0c is interlocked, which keeps the test behind it.
 */
static enum machine_exit sie64a(struct kvm_vcpu *vcpu)
{
	struct kvm_s390_sie_block *sie_block = &vcpu->arch.sie_block;
	enum machine_exit exit_reason = MACHINE_EXIT_STOP;

	local_irq_disable();
	__atomic_fetch_or(&sie_block->prog0c, PROG_IN_SIE, KVMCORE_RMW_ORDER);
	if (!kvm_s390_vcpu_sie_inhibited(vcpu) && !sie_intercepts(vcpu))
		exit_reason = machine_guest_enter(kvm_vcpu_nr(vcpu));
	__atomic_fetch_and(&sie_block->prog0c, ~PROG_IN_SIE, KVMCORE_RMW_ORDER);
	machine_vcpu_out(kvm_vcpu_nr(vcpu));
	local_irq_enable();
	return exit_reason;
}

static void kvm_s390_handle_wait(struct kvm_vcpu *vcpu)
{
	if (kvm_arch_vcpu_runnable(vcpu))
		return;

	srcu_read_unlock(&vcpu->kvm->srcu, vcpu->srcu_idx);
	kvm_vcpu_idle(vcpu);
	vcpu->srcu_idx = srcu_read_lock(&vcpu->kvm->srcu);
}

/* 0: user space has to help. */
static int vcpu_post_run(struct kvm_vcpu *vcpu, enum machine_exit exit_reason)
{
	switch (exit_reason) {
	case MACHINE_EXIT_HLT:
		kvm_s390_handle_wait(vcpu);
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

static int __vcpu_run(struct kvm_vcpu *vcpu)
{
	enum machine_exit exit_reason;
	int rc;

	vcpu->srcu_idx = srcu_read_lock(&vcpu->kvm->srcu);

	do {
		vcpu_pre_run(vcpu);

		srcu_read_unlock(&vcpu->kvm->srcu, vcpu->srcu_idx);
		exit_reason = sie64a(vcpu);
		vcpu->srcu_idx = srcu_read_lock(&vcpu->kvm->srcu);

		rc = vcpu_post_run(vcpu, exit_reason);
	} while (rc > 0);

	srcu_read_unlock(&vcpu->kvm->srcu, vcpu->srcu_idx);
	return rc;
}

int kvm_arch_vcpu_ioctl_run(struct kvm_vcpu *vcpu)
{
	int rc;

	vcpu_load(vcpu);
	rc = __vcpu_run(vcpu);
	vcpu_put(vcpu);
	return rc;
}
