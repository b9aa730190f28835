// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seed: if a kicker reads vcpu->cpu before it reads vcpu->mode, the vCPU
 * can move to another pCPU and enter its guest between the two reads.  The IPI
 * then goes to the pCPU that the vCPU has left, and the guest runs on.
 *
 * One kicker, no request with the kick, and a vCPU that may migrate once.  By
 * the seed's words the lost kick "is not exactly ideal" but harms nobody unless
 * its caller relies on the vCPU's leaving; an actor bit makes this one rely.
 */
#include "scenario.h"

enum { ACTOR_RELIES = 1 };		/* the kick has to make the vCPU leave */

static __actor void kicker(void *arg)
{
	struct actor *me = arg;
	unsigned int flags = me->flags & ACTOR_RELIES ? MACHINE_CALL_MUST_LEAVE : 0;
	int i;

	for (i = 0; i < me->count; i++) {
		machine_call_begin(scenario_target_bit(me, i), -1, flags);
		scenario_kick(scenario_target(me, i));
		machine_call_end();
	}
}

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, BIT(MACHINE_EXIT_IO));

	scenario_kickers(kvm, config, kicker, config->actors);
}

const struct machine_scenario scenario_kick_vs_migrate = {
	.name = "kick-vs-migrate",
	.claim = "a kick whose vCPU migrates between the reads of cpu and mode goes to "
		 "the old pCPU; without a request that loses nothing but the kick",
	.config = {
		.nr_pcpus = 3, .nr_vcpus = 1, .nr_kickers = 1, .kicks = 1, .migrations = 1,
	},
	.min = { SCENARIO_MIN, .nr_kickers = 1, .kicks = 1 },
	.max = { SCENARIO_MAX, SCENARIO_KICKERS_MAX, .exits = 100, .actors = ACTOR_RELIES },
	.setup = setup,
};
