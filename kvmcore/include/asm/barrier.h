/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory barriers and ordered accesses, each as strong as the architecture's.
 *
 * A memory order given to a builtin is what the machine's memory models see,
 * so it says what the kernel's primitive promises on that architecture and
 * nothing more.  What tells the architectures apart:
 *
 *	ARCH_RMW_IS_MB		each atomic is a full barrier, also one without a
 *				return value and a cmpxchg() that fails
 *	ARCH_CMPXCHG_MB_BEFORE	cmpxchg() begins with a barrier of its own,
 *	ARCH_CMPXCHG_MB_AFTER	and ends with one, whether it fails or not
 *	ARCH_STORE_MB_IS_XCHG	smp_store_mb() orders what comes before it, too
 *
 * On arm64 and riscv none of them holds: a cmpxchg() that fails has left its loop
 * before it comes to the barrier.  On powerpc it has had the barrier before the
 * loop, on mips both; on loongarch a load-linked has a barrier inside, ahead of
 * itself, and what follows the loop orders loads of the same word alone.
 */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

#include <linux/compiler.h>
#include "machine.h"

#if defined(KVMCORE_ARCH_X86)
#define ARCH_RMW_IS_MB
#define ARCH_STORE_MB_IS_XCHG
#elif defined(KVMCORE_ARCH_S390)
#define ARCH_RMW_IS_MB
#elif defined(KVMCORE_ARCH_POWERPC)
#define ARCH_CMPXCHG_MB_BEFORE
#elif defined(KVMCORE_ARCH_MIPS)
#define ARCH_CMPXCHG_MB_BEFORE
#define ARCH_CMPXCHG_MB_AFTER
#elif defined(KVMCORE_ARCH_LOONGARCH)
#define ARCH_CMPXCHG_MB_BEFORE
#define ARCH_STORE_MB_IS_XCHG
#endif

#define smp_mb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb()	machine_rmb()
#define smp_wmb()	machine_wmb()
#define mb()		smp_mb()
#define rmb()		smp_rmb()
#define wmb()		smp_wmb()

#define smp_store_release(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define smp_load_acquire(p)	__atomic_load_n((p), __ATOMIC_ACQUIRE)

#ifdef ARCH_RMW_IS_MB
#define smp_mb__before_atomic()	barrier()
#define smp_mb__after_atomic()	barrier()
#define smp_mb__after_spinlock()	barrier()
#else
#define smp_mb__before_atomic()	smp_mb()
#define smp_mb__after_atomic()	smp_mb()
#define smp_mb__after_spinlock()	smp_mb()
#endif

/* A branch on a load orders stores behind it; this orders loads, too. */
#define smp_acquire__after_ctrl_dep()	smp_rmb()

#ifdef ARCH_STORE_MB_IS_XCHG
#define smp_store_mb(var, value) \
	((void)__atomic_exchange_n(&(var), (value), __ATOMIC_SEQ_CST))
#else
#define smp_store_mb(var, value) \
	do { WRITE_ONCE(var, value); smp_mb(); } while (0)
#endif

/* Loads until @cond, which names the loaded value VAL; each failure lets others go on. */
#define smp_cond_load_relaxed(ptr, cond) ({				\
	__typeof__(*(ptr)) VAL;						\
									\
	while (VAL = READ_ONCE(*(ptr)), !(cond))			\
		machine_relax();					\
	VAL;								\
})

#define smp_cond_load_acquire(ptr, cond) ({				\
	__typeof__(*(ptr)) __cond_load = smp_cond_load_relaxed(ptr, cond); \
									\
	smp_acquire__after_ctrl_dep();					\
	__cond_load;							\
})

#endif
