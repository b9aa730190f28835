// SPDX-License-Identifier: GPL-2.0-only
/*
 * Some random runs before a search: what tasks do is known in the main when it
 * begins.  If it is not, because there is always something new, the search would
 * too often rely on what is not so: then tasks are told apart by sites alone, of
 * which there are few.
 */
#include "prove_search.h"

enum {
	QUIET_RUNS = 48,		/* at least, and as many as all before */
	STEPS_MIN = 2000,		/* choices of all runs, before it is given up */
	STEPS_MAX = 20000,		/* ... that may be needed */
	NODES_MAX = 1024,		/* more will not be known in so many */
	STEPS_RUN = 4000,		/* of one */
};

/* Returns its number of choices. */
static uint32_t walk(struct search *s, struct random *r)
{
	struct watcher *w = &s->reduce->watcher;
	struct world_live *l = &WORLD->live;
	enum run_end end;

	watcher_begin(w);
	end = run_start(&s->run);
	search_paused(s, end);
	while (end == RUN_GOES_ON && l->nr_choices < STEPS_RUN) {
		l->steps = 0;
		l->ghost.fired = 0;
		l->ghost.nr_reports = 0;
		watcher_resume(w, &s->run);
		end = run_resume(&s->run, random_below(r, s->run.point.bound));
		search_paused(s, end);
	}
	return l->nr_choices;
}

/* False: there is always something new, or quiet would come too late. */
static bool learn(struct search *s)
{
	struct futures *known = &s->reduce->known;
	unsigned int runs = 0, enough = QUIET_RUNS;
	uint32_t steps = 0;
	struct random r;

	random_seed(&r, 0);
	while (runs < enough) {
		known->grown = false;
		steps += 1 + walk(s, &r);
		runs++;
		if (known->grown)
			enough = QUIET_RUNS + 2 * runs;
		/* Runs to come are as long as those before. */
		if (steps >= STEPS_MIN && (uint64_t)steps * enough / runs > STEPS_MAX)
			return false;
		if (known->nr_nodes >= NODES_MAX)
			return false;
	}
	return true;
}

void search_learn(struct search *s)
{
	struct futures *known = &s->reduce->known, *all = &s->shared->known;

	s->reduce->watcher.closely = true;
	/* What was seen at a site's nodes is what is known of the site. */
	all->coarse = !learn(s);
	s->reduce->watcher.closely = false;
	futures_learn(all, known);
	if (all->coarse)
		futures_reset(known);
}
