/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A place where one task sleeps, as it was before rcuwait (5.8): a queue with a
 * lock, of which a waker looks without the lock whether anybody is on it.
 *
 * Derived from include/linux/swait.h and kernel/sched/swait.c of Linux 4.11
 * (GPL-2.0).  Changed: the queue has room for one, its task; nobody else ever
 * waits for a vCPU.
 */
#ifndef _LINUX_SWAIT_H
#define _LINUX_SWAIT_H

#include <linux/irqflags.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

struct swait_queue_head {
	spinlock_t lock;
	struct task_struct *task;
};

static inline void init_swait_queue_head(struct swait_queue_head *q)
{
	q->task = NULL;
}

/* Orders nothing: a waker that has just made the condition true needs a barrier. */
static inline int swait_active(struct swait_queue_head *q)
{
	return READ_ONCE(q->task) != NULL;
}

void swake_up(struct swait_queue_head *q);
void prepare_to_swait(struct swait_queue_head *q, int state);
void finish_swait(struct swait_queue_head *q);

#endif
