/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A lock that sleeps in the kernel and spins here, readers excluding each other.
 * Its holder cannot be preempted, which leaves out only how long waiters wait.
 */
#ifndef _LINUX_RWSEM_H
#define _LINUX_RWSEM_H

#include <linux/spinlock.h>

#define rw_semaphore	spinlock
#define down_read(sem)	spin_lock(sem)
#define up_read(sem)	spin_unlock(sem)
#define down_write(sem)	spin_lock(sem)
#define up_write(sem)	spin_unlock(sem)

#endif
