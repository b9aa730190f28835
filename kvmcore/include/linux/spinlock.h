/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spin locks.  A reader-writer lock is taken by writers only in this code, so
 * it is a spin lock.
 */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/preempt.h>

struct spinlock {
	int locked;
};

#define spinlock_t	struct spinlock
#define rwlock_t	struct spinlock

static inline void spin_lock(spinlock_t *lock)
{
	preempt_disable();
	machine_spin_lock(&lock->locked);
}

static inline void spin_unlock(spinlock_t *lock)
{
	machine_spin_unlock(&lock->locked);
	preempt_enable();
}

#define write_lock(lock)	spin_lock(lock)
#define write_unlock(lock)	spin_unlock(lock)

#endif
