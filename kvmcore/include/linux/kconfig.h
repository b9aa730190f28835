/* SPDX-License-Identifier: GPL-2.0-only */
/* The configuration that lifted code finds: of Debian's, what matters here. */
#ifndef _LINUX_KCONFIG_H
#define _LINUX_KCONFIG_H

#define CONFIG_64BIT		1
#define CONFIG_SMP		1
#define CONFIG_PREEMPT_NOTIFIERS 1
#define CONFIG_CPUMASK_OFFSTACK	1

#if defined(KVMCORE_ARCH_X86)
#define CONFIG_X86		1
#define CONFIG_X86_64		1
#elif defined(KVMCORE_ARCH_ARM64)
#define CONFIG_ARM64		1
#endif

#endif
