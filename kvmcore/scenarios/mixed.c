// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything that the other scenarios do one at a time, at once; actor bits
 * switch its parts on, so that a search can also try what few of them do
 * together.  The seed argues about pairs; this looks for company that its
 * argument does not mention.
 */
#include "scenario.h"

enum {
	ACTOR_INTERRUPTS = 1,		/* kickers: interrupt, with request and kick */
	ACTOR_BARE_KICKS = 2,		/* kickers: kick without a request */
	ACTOR_WAITS = 4,		/* kickers: request to all vCPUs, and wait */
	ACTOR_ZAPS = 8,			/* x86 */
	ACTOR_TIMERS = 16,
	ACTOR_OFFLINES = 32,
	ACTORS = 63,
};

static void bare_kick(struct kvm_vcpu *vcpu, uint64_t bit)
{
	machine_call_begin(bit, -1, 0);
	scenario_kick(vcpu);
	machine_call_end();
}

static __actor void kicker(void *arg)
{
	struct actor *me = arg;
	int i;

	for (i = 0; i < me->count; i++) {
		if (me->flags & ACTOR_INTERRUPTS)
			kvm_arch_inject_irq(scenario_target(me, i));
		if (me->flags & ACTOR_BARE_KICKS)
			bare_kick(scenario_target(me, i), scenario_target_bit(me, i));
		if (me->flags & ACTOR_WAITS)
			scenario_request_all(me->kvm, SCENARIO_REQ_WAIT);
	}
}

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, BIT(MACHINE_EXIT_STOP) - 1 - BIT(MACHINE_EXIT_IRQ));
	int nr = config->nr_kickers;

	scenario_kickers(kvm, config, kicker, config->actors);
#ifdef KVMCORE_ARCH_X86
	if (config->actors & ACTOR_ZAPS && config->zaps)
		scenario_zapper(kvm, config, nr++);
#endif
	if (config->actors & ACTOR_TIMERS && config->timers)
		scenario_timers(kvm, config, nr++);
	if (config->actors & ACTOR_OFFLINES && config->offlines && config->nr_pcpus > 1)
		scenario_hotplug(kvm, config, nr++);
}

const struct machine_scenario scenario_mixed = {
	.name = "mixed",
	.claim = "none of the claims depends on the others' being left alone",
	.config = {
		.nr_pcpus = 3, .nr_vcpus = 2, .nr_kickers = 2, .kicks = 2, .migrations = 2,
		.preemptions = 1, .exits = 3, .halts = 1, .zaps = 1, .offlines = 1,
		.timers = 1, .alloc_failures = 1, .actors = ACTORS,
	},
	.min = { SCENARIO_MIN },
	.max = { SCENARIO_MAX, .nr_kickers = 5, .kicks = 100, .exits = 100, .halts = 100,
		 .zaps = 100, .offlines = 100, .timers = 100, .alloc_failures = 100,
		 .hotplug_strict = 1, .actors = ACTORS },
	.setup = setup,
};
