// SPDX-License-Identifier: GPL-2.0-only
/* P(bug | prefix), and from where on there is no way back. */
#include <stdlib.h>
#include "explain_priv.h"

enum { MAX_POINTS = 160 };

/* The witness's answers as far as they go, then an engine's. */
struct suffix_chooser {
	struct chooser chooser;
	struct replay_chooser prefix;
	struct engine engine;
	uint32_t length;		/* choices of the prefix */
};

static uint32_t suffix_take(struct chooser *c, const struct choice_point *p)
{
	struct suffix_chooser *s = (struct suffix_chooser *)c;

	if (WORLD->live.nr_choices < s->length)
		return s->prefix.chooser.take(&s->prefix.chooser, p);
	return s->engine.chooser.take(&s->engine.chooser, p);
}

static void suffix_begin(struct chooser *c)
{
	struct suffix_chooser *s = (struct suffix_chooser *)c;

	s->prefix.chooser.begin(&s->prefix.chooser);
	s->engine.chooser.begin(&s->engine.chooser);
}

static uint32_t point(struct explainer *e, struct suffix_chooser *s, uint32_t length)
{
	struct run_result r;
	uint32_t shown = 0;

	s->length = length;
	for (uint32_t i = 0; i < e->x->curve_runs; i++) {
		engine_seed(&s->engine, 1 + i);
		run_once(&s->chooser, NULL, &r);
		shown += explain_shows(e->in, &r);
	}
	return shown;
}

static void find_no_return(struct explain *x)
{
	x->no_return = EXPLAIN_NO_RECORD;
	for (uint32_t i = x->nr_records; i-- > 0 && x->curve[i] == x->curve_runs;)
		x->no_return = i;
}

int explain_curve(struct explainer *e)
{
	const struct trace *t = e->in->trace;
	struct suffix_chooser *s = calloc(1, sizeof(*s));
	struct explain *x = e->x;
	uint32_t choices = t->nr ? t->rec[t->nr - 1].choice + 1 : 1;
	uint32_t stride = 1 + choices / MAX_POINTS, last = UINT32_MAX;

	x->nr_records = t->nr;
	x->curve = calloc(t->nr + 1u, sizeof(*x->curve));
	if (!s || !x->curve) {
		free(s);
		return -1;
	}
	s->chooser.begin = suffix_begin;
	s->chooser.take = suffix_take;
	replay_chooser_init(&s->prefix, e->in->schedule, false);
	engine_parse(&s->engine, "pos");
	for (uint32_t i = 0; i < t->nr; i++) {
		uint32_t length = t->rec[i].choice / stride * stride;

		/* All that happens between two choices happens at once. */
		x->curve[i] = length == last ? x->curve[i - 1] : point(e, s, length);
		last = length;
	}
	find_no_return(x);
	free(s);
	return 0;
}
