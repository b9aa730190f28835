// SPDX-License-Identifier: GPL-2.0-only
/* Which of a witness's orders cannot be otherwise: each is tried. */
#include <stdlib.h>
#include <string.h>
#include "explain_priv.h"
#include "show_pick.h"

enum {
	SCREEN_RUNS = 48,		/* of each candidate, all else as in the witness */
	VOID_MOST = 3,			/* void runs for each that is wanted */
};

static bool same_places(const struct report *a, const struct report *b)
{
	if (!memcmp(a->site, b->site, sizeof(a->site)))
		return true;
	/* The order in which a race's two sides came is chance. */
	return a->oracle == ORACLE_DATA_RACE && a->site[0] == b->site[1] &&
	       a->site[1] == b->site[0];
}

bool explain_shows(const struct show_input *in, const struct run_result *r)
{
	const struct report *x = in->report;

	if (!(r->fired >> x->oracle & 1))
		return false;
	for (unsigned int i = 0; i < r->nr_reports; i++)
		if (r->report[i].oracle == x->oracle && same_places(&r->report[i], x))
			return true;
	return false;
}

/* Who made the last step at a place, or MAX_TASKS. */
static unsigned int doer(const struct trace *t, uint16_t site)
{
	uint32_t i = show_last_at(t, site, t->nr);

	return i == SHOW_NO_RECORD ? MAX_TASKS : t->rec[i].task;
}

/*
 * The bug, done by the same: where others may play the part, each order could be
 * the other way round with the parts exchanged.
 */
static bool shows_same(struct explainer *e, const struct run_result *r)
{
	const struct report *x = e->in->report;

	if (!explain_shows(e->in, r))
		return false;
	for (unsigned int i = 0; i < REPORT_SITES; i++)
		if (doer(&e->steer.trace, x->site[i]) != doer(e->in->trace, x->site[i]))
			return false;
	return true;
}

static void force(struct steer *s, const struct explain_try *t, enum steer_force f)
{
	switch (t->need.kind) {
	case EXPLAIN_ORDER:
		s->order[t->index].force = f;
		break;
	case EXPLAIN_STALE:
		s->load[t->index].force = f;
		s->order[s->load[t->index].order].force = f == STEER_TURN ? f : STEER_FREE;
		break;
	case EXPLAIN_MOVE:
	case EXPLAIN_EXIT:
		s->wish[t->index].force = f;
		break;
	}
}

static void force_alive(struct explainer *e, enum steer_force f)
{
	steer_force(&e->steer, STEER_FREE);
	for (unsigned int i = 0; i < e->nr; i++)
		if (e->try[i].alive)
			force(&e->steer, &e->try[i], f);
}

/* Both steps of an order were made; else it is another bug's run, not this one's. */
static bool has_both(const struct explainer *e, const struct explain_try *t)
{
	const struct steer *s = &e->steer;
	const struct steer_order *o = NULL;

	if (t->need.kind == EXPLAIN_ORDER)
		o = &s->order[t->index];
	else if (t->need.kind == EXPLAIN_STALE)
		o = &s->order[s->load[t->index].order];
	return !o || (steer_is_done(s, o->a.done) && steer_is_done(s, o->b.done));
}

/* Up to @runs that count; stops at the first that shows the bug. */
static void turn_round(struct explainer *e, struct explain_try *t, uint32_t runs, uint64_t seed)
{
	uint32_t most = (1 + VOID_MOST) * runs;
	struct run_result r;
	bool shows;

	force(&e->steer, t, STEER_TURN);
	for (uint32_t i = 0; i < most && t->need.runs < runs && !t->need.shown; i++) {
		/* Where the first few are all void, the others will be, too. */
		if (i == 200 && !t->need.runs)
			break;
		if (!steer_run(&e->steer, seed + i, &r))
			continue;
		shows = shows_same(e, &r);
		if (shows && !has_both(e, t))
			continue;
		t->need.runs++;
		t->need.shown += shows;
	}
}

/* Takes out what may be either way, or can be no other way. */
static void judge(struct explain *x, struct explain_try *t, uint32_t least)
{
	if (t->need.shown)
		x->nr_either++;
	else if (t->need.runs < least)
		x->nr_fixed++;
	else
		return;
	t->alive = false;
}

static void screen(struct explainer *e)
{
	for (unsigned int i = 0; i < e->nr; i++) {
		steer_force(&e->steer, STEER_KEEP);
		turn_round(e, &e->try[i], SCREEN_RUNS, 1);
	}
	for (unsigned int i = 0; i < e->nr; i++)
		judge(e->x, &e->try[i], 1);
}

