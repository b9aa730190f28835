/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of pCPUs, one word each.
 *
 * From 5.17 on, where KVM keeps its masks in per-CPU variables, a cpumask_var_t
 * is the mask itself.  Before that it is in the CPUMASK_OFFSTACK flavour, a
 * pointer, because what matters about it is that its allocation may fail:
 * zalloc_cpumask_var() carves the mask out of its caller's stack frame, since
 * nothing is allocated in a run; the mask therefore lives until that function
 * returns, which is as long as the kernel's callers keep theirs.  Whether it
 * "fails" is the machine's choice.
 */
#ifndef _LINUX_CPUMASK_H
#define _LINUX_CPUMASK_H

#include <linux/bitmap.h>
#include <linux/version.h>

struct cpumask {
	unsigned long bits[1];
};

#define cpumask_t		struct cpumask

#define NR_CPUS			MACHINE_MAX_PCPUS
#define nr_cpu_ids		((unsigned int)machine_nr_cpus())
#define cpu_online_mask		((const struct cpumask *)machine_online_mask())
#define cpumask_bits(maskp)	((maskp)->bits)

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
#define cpumask_var_t		__typeof__(struct cpumask[1])
#define this_cpu_cpumask_var_ptr(x)	this_cpu_ptr(&(x)[0])

/* A user's patch may allocate one: in the mask itself, unless the machine says no. */
#define alloc_cpumask_var(mask, flags)	((void)(mask), (void)(flags), machine_alloc_atomic())
#define zalloc_cpumask_var(mask, flags) ({				\
	bool __got = alloc_cpumask_var(mask, flags);			\
									\
	if (__got)							\
		cpumask_clear(*(mask));					\
	__got;								\
})
#define free_cpumask_var(mask)	((void)(mask))
#define cpumask_available(mask)	((void)(mask), true)
#else
#define cpumask_var_t		struct cpumask *

#define zalloc_cpumask_var(mask, flags) ({				\
	(void)(flags);							\
	*(mask) = NULL;							\
	if (machine_alloc_atomic()) {					\
		*(mask) = __builtin_alloca(sizeof(struct cpumask));	\
		cpumask_clear(*(mask));					\
	}								\
	*(mask) != NULL;						\
})
#define free_cpumask_var(mask)	((void)(mask))

static __always_inline bool cpumask_available(cpumask_var_t mask)
{
	return mask != NULL;
}
#endif

static __always_inline void cpumask_clear(struct cpumask *dstp)
{
	dstp->bits[0] = 0;
}

static __always_inline bool cpumask_empty(const struct cpumask *srcp)
{
	return srcp->bits[0] == 0;
}

static __always_inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *dstp)
{
	set_bit(cpu, cpumask_bits(dstp));
}

static __always_inline void __cpumask_set_cpu(unsigned int cpu, struct cpumask *dstp)
{
	__set_bit(cpu, cpumask_bits(dstp));
}

static __always_inline bool cpumask_test_cpu(int cpu, const struct cpumask *cpumask)
{
	return test_bit(cpu, cpumask_bits(cpumask));
}

static __always_inline bool cpu_online(unsigned int cpu)
{
	return cpumask_test_cpu(cpu, cpu_online_mask);
}

#include <linux/cpumask_more.h>

#endif
