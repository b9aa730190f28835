// SPDX-License-Identifier: GPL-2.0-only
/* Actors that more than one scenario brings on. */
#include <linux/hrtimer.h>
#include "scenario.h"

#define TIMER_NS	2000

void scenario_request_all(struct kvm *kvm, unsigned int req)
{
	machine_call_begin(~0ULL, req & KVM_REQUEST_MASK, MACHINE_CALL_MASK |
			   (req & KVM_REQUEST_WAIT ? MACHINE_CALL_WAIT : 0) |
			   (req & KVM_REQUEST_NO_WAKEUP ? MACHINE_CALL_NO_WAKEUP : 0));
	scenario_make_request(kvm, req);
	machine_call_end();
}

/* A device's interrupt, in hard interrupt context. */
static void timer_fn(void *vcpu)
{
	kvm_arch_inject_irq(vcpu);
}

static __actor void timers(void *arg)
{
	struct actor *me = arg;
	int i;

	/* Where one is on its way, that one stands for both. */
	for (i = 0; i < me->count; i++)
		hrtimer_start_here(TIMER_NS, timer_fn, scenario_target(me, i));
}

void scenario_timers(struct kvm *kvm, const struct machine_config *config, int nr)
{
	scenario_actor(kvm, config, "timers", nr, timers)->count = config->timers;
}

/* Where the first vCPU starts, or the next pCPU: nobody can saw off his own. */
static __actor void hotplug(void *arg)
{
	struct actor *me = arg;
	int i, cpu;

	for (i = 0; i < me->count; i++) {
		cpu = machine_cpu() == 0;
		machine_cpu_down(cpu);
		machine_cpu_up(cpu);
	}
}

void scenario_hotplug(struct kvm *kvm, const struct machine_config *config, int nr)
{
	scenario_actor(kvm, config, "hotplug", nr, hotplug)->count = config->offlines;
}
