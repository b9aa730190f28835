// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the machine's scheduler calls when it switches a task out or in.
 *
 * Copyright (C) 1991-2002  Linus Torvalds
 *
 * Derived from the preempt notifiers of kernel/sched/core.c of Linux 5.15.
 * Changed in 2026 by the authors of kicksim: the list has room for one, and
 * there is one set of functions to call, KVM's.
 */
#include <linux/kvm_host.h>
#include "form.h"

__no_kcsan void preempt_notifier_register(struct preempt_notifier *notifier)
{
	current->preempt_notifier = notifier;
}

__no_kcsan void preempt_notifier_unregister(struct preempt_notifier *notifier)
{
	(void)notifier;
	current->preempt_notifier = NULL;
}

/* The scheduler decides by the state whether the task leaves the run queue. */
__no_kcsan void fire_sched_out_preempt_notifiers(struct task_struct *curr)
{
	curr->on_rq = curr->__state == TASK_RUNNING;
	if (curr->preempt_notifier)
		kvm_preempt_ops.sched_out(curr->preempt_notifier, NULL);
}

__no_kcsan void fire_sched_in_preempt_notifiers(struct task_struct *curr, int cpu)
{
	/* Who runs is on the run queue, whatever it was when it was last switched out. */
	curr->on_rq = 1;
	if (curr->preempt_notifier)
		kvm_preempt_ops.sched_in(curr->preempt_notifier, cpu);
}
