// SPDX-License-Identifier: GPL-2.0-only
/* The scenarios that a form offers; the first is what a new user meets. */
#include <linux/version.h>
#include "form.h"

extern const struct machine_scenario
	scenario_kick_vs_migrate, scenario_request_and_kick, scenario_two_senders,
	scenario_request_mask,
	scenario_halt_wake, scenario_cpu_offline, scenario_mixed;
/*
 * By version.  s390 has neither the generic kick nor vCPUs whose mode says anything.
 * Before kicks could wait only x86 had somebody who wanted that.
 */
extern const struct machine_scenario scenario_gfn_cache, scenario_waiting_kick;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0) && !defined(KVMCORE_ARCH_S390)
#define HAS_GFN_CACHE
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0) || \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0) && defined(KVMCORE_ARCH_X86))
#define HAS_WAITING_KICK
#endif
#endif
/* x86 only */
extern const struct machine_scenario
	scenario_lockless_walk, scenario_dirty_log_sync, scenario_self_kick,
	scenario_vm_bugged;
#if defined(KVMCORE_ARCH_X86) && LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
extern const struct machine_scenario scenario_avic;
#define SCENARIO_AVIC &scenario_avic,
#else
#define SCENARIO_AVIC
#endif
#if defined(KVMCORE_ARCH_X86) && LINUX_VERSION_CODE >= KERNEL_VERSION(5, 8, 0)
extern const struct machine_scenario scenario_posted_interrupts;
#define SCENARIO_POSTED &scenario_posted_interrupts,
#else
#define SCENARIO_POSTED
#endif
/* arm64 only */
extern const struct machine_scenario scenario_halt_guest;

const struct machine_scenario *const form_scenarios[] = {
	&scenario_kick_vs_migrate,
	&scenario_request_and_kick,
	&scenario_two_senders,
	&scenario_request_mask,
#ifdef KVMCORE_ARCH_X86
	&scenario_lockless_walk,
	&scenario_dirty_log_sync,
	&scenario_self_kick,
	&scenario_vm_bugged,
	SCENARIO_AVIC
	SCENARIO_POSTED
#endif
#ifdef KVMCORE_ARCH_ARM64
	&scenario_halt_guest,
#endif
	&scenario_halt_wake,
	&scenario_cpu_offline,
	&scenario_mixed,
#ifdef HAS_GFN_CACHE
	&scenario_gfn_cache,
#endif
#ifdef HAS_WAITING_KICK
	&scenario_waiting_kick,
#endif
	NULL,
};
