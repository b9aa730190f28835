/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * WARN and BUG are verdicts about the code under test: the machine takes the
 * text down and decides what becomes of the run.  The _ONCE forms warn each
 * time, for a run is as good as a boot.
 */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <linux/printk.h>
#include "machine.h"

#define WARN_ON(cond) ({					\
	bool __warn_on = !!(cond);				\
								\
	if (unlikely(__warn_on))				\
		machine_warn(#cond);				\
	unlikely(__warn_on);					\
})
#define WARN_ON_ONCE(cond)	WARN_ON(cond)
#define WARN_ON_SMP(cond)	WARN_ON(cond)
#define WARN(cond, msg, ...) ({					\
	bool __warn_on = !!(cond);				\
								\
	if (unlikely(__warn_on)) {				\
		printk(msg, ##__VA_ARGS__);			\
		machine_warn(#cond);				\
	}							\
	unlikely(__warn_on);					\
})
#define WARN_ONCE(cond, msg, ...)	WARN(cond, msg, ##__VA_ARGS__)
#define WARN_RATELIMIT(cond, msg, ...)	WARN(cond, msg, ##__VA_ARGS__)

#define BUG()			machine_bug("BUG()")
#define BUG_ON(cond)		do { if (unlikely(cond)) machine_bug(#cond); } while (0)

#endif
