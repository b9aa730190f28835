/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One-shot timers whose functions run in hard interrupt context.
 *
 * A pCPU has one at a time, which is all that the machine offers: who asks for
 * a second is refused and has to treat its timer as expired.
 */
#ifndef _LINUX_HRTIMER_H
#define _LINUX_HRTIMER_H

#include <linux/types.h>

bool hrtimer_start_here(u64 delta_ns, void (*fn)(void *), void *arg);

#endif
