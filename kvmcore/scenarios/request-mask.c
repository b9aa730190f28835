// SPDX-License-Identifier: GPL-2.0-only
/*
 * The seed: a request to many vCPUs has to interrupt each of which
 * kvm_request_needs_ipi() says so, wherever it runs by then; and a caller that
 * waits needs the wait only for vCPUs that were not outside before.
 *
 * Three callers, chosen by actor bits: one that waits for all vCPUs (on x86 a
 * rescan of the I/O APIC), one whose request also wakes sleepers (a device is
 * assigned to the VM), and one to some vCPUs that may sleep on and are not
 * waited for (a TLB flush that the guest asked for).
 */
#include "scenario.h"

enum {
	ACTOR_WAITS = 1,
	ACTOR_WAKES = 2,
	ACTOR_NO_WAKEUP = 4,
	ACTORS = 7,
};

#if defined(KVMCORE_ARCH_S390)
static void request_mask(struct kvm *kvm, unsigned long vcpu_bitmap)
{
	kvm_s390_sync_request_broadcast(kvm, SCENARIO_REQ_NO_WAKEUP, vcpu_bitmap);
}
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
static void request_mask(struct kvm *kvm, unsigned long vcpu_bitmap)
{
	kvm_make_vcpus_request_mask(kvm, SCENARIO_REQ_NO_WAKEUP, &vcpu_bitmap);
}
#elif LINUX_VERSION_CODE < KERNEL_VERSION(4, 13, 0)
/* All or nobody. */
static void request_mask(struct kvm *kvm, unsigned long vcpu_bitmap)
{
	kvm_make_all_cpus_request(kvm, SCENARIO_REQ_NO_WAKEUP);
}
#else
static void request_mask(struct kvm *kvm, unsigned long vcpu_bitmap)
{
	cpumask_var_t tmp;

	zalloc_cpumask_var(&tmp, GFP_ATOMIC);
	kvm_make_vcpus_request_mask(kvm, SCENARIO_REQ_NO_WAKEUP, NULL, &vcpu_bitmap, tmp);
	free_cpumask_var(tmp);
}
#endif

static void request_some(struct kvm *kvm, unsigned long vcpu_bitmap)
{
	machine_call_begin(vcpu_bitmap, SCENARIO_REQ_NO_WAKEUP & KVM_REQUEST_MASK,
			   MACHINE_CALL_MASK | MACHINE_CALL_NO_WAKEUP);
	request_mask(kvm, vcpu_bitmap);
	machine_call_end();
}

static __actor void kicker(void *arg)
{
	struct actor *me = arg;
	int i;

	for (i = 0; i < me->count; i++) {
		if (me->flags & ACTOR_WAITS)
			scenario_request_all(me->kvm, SCENARIO_REQ_WAIT);
		if (me->flags & ACTOR_WAKES)
			scenario_request_all(me->kvm, SCENARIO_REQ_WAKES);
		if (me->flags & ACTOR_NO_WAKEUP)
			request_some(me->kvm, scenario_target_bit(me, i));
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
