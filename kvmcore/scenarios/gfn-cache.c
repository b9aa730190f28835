// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page that guests use is about to be given away: whoever runs its guest has
 * to come out of it first.  There is nothing for the vCPU to do about that, so
 * the request leaves no bit (df06dae3f2a8, 5.18).  What the seed says about
 * senders that rely on a request does not help here: there is none to be seen.
 *
 * The first kicker invalidates, as gfn_to_pfn_cache_invalidate_start() does, and
 * waits; the others send interrupts.
 */
#include "scenario.h"

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)

static void invalidate(struct kvm *kvm, unsigned long vcpu_bitmap)
{
	machine_call_begin(vcpu_bitmap, -1, MACHINE_CALL_MASK | MACHINE_CALL_WAIT |
			   MACHINE_CALL_NO_WAKEUP);
	kvm_make_vcpus_request_mask(kvm, KVM_REQ_OUTSIDE_GUEST_MODE, &vcpu_bitmap);
	machine_call_end();
}

static __actor void kicker(void *arg)
{
	struct actor *me = arg;
	int i;

	for (i = 0; i < me->count; i++) {
		if (!me->nr)
			invalidate(me->kvm, BIT(me->nr_vcpus) - 1);
		else
			kvm_arch_inject_irq(scenario_target(me, i));
	}
}

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, BIT(MACHINE_EXIT_IO) | BIT(MACHINE_EXIT_HLT));

	scenario_kickers(kvm, config, kicker, 0);
}

const struct machine_scenario scenario_gfn_cache = {
	.name = "gfn-cache",
	.claim = "a request that leaves no bit returns when each vCPU has been outside since "
		 "the call began, whoever else kicks it",
	.config = {
		.nr_pcpus = 3, .nr_vcpus = 1, .nr_kickers = 1, .kicks = 1, .migrations = 1,
	},
	.min = { SCENARIO_MIN, .nr_kickers = 1, .kicks = 1 },
	.max = { SCENARIO_MAX, SCENARIO_KICKERS_MAX, .exits = 100, .halts = 100 },
	.setup = setup,
};
#endif
