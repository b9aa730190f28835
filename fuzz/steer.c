// SPDX-License-Identifier: GPL-2.0-only
/* An engine that is held to orders: what it may choose from. */
#include <stdlib.h>
#include <string.h>
#include "../sim/model.h"
#include "steer_priv.h"

enum hold { HOLD_NOT, HOLD_SOFT, HOLD_HARD };

/* Whether an order holds back the next step of @x. */
static enum hold stream_hold(const struct steer *s, const struct steer_stream *x)
{
	enum hold hold = HOLD_NOT;

	for (uint64_t all = x->holds; all; all &= all - 1) {
		const struct steer_order *o = &s->order[__builtin_ctzll(all)];

		if (o->force == STEER_TURN) {
			if (&s->stream[o->a.hold.stream] == x && x->done == o->a.hold.nr &&
			    !steer_is_done(s, o->b.done))
				return HOLD_HARD;
		} else if (&s->stream[o->b.hold.stream] == x && x->done == o->b.hold.nr &&
			   !steer_is_done(s, o->a.done)) {
			hold = HOLD_SOFT;
		}
	}
	return hold;
}

static enum hold drain_hold(struct steer *s, unsigned int pcpu, unsigned int which)
{
	const struct mem *m = &MODEL->mem;
	unsigned int loc = WORLD->fix.model == MEM_TSO ? m->cpu[pcpu].pending[0].loc :
			   mem_commit_loc(m, pcpu, which);
	const struct steer_stream *x = steer_other(s, STEER_DRAIN, pcpu,
						    MODEL_FIXED->word[loc].off);

	return x ? stream_hold(s, x) : HOLD_NOT;
}

static unsigned int nr_drains(unsigned int pcpu)
{
	return WORLD->fix.model == MEM_TSO ? 1 : mem_commit_choices(&MODEL->mem, pcpu);
}

/* A drain is held if each store that it could be is. */
static enum hold drains_hold(struct steer *s, unsigned int pcpu)
{
	enum hold least = HOLD_HARD;
	unsigned int nr = nr_drains(pcpu);

	for (unsigned int i = 0; i < nr; i++) {
		enum hold hold = drain_hold(s, pcpu, i);

		if (hold < least)
			least = hold;
	}
	return nr ? least : HOLD_NOT;
}

static enum hold wish_hold(const struct steer *s, const struct pcpu *p, enum steer_kind kind)
{
	for (unsigned int i = 0; i < s->nr_wishes; i++) {
		const struct steer_wish *w = &s->wish[i];
		const struct steer_stream *x = &s->stream[w->at.stream];

		if (w->force == STEER_TURN && x->kind == kind && x->actor == p->curr &&
		    x->done >= w->at.nr)
			return HOLD_HARD;
	}
	return HOLD_NOT;
}

static enum hold event_hold(struct steer *s, unsigned int event)
{
	unsigned int pcpu = event / NR_EVENT_KINDS;
	const struct pcpu *p = &WORLD->live.pcpu[pcpu];
	const struct steer_stream *x;

	switch (event % NR_EVENT_KINDS) {
	case EVENT_STEP:
		x = steer_step(s, steer_actor(p->curr, pcpu, p->in_irq),
			    p->acc.site ? p->acc.site : p->wait_site);
		return x ? stream_hold(s, x) : HOLD_NOT;
	case EVENT_DRAIN:
		return drains_hold(s, pcpu);
	case EVENT_TICK:
		return wish_hold(s, p, STEER_OUT);
	case EVENT_EXIT:
		return wish_hold(s, p, STEER_EXIT);
	default:
		return HOLD_NOT;
	}
}

/* The dull one of @open: what is due first, of what must happen if there is any. */
static unsigned int earliest(uint64_t open, uint64_t optional)
{
	const uint64_t *due = WORLD->live.due;
	unsigned int best;

	if (open & ~optional)
		open &= ~optional;
	best = (unsigned int)__builtin_ctzll(open);
	for (; open; open &= open - 1)
		if (due[__builtin_ctzll(open)] < due[best])
			best = (unsigned int)__builtin_ctzll(open);
	return best;
}

