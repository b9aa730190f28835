// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seed: KVM has to kick and wait for vCPUs that began to read SPTEs before
 * a change to them was finished; one that begins afterwards sees the change and
 * may go on undisturbed.
 *
 * Guests fault, and their handlers walk the shadow page table without a lock.
 * A task unlinks the leaf page, flushes, and frees it; for each zap beyond the
 * first it links another first.
 */
#include "scenario.h"

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, BIT(MACHINE_EXIT_WALK));

	scenario_zapper(kvm, config, 0);
}

const struct machine_scenario scenario_lockless_walk = {
	.name = "lockless-walk",
	.claim = "a shadow page is freed only after each vCPU that may have been reading "
		 "it has been waited for; later walks see that it is gone",
	.config = {
		.nr_pcpus = 2, .nr_vcpus = 1, .exits = 1, .zaps = 1,
	},
	.min = { SCENARIO_MIN, .zaps = 1 },
	.max = { SCENARIO_MAX, .exits = 100, .zaps = 100, .alloc_failures = 100 },
	.setup = setup,
};
