// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a kick does first: it wakes a vCPU that sleeps.  The seed leaves that
 * as it is, and its argument rests on it: a vCPU that sleeps is outside, needs
 * no IPI, and looks at its requests when it wakes.
 *
 * Guests halt.  Kickers send interrupts (or, by an actor bit, NMIs); timers
 * that the guest or, in hard interrupt context, somebody else has armed expire.
 */
#include "scenario.h"

enum { ACTOR_NMI = 1 };			/* x86 */

#ifdef KVMCORE_ARCH_X86
static void send_nmi(struct kvm_vcpu *vcpu, uint64_t bit)
{
	machine_call_begin(bit, KVM_REQ_NMI, 0);
	kvm_inject_nmi(vcpu);
	kvm_vcpu_kick(vcpu);
	machine_call_end();
}
#else
static void send_nmi(struct kvm_vcpu *vcpu, uint64_t bit)
{
	kvm_arch_inject_irq(vcpu);
}
#endif

static __actor void kicker(void *arg)
{
	struct actor *me = arg;
	int i;

	for (i = 0; i < me->count; i++) {
		if (me->flags & ACTOR_NMI)
			send_nmi(scenario_target(me, i), scenario_target_bit(me, i));
		else
			kvm_arch_inject_irq(scenario_target(me, i));
	}
}

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, BIT(MACHINE_EXIT_HLT) | BIT(MACHINE_EXIT_DEADLINE));

	scenario_kickers(kvm, config, kicker, config->actors);
	if (config->timers)
		scenario_timers(kvm, config, config->nr_kickers);
}

const struct machine_scenario scenario_halt_wake = {
	.name = "halt-wake",
	.claim = "a kick wakes the vCPU if it sleeps or is about to, so that no interrupt "
		 "waits for a vCPU that waits for it",
	.config = {
		.nr_pcpus = 2, .nr_vcpus = 1, .nr_kickers = 1, .kicks = 1, .halts = 1,
	},
	.min = { SCENARIO_MIN },
	.max = { SCENARIO_MAX, .nr_kickers = 7, .kicks = 100, .exits = 100, .halts = 100,
		 .timers = 100, .actors = ACTOR_NMI },
	.setup = setup,
};
