/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RCU as its readers see it: an address dependency on one side, a release on
 * the other.  No grace period is waited for here, since no task is ever freed.
 */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#include <asm/barrier.h>

#define rcu_read_lock()		barrier()
#define rcu_read_unlock()	barrier()

#define rcu_dereference(p)	READ_ONCE(p)
#define rcu_dereference_raw(p)	READ_ONCE(p)
#define rcu_dereference_check(p, held)	READ_ONCE(p)
#define rcu_dereference_protected(p, held)	(p)
#define rcu_access_pointer(p)	READ_ONCE(p)
#define rcu_read_lock_held()	true
#define RCU_INIT_POINTER(p, v)	WRITE_ONCE(p, v)

#define rcu_assign_pointer(p, v)					\
do {									\
	if (__builtin_constant_p(v) && (uintptr_t)(v) == 0)		\
		WRITE_ONCE(p, v);					\
	else								\
		smp_store_release(&(p), v);				\
} while (0)

#endif
