// SPDX-License-Identifier: GPL-2.0-only
/* One search of a check: what it meets depends on its seed and nothing else. */
#include <stdio.h>
#include <string.h>
#include <xxhash.h>
#include "check.h"
#include "shrink.h"

enum {
	UNIT = 256,			/* runs of one engine in a row */
	SWARM_UNIT = 1024,		/* the numbers are drawn anew */
	CHECK_EVERY = 2048,		/* runs, one of which is replayed */
	SHRINK_STEPS = 12000000,	/* about a second */
};

static const char *const engines[CHECK_ENGINES] = { "random", "pct:3", "pos" };

void check_key(const struct config *c, const struct report *r, char *buf, size_t size)
{
	const char *name[REPORT_SITES], *swap;
	unsigned int nr = 0;
	size_t n;

	for (unsigned int i = 0; i < REPORT_SITES; i++)
		if (r->site[i])
			name[nr++] = c->form->sites.site[r->site[i]].function;
	/* The order in which a race's two sides came is chance. */
	if (r->oracle == ORACLE_DATA_RACE && nr == 2 && strcmp(name[0], name[1]) > 0) {
		swap = name[0];
		name[0] = name[1];
		name[1] = swap;
	}
	n = (size_t)snprintf(buf, size, "%s", oracle_info[r->oracle].name);
	for (unsigned int i = 0; i < nr && n < size; i++)
		n += (size_t)snprintf(buf + n, size - n, " %s", name[i]);
}

/* Words of a report that its configuration and form give. */
static void name_it(struct check_found *f)
{
	struct store_finding names = { .kernel = f->config.kernel, .arch = f->config.arch,
				       .model = f->config.model, .variant = f->config.variant };
	char key[STORE_KEY_SIZE];
	int words = 5;			/* before the places */

	report_title(&f->config, &f->report, f->title, sizeof(f->title));
	report_signature(&f->config, &f->report, f->signature, sizeof(f->signature));
	names.oracle = oracle_info[f->report.oracle].name;
	for (names.places = f->signature; words && *names.places; names.places++)
		words -= *names.places == ' ';
	store_finding_key(&names, key);
	snprintf(f->id, sizeof(f->id), "%.9s", key);
}

bool check_keep(struct check_found *f, const struct config *c, const struct report *r,
		const struct run_result *result)
{
	memset(f, 0, sizeof(*f));
	if (!schedule_of_run(&f->schedule))
		return false;
	f->config = *c;
	/* Each number is what this run had, whatever the scenario's default. */
	f->config.given = (1u << nr_config_fields) - 1;
	f->report = *r;
	f->hash = result->hash;
	f->steps = result->steps;
	f->hits = 1;
	check_key(c, r, f->key, sizeof(f->key));
	name_it(f);
	return true;
}

void check_shrink(struct check *c, struct check_found *f)
{
	static struct shrunk s;

	run_prepare(&f->config);
	if (!shrink(&f->config, &f->schedule, &f->report, SHRINK_STEPS, &c->shared->stop, &s)) {
		c->shared->diverged = 1;
		return;
	}
	f->schedule = s.schedule;
	f->report = s.report;
	f->hash = s.result.hash;
	f->steps = s.result.steps;
	f->fewest = s.fewest;
	f->is_shrunk = true;
	name_it(f);
}

static bool is_at(const struct check_found *f, const struct report *r)
{
	return f->report.oracle == r->oracle &&
	       !memcmp(f->report.site, r->site, sizeof(r->site));
}

/* A report at or above fail_on: counted, and kept if it is the first of its key. */
static void look_at(struct check_item *item, const struct config *c, const struct report *r,
		    const struct run_result *result)
{
	char key[sizeof(item->found[0].key)];
	struct check_found *f = item->found, *end = f + item->nr_found;

	while (f < end && !is_at(f, r))
		f++;
	if (f == end) {
		check_key(c, r, key, sizeof(key));
		for (f = item->found; f < end && strcmp(f->key, key); f++)
			;
	}
	if (f < end) {
		f->hits++;
	} else if (item->nr_found < CHECK_FOUND && check_keep(f, c, r, result)) {
		f->first_run = item->runs + 1;
		item->nr_found++;
	}
}

static void look_at_run(struct check *c, struct check_item *item, const struct config *config,
			const struct run_result *r)
{
	for (unsigned int o = 0; o < NR_ORACLES; o++)
		item->hits[o] += r->fired >> o & 1;
	for (unsigned int i = 0; i < r->nr_reports; i++)
		if ((int)oracle_info[r->report[i].oracle].severity >= c->fail_on)
			look_at(item, config, &r->report[i], r);
	if (item->want >= 0 && !item->first && r->fired >> item->want & 1)
		item->first = item->runs + 1;
}

/* What the scenario draws is the same on the form and on its base. */
static uint64_t item_seed(const struct check *c, const struct check_item *item, uint64_t salt)
{
	return XXH3_64bits_withSeed(item->config.scenario, strlen(item->config.scenario),
				    c->seed * 0x9e3779b97f4a7c15ull + salt);
}

void check_search(struct check *c, struct check_item *item, uint64_t salt)
{
	struct engine engine[CHECK_ENGINES];
	struct config config = item->config;
	uint64_t begin = check_now_ms();
	struct random draw;
	struct run_result r;

	random_seed(&draw, item_seed(c, item, salt));
	for (int i = 0; i < CHECK_ENGINES; i++)
		engine_parse(&engine[i], engines[i]);
	run_prepare(&config);
	while (item->runs < item->max_runs && !c->shared->stop && !item->first) {
		struct engine *e = &engine[item->runs / UNIT % CHECK_ENGINES];

		if (item->swarm && item->runs % SWARM_UNIT == 0) {
			config_swarm(&config, &draw);
			run_prepare(&config);
		}
		engine_seed(e, random_next(&draw) >> 11);
		run_once(&e->chooser, NULL, &r);
		engine_done(e);
		item->steps += r.steps;
		look_at_run(c, item, &config, &r);
		if (++item->runs % CHECK_EVERY == 1)
			c->shared->diverged |= !run_repeats(&r);
		if (item->runs % UNIT == 0)
			c->shared->runs += UNIT;
	}
	c->shared->runs += item->runs % UNIT;
	item->ms = check_now_ms() - begin;
}
