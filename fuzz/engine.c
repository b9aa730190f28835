// SPDX-License-Identifier: GPL-2.0-only
/* random, pct and pos; delay is in engine_delay.c. */
#include <stdlib.h>
#include <string.h>
#include "../sim/machine.h"
#include "engine.h"
#include "engine_priv.h"

const char *const engine_name[NR_ENGINES] = { "random", "pct", "pos", "delay" };

static struct engine *engine_of(struct chooser *c)
{
	return (struct engine *)c;
}

/*
 * Uniform over all that can happen would spend the budgets of moves and exits
 * at once, before anything is under way: 7 times in 8 only what must happen at
 * some time is drawn from.
 */
COUNTS_BITS static inline uint32_t draw_event(struct random *r, const struct choice_point *p)
{
	uint64_t must = p->others & ~p->optional;
	unsigned int nr = (unsigned int)__builtin_popcountll(must);
	uint32_t pick, answer = 0;

	if (!p->optional || !(random_next(r) >> 61))
		return random_below(r, p->bound);
	pick = random_below(r, nr + 1);
	if (!pick)
		return 0;
	/* The pick-th of the events that must happen, as its place among all. */
	for (uint64_t all = p->others; all; all &= all - 1) {
		answer++;
		if (!(p->optional & all & -all) && !--pick)
			break;
	}
	return answer;
}

COUNTS_BITS static uint32_t random_take(struct chooser *c, const struct choice_point *p)
{
	struct engine *e = engine_of(c);

	if (p->kind != CHOICE_EVENT)
		return random_below(&e->random, p->bound);
	if ((random_next(&e->random) >> 32) >> e->rate_shift)
		return 0;
	return draw_event(&e->random, p);
}

/*
 * A run that leaves the timed order at each choice almost never lets one context
 * go far while another stands still, so each run draws how often it does.
 */
static void random_begin(struct engine *e)
{
	e->rate_shift = 32 - random_below(&e->random, 7);
}

/*
 * An actor is a pCPU's running context, or one of the things that can happen to
 * it; each has a priority, and the highest that can go goes.
 */
static uint32_t best_event(const struct engine *e, const struct choice_point *p)
{
	uint32_t best = 0, top = e->priority[p->first], answer = 0;

	for (uint64_t all = p->others; all; all &= all - 1) {
		unsigned int event = (unsigned int)__builtin_ctzll(all);

		answer++;
		if (e->priority[event] > top) {
			top = e->priority[event];
			best = answer;
		}
	}
	return best;
}

static uint32_t pct_take(struct chooser *c, const struct choice_point *p)
{
	struct engine *e = engine_of(c);
	uint32_t answer;

	if (p->kind != CHOICE_EVENT)
		return random_below(&e->random, p->bound);
	answer = best_event(e, p);
	e->steps++;
	for (unsigned int i = 0; i + 1 < e->depth; i++) {
		if (e->change[i] != e->steps)
			continue;
		/* Below all that were drawn, and each change point below the last. */
		e->priority[choice_event(p, answer)] = e->depth - 1 - i;
		return best_event(e, p);
	}
	return answer;
}

static void pct_begin(struct engine *e)
{
	e->steps = 0;
	for (unsigned int i = 0; i < ENGINE_EVENTS; i++)
		e->priority[i] = ENGINE_MAX_DEPTH + (uint32_t)(random_next(&e->random) >> 36);
	for (unsigned int i = 0; i + 1 < e->depth; i++)
		e->change[i] = 1 + random_below(&e->random, e->k ? e->k : 1);
}

/* Whether the pending accesses of two pCPUs conflict: one of them is a loser. */
static bool conflicts(unsigned int a, unsigned int b)
{
	const struct access *x = &WORLD->live.pcpu[a / NR_EVENT_KINDS].acc;
	const struct access *y = &WORLD->live.pcpu[b / NR_EVENT_KINDS].acc;

	if (a % NR_EVENT_KINDS != EVENT_STEP || b % NR_EVENT_KINDS != EVENT_STEP)
		return a / NR_EVENT_KINDS == b / NR_EVENT_KINDS;
	return x->size && y->size && x->off < y->off + y->size && y->off < x->off + x->size &&
	       (x->flags | y->flags) & ACC_WRITE;
}

static uint32_t pos_take(struct chooser *c, const struct choice_point *p)
{
	struct engine *e = engine_of(c);
	uint64_t all = p->others | 1ull << p->first, fresh = all & ~e->drawn;
	unsigned int event;
	uint32_t answer;

	if (p->kind != CHOICE_EVENT)
		return random_below(&e->random, p->bound);
	for (; fresh; fresh &= fresh - 1) {
		event = (unsigned int)__builtin_ctzll(fresh);
		e->priority[event] = (uint32_t)(random_next(&e->random) >> 32);
		/* What nobody needs is seldom first. */
		if (p->optional >> event & 1)
			e->priority[event] >>= 2;
	}
	answer = best_event(e, p);
	event = choice_event(p, answer);
	e->drawn = all & ~(1ull << event);
	for (uint64_t left = e->drawn; left; left &= left - 1)
		if (conflicts(event, (unsigned int)__builtin_ctzll(left)))
			e->drawn &= ~(left & -left);
	return answer;
}

static void engine_begin(struct chooser *c)
{
	struct engine *e = engine_of(c);

	e->drawn = 0;
	if (e->kind == ENGINE_RANDOM)
		random_begin(e);
	else if (e->kind == ENGINE_PCT)
		pct_begin(e);
	else if (e->kind == ENGINE_DELAY)
		delay_begin(e);
}

bool engine_parse(struct engine *e, const char *name)
{
	static uint32_t (*const take[NR_ENGINES])(struct chooser *, const struct choice_point *) = {
		random_take, pct_take, pos_take, delay_take
	};
	size_t n = strcspn(name, ":");
	char *end = NULL;
	unsigned long depth = 3;

	memset(e, 0, sizeof(*e));
	if (name[n] == ':') {
		depth = strtoul(name + n + 1, &end, 10);
		if (*end || !name[n + 1] || depth < 1 || depth >= ENGINE_MAX_DEPTH)
			return false;
	}
	for (int i = 0; i < NR_ENGINES; i++) {
		if (strlen(engine_name[i]) != n || strncmp(engine_name[i], name, n))
			continue;
		e->kind = (enum engine_kind)i;
		e->depth = (unsigned int)depth;
		e->chooser.begin = engine_begin;
		e->chooser.take = take[i];
		return true;
	}
	return false;
}

void engine_seed(struct engine *e, uint64_t seed)
{
	random_seed(&e->random, seed);
}

bool engine_done(struct engine *e)
{
	if (e->steps > e->k)
		e->k = e->steps;
	return e->kind == ENGINE_DELAY ? delay_next(e) : true;
}

unsigned int engine_actors(void)
{
	const struct machine_config *c = &WORLD->fix.config;
	bool ticks = c->migrations || c->preemptions || WORLD->fix.nr_tasks > c->nr_pcpus;

	/* For each pCPU its context, two IPIs, a timer, the scheduler, the guest's exit. */
	return (unsigned int)c->nr_pcpus * (3u + !!c->timers + ticks + (c->exits || c->halts));
}

double engine_pct_odds(unsigned int d, unsigned int n, unsigned int k)
{
	double odds = n;

	while (--d)
		odds *= k;
	return odds;
}
