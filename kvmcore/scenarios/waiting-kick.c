// SPDX-License-Identifier: GPL-2.0-only
/*
 * One vCPU is taken out of its guest so that its state can be taken from it: a
 * confidential guest destroys another vCPU and reuses its page (x86), or a vCPU
 * is put to sleep.  The caller goes on when the call returns.
 *
 * Until 6.16 that was a request, whose WAIT flag kvm_vcpu_kick() does not look
 * at, and a kick (309d28576f0a); since then the kick itself can wait.  The first
 * kicker takes the state away, the others send interrupts.
 */
#include "scenario.h"

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)

#ifdef KVMCORE_ARCH_X86
#define REQ	KVM_REQ_UPDATE_PROTECTED_GUEST_STATE
#else
#define REQ	SCENARIO_REQ_WAIT
#endif

static void take_state(struct kvm_vcpu *vcpu, uint64_t bit)
{
	machine_call_begin(bit, REQ & KVM_REQUEST_MASK, MACHINE_CALL_WAIT |
			   (REQ & KVM_REQUEST_NO_WAKEUP ? MACHINE_CALL_NO_WAKEUP : 0));
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
	kvm_make_request_and_kick(REQ, vcpu);
#else
	kvm_make_request(REQ, vcpu);
	kvm_vcpu_kick(vcpu);
#endif
	machine_call_end();
}

static __actor void kicker(void *arg)
{
	struct actor *me = arg;
	int i;

	for (i = 0; i < me->count; i++) {
		if (!me->nr)
			take_state(scenario_target(me, i), scenario_target_bit(me, i));
		else
			kvm_arch_inject_irq(scenario_target(me, i));
	}
}

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, BIT(MACHINE_EXIT_IO) | BIT(MACHINE_EXIT_HLT));

	scenario_kickers(kvm, config, kicker, 0);
}

const struct machine_scenario scenario_waiting_kick = {
	.name = "waiting-kick",
	.claim = "a kick that waits returns when the vCPU has left its guest, also if "
		 "somebody else has kicked it already",
	.config = {
		.nr_pcpus = 3, .nr_vcpus = 1, .nr_kickers = 2, .kicks = 1,
	},
	.min = { SCENARIO_MIN, .nr_kickers = 1, .kicks = 1 },
	.max = { SCENARIO_MAX, SCENARIO_KICKERS_MAX, .exits = 100, .halts = 100 },
	.setup = setup,
};
#endif
