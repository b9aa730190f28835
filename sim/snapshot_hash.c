// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hashing the paused state, without what makes equal states look different.
 *
 * Everything is brought into one form first: counters that are only compared
 * with each other become the result of the comparison, and what is left over
 * from something that has ended becomes zero.  A word that is hashed although it
 * does not matter makes a search visit a state twice; one that is left out
 * although it matters makes it miss states.  So in doubt a word stays.
 */
#define XXH_INLINE_ALL			/* many short pieces: a call costs more than the hashing */
#include <string.h>
#include <xxhash.h>
#include "machine.h"
#include "model.h"
#include "snapshot.h"
#include "snapshot_priv.h"

static void add(XXH3_state_t *x, const void *p, size_t size)
{
	XXH3_128bits_update(x, p, size);
}

/* All before the ghosts but time, counters, and who it was that asked last. */
static void add_head(XXH3_state_t *x)
{
	struct world_live head;

	memcpy(&head, &WORLD->live, offsetof(struct world_live, ghost));
	head.now = head.hash = 0;
	head.cur = NULL;
	head.steps = head.nr_choices = head.charge = 0;
	head.event = 0;
	if (!head.open.acc.size)
		head.open = (struct open_store){ 0 };
	add(x, &head, offsetof(struct world_live, ghost));
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

static void add_ghost(XXH3_state_t *x)
{
	struct ghost g = WORLD->live.ghost;

	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++) {
		struct ghost_vcpu *c = &g.vcpu[v];

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
	add(x, g.vcpu, (size_t)WORLD->fix.config.nr_vcpus * sizeof(g.vcpu[0]));
	add(x, &g.fired, sizeof(g.fired));
	if (g.nr_pages) {
		add(x, g.page_off, sizeof(g.page_off));
		add(x, g.page_size, sizeof(g.page_size));
	}
}

static void add_task(XXH3_state_t *x, const struct snapshot_run *run, unsigned int i)
{
	const struct ghost_vcpu *ghost = WORLD->live.ghost.vcpu;
	struct task t = WORLD->live.task[i];

	t.site = 0;
	t.node = 0;
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++)
		for (unsigned int d = 0; d < CALL_DEPTH; d++)
			t.call[d].gen[v] = interval_seen(&ghost[v], t.call[d].gen[v]);
	if (!snapshot_is_suspended(run, i)) {
		t.sp = NULL;
		add(x, &t, sizeof(t));
		return;
	}
	add(x, &t, sizeof(t));
	add(x, t.sp, snapshot_stack_used(t.sp));
}

/* See tick_is_due(): a newcomer on the queue begins anew, and enough is enough. */
static uint8_t rotations_seen(const struct pcpu *p)
{
	uint8_t enough = (uint8_t)(2 * (p->nr_queued + 1));

	if (!p->nr_queued)
		return 0;
	return p->rotations < enough ? p->rotations : enough;
}

static void add_pcpu(XXH3_state_t *x, const struct pcpu *live)
{
	struct pcpu p = *live;

	p.last_site = p.wait_site = 0;
	p.rotations = rotations_seen(live);
	if (!p.acc.size)
		p.acc = (struct access){ 0 };
	if (!p.race.size) {
		p.race = (struct access){ 0 };
		p.race_pcpu = 0;
	}
	/* A handler waits for nothing, but what it interrupted may. */
	if (!p.in_irq && (p.waiting == WAIT_NOTHING || p.waiting == WAIT_IDLE ||
			  p.waiting == WAIT_GUEST)) {
		p.lock_off = 0;
		p.wait_arg = 0;
	}
	if (!p.call_unacked) {
		p.call_fn = NULL;
		p.call_info = NULL;
	}
	if (!p.timer_fn)
		p.timer_arg = NULL;
	add(x, &p, sizeof(p));
}

/*
 * The question.  Events are asked for on a stack that holds nothing else, and it
 * does not matter by whom; other questions come up in the middle of something.
 */
static void add_asker(XXH3_state_t *x, const struct snapshot_run *run)
{
	uint64_t ask[3] = { (uint64_t)run->point.kind, run->point.bound, 0 };

	if (run->point.kind == CHOICE_EVENT) {
		add(x, ask, sizeof(ask));
		return;
	}
	ask[2] = WORLD->live.cur->id;
	add(x, ask, sizeof(ask));
	add(x, &run->sp, sizeof(run->sp));
	add(x, run->sp, snapshot_stack_used(run->sp));
}

uint64_t snapshot_place(unsigned int task, const void *sp)
{
	uint64_t which = (uint64_t)task << 16 | WORLD->live.task[task].site;

	stack_open(sp);
	return XXH3_64bits(sp, snapshot_stack_used(sp)) + which * 0x9e3779b97f4a7c15ull;
}

unsigned int snapshot_asker(const struct snapshot_run *run)
{
	return snapshot_stack(run->sp);
}

void snapshot_hash(const struct snapshot_run *run, struct snapshot_hash *hash)
{
	const struct world *w = WORLD;
	XXH3_state_t x;
	XXH128_hash_t h;
	size_t size;

	assert(w->fix.chooser == &run->chooser && !w->live.ended);
	stacks_open();
	XXH3_128bits_reset(&x);
	add_head(&x);
	add_ghost(&x);
	for (unsigned int i = 0; i < snapshot_nr_tasks(); i++)
		add_task(&x, run, i);
	for (int i = 0; i < w->fix.config.nr_pcpus; i++)
		add_pcpu(&x, &w->live.pcpu[i]);
	add(&x, (const void *)SHARED_BASE, w->fix.shared_used);
	if (w->fix.model) {
		const struct model *m = model_canon(&size);

		add(&x, m, size);
	}
	add_asker(&x, run);
	h = XXH3_128bits_digest(&x);
	*hash = (struct snapshot_hash){ h.low64, h.high64 };
}
