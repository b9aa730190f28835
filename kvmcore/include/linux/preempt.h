/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Preemption, and who wants to be told of it.
 *
 * A notifier is registered with its task while the task is to be switched out
 * and in as a vCPU.  KVM is the only one that asks, so a task has room for one
 * and calls KVM's functions; and only the task itself ever looks at it, so the
 * pointer is kept from the machine's hooks.
 */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

#include <linux/compiler.h>
#include "machine.h"

#define preempt_disable()	machine_preempt_disable()
#define preempt_enable()	machine_preempt_enable()
#define preemptible()		machine_preemptible()
#define in_task()		(!machine_in_irq())
#define in_hardirq()		machine_in_irq()
#define in_interrupt()		machine_in_irq()	/* there are no softirqs */
#define in_irq()		machine_in_irq()
#define in_nmi()		false

#define preempt_disable_notrace()	preempt_disable()
#define preempt_enable_notrace()	preempt_enable()

struct task_struct;

struct preempt_notifier {
	char unused;	/* an hlist_node and the ops in the kernel */
};

struct preempt_ops {
	void (*sched_in)(struct preempt_notifier *notifier, int cpu);
	void (*sched_out)(struct preempt_notifier *notifier, struct task_struct *next);
};

void preempt_notifier_register(struct preempt_notifier *notifier);
void preempt_notifier_unregister(struct preempt_notifier *notifier);

#endif
