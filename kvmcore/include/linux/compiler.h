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

#define typeof_member(t, m)	__typeof__(((t *)0)->m)
#define __same_type(a, b)	__builtin_types_compatible_p(__typeof__(a), __typeof__(b))

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
#define ASSERT_EXCLUSIVE_WRITER(var)	((void)0)
#define ASSERT_EXCLUSIVE_ACCESS(var)	((void)0)
#define might_sleep()		((void)0)
#define cant_sleep()		((void)0)
#define __must_check		__attribute__((__warn_unused_result__))
#define __visible
#define __weak			__attribute__((__weak__))
#define __read_mostly
#define __ro_after_init
#define __init
#define __exit
#define __cold			__attribute__((__cold__))
#define __used			__attribute__((__used__))
#define __pure			__attribute__((__pure__))
#define __packed		__attribute__((__packed__))
#define __aligned(n)		__attribute__((__aligned__(n)))
#define __printf(a, b)		__attribute__((__format__(printf, a, b)))
#define ____cacheline_aligned
#define ____cacheline_aligned_in_smp
#define noinstr			noinline
#define __force
#define __iomem
#define __acquires(x)
#define __releases(x)
#define __must_hold(x)

/* Whether kconfig.h has an option as 1: then a comma more is before the second argument. */
#define KVMCORE_SET_1			0,
#define KVMCORE_SECOND(a, b, ...)	b
#define KVMCORE_IS_SET3(comma)		KVMCORE_SECOND(comma 1, 0, 0)
#define KVMCORE_IS_SET2(value)		KVMCORE_IS_SET3(KVMCORE_SET_##value)
#define KVMCORE_IS_SET(option)		KVMCORE_IS_SET2(option)
#define IS_ENABLED(option)		KVMCORE_IS_SET(option)
#define IS_BUILTIN(option)		KVMCORE_IS_SET(option)
#define IS_MODULE(option)		0
#define IS_REACHABLE(option)		KVMCORE_IS_SET(option)

#define BUILD_BUG_ON(cond)	BUILD_BUG_ON_MSG(cond, #cond)
#define BUILD_BUG()		BUILD_BUG_ON_MSG(1, "BUILD_BUG()")
#define BUILD_BUG_ON_ZERO(cond)	((int)sizeof(struct { int : (-!!(cond)); }))
#define static_assert(expr, ...)	_Static_assert(expr, #expr)

#endif
