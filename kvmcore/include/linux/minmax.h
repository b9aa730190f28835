/* SPDX-License-Identifier: GPL-2.0-only */
/* Small arithmetic; each argument is evaluated once. */
#ifndef _LINUX_MINMAX_H
#define _LINUX_MINMAX_H

#include <linux/compiler.h>

#define kvmcore_pick(type_a, a, type_b, b, op) ({	\
	type_a __pick_a = (a);				\
	type_b __pick_b = (b);				\
							\
	__pick_a op __pick_b ? __pick_a : __pick_b;	\
})

#define min(a, b)		kvmcore_pick(__auto_type, a, __auto_type, b, <)
#define max(a, b)		kvmcore_pick(__auto_type, a, __auto_type, b, >)
#define min_t(type, a, b)	kvmcore_pick(type, a, type, b, <)
#define max_t(type, a, b)	kvmcore_pick(type, a, type, b, >)
#define min3(a, b, c)		min(min(a, b), c)
#define max3(a, b, c)		max(max(a, b), c)
#define clamp(val, lo, hi)	min(max(val, lo), hi)
#define clamp_t(type, val, lo, hi)	min_t(type, max_t(type, val, lo), hi)
#define abs(x)			({ __auto_type __abs = (x); __abs < 0 ? -__abs : __abs; })
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))

#define swap(a, b) \
	do { __auto_type __swap = (a); (a) = (b); (b) = __swap; } while (0)

/* Speculation is not simulated; the bound is. */
#define array_index_nospec(index, size) ({		\
	__auto_type __nospec = (index);			\
							\
	(unsigned long)__nospec < (unsigned long)(size) ? __nospec : 0; \
})

#endif
