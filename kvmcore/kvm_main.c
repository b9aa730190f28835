// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of a vCPU's life that no architecture and no form of kick changes:
 * which pCPU it is loaded on, how it sleeps, and remote TLB flushes.
 *
 * Copyright (C) 2006 Qumranet, Inc.
 * Copyright 2010 Red Hat, Inc. and/or its affiliates.
 *
 * Authors:
 *   Avi Kivity   <avi@qumranet.com>
 *   Yaniv Kamay  <yaniv@qumranet.com>
 *
 * Derived from virt/kvm/kvm_main.c of Linux 4.11, 5.15, 6.1 and 6.12.  Changed
 * in 2026 by the authors of kicksim: reduced; no halt polling, signals,
 * statistics or tracing; ghost calls tell the machine's oracles what is meant.
 */
#include <linux/kvm_host.h>

DEFINE_PER_CPU(struct kvm_vcpu *, kvm_running_vcpu);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 6, 0)
/* A vCPU task starts here: from now on a switch away from it is a vCPU's. */
void vcpu_load(struct kvm_vcpu *vcpu)
{
	int cpu = get_cpu();

	__this_cpu_write(kvm_running_vcpu, vcpu);
	preempt_notifier_register(&vcpu->preempt_notifier);
	kvm_arch_vcpu_load(vcpu, cpu);
	put_cpu();
}
EXPORT_SYMBOL_GPL(vcpu_load);

void vcpu_put(struct kvm_vcpu *vcpu)
{
	preempt_disable();
	kvm_arch_vcpu_put(vcpu);
	preempt_notifier_unregister(&vcpu->preempt_notifier);
	__this_cpu_write(kvm_running_vcpu, NULL);
	preempt_enable();
}
EXPORT_SYMBOL_GPL(vcpu_put);

static inline struct kvm_vcpu *preempt_notifier_to_vcpu(struct preempt_notifier *pn)
{
	return container_of(pn, struct kvm_vcpu, preempt_notifier);
}

/*
 * Called by the scheduler as the last thing on the old pCPU.  The vCPU is
 * OUTSIDE_GUEST_MODE: any other mode has preemption or interrupts off.
 */
static void kvm_sched_out(struct preempt_notifier *pn, struct task_struct *next)
{
	struct kvm_vcpu *vcpu = preempt_notifier_to_vcpu(pn);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	WRITE_ONCE(vcpu->scheduled_out, true);

	if (task_is_runnable(current) && vcpu->wants_to_run) {
#else
	if (task_is_runnable(current)) {
#endif
		WRITE_ONCE(vcpu->preempted, true);
		WRITE_ONCE(vcpu->ready, true);
	}
	kvm_arch_vcpu_put(vcpu);
	__this_cpu_write(kvm_running_vcpu, NULL);
}

/* Called by the scheduler as the first thing on the new pCPU. */
static void kvm_sched_in(struct preempt_notifier *pn, int cpu)
{
	struct kvm_vcpu *vcpu = preempt_notifier_to_vcpu(pn);

	WRITE_ONCE(vcpu->preempted, false);
	WRITE_ONCE(vcpu->ready, false);

	__this_cpu_write(kvm_running_vcpu, vcpu);
	kvm_arch_vcpu_load(vcpu, cpu);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)

	WRITE_ONCE(vcpu->scheduled_out, false);
#endif
}

/* In the kernel kvm_init() fills this in. */
const struct preempt_ops kvm_preempt_ops = {
	.sched_in = kvm_sched_in,
	.sched_out = kvm_sched_out,
};
#else
/* A vCPU task starts here: from now on a switch away from it is a vCPU's. */
void vcpu_load(struct kvm_vcpu *vcpu)
{
	int cpu = get_cpu();

	preempt_notifier_register(&vcpu->preempt_notifier);
	kvm_arch_vcpu_load(vcpu, cpu);
	put_cpu();
}
EXPORT_SYMBOL_GPL(vcpu_load);

