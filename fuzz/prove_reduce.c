// SPDX-License-Identifier: GPL-2.0-only
/* Telling local steps from others. */
#include <string.h>
#include "../sim/model.h"
#include "prove_reduce.h"

enum { TRIALS = 16 };			/* of a site, before its record counts */

static size_t nr_pcpus(void)
{
	return (size_t)WORLD->fix.config.nr_pcpus;
}

static size_t nr_tasks(void)
{
	return WORLD->fix.nr_tasks + nr_pcpus();
}

/* Somebody else wants the pCPU, or may come to want it before its next step. */
static bool is_wanted(const struct pcpu *p)
{
	const struct world *w = WORLD;
	const struct world_live *l = &w->live;

	if (l->budget_migrations || l->budget_preemptions || w->fix.config.offlines ||
	    p->nr_queued || p->need_resched)
		return true;
	for (int i = 0; i < w->fix.config.nr_pcpus; i++)
		if (l->pcpu[i].need_resched && l->pcpu[i].migrate_to == p->id)
			return true;
	for (unsigned int t = 0; t < w->fix.nr_tasks; t++)
		if (l->task[t].state == TASK_BLOCKED && l->task[t].cpu == p->id)
			return true;
	return false;
}

/* An interrupt may take the pCPU away from its task, which then calls its notifiers. */
static bool may_be_switched(const struct pcpu *p)
{
	return !p->in_irq && !p->irq_off && !p->preempt_count && is_wanted(p);
}

/* Whether @task may run before the next step of a pCPU of @group. */
static bool may_run(uint32_t group, unsigned int task)
{
	const struct task *t = &WORLD->live.task[task];
	const struct pcpu *p = &WORLD->live.pcpu[t->cpu];

	if (p->curr == task)
		return !(group >> p->id & 1);
	/* What waits for such a pCPU has to wait, unless another one is unplugged. */
	if (group >> p->id & 1 && t->state == TASK_RUNNABLE && !WORLD->fix.config.offlines)
		return may_be_switched(p);
	return t->state != TASK_DEAD;
}

/* Calls @f with each future that a step of a pCPU of @group must not conflict with. */
static bool each_future(struct reduce *r, uint32_t group, const struct footprint *print,
			bool (*f)(struct future *future, const struct footprint *print))
{
	for (unsigned int t = 0; t < nr_tasks(); t++)
		if (may_run(group, t) && !f(future_of(&r->known, t), print))
			return false;
	for (; group; group &= group - 1) {
		const struct pcpu *p = &WORLD->live.pcpu[__builtin_ctz(group)];

		if (!p->irq_off && !f(&r->known.handlers, print))
			return false;
		if (may_be_switched(p) && !f(&r->known.notifiers[p->curr], print))
			return false;
	}
	return true;
}

/* A store that waits in @p's buffer: the number of its word. */
static void pending_access(unsigned int loc, struct access *acc)
{
	const struct model_word *w = &MODEL_FIXED->word[loc];

	*acc = access_make(w->off, w->size, ACC_WRITE, 0);
}

/* Whether a store that waits in another pCPU's buffer is in @print's way. */
static bool is_pending(const struct reduce *r, const struct pcpu *p, const struct footprint *print)
{
	const struct mem *m = &MODEL->mem;
	struct future pending = { .seen = { .read = { 0 } } };

	for (unsigned int i = 0; WORLD->fix.model && i < m->nr_cpus; i++)
		for (unsigned int j = 0; i != p->id && j < m->cpu[i].nr_pending; j++) {
			struct footprint more;
			struct access acc;

			pending_access(m->cpu[i].pending[j].loc, &acc);
			footprint_of(&r->known, &acc, &more);
			/* The oracles look at these when they become visible. */
			if (WORLD->fix.meta[acc.off / 4].watch)
				footprint_touch(&more, (uint32_t)GHOST_VCPU <<
						WORLD->fix.meta[acc.off / 4].vcpu);
			footprint_join(&pending.seen, &more);
		}
	return future_conflicts(&pending, print);
}

