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

/* The state in its one form, piece by piece; the rest is what a question may take. */
static _Alignas(64) unsigned char canon[sizeof(struct world_live) + SHARED_MAX + 1024];

static inline void *add(unsigned char **end, const void *p, size_t size)
{
	void *at = memcpy(*end, p, size);

	*end += size;
	return at;
}

static inline struct stack_hash hash_of(const void *p, size_t size)
{
	XXH128_hash_t h = XXH3_128bits(p, size);

	return (struct stack_hash){ h.low64, h.high64 };
}

static inline void add_hash(unsigned char **end, const void *p, size_t size)
{
	struct stack_hash h = hash_of(p, size);

	add(end, &h, sizeof(h));
}

/* Of what task @i, which waits, has on its stack. */
static const struct stack_hash *stack_hash(unsigned int i)
{
	struct world_live *l = &WORLD->live;
	const void *sp = l->task[i].sp;

	if (l->stale >> i & 1) {
		stack_open(sp);
		l->stack[i] = hash_of(sp, snapshot_stack_used(sp));
		l->stale &= ~(1u << i);
	}
	return &l->stack[i];
}

/* All before the ghosts but time, counters, and who it was that asked last. */
static void add_head(unsigned char **end)
{
	struct world_live *head = add(end, &WORLD->live, offsetof(struct world_live, ghost));

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

static void add_ghost(unsigned char **end)
{
	const struct ghost *g = &WORLD->live.ghost;

	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++) {
		struct ghost_vcpu *c = add(end, &g->vcpu[v], sizeof(*c));

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
	add(end, &g->fired, sizeof(g->fired));
	if (g->nr_pages) {
		add(end, g->page_off, sizeof(g->page_off));
		add(end, g->page_size, sizeof(g->page_size));
	}
}

static void add_task(struct task *t, const struct snapshot_run *run, unsigned int i)
{
	static const struct call none[CALL_DEPTH];
	const struct ghost_vcpu *ghost = WORLD->live.ghost.vcpu;
	int nr_vcpus = WORLD->fix.config.nr_vcpus;

	*t = WORLD->live.task[i];
	t->site = 0;
	t->node = 0;
	if (!memcmp(t->call, none, sizeof(none)))
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
	if (!p->race.size) {
		p->race = (struct access){ 0 };
		p->race_pcpu = 0;
	}
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
static void add_asker(unsigned char **end, const struct snapshot_run *run)
{
	uint64_t ask[3] = { (uint64_t)run->point.kind, run->point.bound, 0 };

	if (run->point.kind == CHOICE_EVENT) {
		add(end, ask, sizeof(ask));
		return;
	}
	ask[2] = WORLD->live.cur->id;
	add(end, ask, sizeof(ask));
	add(end, &run->sp, sizeof(run->sp));
	add_hash(end, run->sp, snapshot_stack_used(run->sp));
}

uint64_t snapshot_place(unsigned int task, const void *sp)
{
	uint64_t which = (uint64_t)task << 16 | WORLD->live.task[task].site;

	which *= 0x9e3779b97f4a7c15ull;
	if (sp == WORLD->live.task[task].sp)
		return stack_hash(task)->low + which;
	stack_open(sp);
	return hash_of(sp, snapshot_stack_used(sp)).low + which;
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
		h = hash_of(sp, snapshot_stack_used(sp));
		if (h.low != l->stack[i].low || h.high != l->stack[i].high)
			return false;
	}
	return true;
}

/* The pieces of which there are several begin where they are aligned. */
static size_t make_canon(const struct snapshot_run *run)
{
	const struct world *w = WORLD;
	struct task *task = (struct task *)canon;
	unsigned int nr = snapshot_nr_tasks();
	unsigned char *end;
	struct pcpu *pcpu = (struct pcpu *)(task + nr);
	size_t size;

	for (unsigned int i = 0; i < nr; i++)
		add_task(&task[i], run, i);
	for (int i = 0; i < w->fix.config.nr_pcpus; i++)
		add_pcpu(&pcpu[i], &w->live.pcpu[i]);
	end = (unsigned char *)(pcpu + w->fix.config.nr_pcpus);
	add_head(&end);
	add_ghost(&end);
	for (unsigned int i = 0; i < nr; i++)
		if (snapshot_is_suspended(run, i))
			add(&end, stack_hash(i), sizeof(struct stack_hash));
	add(&end, (const void *)SHARED_BASE, w->fix.shared_used);
	if (w->fix.model) {
		const struct model *m = model_canon(&size);

		add_hash(&end, m, size);
	}
	add_asker(&end, run);
	return (size_t)(end - canon);
}

void snapshot_hash(const struct snapshot_run *run, struct snapshot_hash *hash)
{
	struct stack_hash h;

	assert(WORLD->fix.chooser == &run->chooser && !WORLD->live.ended);
	stacks_open();
	h = hash_of(canon, make_canon(run));
	*hash = (struct snapshot_hash){ h.low, h.high };
}
