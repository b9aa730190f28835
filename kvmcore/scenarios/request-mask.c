// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seed: a request to many vCPUs has to interrupt each of which
 * kvm_request_needs_ipi() says so, wherever it runs by then; and a caller that
 * waits needs the wait only for vCPUs that were not outside before.
 *
 * Three callers, chosen by actor bits: one that waits for all vCPUs (a rescan
 * of the I/O APIC), one whose request also wakes sleepers (a device is assigned
 * to the VM), and one to some vCPUs that may sleep on and are not waited for (a
 * TLB flush that the guest asked for).
 */
#include "scenario.h"

enum {
	ACTOR_WAITS = 1,
	ACTOR_WAKES = 2,
	ACTOR_NO_WAKEUP = 4,
	ACTORS = 7,
};

static void request_all(struct kvm *kvm, unsigned int req)
{
	machine_call_begin(~0ULL, req & KVM_REQUEST_MASK, MACHINE_CALL_MASK |
			   (req & KVM_REQUEST_WAIT ? MACHINE_CALL_WAIT : 0) |
			   (req & KVM_REQUEST_NO_WAKEUP ? MACHINE_CALL_NO_WAKEUP : 0));
	kvm_make_all_cpus_request(kvm, req);
	machine_call_end();
}

static void flush_guest(struct kvm *kvm, unsigned long vcpu_bitmap)
{
	cpumask_var_t tmp;

	machine_call_begin(vcpu_bitmap, KVM_REQ_TLB_FLUSH_GUEST & KVM_REQUEST_MASK,
			   MACHINE_CALL_MASK | MACHINE_CALL_NO_WAKEUP);
	zalloc_cpumask_var(&tmp, GFP_ATOMIC);
	kvm_make_vcpus_request_mask(kvm, KVM_REQ_TLB_FLUSH_GUEST, NULL, &vcpu_bitmap, tmp);
	free_cpumask_var(tmp);
	machine_call_end();
}

static __actor void kicker(void *arg)
{
	struct actor *me = arg;
	int i;

	for (i = 0; i < me->count; i++) {
		if (me->flags & ACTOR_WAITS)
			request_all(me->kvm, KVM_REQ_SCAN_IOAPIC);
		if (me->flags & ACTOR_WAKES)
			request_all(me->kvm, KVM_REQ_UNBLOCK);
		if (me->flags & ACTOR_NO_WAKEUP)
			flush_guest(me->kvm, scenario_target_bit(me, i));
	}
}

static void setup(const struct machine_config *config)
{
	struct kvm *kvm = scenario_vm(config, BIT(MACHINE_EXIT_IO) | BIT(MACHINE_EXIT_HLT));

	scenario_kickers(kvm, config, kicker, config->actors);
}

const struct machine_scenario scenario_request_mask = {
	.name = "request-mask",
	.claim = "a request to many vCPUs interrupts each that may run without seeing it, "
		 "and a caller that waits is answered by each that was not outside",
	.config = {
		.nr_pcpus = 3, .nr_vcpus = 2, .nr_kickers = 1, .kicks = 1, .migrations = 1,
		.actors = ACTOR_WAITS,
	},
	.min = { SCENARIO_MIN, .nr_kickers = 1, .kicks = 1, .actors = 1 },
	.max = { SCENARIO_MAX, SCENARIO_KICKERS_MAX, .exits = 100, .halts = 100,
		 .alloc_failures = 100, .actors = ACTORS },
	.setup = setup,
};
