// SPDX-License-Identifier: GPL-2.0-only
/* What is lifted from a kernel tree, and where in kvmcore it goes. */
#include <stdlib.h>
#include <string.h>
#include "lift.h"

#define X86_MMU	"arch/x86/kvm/mmu/mmu.c arch/x86/kvm/mmu.c"

const char *const lift_files[] = {
	"virt/kvm/kvm_main.c",
	"include/linux/kvm_host.h",
	"include/linux/kvm_types.h",
	"include/linux/rcuwait.h",
	"kernel/exit.c",
	"kernel/rcu/update.c",
	"kernel/sched/core.c",
	"arch/x86/include/asm/kvm_host.h",
	"arch/x86/kvm/x86.c",
	"arch/x86/kvm/x86.h",
	"arch/x86/kvm/mmu.h",
	"arch/x86/kvm/mmu.c",
	"arch/x86/kvm/mmu/mmu.c",
	"arch/x86/kvm/mmu/mmu_internal.h",
	"arch/x86/kvm/mmu/spte.h",
	"arch/arm64/include/asm/kvm_host.h",
	"arch/arm64/kvm/arm.c",
	NULL
};

/*
 * What kvmcore has reduced is not here: vcpu_enter_guest() and its like, whose
 * whole text asks for most of KVM.  Nor is what runs on data that kvmcore lays
 * out in its own way: kvm_get_vcpu(), kvm_for_each_vcpu().  A version behind a name
 * is that of the first base whose callers, instead of the function, tell the
 * machine what the call means.
 */
const struct lift_target lift_targets[] = {
	{ "kvmcore/include/linux/rcuwait.h", NULL, "include/linux/rcuwait.h",
	  "rcuwait_init rcuwait_active prepare_to_rcuwait" },
	{ "kvmcore/include/linux/kvm_host.h", NULL, "include/linux/kvm_host.h",
	  "kvm_make_request __kvm_make_request kvm_make_request_and_kick kvm_request_pending "
	  "kvm_test_request kvm_clear_request kvm_check_request kvm_vcpu_exiting_guest_mode "
	  "__kvm_vcpu_wake_up kvm_vcpu_kick" },
	{ "kvmcore/include/linux/kvm_types.h", NULL, "", "" },
	{ "kvmcore/include/asm/kvm_x86.h", "x86", "", "" },
	{ "kvmcore/include/asm/kvm_arm64.h", "arm64", "", "" },
	{ "kick", NULL, "virt/kvm/kvm_main.c", "*" },
	{ "kvmcore/kvm_main.c", NULL, "virt/kvm/kvm_main.c",
	  "vcpu_load vcpu_put preempt_notifier_to_vcpu kvm_sched_in kvm_sched_out "
	  "kvm_get_running_vcpu kvm_vcpu_check_block kvm_vcpu_block:5.17 "
	  "kvm_flush_remote_tlbs:5.15" },
	{ "kvmcore/rcuwait.c", NULL, "kernel/exit.c kernel/rcu/update.c kernel/sched/core.c",
	  "rcuwait_wake_up finish_rcuwait" },
	{ "kvmcore/arch/x86.c", "x86", "arch/x86/kvm/x86.c",
	  "kvm_arch_vcpu_should_kick kvm_vcpu_exit_request" },
	{ "kvmcore/arch/x86-mmu.c", "x86", X86_MMU,
	  "walk_shadow_page_lockless_begin walk_shadow_page_lockless_end "
	  "mmu_spte_get_lockless __get_spte_lockless" },
	{ "kvmcore/arch/arm64.c", "arm64", "arch/arm64/kvm/arm.c", "kvm_arch_vcpu_should_kick" },
	{ NULL, NULL, NULL, NULL }
};

const char *const lift_kick_names =
	"kvm_request_needs_ipi kvm_kick_many_cpus kvm_make_vcpu_request "
	"kvm_make_vcpus_request_mask kvm_make_all_cpus_request kvm_vcpu_wake_up kvm_vcpu_kick "
	"__kvm_vcpu_kick";

/* Where @name stands among @names, or NULL. */
static const char *find_name(const char *names, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = names; (p = strstr(p, name)); p += n)
		if ((p == names || p[-1] == ' ') && (!p[n] || strchr(" :", p[n])))
			return p;
	return NULL;
}

bool lift_has_file(const struct lift *l, unsigned int target, const char *path)
{
	return find_name(l->target[target].from, path);
}

/* "v6.12" and "6.1:" as numbers that can be compared. */
static unsigned long version(const char *text)
{
	char *dot;
	unsigned long major = strtoul(text, &dot, 10);

	return major << 16 | (*dot == '.' ? strtoul(dot + 1, NULL, 10) : 0);
}

bool lift_wants(const struct lift *l, unsigned int target, const char *name)
{
	const char *names = l->target[target].names, *p;

	if (*names == '*')
		return true;
	p = find_name(names, name);
	if (!p)
		return false;
	p += strlen(name);
	return *p != ':' || version(l->base + 1) >= version(p + 1);
}

struct source *lift_file(struct lift *l, const char *path)
{
	for (unsigned int i = 0; i < l->nr_files; i++)
		if (!strcmp(l->file[i].path, path))
			return &l->file[i];
	return NULL;
}

bool lift_other_arch(const struct lift *l, const char *path)
{
	return !strncmp(path, "arch/", 5) && strncmp(path + 5, l->arch, strlen(l->arch));
}

bool lift_defined(const struct lift *l, const char *name)
{
	for (unsigned int i = 0; i < l->nr_files; i++)
		if (!lift_other_arch(l, l->file[i].path) &&
		    source_find(&l->file[i], name, "f", 0))
			return true;
	return false;
}