static uint32_t engine_take(struct steer *s, const struct choice_point *p)
{
	return s->now->chooser.take(&s->now->chooser, p);
}

static uint32_t take_event(struct steer *s, const struct choice_point *p)
{
	uint64_t all = p->others | 1ull << p->first, soft = 0, hard = 0, open;
	struct choice_point q = *p;
	uint32_t answer = 0;

	for (uint64_t left = all; left; left &= left - 1) {
		enum hold hold = event_hold(s, (unsigned int)__builtin_ctzll(left));

		soft |= hold == HOLD_SOFT ? left & -left : 0;
		hard |= hold == HOLD_HARD ? left & -left : 0;
	}
	open = all & ~hard & ~soft;
	if (!open)
		open = all & ~hard;
	if (!open) {
		s->is_void = true;
		return CHOICE_REFUSED;
	}
	if (!(open >> q.first & 1))
		q.first = earliest(open, p->optional);
	q.others = open & ~(1ull << q.first);
	q.bound = (uint32_t)__builtin_popcountll(open);
	if (q.bound > 1)
		answer = engine_take(s, &q);
	s->last = choice_event(&q, answer);
	if (s->last == p->first)
		return 0;
	return 1 + (uint32_t)__builtin_popcountll(p->others & ((1ull << s->last) - 1));
}

/* An order is turned round for the next step of @x to see what came first. */
static bool must_see(const struct steer *s, const struct steer_stream *x)
{
	for (unsigned int i = 0; i < s->nr_orders; i++) {
		const struct steer_order *o = &s->order[i];

		if (o->force == STEER_TURN && &s->stream[o->a.hold.stream] == x &&
		    o->a.hold.nr == x->done)
			return true;
	}
	return false;
}

/* As the witness did, or mostly the newest value. */
static uint32_t take_load(struct steer *s, const struct choice_point *p)
{
	const struct pcpu *cur = WORLD->live.cur;
	const struct steer_stream *x = steer_step(s, steer_actor(cur->curr, cur->id, cur->in_irq),
					       cur->last_site);

	if (x && must_see(s, x))
		return 0;
	for (unsigned int i = 0; x && i < s->nr_loads; i++) {
		const struct steer_load *l = &s->load[i];

		if (l->force == STEER_KEEP && &s->stream[l->at.stream] == x &&
		    l->at.nr == x->done && l->answer < p->bound)
			return l->answer;
	}
	/* Most older values are of no consequence, and there is a budget of them. */
	return random_next(&s->now->random) >> 62 ? 0 : engine_take(s, p);
}

static uint32_t take_commit(struct steer *s, const struct choice_point *p)
{
	uint64_t enabled = WORLD->live.enabled;
	/* With one event only nobody was asked. */
	unsigned int event = enabled & (enabled - 1) ? s->last :
			     (unsigned int)__builtin_ctzll(enabled);
	uint8_t open[MEM_PENDING_MAX];
	struct choice_point q = *p;

	q.bound = 0;
	for (uint32_t i = 0; i < p->bound; i++)
		if (drain_hold(s, event / NR_EVENT_KINDS, i) == HOLD_NOT)
			open[q.bound++] = (uint8_t)i;
	if (!q.bound)
		return engine_take(s, p);
	if (q.bound == 1)
		return open[0];
	return open[engine_take(s, &q)];
}

/* As the witness did, 3 times in 4. */
static uint32_t take_other(struct steer *s, const struct choice_point *p)
{
	unsigned int n = s->next_other[p->kind]++;

	if (n < s->nr_other[p->kind] && s->other[p->kind][n] < p->bound &&
	    random_next(&s->now->random) >> 62)
		return s->other[p->kind][n];
	return engine_take(s, p);
}

