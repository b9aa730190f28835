/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sleepable RCU, reader side.  What matters to the kick protocol is that
 * leaving a read section contains a full barrier: it is the barrier between
 * a vCPU's store to mode and its load of requests.
 *
 * Derived from kernel/rcu/srcutree.c and include/linux/srcu.h of Linux 5.15;
 * Copyright (C) IBM Corporation, 2006; Copyright (C) Fujitsu, 2012; authors
 * Paul McKenney and Lai Jiangshan.  Changed: the per-CPU counters that a grace
 * period sums up are left out, because nothing here waits for one.
 */
#ifndef _LINUX_SRCU_H
#define _LINUX_SRCU_H

#include <asm/barrier.h>

struct srcu_struct {
	unsigned int srcu_idx;
};

static __always_inline int srcu_read_lock(struct srcu_struct *ssp)
{
	int idx = READ_ONCE(ssp->srcu_idx) & 0x1;

	smp_mb(); /* B */
	return idx;
}

static __always_inline void srcu_read_unlock(struct srcu_struct *ssp, int idx)
{
	(void)ssp;
	(void)idx;
	smp_mb(); /* C */
}

/* Empty: the barrier above is as good on both sides of the counter. */
static __always_inline void smp_mb__after_srcu_read_unlock(void)
{
}

#endif
