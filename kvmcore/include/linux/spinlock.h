/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spin locks.  A reader-writer lock is taken by writers only in this code, so
 * it is a spin lock.
 */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/irqflags.h>
#include <linux/preempt.h>

struct spinlock {
	int locked;
};

#define spinlock_t	struct spinlock
#define rwlock_t	struct spinlock

#define raw_spinlock_t	struct spinlock

/* Setup, or before anybody else knows of the lock. */
#define spin_lock_init(lock)		((lock)->locked = 0)
#define raw_spin_lock_init(lock)	spin_lock_init(lock)

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

/* Interrupts come back before preemption does. */
static __always_inline void kvmcore_unlock_irq(spinlock_t *lock, unsigned long flags)
{
	machine_spin_unlock(&lock->locked);
	local_irq_restore(flags);
	preempt_enable();
}

#define spin_lock_irq(lock)	do { local_irq_disable(); spin_lock(lock); } while (0)
#define spin_unlock_irq(lock)	kvmcore_unlock_irq((lock), 0)
#define spin_lock_irqsave(lock, flags) \
	do { local_irq_save(flags); spin_lock(lock); } while (0)
#define spin_unlock_irqrestore(lock, flags)	kvmcore_unlock_irq((lock), (flags))

#define raw_spin_lock(lock)	spin_lock(lock)
#define raw_spin_unlock(lock)	spin_unlock(lock)
#define raw_spin_lock_irq(lock)	spin_lock_irq(lock)
#define raw_spin_unlock_irq(lock)	spin_unlock_irq(lock)
#define raw_spin_lock_irqsave(lock, flags)	spin_lock_irqsave((lock), (flags))
#define raw_spin_unlock_irqrestore(lock, flags)	spin_unlock_irqrestore((lock), (flags))

#define write_lock(lock)	spin_lock(lock)
#define write_unlock(lock)	spin_unlock(lock)

#endif
