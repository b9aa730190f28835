// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seed: keep the "cpu != me" checks although they look useless.  x86
 * handles a guest's IPI writes while its vCPU is still IN_GUEST_MODE, so a vCPU
 * can call kvm_vcpu_kick() on itself, and on its own pCPU, in that mode.
 *
 * Guests write their APIC's ICR, to themselves or to each other.
 */
#include "scenario.h"

static void setup(const struct machine_config *config)
{
	scenario_vm(config, BIT(MACHINE_EXIT_ICR));
}

const struct machine_scenario scenario_self_kick = {
	.name = "self-kick",
	.claim = "a vCPU may kick itself in IN_GUEST_MODE, from the fast path of its ICR "
		 "writes; it sends itself no IPI and still sees the interrupt",
	.config = {
		.nr_pcpus = 2, .nr_vcpus = 2, .exits = 2,
	},
	.min = { SCENARIO_MIN, .exits = 1 },
	.max = { SCENARIO_MAX, .exits = 100 },
	.setup = setup,
};
