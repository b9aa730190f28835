// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hashing the paused state, without what makes equal states look different.
 *
 * Everything is brought into one form first: counters that are only compared
 * with each other become the result of the comparison, and what is left over
 * from something that has ended becomes zero.  A word that is hashed although it
 * does not matter makes a search visit a state twice; one that is left out
 * although it matters makes it miss states.  So in doubt a word stays.
 *
 * What a stack has on it is a part by its hash, which is kept until something runs
 * there or writes to it: most stacks wait for long.
 */
#include <string.h>
#include <xxhash.h>
#ifdef __x86_64__
#include <xxh_x86dispatch.h>		/* the same values by wider instructions, where there are */
#endif
#include "machine.h"
#include "model.h"
#include "snapshot.h"
#include "snapshot_priv.h"

/* For snapshot_hash(). */
static _Alignas(64) unsigned char canon[SNAPSHOT_FORM_MAX];

_Static_assert((MAX_TASKS * sizeof(struct task) + MAX_PCPUS * sizeof(struct pcpu) +
		offsetof(struct world_live, ghost) + sizeof(struct ghost) +
		sizeof(struct snapshot_rest) + SHARED_MAX <= SNAPSHOT_FORM_MAX),
	       "a form may not fit");

struct stack_hash snapshot_hash_of(const void *p, size_t size)
{
	XXH128_hash_t h = XXH3_128bits(p, size);

	return (struct stack_hash){ h.low64, h.high64 };
}

/* Of what task @i, which waits, has on its stack. */
static const struct stack_hash *stack_hash(unsigned int i)
{
	struct world_live *l = &WORLD->live;
	const void *sp = l->task[i].sp;

	if (l->stale >> i & 1) {
		stack_open(sp);
		l->stack[i] = snapshot_hash_of(sp, snapshot_stack_used(sp));
		l->stale &= ~(1u << i);
	}
	return &l->stack[i];
}

/* All before the ghosts but time, counters, and who it was that asked last. */
static void add_head(struct world_live *head)
{
	memcpy(head, &WORLD->live, offsetof(struct world_live, ghost));
	head->now = head->hash = 0;
	head->cur = NULL;
	head->steps = head->nr_choices = head->charge = 0;
	head->event = 0;
	if (!head->open.acc.size)
		head->open = (struct open_store){ 0 };
}

/*
 * Of the interval that a promise names, only this is ever asked again.  One that is
 * over comes never again: the next one has another number.
 */
static uint8_t interval_seen(const struct ghost_vcpu *g, uint32_t interval)
{
	/* Under tso and weak a walk is seen to read some time after it began. */
	if (interval == g->interval && !g->guest && !g->reading && !WORLD->fix.model)
		return 0;
	return interval && interval >= g->interval ? (uint8_t)(1 + interval - g->interval) : 0;
}

static void add_ghost(struct ghost_vcpu *c, const struct ghost_vcpu *g)
{
	*c = *g;
	c->kicked_interval = interval_seen(c, c->kicked_interval);
	if (!c->kicked_interval)
		c->must_leave = 0;
	/* Counted anew from each entry on. */
	if (!c->guest)
		c->ipis = 0;
	c->interval = 0;
	c->kick_site = c->request_site = c->check_site = 0;
	c->store_site = c->ipi_site = c->posted_site = 0;
}

static void add_task(struct task *t, const struct snapshot_run *run, unsigned int i)
{
	static const struct call none[CALL_DEPTH];
	const struct ghost_vcpu *ghost = WORLD->live.ghost.vcpu;
	int nr_vcpus = WORLD->fix.config.nr_vcpus;

	*t = WORLD->live.task[i];
	t->site = 0;
	t->node = 0;
	t->frames = 0;
	/* Not of the copy: that was just written in pieces of another size, and is slow to read. */
	if (!memcmp(WORLD->live.task[i].call, none, sizeof(none)))
		nr_vcpus = 0;
	for (int v = 0; v < nr_vcpus; v++)
		for (unsigned int d = 0; d < CALL_DEPTH; d++)
			t->call[d].gen[v] = interval_seen(&ghost[v], t->call[d].gen[v]);
	if (!snapshot_is_suspended(run, i))
		t->sp = NULL;
}

/* See tick_is_due(): a newcomer on the queue begins anew, and enough is enough. */
static uint8_t rotations_seen(const struct pcpu *p)
{
	uint8_t enough = (uint8_t)(2 * (p->nr_queued + 1));

	if (!p->nr_queued)
		return 0;
	return p->rotations < enough ? p->rotations : enough;
}

static void add_pcpu(struct pcpu *p, const struct pcpu *live)
{
	*p = *live;
	p->last_site = p->wait_site = 0;
	p->rotations = rotations_seen(live);
	if (!p->acc.size)
		p->acc = (struct access){ 0 };
	/* Which one it is, of several, is a place that a report names. */
	p->race = (struct access){ .size = p->race.size > 0 };
	/* A handler waits for nothing, but what it interrupted may. */
	if (!p->in_irq && (p->waiting == WAIT_NOTHING || p->waiting == WAIT_IDLE ||
			  p->waiting == WAIT_GUEST)) {
		p->lock_off = 0;
		p->wait_arg = 0;
	}
	if (!p->call_unacked) {
		p->call_fn = NULL;
		p->call_info = NULL;
	}
	if (!p->timer_fn)
		p->timer_arg = NULL;
}

