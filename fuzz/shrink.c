// SPDX-License-Identifier: GPL-2.0-only
/* Shrinking: search anew with few deviations, else take answers away. */
#include <string.h>
#include "engine.h"
#include "shrink.h"

enum { MAX_LEVEL = 5 };			/* deviations that are searched through */

struct shrinker {
	char signature[512];
	const struct config *config;
	struct shrunk *out;
	uint64_t max_steps, nr_steps;	/* simulated, that shrinking may take and took */
	const _Atomic int *stop;
};

static bool is_used_up(const struct shrinker *s, uint64_t max_steps)
{
	return s->nr_steps >= max_steps || (s->stop && *s->stop);
}

static const struct report *shows(const struct shrinker *s, const struct run_result *r)
{
	char signature[512];

	for (unsigned int i = 0; i < r->nr_reports; i++)
		if (!strcmp(report_signature(s->config, &r->report[i], signature,
					     sizeof(signature)), s->signature))
			return &r->report[i];
	return NULL;
}

/* Keeps the run just made if it shows the bug with a smaller schedule. */
static bool keep_if_smaller(struct shrinker *s, const struct run_result *r)
{
	struct shrunk *best = s->out;
	const struct report *report = r->nr_reports ? shows(s, r) : NULL;
	static struct schedule schedule;

	if (!report || !schedule_of_run(&schedule))
		return false;
	if (schedule.nr > best->schedule.nr ||
	    (schedule.nr == best->schedule.nr && r->steps >= best->result.steps))
		return false;
	best->schedule = schedule;
	best->result = *r;
	best->report = *report;
	return true;
}

/* All schedules with fewer deviations than the best, and those with as many. */
static void search_anew(struct shrinker *s)
{
	struct run_result r;
	struct engine e;

	engine_parse(&e, "delay");
	e.depth = s->out->schedule.nr < MAX_LEVEL ? s->out->schedule.nr : MAX_LEVEL;
	do {
		/* What shows it with n deviations is not beaten by n + 1. */
		if (s->out->fewest && e.nr > s->out->schedule.nr)
			return;
		if (is_used_up(s, s->max_steps))
			return;
		run_once(&e.chooser, NULL, &r);
		s->nr_steps += r.steps;
		s->out->nr_runs++;
		if (keep_if_smaller(s, &r))
			s->out->fewest = e.nr == s->out->schedule.nr;
	} while (engine_done(&e));
	/* All with as many deviations have been tried: there is none with fewer. */
	if (e.depth >= s->out->schedule.nr)
		s->out->fewest = true;
}

static bool try(struct shrinker *s, const struct schedule *schedule)
{
	struct replay_chooser chooser;
	struct run_result r;

	/* Twice as much as the search may take, so that something comes of it. */
	if (is_used_up(s, 2 * s->max_steps))
		return false;
	replay_chooser_init(&chooser, schedule, true);
	run_once(&chooser.chooser, NULL, &r);
	s->nr_steps += r.steps;
	s->out->nr_runs++;
	return keep_if_smaller(s, &r);
}

static void drop(struct schedule *s, unsigned int from, unsigned int nr)
{
	memmove(&s->entry[from], &s->entry[from + nr],
		(s->nr - from - nr) * sizeof(s->entry[0]));
	s->nr -= nr;
}

/* Halves first, then ever smaller pieces, from the end. */
static void take_away(struct shrinker *s)
{
	static struct schedule trial;

	for (unsigned int piece = s->out->schedule.nr / 2; piece; piece /= 2) {
		for (unsigned int from = s->out->schedule.nr; from >= piece; from--) {
			if (from > s->out->schedule.nr)
				continue;
			trial = s->out->schedule;
			drop(&trial, from - piece, piece);
			try(s, &trial);
		}
	}
}

/* An answer taken away shifts what follows: move the rest along. */
static void take_one_and_shift(struct shrinker *s)
{
	static struct schedule trial;

	for (unsigned int i = 0; i < s->out->schedule.nr; i++) {
		for (uint32_t by = 1; by <= 4; by++) {
			trial = s->out->schedule;
			drop(&trial, i, 1);
			for (unsigned int j = i; j < trial.nr; j++)
				if (trial.entry[j].position >= by)
					trial.entry[j].position -= by;
			if (try(s, &trial))
				break;
		}
	}
}

bool shrink(const struct config *c, const struct schedule *from, const struct report *report,
	    uint64_t max_steps, const _Atomic int *stop, struct shrunk *out)
{
	struct shrinker s = { .config = c, .out = out, .max_steps = max_steps, .stop = stop };
	struct run_result again;
	const struct report *found;
	unsigned int before;
	char why[128];

	memset(out, 0, sizeof(*out));
	report_signature(c, report, s.signature, sizeof(s.signature));
	out->schedule = *from;
	if (!run_schedule(from, NULL, &out->result, why, sizeof(why)))
		return false;
	found = shows(&s, &out->result);
	if (!found)
		return false;
	out->report = *found;
	search_anew(&s);
	do {
		before = out->schedule.nr;
		if (!out->fewest) {
			take_away(&s);
			take_one_and_shift(&s);
		}
	} while (out->schedule.nr < before);
	return run_schedule(&out->schedule, NULL, &again, why, sizeof(why)) &&
	       again.hash == out->result.hash;
}
