// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seed: whatever a vCPU must see before it goes on is made a request
 * first, then comes the kick, and the vCPU looks for requests after it has set
 * its mode.  So either the vCPU sees the request or the kicker sees the mode.
 *
 * With one kicker that is the seed's argument why the old order harms nobody.
 * With two there is more to it: the second finds the mode already EXITING and
 * relies on the first one's IPI.  With one move that takes four pCPUs: one for
 * each kicker, and two between which the vCPU moves.
 */
#include "scenario.h"

static __actor void kicker(void *arg)
{
	struct actor *me = arg;
	int i;

	for (i = 0; i < me->count; i++) {
		struct kvm_vcpu *vcpu = scenario_target(me, i);

		machine_call_begin(scenario_target_bit(me, i), SCENARIO_REQ, 0);
		scenario_request_and_kick(SCENARIO_REQ, vcpu);
		machine_call_end();
	}
}

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, BIT(MACHINE_EXIT_IO));

	scenario_kickers(kvm, config, kicker, 0);
}

const struct machine_scenario scenario_request_and_kick = {
	.name = "request-and-kick",
	.claim = "a request made before the kick is seen by the vCPU before it runs its "
		 "guest, or else the kicker sees it in guest mode",
	.config = {
		.nr_pcpus = 3, .nr_vcpus = 1, .nr_kickers = 1, .kicks = 1, .migrations = 1,
	},
	.min = { SCENARIO_MIN, .nr_kickers = 1, .kicks = 1 },
	.max = { SCENARIO_MAX, SCENARIO_KICKERS_MAX, .exits = 100 },
	.setup = setup,
};

const struct machine_scenario scenario_two_senders = {
	.name = "two-senders",
	.claim = "a sender that finds EXITING_GUEST_MODE relies on the IPI of the sender that "
		 "made it so; on v5.15 that IPI may have gone to the wrong pCPU",
	.config = {
		.nr_pcpus = 4, .nr_vcpus = 1, .nr_kickers = 2, .kicks = 1, .migrations = 1,
	},
	.min = { SCENARIO_MIN, .nr_kickers = 2, .kicks = 1 },
	.max = { SCENARIO_MAX, SCENARIO_KICKERS_MAX, .exits = 100 },
	.setup = setup,
};