void vcpu_put(struct kvm_vcpu *vcpu)
{
	preempt_disable();
	kvm_arch_vcpu_put(vcpu);
	preempt_notifier_unregister(&vcpu->preempt_notifier);
	preempt_enable();
}
EXPORT_SYMBOL_GPL(vcpu_put);

static void kvm_sched_out(struct preempt_notifier *pn, struct task_struct *next)
{
	struct kvm_vcpu *vcpu = container_of(pn, struct kvm_vcpu, preempt_notifier);

	if (task_is_runnable(current))
		vcpu->preempted = true;
	kvm_arch_vcpu_put(vcpu);
}

static void kvm_sched_in(struct preempt_notifier *pn, int cpu)
{
	struct kvm_vcpu *vcpu = container_of(pn, struct kvm_vcpu, preempt_notifier);

	if (vcpu->preempted)
		vcpu->preempted = false;
	kvm_arch_vcpu_load(vcpu, cpu);
}

const struct preempt_ops kvm_preempt_ops = {
	.sched_in = kvm_sched_in,
	.sched_out = kvm_sched_out,
};
#endif

/*
 * Good beyond the preempt_enable(): where this task goes, the notifiers take
 * its vCPU along.
 */
struct kvm_vcpu *kvm_get_running_vcpu(void)
{
	struct kvm_vcpu *vcpu;

	preempt_disable();
	vcpu = __this_cpu_read(kvm_running_vcpu);
	preempt_enable();

	return vcpu;
}
EXPORT_SYMBOL_GPL(kvm_get_running_vcpu);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 8, 0)
static int kvm_vcpu_check_block(struct kvm_vcpu *vcpu)
{
	int ret = -1;
	int idx = srcu_read_lock(&vcpu->kvm->srcu);

	if (kvm_arch_vcpu_runnable(vcpu)) {
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
		kvm_make_request(KVM_REQ_UNHALT, vcpu);
#endif
		goto out;
	}
	if (kvm_cpu_has_pending_timer(vcpu))
		goto out;
	if (signal_pending(current))
		goto out;
	if (kvm_check_request(KVM_REQ_UNBLOCK, vcpu))
		goto out;

	ret = 0;
out:
	srcu_read_unlock(&vcpu->kvm->srcu, idx);
	return ret;
}
#else
static int kvm_vcpu_check_block(struct kvm_vcpu *vcpu)
{
	if (kvm_arch_vcpu_runnable(vcpu)) {
		kvm_make_request(KVM_REQ_UNHALT, vcpu);
		return -1;
	}
	if (kvm_cpu_has_pending_timer(vcpu))
		return -1;
	if (signal_pending(current))
		return -1;

	return 0;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 8, 0)
/*
 * Sleep until there is something to do.  Whoever brings it wakes the task that
 * is on vcpu->wq; each look comes after it was put there, with a full barrier.
 */
void kvm_vcpu_block(struct kvm_vcpu *vcpu)
{
	machine_block_begin(kvm_vcpu_nr(vcpu));
	for (;;) {
		prepare_to_swait(&vcpu->wq, TASK_INTERRUPTIBLE);

		if (kvm_vcpu_check_block(vcpu) < 0)
			break;

		schedule();
	}
	finish_swait(&vcpu->wq);
	machine_block_end(kvm_vcpu_nr(vcpu));
}
EXPORT_SYMBOL_GPL(kvm_vcpu_block);
#elif LINUX_VERSION_CODE < KERNEL_VERSION(5, 17, 0)
/*
 * Sleep until there is something to do.  Whoever brings it wakes the task that
 * vcpu->wait names; the state is set, with a full barrier, before each look.
 */
