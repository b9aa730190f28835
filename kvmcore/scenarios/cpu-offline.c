// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seed: a race with the cpu_online() check of kvm_vcpu_kick() likely
 * persists: the vCPU may leave and its pCPU go offline between the check and
 * the IPI.  That can trip a WARN, but the IPI is dropped and nothing is lost.
 *
 * Kickers make requests while a task takes pCPUs down and up.  Strict hotplug
 * clears the online bit only while every other pCPU is preemptible, as
 * stop_machine() does; loose hotplug is what the seed's words suppose.
 */
#include "scenario.h"

static __actor void kicker(void *arg)
{
	struct actor *me = arg;
	int i;

	for (i = 0; i < me->count; i++)
		kvm_arch_inject_irq(scenario_target(me, i));
}

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, 0);

	scenario_kickers(kvm, config, kicker, 0);
	scenario_hotplug(kvm, config, config->nr_kickers);
}

const struct machine_scenario scenario_cpu_offline = {
	.name = "cpu-offline",
	.claim = "a pCPU that goes offline between the check and the IPI costs a WARN at "
		 "worst: the vCPU had to leave it, so the dropped IPI loses nothing",
	.config = {
		.nr_pcpus = 3, .nr_vcpus = 1, .nr_kickers = 1, .kicks = 1, .offlines = 1,
	},
	.min = { .nr_pcpus = 2, .nr_vcpus = 1, .nr_kickers = 1, .kicks = 1, .offlines = 1 },
	.max = { SCENARIO_MAX, .nr_kickers = 7, .kicks = 100, .offlines = 100,
		 .hotplug_strict = 1 },
	.setup = setup,
};
