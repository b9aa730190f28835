// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that the hardware delivers (AVIC, 6.1 and later): the sender looks at
 * vcpu->mode as a kick does, and rings a doorbell or wakes the vCPU.
 *
 * Kickers send interrupts from the host; guests halt, and send IPIs to each other
 * without an exit; by actor bits somebody inhibits AVIC, and allows it again.
 */
#include "scenario.h"

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)

enum { ACTOR_INHIBIT = 1, ACTOR_ALLOW = 2, INHIBIT_REASON = 1 };

static __actor void kicker(void *arg)
{
	struct actor *me = arg;
	int i;

	for (i = 0; i < me->count; i++)
		kvm_arch_inject_irq(scenario_target(me, i));
}

static __actor void inhibitor(void *arg)
{
	struct actor *me = arg;

	kvm_set_or_clear_apicv_inhibit(me->kvm, INHIBIT_REASON, true);
	if (me->flags & ACTOR_ALLOW)
		kvm_set_or_clear_apicv_inhibit(me->kvm, INHIBIT_REASON, false);
}

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, BIT(MACHINE_EXIT_ICR));
	int i;

	kvm->arch.enable_avic = true;
	for (i = 0; i < config->nr_vcpus; i++)
		scenario_vcpu(kvm, i)->arch.apic.apicv_active = true;
	scenario_kickers(kvm, config, kicker, 0);
	if (config->actors & ACTOR_INHIBIT)
		scenario_actor(kvm, config, "inhibitor", config->nr_kickers,
			       inhibitor)->flags = config->actors;
}

const struct machine_scenario scenario_avic = {
	.name = "avic",
	.claim = "an interrupt that the hardware delivers reaches the guest whatever the vCPU "
		 "is doing: by a doorbell, at VMRUN, or by a wake-up",
	.config = {
		.nr_pcpus = 3, .nr_vcpus = 1, .nr_kickers = 1, .kicks = 1, .halts = 1,
		.migrations = 1,
	},
	.min = { SCENARIO_MIN },
	.max = { SCENARIO_MAX, .nr_kickers = 6, .kicks = 100, .exits = 100, .halts = 100,
		 .actors = ACTOR_INHIBIT | ACTOR_ALLOW },
	.setup = setup,
};

#endif
