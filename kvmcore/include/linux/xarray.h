/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An array of pointers that is read without a lock.
 *
 * The kernel's grows and is a tree, whose every level a reader loads like the
 * last; this one has room for all vCPUs and one level.  It has no holes: the
 * first empty slot ends a walk.
 */
#ifndef _LINUX_XARRAY_H
#define _LINUX_XARRAY_H

#include <linux/rcupdate.h>

struct xarray {
	void *slots[MACHINE_MAX_VCPUS];
};

static __always_inline void *xa_load(struct xarray *xa, unsigned long index)
{
	return index < ARRAY_SIZE(xa->slots) ? rcu_dereference(xa->slots[index]) : NULL;
}

/* The bound is looked at before each entry. */
#define xa_for_each_range(xa, index, entry, start, last)			\
	for ((index) = (start);							\
	     (long)(index) <= (long)(last) &&					\
	     ((entry) = xa_load((xa), (unsigned long)(index))) != NULL;		\
	     (index)++)

#endif