/* What @event would access; false: it is none that may be local. */
static bool event_access(const struct pcpu *p, unsigned int event, struct access *acc)
{
	switch (event % NR_EVENT_KINDS) {
	case EVENT_STEP:
		*acc = p->acc;
		return !p->waiting && !p->race.size;
	case EVENT_DRAIN:
		/* Where there is a choice, it is made after the event has begun. */
		if (WORLD->fix.model == MEM_WEAK && mem_commit_choices(&MODEL->mem, p->id) != 1)
			return false;
		pending_access(mem_commit_loc(&MODEL->mem, p->id, 0), acc);
		return true;
	default:
		return false;
	}
}

static bool agrees(struct future *future, const struct footprint *print)
{
	return !future_conflicts(future, print);
}

static bool rely(struct future *future, const struct footprint *print)
{
	future_rely(future, print);
	return true;
}

void reduce_reset(struct reduce *r)
{
	futures_reset(&r->known);
	r->watcher = (struct watcher){ .futures = &r->known };
	memset(r->trials, 0, sizeof(r->trials));
}

void reduce_begin(struct reduce *r, const struct futures *known)
{
	futures_forget(&r->known);
	futures_learn(&r->known, known);
}

static void remember(struct reduce *r)
{
	const struct world_live *l = &WORLD->live;

	memcpy(&r->before, l, offsetof(struct world_live, task));
	memcpy(r->before.task, l->task, nr_tasks() * sizeof(l->task[0]));
	memcpy(r->before.pcpu, l->pcpu, nr_pcpus() * sizeof(l->pcpu[0]));
	WORLD->fix.asked = 0;
}

bool reduce_may_join(struct reduce *r, const struct pcpu *p)
{
	struct access acc;

	if (!event_access(p, EVENT_ID(p->id, EVENT_STEP), &acc) || may_be_switched(p))
		return false;
	footprint_of(&r->known, &acc, &r->print);
	return !is_pending(r, p, &r->print) && agrees(&r->known.handlers, &r->print);
}

bool reduce_is_in_way(struct reduce *r, unsigned int task)
{
	const struct pcpu *p = &WORLD->live.pcpu[WORLD->live.task[task].cpu];

	return !agrees(future_of(&r->known, task), &r->print) ||
	       (p->curr == task && !p->waiting && future_is_new(&r->known, task));
}

bool reduce_try(struct reduce *r, unsigned int event)
{
	const struct world_live *l = &WORLD->live;
	const struct pcpu *p = &l->pcpu[event / NR_EVENT_KINDS];
	bool drains = event % NR_EVENT_KINDS == EVENT_DRAIN;
	struct trials *t = &r->trials[drains ? 0 : l->task[p->curr].site][is_wanted(p)];
	struct access acc;

	if (!event_access(p, event, &acc))
		return false;
	/* Trials cost a step each; what fails mostly is not worth them. */
	if (!drains && t->tried > TRIALS && t->local < t->tried / 4)
		return false;
	footprint_of(&r->known, &acc, &r->print);
	r->group = 1u << p->id;
	if (!each_future(r, r->group, &r->print, agrees) || is_pending(r, p, &r->print))
		return false;
	t->tried++;
	r->trial = t;
	remember(r);
	return true;
}

void reduce_try_one_of(struct reduce *r, unsigned int event, uint64_t events)
{
	const struct pcpu *p = &WORLD->live.pcpu[event / NR_EVENT_KINDS];

	footprint_of(&r->known, &p->acc, &r->print);
	r->group = 0;
	for (; events; events &= events - 1)
		r->group |= 1u << (unsigned int)__builtin_ctzll(events) / NR_EVENT_KINDS;
	r->trial = NULL;
	remember(r);
}

/* The places that reports name, and what the step has in its footprint anyway. */
static void ghost_forget(struct ghost_vcpu *old, const struct ghost_vcpu *new, uint32_t touched)
{
	uint8_t refused = touched & GHOST_REFUSED ? new->refused : old->refused;

	if (touched & GHOST_VCPU)
		*old = *new;
	old->refused = refused;
	old->kick_site = new->kick_site;
	old->request_site = new->request_site;
	old->check_site = new->check_site;
	old->store_site = new->store_site;
	old->ipi_site = new->ipi_site;
	old->posted_site = new->posted_site;
}

