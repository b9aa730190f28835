/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_IRQFLAGS_H
#define _LINUX_IRQFLAGS_H

#include "machine.h"

#define local_irq_disable()	machine_irq_disable()
#define local_irq_enable()	machine_irq_enable()
#define irqs_disabled()		machine_irqs_disabled()
#define raw_local_irq_disable()	local_irq_disable()
#define raw_local_irq_enable()	local_irq_enable()

#define local_save_flags(flags)	((flags) = irqs_disabled())
#define irqs_disabled_flags(flags)	((bool)(flags))
#define local_irq_save(flags) \
	do { (flags) = irqs_disabled(); local_irq_disable(); } while (0)
#define local_irq_restore(flags) \
	do { if (!(flags)) local_irq_enable(); } while (0)

#endif