/*
 * The question.  Events are asked for on a stack that holds nothing else, and it
 * does not matter by whom; other questions come up in the middle of something.
 */
static void add_asker(struct snapshot_ask *ask, const struct snapshot_run *run)
{
	*ask = (struct snapshot_ask){
		.kind = (uint64_t)run->point.kind, .bound = run->point.bound,
	};
	if (run->point.kind == CHOICE_EVENT)
		return;
	ask->pcpu = WORLD->live.cur->id;
	ask->sp = run->sp;
	ask->stack = snapshot_hash_of(run->sp, snapshot_stack_used(run->sp));
}

/* What else the oracles remember, what waits on stacks, and a model. */
static void add_rest(struct snapshot_form *form, const struct snapshot_run *run)
{
	struct snapshot_rest *rest = form->rest;
	const struct ghost *g = &WORLD->live.ghost;
	unsigned int nr = snapshot_nr_tasks();

	memset(rest, 0, snapshot_rest_size());
	rest->fired = g->fired;
	if (g->nr_pages) {
		memcpy(rest->page_off, g->page_off, sizeof(rest->page_off));
		memcpy(rest->page_size, g->page_size, sizeof(rest->page_size));
	}
	for (unsigned int i = 0; i < nr; i++)
		if (snapshot_is_suspended(run, i))
			rest->stack[i] = *stack_hash(i);
	if (WORLD->fix.model) {
		form->model = model_canon(run->reader, &form->model_size);
		rest->model = snapshot_hash_of(form->model, form->model_size);
	}
	add_asker(&rest->ask, run);
}

uint64_t snapshot_place(unsigned int task, const void *sp)
{
	uint64_t which = (uint64_t)task << 16 | WORLD->live.task[task].site;

	which *= 0x9e3779b97f4a7c15ull;
	if (sp == WORLD->live.task[task].sp)
		return stack_hash(task)->low + which;
	stack_open(sp);
	return snapshot_hash_of(sp, snapshot_stack_used(sp)).low + which;
}

unsigned int snapshot_asker(const struct snapshot_run *run)
{
	return snapshot_stack(run->sp);
}

bool snapshot_stacks_are_known(const struct snapshot_run *run)
{
	const struct world_live *l = &WORLD->live;

	stacks_open();
	for (unsigned int i = 0; i < snapshot_nr_tasks(); i++) {
		const void *sp = l->task[i].sp;
		struct stack_hash h;

		if (!snapshot_is_suspended(run, i) || l->stale >> i & 1)
			continue;
		h = snapshot_hash_of(sp, snapshot_stack_used(sp));
		if (h.low != l->stack[i].low || h.high != l->stack[i].high)
			return false;
	}
	return true;
}

void snapshot_lay_out(struct snapshot_form *form, void *buf)
{
	const struct world *w = WORLD;

	form->model = NULL;
	form->task = buf;
	form->pcpu = (struct pcpu *)(form->task + snapshot_nr_tasks());
	form->head = (struct world_live *)(form->pcpu + w->fix.config.nr_pcpus);
	form->ghost = (struct ghost_vcpu *)((unsigned char *)form->head +
					    offsetof(struct world_live, ghost));
	form->rest = (struct snapshot_rest *)(form->ghost + w->fix.config.nr_vcpus);
	form->shared = (uint64_t *)((unsigned char *)form->rest + snapshot_rest_size());
	form->nr_words = (w->fix.shared_used + 7) / 8;
	form->size = (size_t)((unsigned char *)(form->shared + form->nr_words) -
			      (unsigned char *)buf);
}

void snapshot_form(const struct snapshot_run *run, struct snapshot_form *form, void *buf)
{
	const struct world *w = WORLD;

	assert(w->fix.chooser == &run->chooser && !w->live.ended);
	stacks_open();
	snapshot_lay_out(form, buf);
	for (unsigned int i = 0; i < snapshot_nr_tasks(); i++)
		add_task(&form->task[i], run, i);
	for (int i = 0; i < w->fix.config.nr_pcpus; i++)
		add_pcpu(&form->pcpu[i], &w->live.pcpu[i]);
	add_head(form->head);
	for (int i = 0; i < w->fix.config.nr_vcpus; i++)
		add_ghost(&form->ghost[i], &w->live.ghost.vcpu[i]);
	add_rest(form, run);
	memcpy(form->shared, (const void *)SHARED_BASE, form->nr_words * sizeof(form->shared[0]));
}

struct snapshot_hash snapshot_form_hash(const struct snapshot_form *form)
{
	struct stack_hash h = snapshot_hash_of(form->task, form->size);

	return (struct snapshot_hash){ h.low, h.high };
}

void snapshot_hash(const struct snapshot_run *run, struct snapshot_hash *hash)
{
	struct snapshot_form form;

	snapshot_form(run, &form, canon);
	*hash = snapshot_form_hash(&form);
}
