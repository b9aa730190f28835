// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seed: calling kvm_vm_bugged(), and by it kvm_make_vcpus_request_mask(),
 * from IN_GUEST or READING_SHADOW_PAGE_TABLES is perfectly reasonable.
 *
 * A vCPU finds in one of these modes (actor bits) that KVM itself has gone
 * wrong, and gives up the whole VM.  With one vCPU the request goes to nobody
 * but itself.  With more, a call that waits is made with interrupts off.
 */
#include "scenario.h"

enum {
	ACTOR_IN_GUEST = 1,
	ACTOR_READING = 2,
	ACTORS = 3,
};

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, BIT(MACHINE_EXIT_WALK));
	int i;

	if (config->actors & ACTOR_READING)
		kvm->arch.leaf->spt[0] = SPTE_RESERVED;
	for (i = 0; i < config->nr_vcpus; i++)
		if (config->actors & ACTOR_IN_GUEST)
			scenario_vcpu(kvm, i)->arch.broken = BIT(IN_GUEST_MODE);
}

const struct machine_scenario scenario_vm_bugged = {
	.name = "vm-bugged",
	.claim = "giving up the VM from IN_GUEST_MODE or READING_SHADOW_PAGE_TABLES does "
		 "not make the vCPU interrupt, or wait for, itself",
	.config = {
		.nr_pcpus = 2, .nr_vcpus = 1, .exits = 1, .actors = ACTORS,
	},
	.min = { SCENARIO_MIN, .actors = 1 },
	.max = { SCENARIO_MAX, .exits = 100, .alloc_failures = 100, .actors = ACTORS },
	.setup = setup,
};
