/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The locking rules that this code is written to.  A simulated kernel is a
 * debug kernel: rules about interrupts are checked, rules about who holds which
 * lock are the machine's to find broken.
 */
#ifndef _LINUX_LOCKDEP_H
#define _LINUX_LOCKDEP_H

#include <linux/bug.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>

#define lockdep_is_held(lock)			true
#define lockdep_assert(cond)			((void)WARN_ON(!(cond)))
#define lockdep_assert_held(lock)		do { } while (0)
#define lockdep_assert_held_write(lock)		do { } while (0)
#define lockdep_assert_irqs_enabled()		((void)WARN_ON(irqs_disabled()))
#define lockdep_assert_irqs_disabled()		((void)WARN_ON(!irqs_disabled()))
#define lockdep_assert_preemption_disabled()	((void)WARN_ON(preemptible()))
#define lockdep_assert_preemption_enabled()	((void)WARN_ON(!preemptible()))
#define lockdep_assert_in_irq()			((void)WARN_ON(!in_hardirq()))

#endif