static uint32_t steer_take(struct chooser *c, const struct choice_point *p)
{
	struct steer *s = (struct steer *)c;

	steer_catch_up(s);
	if (s->is_void || WORLD->live.nr_choices >= s->max_choices) {
		s->is_void = true;
		return CHOICE_REFUSED;
	}
	switch (p->kind) {
	case CHOICE_EVENT:
		return take_event(s, p);
	case CHOICE_LOAD:
		return take_load(s, p);
	case CHOICE_COMMIT:
		return take_commit(s, p);
	default:
		return take_other(s, p);
	}
}

static void steer_chooser_begin(struct chooser *c)
{
	struct steer *s = (struct steer *)c;

	for (unsigned int i = 0; i < s->nr_streams; i++)
		s->stream[i].done = 0;
	memset(s->phase, 0, sizeof(s->phase));
	memset(s->next_other, 0, sizeof(s->next_other));
	s->seen = 0;
	s->is_void = false;
	s->now->chooser.begin(&s->now->chooser);
}

int steer_begin(struct steer *s, const struct config *c)
{
	const struct world_fixed *f = &WORLD->fix;

	memset(s, 0, sizeof(*s));
	s->chooser.begin = steer_chooser_begin;
	s->chooser.take = steer_take;
	engine_parse(&s->engine[0], "pos");
	engine_parse(&s->engine[1], "pct:3");
	s->nr_sites = c->form->sites.nr;
	s->first = calloc(s->nr_sites + 1u, sizeof(*s->first));
	s->trace.max = STEER_RECORDS;
	s->trace.rec = calloc(STEER_RECORDS, sizeof(*s->trace.rec));
	if (!s->first || !s->trace.rec) {
		steer_end(s);
		return -1;
	}
	/* Whoever needs four times as long goes round in circles. */
	s->max_choices = 4 * WORLD->live.nr_choices + 200;
	if (s->max_choices > STEER_RECORDS)
		s->max_choices = STEER_RECORDS;
	for (uint32_t i = 0; i < WORLD->live.nr_choices; i++) {
		unsigned int kind = f->taken[i].kind;

		if (kind != CHOICE_EVENT && s->nr_other[kind] < STEER_OTHERS)
			s->other[kind][s->nr_other[kind]++] = f->taken[i].answer;
	}
	return 0;
}

void steer_end(struct steer *s)
{
	free(s->first);
	free(s->trace.rec);
}

void steer_force(struct steer *s, enum steer_force force)
{
	for (unsigned int i = 0; i < s->nr_orders; i++)
		s->order[i].force = force;
	for (unsigned int i = 0; i < s->nr_loads; i++) {
		s->load[i].force = force;
		s->order[s->load[i].order].force = STEER_FREE;
	}
	for (unsigned int i = 0; i < s->nr_wishes; i++)
		s->wish[i].force = force;
}

static void note_holds(struct steer *s)
{
	for (unsigned int i = 0; i < s->nr_streams; i++)
		s->stream[i].holds = 0;
	for (unsigned int i = 0; i < s->nr_orders; i++) {
		const struct steer_order *o = &s->order[i];

		if (o->force == STEER_FREE)
			continue;
		/* Those of a tell whether the order was turned round at all. */
		s->stream[o->a.done.stream].holds |= 1ull << i;
		s->stream[o->a.hold.stream].holds |= 1ull << i;
		s->stream[o->b.hold.stream].holds |= 1ull << i;
	}
}

bool steer_run(struct steer *s, uint64_t seed, struct run_result *result)
{
	note_holds(s);
	s->now = &s->engine[seed % STEER_ENGINES];
	engine_seed(s->now, seed);
	s->trace.nr = s->trace.lost = 0;
	run_once(&s->chooser, &s->trace, result);
	steer_catch_up(s);
	engine_done(s->now);
	return !s->is_void && !s->trace.lost;
}
