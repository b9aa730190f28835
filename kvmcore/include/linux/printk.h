/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages: nobody reads them, but what they are to say is read, as the kernel
 * would.  _once and _ratelimited say it each time, for a run is as good as a boot.
 */
#ifndef _LINUX_PRINTK_H
#define _LINUX_PRINTK_H

#include <linux/compiler.h>

#define KERN_EMERG	""
#define KERN_ALERT	""
#define KERN_CRIT	""
#define KERN_ERR	""
#define KERN_WARNING	""
#define KERN_NOTICE	""
#define KERN_INFO	""
#define KERN_DEBUG	""
#define KERN_CONT	""

static inline __printf(1, 2) int printk(const char *fmt, ...)
{
	(void)fmt;
	return 0;
}

#define pr_emerg(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_alert(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_crit(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_err(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_warn(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_notice(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_info(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_cont(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_debug(fmt, ...)	((void)0)	/* off unless asked for */

#define printk_once(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_err_once(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_warn_once(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_info_once(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define printk_ratelimited(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_err_ratelimited(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_warn_ratelimited(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_info_ratelimited(fmt, ...)	printk(fmt, ##__VA_ARGS__)
#define pr_debug_ratelimited(fmt, ...)	((void)0)

#define dump_stack()		((void)0)

#endif