/* Time, counters and who runs are not compared: see snapshot_hash(). */
static bool head_is_same(struct world_live *before, unsigned int id, uint32_t ghosts)
{
	const struct world_live *l = &WORLD->live;
	/* Its own buffer has changed: it can be drained, or waits for that no more. */
	uint64_t own = WORLD->fix.model ? 1ull << EVENT_ID(id, EVENT_DRAIN) |
		       1ull << EVENT_ID(id, EVENT_STEP) : 0;

	before->now = l->now;
	before->hash = l->hash;
	before->cur = l->cur;
	before->steps = l->steps;
	before->nr_choices = l->nr_choices;
	before->charge = l->charge;
	before->event = l->event;
	before->enabled = (before->enabled & ~own) | (l->enabled & own);
	before->ghost.fired = l->ghost.fired;
	before->ghost.nr_reports = l->ghost.nr_reports;
	for (unsigned int v = 0; v < MAX_VCPUS; v++)
		ghost_forget(&before->ghost.vcpu[v], &l->ghost.vcpu[v], ghosts >> v);
	return !memcmp(before, l, offsetof(struct world_live, task));
}

/*
 * To disable or enable preemption is to tell the scheduler, which has nothing to
 * say as long as nobody wants the pCPU.
 */
static bool rest_is_same(struct world_live *before, unsigned int id, bool wanted)
{
	const struct world_live *l = &WORLD->live;
	struct pcpu *p = &before->pcpu[id];

	if (!wanted)
		p->preempt_count = l->pcpu[id].preempt_count;
	p->acc = l->pcpu[id].acc;
	p->last_site = l->pcpu[id].last_site;
	before->task[p->curr].sp = l->task[p->curr].sp;
	before->task[p->curr].site = l->task[p->curr].site;
	before->task[p->curr].node = l->task[p->curr].node;
	return !memcmp(before->pcpu, l->pcpu, nr_pcpus() * sizeof(l->pcpu[0])) &&
	       !memcmp(before->task, l->task, nr_tasks() * sizeof(l->task[0]));
}

/*
 * The step was its task's last one and nobody waits for the pCPU, so that it is
 * idle from here on: nobody asks for what task that is.
 */
static bool has_ended(struct world_live *before, unsigned int id)
{
	const struct world_live *l = &WORLD->live;
	const struct pcpu *now = &l->pcpu[id];
	struct pcpu *p = &before->pcpu[id];

	if (l->task[p->curr].state != TASK_DEAD || now->curr != task_id(pcpu_idle(now)) ||
	    now->waiting != WAIT_IDLE || now->nr_queued || WORLD->fix.config.offlines)
		return false;
	before->task[p->curr] = l->task[p->curr];
	p->curr = now->curr;
	p->waiting = now->waiting;
	before->enabled &= ~(1ull << EVENT_ID(id, EVENT_STEP));
	return true;
}

bool reduce_was_local(struct reduce *r, unsigned int event)
{
	const struct world_live *l = &WORLD->live;
	const struct pcpu *now = &l->pcpu[event / NR_EVENT_KINDS];
	struct pcpu before = r->before.pcpu[event / NR_EVENT_KINDS];
	bool steps = event % NR_EVENT_KINDS == EVENT_STEP, wanted = is_wanted(&before);
	uint32_t ghosts = r->watcher.ghosts;

	if (WORLD->fix.asked & (wanted ? ASKED_ANY | ASKED_SCHED : ASKED_ANY))
		return false;
	if (r->watcher.nr != steps || l->ghost.fired || (steps && now->race.size))
		return false;
	if (steps && now->waiting && (wanted || !has_ended(&r->before, before.id)))
		return false;
	if (!head_is_same(&r->before, before.id, ghosts) ||
	    !rest_is_same(&r->before, before.id, wanted))
		return false;
	footprint_touch(&r->print, ghosts);
	if (!each_future(r, r->group, &r->print, agrees) || is_pending(r, &before, &r->print))
		return false;
	if (r->trial)
		r->trial->local++;
	each_future(r, r->group, &r->print, rely);
	return true;
}
