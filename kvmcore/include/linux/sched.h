/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks.  The machine schedules them; kernel code sees one word of state, on
 * which a sleeper and its waker meet.
 */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/atomic.h>
#include <linux/preempt.h>

#define TASK_RUNNING		0x0000
#define TASK_INTERRUPTIBLE	0x0001
#define TASK_UNINTERRUPTIBLE	0x0002

struct task_struct {
	unsigned int __state;
	int on_rq;		/* runs, or would if it could; the machine has the queues */
	struct preempt_notifier *preempt_notifier;
};

#define current		machine_current()

/* The barrier is one half of every sleep: state before the condition. */
#define set_current_state(state_value) \
	smp_store_mb(current->__state, (state_value))
#define __set_current_state(state_value) \
	WRITE_ONCE(current->__state, (state_value))

#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

#define get_current()		current
#define task_pid_nr(task)	((void)(task), 1)	/* for messages */
#define task_tgid_nr(task)	((void)(task), 1)

#define schedule()		machine_schedule()
#define wake_up_process(p)	machine_wake_up(p)
#define need_resched()		machine_need_resched()
#define task_is_runnable(p)	((p)->on_rq)
#define cpu_relax()		machine_relax()
#define signal_pending(p)	((void)(p), false)
#define fatal_signal_pending(p)	((void)(p), false)

/* The kernel is preemptible: to offer the pCPU is to have offered it at once. */
#define cond_resched()		({ preempt_disable(); preempt_enable(); 0; })

#endif
