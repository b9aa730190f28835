// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waking the one task that may sleep at a place.
 *
 * Copyright (C) 1991, 1992  Linus Torvalds
 *
 * Derived from kernel/exit.c (rcuwait_wake_up) and kernel/rcu/update.c
 * (finish_rcuwait; Copyright IBM Corporation, 2001, authors Dipankar Sarma and
 * Manfred Spraul) of Linux 5.15.  Changed in 2026 by the authors of kicksim:
 * taken out of their files, new comments.
 */
#include <linux/export.h>
#include <linux/rcuwait.h>

int rcuwait_wake_up(struct rcuwait *w)
{
	int ret = 0;
	struct task_struct *task;

	rcu_read_lock();

	/*
	 * The caller made the condition true; only then may this look for a
	 * sleeper.  The sleeper does it the other way round: it shows itself,
	 * has a full barrier in set_current_state() (A), and looks at the
	 * condition.  One of the two sees the other.
	 */
	smp_mb(); /* (B) */

	task = rcu_dereference(w->task);
	if (task)
		ret = wake_up_process(task);
	rcu_read_unlock();

	return ret;
}
EXPORT_SYMBOL_GPL(rcuwait_wake_up);

void finish_rcuwait(struct rcuwait *w)
{
	rcu_assign_pointer(w->task, NULL);
	__set_current_state(TASK_RUNNING);
}
EXPORT_SYMBOL_GPL(finish_rcuwait);
