/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic read-modify-writes of words, and the compare-and-exchange family.
 *
 * Those that return a value are fully ordered, or as their suffix says; those
 * that do not are unordered, unless the architecture's atomics are full barriers,
 * which makes the suffixes idle, too.  A cmpxchg() that fails orders what the
 * architecture's barriers around it do, often nothing: see asm/barrier.h.
 *
 * What is not here on purpose: _relaxed forms of what returns an old value by
 * other means than an exchange.  To the machine a relaxed atomic other than those
 * is one whose value nobody looks at, which smp_rmb() need not order.
 */
#ifndef _LINUX_ATOMIC_H
#define _LINUX_ATOMIC_H

#include <asm/barrier.h>

#ifdef ARCH_RMW_IS_MB
#define KVMCORE_RMW_ORDER	__ATOMIC_SEQ_CST
#define KVMCORE_FAIL_ORDER	__ATOMIC_SEQ_CST
#define KVMCORE_ACQUIRE		__ATOMIC_SEQ_CST
#define KVMCORE_RELEASE		__ATOMIC_SEQ_CST
#else
#define KVMCORE_RMW_ORDER	__ATOMIC_RELAXED
#define KVMCORE_FAIL_ORDER	__ATOMIC_RELAXED
#define KVMCORE_ACQUIRE		__ATOMIC_ACQUIRE
#define KVMCORE_RELEASE		__ATOMIC_RELEASE
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

#define kvmcore_cmpxchg(ptr, old, new, order) ({			\
	__typeof__(*(ptr)) __cmpxchg_old = (old);			\
									\
	(void)__atomic_compare_exchange_n((ptr), &__cmpxchg_old, (new),	\
			false, (order), KVMCORE_FAIL_ORDER);		\
	__cmpxchg_old;							\
})

#define cmpxchg_acquire(ptr, old, new)	kvmcore_cmpxchg(ptr, old, new, KVMCORE_ACQUIRE)
#define cmpxchg_release(ptr, old, new)	kvmcore_cmpxchg(ptr, old, new, KVMCORE_RELEASE)
#define cmpxchg_relaxed(ptr, old, new)	kvmcore_cmpxchg(ptr, old, new, KVMCORE_RMW_ORDER)
#define cmpxchg64(ptr, old, new)	cmpxchg(ptr, old, new)

/* @oldp's target is the caller's own, and changes only if the exchange fails. */
#define kvmcore_try(how, ptr, oldp, new) ({				\
	__typeof__(*(ptr)) *__try_oldp = (oldp), __try_old = *__try_oldp; \
	__typeof__(*(ptr)) __try_was = how((ptr), __try_old, (new));	\
									\
	if (unlikely(__try_was != __try_old))				\
		*__try_oldp = __try_was;				\
	likely(__try_was == __try_old);					\
})

#define try_cmpxchg(ptr, oldp, new)	kvmcore_try(cmpxchg, ptr, oldp, new)
#define try_cmpxchg_acquire(ptr, oldp, new)	kvmcore_try(cmpxchg_acquire, ptr, oldp, new)
#define try_cmpxchg_release(ptr, oldp, new)	kvmcore_try(cmpxchg_release, ptr, oldp, new)
#define try_cmpxchg_relaxed(ptr, oldp, new)	kvmcore_try(cmpxchg_relaxed, ptr, oldp, new)
#define try_cmpxchg64(ptr, oldp, new)	kvmcore_try(cmpxchg, ptr, oldp, new)

#define xchg(ptr, new)	__atomic_exchange_n((ptr), (new), __ATOMIC_SEQ_CST)
#define xchg_acquire(ptr, new)	__atomic_exchange_n((ptr), (new), KVMCORE_ACQUIRE)
#define xchg_release(ptr, new)	__atomic_exchange_n((ptr), (new), KVMCORE_RELEASE)
#define xchg_relaxed(ptr, new)	__atomic_exchange_n((ptr), (new), KVMCORE_RMW_ORDER)

struct atomic {
	int counter;
};

struct atomic64 {
	s64 counter;
};

struct atomic_long {
	long counter;
};

#define atomic_t	struct atomic
#define atomic64_t	struct atomic64
#define atomic_long_t	struct atomic_long

#define ATOMIC_INIT(i)		{ (i) }
#define ATOMIC64_INIT(i)	{ (i) }
#define ATOMIC_LONG_INIT(i)	{ (i) }

