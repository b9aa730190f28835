/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A place where one task sleeps.  @task is set from before the sleeper looks at
 * its condition until it has stopped waiting.
 *
 * Derived from include/linux/rcuwait.h of Linux 5.15 (GPL-2.0); shortened.
 */
#ifndef _LINUX_RCUWAIT_H_
#define _LINUX_RCUWAIT_H_

#include <linux/rcupdate.h>
#include <linux/sched.h>

struct rcuwait {
	struct task_struct __rcu *task;
};

static inline void rcuwait_init(struct rcuwait *w)
{
	w->task = NULL;
}

static inline int rcuwait_active(struct rcuwait *w)
{
	return !!rcu_access_pointer(w->task);
}

extern int rcuwait_wake_up(struct rcuwait *w);

static inline void prepare_to_rcuwait(struct rcuwait *w)
{
	rcu_assign_pointer(w->task, current);
}

extern void finish_rcuwait(struct rcuwait *w);

/* set_current_state() is barrier (A), which pairs with (B) in rcuwait_wake_up(). */
#define rcuwait_wait_event(w, condition, state)				\
({									\
	int __ret = 0;							\
	prepare_to_rcuwait(w);						\
	for (;;) {							\
		set_current_state(state);				\
		if (condition)						\
			break;						\
									\
		schedule();						\
	}								\
	finish_rcuwait(w);						\
	__ret;								\
})

#endif
