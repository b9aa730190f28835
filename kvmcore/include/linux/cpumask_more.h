/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kernel code may do with sets of pCPUs beyond what KVM does today; for
 * linux/cpumask.h, which includes it.  Plain, but for the functions on one pCPU
 * without underscores.  Numbers from nr_cpu_ids on mean "none".
 */
#ifndef _LINUX_CPUMASK_MORE_H
#define _LINUX_CPUMASK_MORE_H

#define cpumask_size()		sizeof(struct cpumask)
#define cpu_is_offline(cpu)	(!cpu_online(cpu))
#define cpu_possible(cpu)	((unsigned int)(cpu) < nr_cpu_ids)

static __always_inline void cpumask_clear_cpu(int cpu, struct cpumask *dstp)
{
	clear_bit(cpu, cpumask_bits(dstp));
}

static __always_inline void __cpumask_clear_cpu(int cpu, struct cpumask *dstp)
{
	__clear_bit(cpu, cpumask_bits(dstp));
}

static __always_inline bool cpumask_test_and_set_cpu(int cpu, struct cpumask *cpumask)
{
	return test_and_set_bit(cpu, cpumask_bits(cpumask));
}

static __always_inline bool cpumask_test_and_clear_cpu(int cpu, struct cpumask *cpumask)
{
	return test_and_clear_bit(cpu, cpumask_bits(cpumask));
}

static __always_inline void cpumask_setall(struct cpumask *dstp)
{
	dstp->bits[0] = BIT(nr_cpu_ids) - 1;
}

static __always_inline void cpumask_copy(struct cpumask *dstp, const struct cpumask *srcp)
{
	dstp->bits[0] = srcp->bits[0];
}

static __always_inline bool cpumask_and(struct cpumask *dstp, const struct cpumask *a,
					const struct cpumask *b)
{
	return bitmap_and(dstp->bits, a->bits, b->bits, BITS_PER_LONG);
}

static __always_inline bool cpumask_andnot(struct cpumask *dstp, const struct cpumask *a,
					   const struct cpumask *b)
{
	return bitmap_andnot(dstp->bits, a->bits, b->bits, BITS_PER_LONG);
}

static __always_inline void cpumask_or(struct cpumask *dstp, const struct cpumask *a,
				       const struct cpumask *b)
{
	dstp->bits[0] = a->bits[0] | b->bits[0];
}

static __always_inline void cpumask_xor(struct cpumask *dstp, const struct cpumask *a,
					const struct cpumask *b)
{
	dstp->bits[0] = a->bits[0] ^ b->bits[0];
}

static __always_inline bool cpumask_equal(const struct cpumask *a, const struct cpumask *b)
{
	return a->bits[0] == b->bits[0];
}

static __always_inline bool cpumask_intersects(const struct cpumask *a, const struct cpumask *b)
{
	return a->bits[0] & b->bits[0];
}

static __always_inline bool cpumask_subset(const struct cpumask *a, const struct cpumask *b)
{
	return !(a->bits[0] & ~b->bits[0]);
}

static __always_inline unsigned int cpumask_weight(const struct cpumask *srcp)
{
	return bitmap_weight(srcp->bits, BITS_PER_LONG);
}

/* From @n + 1 on; -1 begins with the first.  One look at the word. */
static __always_inline unsigned int cpumask_next(int n, const struct cpumask *srcp)
{
	unsigned int from = (unsigned int)(n + 1), nr = nr_cpu_ids;
	unsigned long word = from < nr ? srcp->bits[0] >> from : 0;

	return word && from + __ffs(word) < nr ? from + (unsigned int)__ffs(word) : nr;
}

static __always_inline unsigned int cpumask_next_and(int n, const struct cpumask *a,
						     const struct cpumask *b)
{
	struct cpumask both = { { a->bits[0] & b->bits[0] } };

	return cpumask_next(n, &both);
}

#define cpumask_first(srcp)	cpumask_next(-1, (srcp))
#define cpumask_any(srcp)	cpumask_first(srcp)
#define cpumask_first_and(a, b)	cpumask_next_and(-1, (a), (b))
#define cpumask_any_and(a, b)	cpumask_first_and((a), (b))

static __always_inline unsigned int cpumask_any_but(const struct cpumask *srcp, unsigned int cpu)
{
	unsigned int first = cpumask_first(srcp);

	return first != cpu ? first : cpumask_next((int)first, srcp);
}

/* The mask is looked at again before each pCPU, as the kernel does. */
#define for_each_cpu(cpu, mask)						\
	for ((cpu) = (__typeof__(cpu))cpumask_first(mask);		\
	     (unsigned int)(cpu) < nr_cpu_ids;				\
	     (cpu) = (__typeof__(cpu))cpumask_next((int)(cpu), (mask)))
#define for_each_cpu_and(cpu, a, b)					\
	for ((cpu) = (__typeof__(cpu))cpumask_first_and((a), (b));	\
	     (unsigned int)(cpu) < nr_cpu_ids;				\
	     (cpu) = (__typeof__(cpu))cpumask_next_and((int)(cpu), (a), (b)))
#define for_each_online_cpu(cpu)	for_each_cpu((cpu), cpu_online_mask)
#define for_each_possible_cpu(cpu) \
	for ((cpu) = 0; (unsigned int)(cpu) < nr_cpu_ids; (cpu)++)
#define num_online_cpus()	cpumask_weight(cpu_online_mask)

/* Constants, so that looking at one is no access. */
static const struct cpumask kvmcore_cpumask_of[NR_CPUS] __maybe_unused = {
	{ { 1 } }, { { 2 } }, { { 4 } }, { { 8 } }, { { 16 } }, { { 32 } }, { { 64 } }, { { 128 } },
};
#define cpumask_of(cpu)		(&kvmcore_cpumask_of[cpu])

#endif
