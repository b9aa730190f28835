/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guards: what is entered with a declaration and left with its scope, however that
 * ends.  Since 6.5 in the kernel, where each lock's header has its own.
 */
#ifndef _LINUX_CLEANUP_H
#define _LINUX_CLEANUP_H

#include <linux/irqflags.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>

#define __cleanup(func)		__attribute__((__cleanup__(func)))

#define KVMCORE_PASTE2(a, b)	a##b
#define KVMCORE_PASTE(a, b)	KVMCORE_PASTE2(a, b)
#define __UNIQUE_ID(prefix)	KVMCORE_PASTE(__unique_##prefix, __COUNTER__)

/* guard(name)(lock); without one: guard(name)(). */
#define guard(name)							\
	struct guard_##name __UNIQUE_ID(guard) __maybe_unused		\
		__cleanup(guard_##name##_leave) = guard_##name##_enter

/* The second variable makes the loop's body run once. */
#define scoped_guard(name, args...)					\
	for (struct guard_##name __scope __cleanup(guard_##name##_leave) = \
	     guard_##name##_enter(args), *__once = &__scope;		\
	     __once; __once = NULL)

#define KVMCORE_GUARD(name, enter, leave)				\
struct guard_##name {							\
	unsigned long flags;						\
};									\
static __always_inline struct guard_##name guard_##name##_enter(void)	\
{									\
	struct guard_##name g = { 0 };					\
									\
	enter;								\
	return g;							\
}									\
static __always_inline void guard_##name##_leave(struct guard_##name *g) \
{									\
	(void)g;							\
	leave;								\
}

#define KVMCORE_LOCK_GUARD(name, type, take, release)			\
struct guard_##name {							\
	type *lock;							\
	unsigned long flags;						\
};									\
static __always_inline struct guard_##name guard_##name##_enter(type *lock) \
{									\
	struct guard_##name g = { .lock = lock };			\
									\
	take;								\
	return g;							\
}									\
static __always_inline void guard_##name##_leave(struct guard_##name *g) \
{									\
	release;							\
}

KVMCORE_GUARD(preempt, preempt_disable(), preempt_enable())
KVMCORE_GUARD(irq, local_irq_disable(), local_irq_enable())
KVMCORE_GUARD(irqsave, local_irq_save(g.flags), local_irq_restore(g->flags))
KVMCORE_GUARD(rcu, rcu_read_lock(), rcu_read_unlock())
KVMCORE_LOCK_GUARD(srcu, struct srcu_struct,
		   g.flags = (unsigned long)srcu_read_lock(lock),
		   srcu_read_unlock(g->lock, (int)g->flags))
KVMCORE_LOCK_GUARD(spinlock, struct spinlock, spin_lock(lock), spin_unlock(g->lock))
KVMCORE_LOCK_GUARD(spinlock_irq, struct spinlock, spin_lock_irq(lock), spin_unlock_irq(g->lock))
KVMCORE_LOCK_GUARD(spinlock_irqsave, struct spinlock, spin_lock_irqsave(lock, g.flags),
		   spin_unlock_irqrestore(g->lock, g->flags))
KVMCORE_LOCK_GUARD(raw_spinlock, struct spinlock, spin_lock(lock), spin_unlock(g->lock))
KVMCORE_LOCK_GUARD(raw_spinlock_irq, struct spinlock, spin_lock_irq(lock),
		   spin_unlock_irq(g->lock))
KVMCORE_LOCK_GUARD(raw_spinlock_irqsave, struct spinlock, spin_lock_irqsave(lock, g.flags),
		   spin_unlock_irqrestore(g->lock, g->flags))
KVMCORE_LOCK_GUARD(write_lock, struct spinlock, write_lock(lock), write_unlock(g->lock))
KVMCORE_LOCK_GUARD(rwsem_read, struct rw_semaphore, down_read(lock), up_read(g->lock))
KVMCORE_LOCK_GUARD(rwsem_write, struct rw_semaphore, down_write(lock), up_write(g->lock))

#endif
