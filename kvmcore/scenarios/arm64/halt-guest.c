// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seed: if a vCPU's handling of a change is required for correctness, KVM
 * must see to it that the vCPU sees the change before it enters its guest, or
 * that the sender sees the vCPU running and gets it out.
 *
 * arm64 stops a whole guest that way: it marks all vCPUs as paused, makes a
 * request that waits, and takes it that no guest runs.  Then it lets them go
 * on, with interrupts that have come in the meantime.
 */
#include "scenario.h"

static __actor void stopper(void *arg)
{
	struct actor *me = arg;
	int i, v;

	for (i = 0; i < me->count; i++) {
		kvm_arm_halt_guest(me->kvm);
		for (v = 0; v < me->nr_vcpus; v++)
			kvm_arch_inject_irq(scenario_target(me, v));
		kvm_arm_resume_guest(me->kvm);
	}
}

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, BIT(MACHINE_EXIT_IO) | BIT(MACHINE_EXIT_HLT));

	scenario_kickers(kvm, config, stopper, 0);
}

const struct machine_scenario scenario_halt_guest = {
	.name = "halt-guest",
	.claim = "a request that waits leaves no vCPU in its guest that has not seen what "
		 "the caller did before, and who is let go on wakes up",
	.config = {
		.nr_pcpus = 2, .nr_vcpus = 1, .nr_kickers = 1, .kicks = 1,
	},
	.min = { SCENARIO_MIN, .nr_kickers = 1, .kicks = 1 },
	.max = { SCENARIO_MAX, .nr_kickers = 1, .kicks = 100, .exits = 100, .halts = 100,
		 .alloc_failures = 100 },
	.setup = setup,
};
