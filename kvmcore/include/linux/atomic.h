/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic read-modify-writes.  Those that return a value are fully ordered;
 * those that do not are unordered, but for x86, where LOCK is a full barrier.
 * A cmpxchg() that fails orders nothing outside x86: the LL/SC loop leaves
 * before it comes to its barrier.
 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <asm/barrier.h>

#ifdef KVMCORE_ARCH_X86
#define KVMCORE_RMW_ORDER	__ATOMIC_SEQ_CST
#define KVMCORE_FAIL_ORDER	__ATOMIC_SEQ_CST
#else
#define KVMCORE_RMW_ORDER	__ATOMIC_RELAXED
#define KVMCORE_FAIL_ORDER	__ATOMIC_RELAXED
#endif

#define cmpxchg(ptr, old, new) ({					\
	__typeof__(*(ptr)) __cmpxchg_old = (old);			\
									\
	(void)__atomic_compare_exchange_n((ptr), &__cmpxchg_old, (new),	\
			false, __ATOMIC_SEQ_CST, KVMCORE_FAIL_ORDER);	\
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

static __always_inline int atomic_xchg(atomic_t *v, int i)
{
	return xchg(&v->counter, i);
}

#endif