/* The rest as in the witness; only what is needed of it; nothing of it. */
static void confirm(struct explainer *e, struct explain_try *t)
{
	uint32_t runs = e->x->runs;

	t->need.runs = 0;
	steer_force(&e->steer, STEER_KEEP);
	turn_round(e, t, runs / 2, 1000);
	force_alive(e, STEER_KEEP);
	turn_round(e, t, runs * 3 / 4, 2000000);
	steer_force(&e->steer, STEER_FREE);
	turn_round(e, t, runs, 4000000);
	/* A handful of runs says nothing. */
	judge(e->x, t, 1 + runs / 20);
}

/* One actor's steps are in order anyway. */
static bool is_same_or_before(const struct trace *t, uint32_t a, uint32_t b)
{
	const struct trace_rec *x = &t->rec[a], *y = &t->rec[b];

	return a == b || show_visible(t, a) == b ||
	       (a < b && x->task == y->task && x->in_irq == y->in_irq &&
		x->kind != TRACE_VISIBLE && y->kind != TRACE_VISIBLE);
}

/* What says less than another need says nothing. */
static bool is_implied(const struct explainer *e, unsigned int i)
{
	const struct trace *t = e->in->trace;
	const struct explain_need *n = &e->try[i].need;

	for (unsigned int k = 0; k < e->nr && n->kind == EXPLAIN_ORDER; k++) {
		const struct explain_need *m = &e->try[k].need;

		if (k == i || !e->try[k].alive || m->kind != EXPLAIN_ORDER)
			continue;
		if (is_same_or_before(t, n->a, m->a) && is_same_or_before(t, m->b, n->b) &&
		    (n->a != m->a || n->b != m->b || k < i))
			return true;
	}
	return false;
}

static uint32_t count_shown(struct explainer *e, uint32_t *runs, uint64_t seed)
{
	struct run_result r;
	uint32_t shown = 0, all = *runs;

	for (uint32_t i = *runs = 0; i < all; i++) {
		if (!steer_run(&e->steer, seed + i, &r))
			continue;
		++*runs;
		shown += explain_shows(e->in, &r);
	}
	return shown;
}

static void conclude(struct explainer *e)
{
	struct explain *x = e->x;

	for (unsigned int i = e->nr; i-- > 0;)
		if (e->try[i].alive && is_implied(e, i)) {
			e->try[i].alive = false;
			x->nr_implied++;
		}
	for (unsigned int i = 0; i < e->nr; i++)
		if (e->try[i].alive)
			x->need[x->nr++] = e->try[i].need;
	x->kept_runs = x->free_runs = x->runs;
	force_alive(e, STEER_KEEP);
	x->kept_shown = count_shown(e, &x->kept_runs, 1);
	steer_force(&e->steer, STEER_FREE);
	x->free_shown = count_shown(e, &x->free_runs, 1);
}

static uint32_t last_record(const struct explain_need *n)
{
	return n->a > n->b ? n->a : n->b;
}

static int by_record(const void *p, const void *q)
{
	const struct explain_need *a = p, *b = q;

	if (last_record(a) != last_record(b))
		return last_record(a) < last_record(b) ? -1 : 1;
	return (int)a->kind - (int)b->kind;
}

int explain_make(struct explain *x, const struct show_input *in, uint32_t runs)
{
	struct explainer *e = calloc(1, sizeof(*e));
	int ret = -1;

	memset(x, 0, sizeof(*x));
	if (!e)
		return -1;
	e->x = x;
	e->in = in;
	x->runs = runs;
	x->curve_runs = runs < 1000 ? runs : runs < 10000 ? 1000 : runs / 10;
	/* A long run has more points, and each takes longer. */
	if (in->result->steps > 100 && x->curve_runs > 200)
		x->curve_runs = 200 + (x->curve_runs - 200) * 100 / in->result->steps;
	if (!steer_begin(&e->steer, in->config)) {
		ret = explain_candidates(e);
		if (!ret) {
			x->nr_tried = e->nr;
			screen(e);
			for (unsigned int i = 0; i < e->nr; i++)
				if (e->try[i].alive)
					confirm(e, &e->try[i]);
			conclude(e);
			qsort(x->need, x->nr, sizeof(x->need[0]), by_record);
			ret = explain_curve(e);
		}
		steer_end(&e->steer);
	}
	free(e);
	return ret;
}

void explain_free(struct explain *x)
{
	free(x->curve);
	x->curve = NULL;
}

bool explain_is_side(const struct explain *x, uint32_t rec)
{
	for (unsigned int i = 0; i < x->nr; i++)
		if (x->need[i].a == rec || x->need[i].b == rec)
			return true;
	return false;
}
