// SPDX-License-Identifier: GPL-2.0-only
/* An engine that is held to orders. */
#include <stdlib.h>
#include <string.h>
#include "../sim/model.h"
#include "steer.h"

enum {
	IRQ_ACTOR = 32,			/* + pCPU; tasks are fewer */
	PHASE_MODES = 3,		/* bits of a phase; above are the moves */
};

_Static_assert((int)MAX_TASKS <= (int)IRQ_ACTOR, "a task's number is no handler's");

enum hold { HOLD_NOT, HOLD_SOFT, HOLD_HARD };

unsigned int steer_actor(unsigned int task, unsigned int pcpu, bool in_irq)
{
	return in_irq ? IRQ_ACTOR + pcpu : task;
}

void steer_phase(uint32_t *phase, const struct trace_rec *r)
{
	const struct word_meta *m = r->kind == TRACE_WRITE ? &WORLD->fix.meta[r->off / 4] : NULL;

	if (r->kind == TRACE_SCHED_OUT && r->off != r->pcpu)
		*phase += 1 << PHASE_MODES;
	else if (m && m->watch & WATCH_MODE &&
		 WORLD->fix.image.task[r->task].vcpu == m->vcpu)
		*phase = (*phase >> PHASE_MODES << PHASE_MODES) |
			 (r->value & ((1 << PHASE_MODES) - 1));
}

static bool is_done(const struct steer *s, struct steer_mark m)
{
	return s->stream[m.stream].done > m.nr;
}

static struct steer_stream *step_stream(struct steer *s, unsigned int actor, uint16_t site,
					uint32_t phase)
{
	if (site > s->nr_sites)
		return NULL;
	for (unsigned int i = s->first[site]; i; i = s->stream[i - 1].next)
		if (s->stream[i - 1].actor == actor && s->stream[i - 1].off == phase)
			return &s->stream[i - 1];
	return NULL;
}

static struct steer_stream *step_of(struct steer *s, unsigned int actor, uint16_t site)
{
	return step_stream(s, actor, site, actor < IRQ_ACTOR ? s->phase[actor] : 0);
}

/* Those without a site are few. */
static struct steer_stream *other_stream(struct steer *s, enum steer_kind kind,
					 unsigned int actor, uint32_t off)
{
	for (unsigned int i = 0; i < s->nr_streams; i++) {
		struct steer_stream *x = &s->stream[i];

		if (x->kind == kind && x->actor == actor && x->off == off)
			return x;
	}
	return NULL;
}

unsigned int steer_stream(struct steer *s, enum steer_kind kind, unsigned int actor,
			  uint16_t site, uint32_t off)
{
	struct steer_stream *x = kind == STEER_STEP ? step_stream(s, actor, site, off) :
				 other_stream(s, kind, actor, off);

	if (x)
		return (unsigned int)(x - s->stream);
	if (s->nr_streams == STEER_STREAMS || site > s->nr_sites)
		return STEER_STREAMS;
	x = &s->stream[s->nr_streams++];
	*x = (struct steer_stream){
		.kind = (uint8_t)kind, .actor = (uint8_t)actor, .site = site, .off = off,
	};
	if (kind == STEER_STEP) {
		x->next = s->first[site];
		s->first[site] = (uint16_t)s->nr_streams;
	}
	return s->nr_streams - 1;
}

static struct steer_stream *stream_of_record(struct steer *s, const struct trace_rec *r)
{
	switch (r->kind) {
	case TRACE_READ:
	case TRACE_WRITE:
	case TRACE_RMW:
	case TRACE_CAS_FAILED:
	case TRACE_IPI:
		return step_of(s, steer_actor(r->task, r->pcpu, r->in_irq), r->site);
	case TRACE_VISIBLE:
		return other_stream(s, STEER_DRAIN, r->pcpu, r->off);
	case TRACE_SCHED_OUT:
		return r->off != r->pcpu ? other_stream(s, STEER_OUT, r->task, 0) : NULL;
	case TRACE_GUEST_EXIT:
		return r->value != MACHINE_EXIT_IRQ ?
		       other_stream(s, STEER_EXIT, r->task, 0) : NULL;
	default:
		return NULL;
	}
}

/* What was to come first has come last. */
static bool is_broken(const struct steer *s)
{
	for (unsigned int i = 0; i < s->nr_orders; i++) {
		const struct steer_order *o = &s->order[i];

		if (o->force == STEER_TURN && is_done(s, o->a.done) && !is_done(s, o->b.done))
			return true;
	}
	return false;
}

static void catch_up(struct steer *s)
{
	for (; s->seen < s->trace.nr; s->seen++) {
		const struct trace_rec *r = &s->trace.rec[s->seen];
		struct steer_stream *x = stream_of_record(s, r);

		steer_phase(&s->phase[r->task], r);
		if (!x)
			continue;
		x->done++;
		s->is_void |= x->holds && is_broken(s);
	}
}

/* Whether an order holds back the next step of @x. */
static enum hold stream_hold(const struct steer *s, const struct steer_stream *x)
{
	enum hold hold = HOLD_NOT;

	for (uint64_t all = x->holds; all; all &= all - 1) {
		const struct steer_order *o = &s->order[__builtin_ctzll(all)];

		if (o->force == STEER_TURN) {
			if (&s->stream[o->a.hold.stream] == x && x->done == o->a.hold.nr &&
			    !is_done(s, o->b.done))
				return HOLD_HARD;
		} else if (&s->stream[o->b.hold.stream] == x && x->done == o->b.hold.nr &&
			   !is_done(s, o->a.done)) {
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
	const struct steer_stream *x = other_stream(s, STEER_DRAIN, pcpu,
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
		x = step_of(s, steer_actor(p->curr, pcpu, p->in_irq),
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

/* As the witness did, or mostly the newest value. */
static uint32_t take_load(struct steer *s, const struct choice_point *p)
{
	const struct pcpu *cur = WORLD->live.cur;
	const struct steer_stream *x = step_of(s, steer_actor(cur->curr, cur->id, cur->in_irq),
					       cur->last_site);

	for (unsigned int i = 0; x && i < s->nr_loads; i++) {
		const struct steer_load *l = &s->load[i];

		if (&s->stream[l->at.stream] != x || l->at.nr != x->done)
			continue;
		if (l->force == STEER_TURN)
			return 0;
		if (l->force == STEER_KEEP && l->answer < p->bound)
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

	catch_up(s);
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
	for (unsigned int i = 0; i < s->nr_loads; i++)
		s->load[i].force = force;
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
	catch_up(s);
	engine_done(s->now);
	return !s->is_void && !s->trace.lost;
}
