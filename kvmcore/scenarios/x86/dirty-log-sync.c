// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seed: for kicks without a request, such as that of
 * kvm_arch_sync_dirty_log(), the order must not be relied upon; user space
 * cannot take the log to be complete while vCPUs run.
 *
 * Guests dirty memory and each exit logs it.  A task kicks all vCPUs and then
 * fetches the log.  With the actor bit it relies on the kicks, which it must
 * not: that is what the seed warns of.
 */
#include "scenario.h"

enum { ACTOR_RELIES = 1 };

static void get_dirty_log(struct kvm *kvm, unsigned int flags)
{
	machine_call_begin(~0ULL, -1, flags);
	kvm_arch_sync_dirty_log(kvm);
	xchg(&kvm->dirty_bitmap, 0);
	machine_call_end();
}

static __actor void log_reader(void *arg)
{
	struct actor *me = arg;
	int i;

	for (i = 0; i < me->count; i++)
		get_dirty_log(me->kvm, MACHINE_CALL_LOG |
			      (me->flags & ACTOR_RELIES ? MACHINE_CALL_MUST_LEAVE : 0));
}

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, BIT(MACHINE_EXIT_IO));

	kvm->arch.enable_pml = true;
	scenario_kickers(kvm, config, log_reader, config->actors);
}

const struct machine_scenario scenario_dirty_log_sync = {
	.name = "dirty-log-sync",
	.claim = "the kicks before a dirty log is fetched carry no request, so the log of "
		 "running vCPUs may be incomplete and nobody may rely on it",
	.config = {
		.nr_pcpus = 3, .nr_vcpus = 1, .nr_kickers = 1, .kicks = 1, .migrations = 1,
	},
	.min = { SCENARIO_MIN, .nr_kickers = 1, .kicks = 1 },
	.max = { SCENARIO_MAX, SCENARIO_KICKERS_MAX, .exits = 100, .actors = ACTOR_RELIES },
	.setup = setup,
};
