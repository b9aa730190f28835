// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waking the one task that may sleep at a place, before 5.8.
 *
 * Copyright (C) 1991-2002  Linus Torvalds
 *
 * Derived from kernel/sched/swait.c of Linux 4.11, which names no author.
 * Changed in 2026 by the authors of kicksim: a queue of one.
 */
#include <linux/swait.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 8, 0)
void swake_up(struct swait_queue_head *q)
{
	unsigned long flags;

	/* Without the lock, and until 4.13: who comes later looks for himself. */
	if (!swait_active(q))
		return;

	local_irq_save(flags);
	spin_lock(&q->lock);
	if (q->task) {
		wake_up_process(q->task);
		WRITE_ONCE(q->task, NULL);
	}
	spin_unlock(&q->lock);
	local_irq_restore(flags);
}

/* On the queue before the state, and that, with a barrier, before the condition. */
void prepare_to_swait(struct swait_queue_head *q, int state)
{
	unsigned long flags;

	local_irq_save(flags);
	spin_lock(&q->lock);
	if (!q->task)
		WRITE_ONCE(q->task, current);
	set_current_state(state);
	spin_unlock(&q->lock);
	local_irq_restore(flags);
}

void finish_swait(struct swait_queue_head *q)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	if (!swait_active(q))
		return;
	local_irq_save(flags);
	spin_lock(&q->lock);
	WRITE_ONCE(q->task, NULL);
	spin_unlock(&q->lock);
	local_irq_restore(flags);
}
#endif
