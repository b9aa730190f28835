// SPDX-License-Identifier: GPL-2.0-only
/*
 * The abstract states of the protocol that a run goes through: for each vCPU its
 * mode, whether requests are pending, whether it is in the guest or asleep, and
 * whether vcpu->cpu is where its task is; for each pCPU what is on its way.
 * Places and time are left out, so that the number says how much of the
 * protocol has been seen, not how long was run.
 */
#include <stddef.h>
#include "campaign.h"

static uint64_t abstract_state(void)
{
	const struct world *w = WORLD;
	uint64_t h = 0;

	for (unsigned int i = 0; i < w->fix.nr_tasks; i++) {
		const struct task *t = &w->live.task[i];
		const struct ghost_vcpu *g = &w->live.ghost.vcpu[t->vcpu < 0 ? 0 : t->vcpu];
		const struct machine_layout *m = &w->fix.form->layout;
		const char *vcpu;

		if (t->vcpu < 0)
			continue;
		vcpu = (const char *)SHARED_BASE + w->fix.vcpu_off[t->vcpu];
		h = trace_mix(h, g->mode | (g->guest ? 8 : 0) | g->asleep << 4 |
			      (*(const uint64_t *)(vcpu + m->vcpu_requests) ? 32 : 0) |
			      (*(const int *)(vcpu + m->vcpu_cpu) == t->cpu ? 64 : 0) |
			      (unsigned int)t->state << 8);
	}
	for (int i = 0; i < w->fix.config.nr_pcpus; i++) {
		const struct pcpu *p = &w->live.pcpu[i];

		h = trace_mix(h, p->pending | p->arrived << 8 | (p->call_unacked ? 1 << 16 : 0) |
			      p->online << 17 | p->irq_off << 18 | p->need_resched << 19);
	}
	return h;
}

static uint32_t observe_take(struct chooser *c, const struct choice_point *p)
{
	struct observer *o = (struct observer *)c;
	uint64_t bit = abstract_state() % CAMPAIGN_STATES;
	_Atomic uint64_t *word = &o->shared->states[bit / 64];
	uint64_t mask = 1ull << bit % 64;

	if (!(*word & mask) && !(atomic_fetch_or(word, mask) & mask))
		o->shared->nr_states++;
	return o->inner->take(o->inner, p);
}

static void observe_begin(struct chooser *c)
{
	struct observer *o = (struct observer *)c;

	if (o->inner->begin)
		o->inner->begin(o->inner);
}

void observer_init(struct observer *o, struct chooser *inner, struct campaign_shared *shared)
{
	*o = (struct observer){ { observe_begin, observe_take }, inner, shared };
}