void kvm_vcpu_block(struct kvm_vcpu *vcpu)
{
	machine_block_begin(kvm_vcpu_nr(vcpu));
	prepare_to_rcuwait(&vcpu->wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);

		if (kvm_vcpu_check_block(vcpu) < 0)
			break;

		schedule();
	}
	finish_rcuwait(&vcpu->wait);
	machine_block_end(kvm_vcpu_nr(vcpu));
}
EXPORT_SYMBOL_GPL(kvm_vcpu_block);
#elif LINUX_VERSION_CODE < KERNEL_VERSION(5, 19, 0)
/* Like what follows, but for the preemption: see there. */
bool kvm_vcpu_block(struct kvm_vcpu *vcpu)
{
	struct rcuwait *wait = kvm_arch_vcpu_get_wait(vcpu);
	bool waited = false;

	kvm_arch_vcpu_blocking(vcpu);

	prepare_to_rcuwait(wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);

		if (kvm_vcpu_check_block(vcpu) < 0)
			break;

		waited = true;
		schedule();
	}
	finish_rcuwait(wait);

	kvm_arch_vcpu_unblocking(vcpu);

	return waited;
}
#else
/*
 * Sleep until there is something to do; true if that took a sleep.  Whoever
 * brings it wakes the task that vcpu->wait names; the state is set, with a full
 * barrier, before each look.
 *
 * What kvm_arch_vcpu_blocking() arms and the task that is to be woken appear
 * together: a preemption between the two would let kvm_arch_vcpu_put() and
 * kvm_arch_vcpu_load() see a vCPU that is half asleep.
 */
bool kvm_vcpu_block(struct kvm_vcpu *vcpu)
{
	struct rcuwait *wait = kvm_arch_vcpu_get_wait(vcpu);
	bool waited = false;

	preempt_disable();
	kvm_arch_vcpu_blocking(vcpu);
	prepare_to_rcuwait(wait);
	preempt_enable();

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);

		if (kvm_vcpu_check_block(vcpu) < 0)
			break;

		waited = true;
		schedule();
	}

	preempt_disable();
	finish_rcuwait(wait);
	kvm_arch_vcpu_unblocking(vcpu);
	preempt_enable();

	return waited;
}

#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
/* A guest that halts sleeps like one that waits for anything else. */
void kvm_vcpu_halt(struct kvm_vcpu *vcpu)
{
	machine_block_begin(kvm_vcpu_nr(vcpu));
	kvm_vcpu_block(vcpu);
	machine_block_end(kvm_vcpu_nr(vcpu));
}
EXPORT_SYMBOL_GPL(kvm_vcpu_halt);
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 15, 0)
void kvm_flush_remote_tlbs(struct kvm *kvm)
{
	/* Before the request: what gets dirty later has to be flushed later. */
	long dirty_count = smp_load_acquire(&kvm->tlbs_dirty);

	/*
	 * SPTEs before modes, by the barrier in kvm_vcpu_exiting_guest_mode():
	 * a walker that is not seen to be READING_SHADOW_PAGE_TABLES reads the
	 * SPTEs as the caller has left them.
	 */
	machine_call_begin(~0ULL, KVM_REQ_TLB_FLUSH & KVM_REQUEST_MASK,
			   MACHINE_CALL_MASK | MACHINE_CALL_WAIT | MACHINE_CALL_NO_WAKEUP);
	kvm_make_all_cpus_request(kvm, KVM_REQ_TLB_FLUSH);
	machine_call_end();
	cmpxchg(&kvm->tlbs_dirty, dirty_count, 0);
}
EXPORT_SYMBOL_GPL(kvm_flush_remote_tlbs);
#else
void kvm_flush_remote_tlbs(struct kvm *kvm)
{
	/*
	 * SPTEs before modes, by the barrier in kvm_vcpu_exiting_guest_mode():
	 * a walker that is not seen to be READING_SHADOW_PAGE_TABLES reads the
	 * SPTEs as the caller has left them.
	 */
	if (!kvm_arch_flush_remote_tlbs(kvm))
		return;

	kvm_make_all_cpus_request(kvm, KVM_REQ_TLB_FLUSH);
}
EXPORT_SYMBOL_GPL(kvm_flush_remote_tlbs);
#endif

int kvm_vcpu_ioctl_run(struct kvm_vcpu *vcpu)
{
	int r;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	vcpu->wants_to_run = true;
#endif
	r = kvm_arch_vcpu_ioctl_run(vcpu);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	vcpu->wants_to_run = false;
#endif
	return r;
}
