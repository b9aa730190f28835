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
 * Derived from virt/kvm/kvm_main.c of Linux 5.15.  Changed in 2026 by the
 * authors of kicksim: reduced; no halt polling, signals, statistics or
 * tracing; ghost calls tell the machine's oracles what is meant.
 */
#include <linux/kvm_host.h>

DEFINE_PER_CPU(struct kvm_vcpu *, kvm_running_vcpu);

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
void kvm_sched_out(struct preempt_notifier *pn, struct task_struct *next)
{
	struct kvm_vcpu *vcpu = preempt_notifier_to_vcpu(pn);

	if (READ_ONCE(current->__state) == TASK_RUNNING) {
		WRITE_ONCE(vcpu->preempted, true);
		WRITE_ONCE(vcpu->ready, true);
	}
	kvm_arch_vcpu_put(vcpu);
	__this_cpu_write(kvm_running_vcpu, NULL);
}

/* Called by the scheduler as the first thing on the new pCPU. */
void kvm_sched_in(struct preempt_notifier *pn, int cpu)
{
	struct kvm_vcpu *vcpu = preempt_notifier_to_vcpu(pn);

	WRITE_ONCE(vcpu->preempted, false);
	WRITE_ONCE(vcpu->ready, false);

	__this_cpu_write(kvm_running_vcpu, vcpu);
	kvm_arch_vcpu_load(vcpu, cpu);
}

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

static int kvm_vcpu_check_block(struct kvm_vcpu *vcpu)
{
	int ret = -1;
	int idx = srcu_read_lock(&vcpu->kvm->srcu);

	if (kvm_arch_vcpu_runnable(vcpu)) {
		kvm_make_request(KVM_REQ_UNHALT, vcpu);
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
