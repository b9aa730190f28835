/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic read-modify-writes.  Those that return a value are fully ordered;
 * those that do not are unordered, unless the architecture's atomics are full
 * barriers.  A cmpxchg() that fails orders what the architecture's barriers
 * around it do, often nothing: see asm/barrier.h.
 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <asm/barrier.h>

#ifdef ARCH_RMW_IS_MB
#define KVMCORE_RMW_ORDER	__ATOMIC_SEQ_CST
#define KVMCORE_FAIL_ORDER	__ATOMIC_SEQ_CST
#else
#define KVMCORE_RMW_ORDER	__ATOMIC_RELAXED
#define KVMCORE_FAIL_ORDER	__ATOMIC_RELAXED
#endif

#ifdef ARCH_CMPXCHG_MB_BEFORE
#define cmpxchg_enter()		smp_mb()
#else
#define cmpxchg_enter()		barrier()
#endif
#ifdef ARCH_CMPXCHG_MB_AFTER
#define cmpxchg_leave()		smp_mb()
#else
#define cmpxchg_leave()		barrier()
#endif

#define cmpxchg(ptr, old, new) ({					\
	__typeof__(*(ptr)) __cmpxchg_old = (old);			\
									\
	cmpxchg_enter();						\
	(void)__atomic_compare_exchange_n((ptr), &__cmpxchg_old, (new),	\
			false, __ATOMIC_SEQ_CST, KVMCORE_FAIL_ORDER);	\
	cmpxchg_leave();						\
	__cmpxchg_old;							\
})

#define xchg(ptr, new)	__atomic_exchange_n((ptr), (new), __ATOMIC_SEQ_CST)

struct atomic {
	int counter;
};

#define atomic_t	struct atomic

static __always_inline int atomic_read(const atomic_t *v)
{
	return READ_ONCE(v->counter);
}

static __always_inline void atomic_set(atomic_t *v, int i)
{
	WRITE_ONCE(v->counter, i);
}

static __always_inline void atomic_inc(atomic_t *v)
{
	__atomic_fetch_add(&v->counter, 1, KVMCORE_RMW_ORDER);
}

static __always_inline bool atomic_dec_and_test(atomic_t *v)
{
	return __atomic_fetch_sub(&v->counter, 1, __ATOMIC_SEQ_CST) == 1;
}

static __always_inline void atomic_or(int i, atomic_t *v)
{
	__atomic_fetch_or(&v->counter, i, KVMCORE_RMW_ORDER);
}

static __always_inline void atomic_andnot(int i, atomic_t *v)
{
	__atomic_fetch_and(&v->counter, ~i, KVMCORE_RMW_ORDER);
}

static __always_inline int atomic_xchg(atomic_t *v, int i)
{
	return xchg(&v->counter, i);
}

#endif
