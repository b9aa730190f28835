/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which pCPU this is, and how to interrupt the others.  The transport of IPIs
 * is the machine's, and so are the WARNs about callers that have interrupts
 * off, which could wait for each other's acknowledgement for ever.
 */
#ifndef _LINUX_SMP_H
#define _LINUX_SMP_H

#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>

#define smp_processor_id()	machine_cpu()
#define raw_smp_processor_id()	machine_cpu()

#define get_cpu()	({ preempt_disable(); smp_processor_id(); })
#define put_cpu()	preempt_enable()

#define smp_send_reschedule(cpu)	machine_send_reschedule(cpu)

static __always_inline void smp_call_function_many(const struct cpumask *mask,
					  void (*func)(void *), void *info, bool wait)
{
	machine_call_many(mask->bits[0], func, info, wait);
}

static __always_inline int smp_call_function_single(int cpu, void (*func)(void *), void *info,
					   int wait)
{
	preempt_disable();
	machine_call_many(1ULL << cpu, func, info, wait);
	preempt_enable();
	return 0;
}

#endif
