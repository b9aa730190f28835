/* SPDX-License-Identifier: GPL-2.0-only */
/* What keeps a task from entering the guest: here that is need_resched(). */
#ifndef _LINUX_ENTRY_KVM_H
#define _LINUX_ENTRY_KVM_H

#include <linux/sched.h>

#define xfer_to_guest_mode_prepare()		((void)0)
#define xfer_to_guest_mode_work_pending()	need_resched()
#define __xfer_to_guest_mode_work_pending()	need_resched()

#endif
