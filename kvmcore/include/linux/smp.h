/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which pCPU this is, and how to interrupt the others.  The transport of IPIs
 * is the machine's, and so are the WARNs about callers that have interrupts
 * off, which could wait for each other's acknowledgement for ever.
 */
#ifndef _LINUX_SMP_H
#define _LINUX_SMP_H

#include <linux/cpumask.h>
#include <linux/errno.h>
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

/* The call itself finds out who is online; this is for what it returns. */
static __always_inline __no_kcsan bool kvmcore_peek_online(int cpu)
{
	return (unsigned int)cpu < nr_cpu_ids && cpu_online_mask->bits[0] >> cpu & 1;
}

static __always_inline void kvmcore_call_here(void (*func)(void *), void *info)
{
	unsigned long flags;

	local_irq_save(flags);
	func(info);
	local_irq_restore(flags);
}

static __always_inline int smp_call_function_single(int cpu, void (*func)(void *), void *info,
					   int wait)
{
	int err = 0;

	preempt_disable();
	if (cpu == smp_processor_id())
		kvmcore_call_here(func, info);
	else if (kvmcore_peek_online(cpu))
		machine_call_many(1ULL << cpu, func, info, wait);
	else
		err = -ENXIO;
	preempt_enable();
	return err;
}

/* All but this one. */
static __always_inline void smp_call_function(void (*func)(void *), void *info, int wait)
{
	preempt_disable();
	machine_call_many(~0ULL, func, info, wait);
	preempt_enable();
}

static __always_inline void on_each_cpu_mask(const struct cpumask *mask, void (*func)(void *),
					     void *info, bool wait)
{
	preempt_disable();
	smp_call_function_many(mask, func, info, wait);
	if (cpumask_test_cpu(smp_processor_id(), mask))
		kvmcore_call_here(func, info);
	preempt_enable();
}

static __always_inline void on_each_cpu(void (*func)(void *), void *info, int wait)
{
	preempt_disable();
	smp_call_function(func, info, wait);
	kvmcore_call_here(func, info);
	preempt_enable();
}

#endif
