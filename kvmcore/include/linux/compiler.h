/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kernel code says to its compiler.
 *
 * The kernel's marks decide how an access reaches the machine: a plain load is
 * a plain hook, READ_ONCE() and WRITE_ONCE() are volatile hooks, atomics are
 * atomic hooks.  A function under __no_kcsan reaches the machine by none; that
 * is for memory that only one task ever looks at, and both its reads and its
 * writes must then be hidden, or a store buffer would come between them.
 */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#include <linux/kconfig.h>
#include <linux/types.h>

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)	do { *(volatile __typeof__(x) *)&(x) = (val); } while (0)

#define barrier()		__asm__ __volatile__("" : : : "memory")

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

#undef __always_inline		/* the C library has one too */
#define __always_inline		inline __attribute__((__always_inline__))
#define noinline		__attribute__((__noinline__))
#define __maybe_unused		__attribute__((__unused__))
#define __always_unused		__attribute__((__unused__))
#define __no_kcsan		__attribute__((no_sanitize("thread")))
#define fallthrough		__attribute__((__fallthrough__))

#define __rcu
#define __user
#define __percpu

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define sizeof_field(t, m)	(sizeof(((t *)0)->m))

/* Judged after inlining, so that an argument of the caller's may be a constant. */
#define BUILD_BUG_ON_MSG(cond, msg) do {					\
	extern __attribute__((__error__(msg))) void __build_bug_on(void);	\
									\
	if (cond)							\
		__build_bug_on();					\
} while (0)
#define data_race(expr)		(expr)
#define might_sleep()		((void)0)
#define cant_sleep()		((void)0)
#define __must_check		__attribute__((__warn_unused_result__))
#define __visible
#define __weak			__attribute__((__weak__))
#define __read_mostly
#define IS_ENABLED(option)	0

#define BUILD_BUG_ON(cond)	BUILD_BUG_ON_MSG(cond, #cond)

#endif
