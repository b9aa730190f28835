/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory barriers and ordered accesses, each as strong as the architecture's.
 *
 * A memory order given to a builtin is what the machine's memory models see,
 * so it says what the kernel's primitive promises on that architecture and
 * nothing more.  On x86 every LOCKed instruction is a full barrier; elsewhere
 * an atomic without a return value orders nothing at all.
 */
#ifndef _ASM_BARRIER_H
#define _ASM_BARRIER_H

#include <linux/compiler.h>
#include "machine.h"

#define smp_mb()	__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb()	machine_rmb()
#define smp_wmb()	machine_wmb()

#define smp_store_release(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define smp_load_acquire(p)	__atomic_load_n((p), __ATOMIC_ACQUIRE)

#ifdef KVMCORE_ARCH_X86
#define smp_mb__before_atomic()	barrier()
#define smp_mb__after_atomic()	barrier()
#define smp_store_mb(var, value) \
	((void)__atomic_exchange_n(&(var), (value), __ATOMIC_SEQ_CST))
#else
#define smp_mb__before_atomic()	smp_mb()
#define smp_mb__after_atomic()	smp_mb()
#define smp_store_mb(var, value) \
	do { WRITE_ONCE(var, value); smp_mb(); } while (0)
#endif

#endif