/* name_fetch_op() and name_op_return() with one of the orders that return a value. */
#define KVMCORE_ATOMIC_ORDERED(name, type, suffix, order)				\
static __always_inline type name##_fetch_add##suffix(type i, struct name *v)		\
{ return __atomic_fetch_add(&v->counter, i, order); }					\
static __always_inline type name##_fetch_sub##suffix(type i, struct name *v)		\
{ return __atomic_fetch_sub(&v->counter, i, order); }					\
static __always_inline type name##_fetch_or##suffix(type i, struct name *v)		\
{ return __atomic_fetch_or(&v->counter, i, order); }					\
static __always_inline type name##_fetch_and##suffix(type i, struct name *v)		\
{ return __atomic_fetch_and(&v->counter, i, order); }					\
static __always_inline type name##_fetch_andnot##suffix(type i, struct name *v)	\
{ return __atomic_fetch_and(&v->counter, ~i, order); }					\
static __always_inline type name##_fetch_xor##suffix(type i, struct name *v)		\
{ return __atomic_fetch_xor(&v->counter, i, order); }					\
static __always_inline type name##_fetch_inc##suffix(struct name *v)			\
{ return name##_fetch_add##suffix(1, v); }						\
static __always_inline type name##_fetch_dec##suffix(struct name *v)			\
{ return name##_fetch_sub##suffix(1, v); }						\
static __always_inline type name##_add_return##suffix(type i, struct name *v)		\
{ return name##_fetch_add##suffix(i, v) + i; }						\
static __always_inline type name##_sub_return##suffix(type i, struct name *v)		\
{ return name##_fetch_sub##suffix(i, v) - i; }						\
static __always_inline type name##_inc_return##suffix(struct name *v)			\
{ return name##_fetch_add##suffix(1, v) + 1; }						\
static __always_inline type name##_dec_return##suffix(struct name *v)			\
{ return name##_fetch_sub##suffix(1, v) - 1; }

#define KVMCORE_ATOMIC_EXCHANGE(name, type, suffix)					\
static __always_inline type name##_xchg##suffix(struct name *v, type i)		\
{ return xchg##suffix(&v->counter, i); }						\
static __always_inline type name##_cmpxchg##suffix(struct name *v, type old, type new)	\
{ return cmpxchg##suffix(&v->counter, old, new); }					\
static __always_inline bool name##_try_cmpxchg##suffix(struct name *v, type *old, type new) \
{ return try_cmpxchg##suffix(&v->counter, old, new); }

/* Without a value, and with no order but the architecture's own. */
#define KVMCORE_ATOMIC_VOID(name, type)							\
static __always_inline type name##_read(const struct name *v)				\
{ return READ_ONCE(v->counter); }							\
static __always_inline type name##_read_acquire(const struct name *v)			\
{ return smp_load_acquire(&v->counter); }						\
static __always_inline void name##_set(struct name *v, type i)				\
{ WRITE_ONCE(v->counter, i); }								\
static __always_inline void name##_set_release(struct name *v, type i)			\
{ smp_store_release(&v->counter, i); }							\
static __always_inline void name##_add(type i, struct name *v)				\
{ __atomic_fetch_add(&v->counter, i, KVMCORE_RMW_ORDER); }				\
static __always_inline void name##_sub(type i, struct name *v)				\
{ __atomic_fetch_sub(&v->counter, i, KVMCORE_RMW_ORDER); }				\
static __always_inline void name##_inc(struct name *v)					\
{ name##_add(1, v); }									\
static __always_inline void name##_dec(struct name *v)					\
{ name##_sub(1, v); }									\
static __always_inline void name##_or(type i, struct name *v)				\
{ __atomic_fetch_or(&v->counter, i, KVMCORE_RMW_ORDER); }				\
static __always_inline void name##_and(type i, struct name *v)				\
{ __atomic_fetch_and(&v->counter, i, KVMCORE_RMW_ORDER); }				\
static __always_inline void name##_andnot(type i, struct name *v)			\
{ name##_and(~i, v); }									\
static __always_inline void name##_xor(type i, struct name *v)				\
{ __atomic_fetch_xor(&v->counter, i, KVMCORE_RMW_ORDER); }

/* What asks about the value that it leaves behind; a refusal orders nothing. */
#define KVMCORE_ATOMIC_TESTS(name, type)						\
static __always_inline bool name##_dec_and_test(struct name *v)			\
{ return name##_fetch_sub(1, v) == 1; }							\
static __always_inline bool name##_inc_and_test(struct name *v)			\
{ return name##_inc_return(v) == 0; }							\
static __always_inline bool name##_sub_and_test(type i, struct name *v)		\
{ return name##_sub_return(i, v) == 0; }						\
static __always_inline bool name##_add_negative(type i, struct name *v)		\
{ return name##_add_return(i, v) < 0; }							\
static __always_inline type name##_fetch_add_unless(struct name *v, type i, type unless) \
{											\
	type old = name##_read(v);							\
											\
	while (old != unless && !name##_try_cmpxchg(v, &old, old + i))			\
		;									\
	return old;									\
}											\
static __always_inline bool name##_add_unless(struct name *v, type i, type unless)	\
{ return name##_fetch_add_unless(v, i, unless) != unless; }				\
static __always_inline bool name##_inc_not_zero(struct name *v)			\
{ return name##_add_unless(v, 1, 0); }

#define KVMCORE_ATOMIC(name, type)							\
	KVMCORE_ATOMIC_VOID(name, type)							\
	KVMCORE_ATOMIC_ORDERED(name, type, , __ATOMIC_SEQ_CST)				\
	KVMCORE_ATOMIC_ORDERED(name, type, _acquire, KVMCORE_ACQUIRE)			\
	KVMCORE_ATOMIC_ORDERED(name, type, _release, KVMCORE_RELEASE)			\
	KVMCORE_ATOMIC_EXCHANGE(name, type, )						\
	KVMCORE_ATOMIC_EXCHANGE(name, type, _acquire)					\
	KVMCORE_ATOMIC_EXCHANGE(name, type, _release)					\
	KVMCORE_ATOMIC_EXCHANGE(name, type, _relaxed)					\
	KVMCORE_ATOMIC_TESTS(name, type)

KVMCORE_ATOMIC(atomic, int)
KVMCORE_ATOMIC(atomic64, s64)
KVMCORE_ATOMIC(atomic_long, long)

#endif
