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
		if (may_be_switched(p) && !f(future_of_notifiers(&r->known, p->curr), print))
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
static bool pending_conflicts(const struct reduce *r, const struct pcpu *p,
			      const struct footprint *print)
{
	const struct mem *m = &MODEL->mem;
	struct future pending;

	pending.seen.used = 0;
	for (unsigned int i = 0; i < m->nr_cpus; i++)
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

static bool is_pending(const struct reduce *r, const struct pcpu *p, const struct footprint *print)
{
	return WORLD->fix.model && pending_conflicts(r, p, print);
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

/* What the step of @p would access; false: it is none that may be local. */
static bool step_print(struct reduce *r, const struct pcpu *p)
{
	footprint_of(&r->known, &p->acc, &r->print);
	return !p->waiting && !p->race.size;
}

/* Nobody is in the way of a step, or of a store's becoming visible, as far as is known. */
static bool nobody_minds(struct reduce *r, const struct pcpu *p)
{
	return each_future(r, r->group, &r->print, agrees) && !is_pending(r, p, &r->print);
}

/* Of the stores that @p may drain, one that nobody minds. */
static bool drain_print(struct reduce *r, const struct pcpu *p)
{
	const struct mem *m = &MODEL->mem;
	unsigned int nr = WORLD->fix.model == MEM_WEAK ? mem_commit_choices(m, p->id) : 1;

	for (r->commit = 0; r->commit < nr; r->commit++) {
		struct access acc;

		pending_access(mem_commit_loc(m, p->id, r->commit), &acc);
		footprint_of(&r->known, &acc, &r->print);
		if (nobody_minds(r, p))
			return true;
	}
	return false;
}

/* A reschedule IPI finds nobody to tell: nothing runs on @p, and nothing will. */
static bool is_left_alone(const struct pcpu *p)
{
	return p->waiting == WAIT_IDLE && !p->wakeup && !is_wanted(p);
}

/* Sets r->print; false: @event cannot be local. */
static bool may_be_local(struct reduce *r, const struct pcpu *p, unsigned int event)
{
	switch (event % NR_EVENT_KINDS) {
	case EVENT_STEP:
		return step_print(r, p) && nobody_minds(r, p);
	case EVENT_DRAIN:
		return drain_print(r, p);
	case EVENT_RESCHED:
		r->print.used = 0;
		return is_left_alone(p);
	default:
		return false;
	}
}

void reduce_reset(struct reduce *r)
{
	futures_reset(&r->known);
	r->watcher = (struct watcher){ .futures = &r->known };
	memset(r->trials, 0, sizeof(r->trials));
}

/*
 * Who is switched out has the scheduler look whether it meant to sleep, before its
 * notifiers.  That is no access that is announced, but it is one.
 */
static void learn_switches(struct futures *f)
{
	for (unsigned int t = 0; t < WORLD->fix.nr_tasks; t++) {
		uint32_t off = (uint32_t)((uintptr_t)WORLD->fix.task_struct[t] - SHARED_BASE);
		struct access state = access_make(off, 4, 0, 0);
		struct footprint print;

		footprint_of(f, &state, &print);
		future_learn(f, future_of_notifiers(f, t), &print);
	}
}

void reduce_begin(struct reduce *r, const struct futures *known)
{
	futures_forget(&r->known);
	futures_learn(&r->known, known);
	learn_switches(&r->known);
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
	return step_print(r, p) && !may_be_switched(p) && !is_pending(r, p, &r->print) &&
	       agrees(&r->known.handlers, &r->print);
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
	bool steps = event % NR_EVENT_KINDS == EVENT_STEP;
	struct trials *t = &r->trials[steps ? l->task[p->curr].site : 0][is_wanted(p)];

	/* Trials cost a step each; what fails mostly is not worth them. */
	if (steps && t->tried > TRIALS && t->local < t->tried / 4)
		return false;
	r->group = 1u << p->id;
	if (!may_be_local(r, p, event))
		return false;
	t->tried++;
	r->event = event;
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
static bool head_is_same(struct world_live *before, unsigned int event, uint32_t ghosts)
{
	const struct world_live *l = &WORLD->live;
	unsigned int id = event / NR_EVENT_KINDS;
	/* Its own buffer has changed: it can be drained, or waits for that no more. */
	uint64_t own = WORLD->fix.model ? 1ull << EVENT_ID(id, EVENT_DRAIN) |
		       1ull << EVENT_ID(id, EVENT_STEP) : 0;

	if (event % NR_EVENT_KINDS == EVENT_RESCHED)
		own |= 1ull << event;
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
static bool rest_is_same(struct world_live *before, unsigned int event, bool wanted)
{
	const struct world_live *l = &WORLD->live;
	unsigned int id = event / NR_EVENT_KINDS;
	struct pcpu *p = &before->pcpu[id];

	if (event % NR_EVENT_KINDS == EVENT_RESCHED)
		p->pending &= (uint8_t)~(1 << EVENT_RESCHED);
	if (!wanted)
		p->preempt_count = l->pcpu[id].preempt_count;
	p->acc = l->pcpu[id].acc;
	p->last_site = l->pcpu[id].last_site;
	before->task[p->curr].sp = l->task[p->curr].sp;
	before->task[p->curr].site = l->task[p->curr].site;
	before->task[p->curr].node = l->task[p->curr].node;
	before->task[p->curr].frames = l->task[p->curr].frames;
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

/* What came of the event alone, but for memory, stack, and what is announced next. */
static bool is_event_fine(const struct reduce *r, struct pcpu *before, unsigned int event)
{
	const struct pcpu *now = &WORLD->live.pcpu[before->id];
	bool wanted = is_wanted(before);

	if (r->watcher.nr != (event % NR_EVENT_KINDS != EVENT_DRAIN))
		return false;
	switch (event % NR_EVENT_KINDS) {
	case EVENT_RESCHED:
		/* It asks as if somebody ran there. */
		return true;
	case EVENT_STEP:
		if (now->race.size || (now->waiting && wanted))
			return false;
		break;
	}
	return !(WORLD->fix.asked & (wanted ? ASKED_ANY | ASKED_SCHED : ASKED_ANY));
}

bool reduce_was_local(struct reduce *r, unsigned int event)
{
	const struct world_live *l = &WORLD->live;
	const struct pcpu *now = &l->pcpu[event / NR_EVENT_KINDS];
	struct pcpu before = r->before.pcpu[event / NR_EVENT_KINDS];
	bool steps = event % NR_EVENT_KINDS == EVENT_STEP;
	uint32_t ghosts = r->watcher.ghosts;

	if (l->ghost.fired || !is_event_fine(r, &before, event))
		return false;
	if (steps && now->waiting && !has_ended(&r->before, before.id))
		return false;
	if (!head_is_same(&r->before, event, ghosts) ||
	    !rest_is_same(&r->before, event, is_wanted(&before)))
		return false;
	footprint_touch(&r->print, ghosts);
	if (!nobody_minds(r, &before))
		return false;
	if (r->trial)
		r->trial->local++;
	each_future(r, r->group, &r->print, rely);
	return true;
}
