// SPDX-License-Identifier: GPL-2.0-only
/* kicksim diff: two kernel forms under the same schedules. */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include "../results/cmd.h"
#include "../results/table.h"
#include "../results/term.h"
#include "cmd.h"
#include "diff.h"
#include "diff_print.h"
#include "options.h"
#include "witness.h"

enum { BATCH = 128, MAX_WORDS = 64, DEFAULT_RUNS = 1000, KEY_KERNEL = 'k' };

struct diff_options {
	struct config config;
	const char *word[MAX_WORDS], *kernel[2], *db;
	unsigned int nr_words, nr_kernels;
	uint64_t runs, seed;
};

struct diff {
	struct diff_side side[2];
	struct engine before[2][BATCH];
	uint64_t key[2][BATCH];
	uint64_t same, different;
	struct diff_first first;
};

/* The engines take turns: each knows other schedules. */
static const char *const engines[] = { "random", "pct:3", "pos" };

static const struct argp_option options[] = {
	{ "kernel", KEY_KERNEL, "FORM", 0, "twice: the two forms that are compared", 0 },
	{ "runs", 'n', "N", 0, "schedules of each scenario (default 1000)", 0 },
	{ "seed", 's', "N", 0, "what schedules are drawn from (default 1)", 0 },
	{ "db", 'd', "FILE", 0, "results database, for the id of a finding", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct diff_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->config;
		return 0;
	case KEY_KERNEL:
		if (o->nr_kernels == 2)
			cmd_error(state, "two kernels, not '%s' too", arg);
		o->kernel[o->nr_kernels++] = arg;
		return 0;
	case 'n':
		if (!option_u64(arg, UINT32_MAX, &o->runs) || !o->runs)
			cmd_error(state, "--runs '%s': a number from 1", arg);
		return 0;
	case 's':
		if (!option_u64(arg, (1ull << 53) - 1, &o->seed))
			cmd_error(state, "--seed '%s': not a number below 2^53", arg);
		return 0;
	case 'd':
		o->db = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->nr_words == MAX_WORDS)
			cmd_error(state, "more than %d scenarios", MAX_WORDS);
		o->word[o->nr_words++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->nr_kernels != 2)
			cmd_error(state, "two forms are compared: --kernel A --kernel B");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int load_side(struct config *c, const struct diff_options *o, unsigned int side,
		     const char *scenario)
{
	int ret;

	*c = o->config;
	ret = config_set_word(c, "kernel", o->kernel[side]);
	if (!ret)
		ret = config_set_word(c, "scenario", scenario);
	return ret ? ret : config_load(c);
}

static void run_batch(struct diff *d, unsigned int side, uint64_t seed, unsigned int nr)
{
	struct diff_side *s = &d->side[side];
	struct random draw;

	diff_prepare(s);
	random_seed(&draw, seed);
	for (unsigned int i = 0; i < nr; i++) {
		d->before[side][i] = s->engine;
		engine_seed(&s->engine, random_next(&draw) >> 11);
		d->key[side][i] = diff_run(s, &s->engine.chooser, true);
		engine_done(&s->engine);
	}
}

static void run_again(struct diff *d, unsigned int side, uint64_t seed, unsigned int i)
{
	struct diff_side *s = &d->side[side];
	struct random draw;

	diff_prepare(s);
	random_seed(&draw, seed);
	s->engine = d->before[side][i];
	for (unsigned int n = 0; n < i; n++)
		random_next(&draw);
	engine_seed(&s->engine, random_next(&draw) >> 11);
	diff_run(s, &s->engine.chooser, false);
}

/* Where run @i of the batch parts, with the schedule that the first side took. */
static void keep_first(struct diff *d, uint64_t seed, unsigned int i)
{
	struct engine now[2] = { d->side[0].engine, d->side[1].engine };

	for (unsigned int side = 0; side < 2; side++) {
		run_again(d, side, seed, i);
		if (!side)
			d->first.has_schedule = schedule_of_run(&d->first.schedule);
		diff_first_keys(&d->first, &d->side[side], side);
	}
	d->first.config = d->side[0].config;
	diff_first_find(&d->first);
	for (unsigned int side = 0; side < 2; side++) {
		run_again(d, side, seed, i);
		diff_first_text(&d->first, &d->side[side], side);
		d->side[side].engine = now[side];
	}
	d->first.found = true;
}

/* The first batch has the scenario's numbers, the others draw those not given. */
static void draw_numbers(struct diff *d, const struct config *dull, uint64_t seed, bool first)
{
	struct random draw;

	d->side[0].config.machine = dull->machine;
	random_seed(&draw, seed);
	if (!first)
		config_swarm(&d->side[0].config, &draw);
	d->side[1].config.machine = d->side[0].config.machine;
}

static int diff_scenario(struct diff *d, const struct diff_options *o, const char *name)
{
	struct config dull[2];
	unsigned int nr_batch = 0, nr;

	for (unsigned int side = 0; side < 2; side++) {
		int ret = load_side(&dull[side], o, side, name);

		if (!ret)
			ret = diff_open(&d->side[side], &dull[side]);
		if (ret)
			return ret;
	}
	d->same = d->different = 0;
	for (uint64_t done = 0; done < o->runs; done += nr, nr_batch++) {
		uint64_t seed = XXH3_64bits_withSeed(name, strlen(name), o->seed) + nr_batch;

		nr = o->runs - done < BATCH ? (unsigned int)(o->runs - done) : BATCH;
		draw_numbers(d, &dull[0], seed, !nr_batch);
		for (unsigned int side = 0; side < 2; side++) {
			engine_parse(&d->side[side].engine, engines[nr_batch % 3]);
			run_batch(d, side, seed, nr);
		}
		for (unsigned int i = 0; i < nr; i++) {
			bool same = d->key[0][i] == d->key[1][i];

			*(same ? &d->same : &d->different) += 1;
			if (!same && !d->first.found)
				keep_first(d, seed, i);
		}
	}
	diff_close(&d->side[0]);
	diff_close(&d->side[1]);
	return 0;
}

/* Scenarios that were named, or all that both forms have. */
static int list_scenarios(struct diff_options *o)
{
	const struct machine_scenario *const *s;
	struct form *form[2];

	for (unsigned int i = 0; i < 2; i++) {
		form[i] = form_load(o->kernel[i], o->config.arch, o->config.variant);
		if (!form[i])
			return TERM_EXIT_SYSTEM;
	}
	for (s = form[0]->code->scenarios; *s && o->nr_words < MAX_WORDS; s++)
		if (form_scenario(form[1], (*s)->name))
			o->word[o->nr_words++] = (*s)->name;
	return 0;
}

static int diff_all(struct diff *d, const struct diff_options *o)
{
	uint64_t same = 0, different = 0;
	struct table t;
	int ret = 0;

	for (unsigned int i = 0; i < 2 && !ret; i++)
		if (!form_load(o->kernel[i], o->config.arch, o->config.variant))
			ret = TERM_EXIT_SYSTEM;
	if (!ret)
		ret = run_confine();
	if (ret)
		return ret;
	table_open(&t, stdout, TABLE_ALIGNED, NULL);
	table_column(&t, "scenario");
	table_column(&t, "schedules");
	table_column(&t, "identical");
	table_column(&t, "different");
	for (unsigned int i = 0; i < o->nr_words && !ret; i++) {
		ret = diff_scenario(d, o, o->word[i]);
		if (ret)
			break;
		table_text(&t, o->word[i]);
		table_int(&t, (int64_t)(d->same + d->different));
		table_int(&t, (int64_t)d->same);
		table_int(&t, (int64_t)d->different);
		same += d->same;
		different += d->different;
	}
	table_close(&t);
	if (ret)
		return ret;
	diff_print_rates(&d->side[0], &d->side[1]);
	if (d->first.found)
		diff_print_first(&d->first, o->kernel[0], o->kernel[1]);
	printf("\n%llu schedules: %llu identical, %llu different\n",
	       (unsigned long long)(same + different), (unsigned long long)same,
	       (unsigned long long)different);
	return different ? TERM_EXIT_FINDING : TERM_EXIT_OK;
}

/* One schedule: answers that do not fit the other side any more are dull there. */
static int diff_one(struct diff *d, const struct diff_options *o)
{
	struct replay_chooser replay;
	struct witness w;
	uint64_t key[2];
	int ret = witness_load(&w, o->word[0], o->db);

	if (!ret && strcmp(w.config.kernel, o->kernel[0]))
		ret = witness_refit(&w, o->kernel[0]);
	for (unsigned int side = 0; side < 2 && !ret; side++) {
		struct config c = w.config;

		if (side)
			ret = config_set_word(&c, "kernel", o->kernel[1]);
		if (!ret && side)
			ret = config_load(&c);
		if (!ret)
			ret = diff_open(&d->side[side], &c);
	}
	if (!ret)
		ret = run_confine();
	for (unsigned int n = 0; n < 4 && !ret; n++) {
		struct diff_side *s = &d->side[n % 2];

		diff_prepare(s);
		replay_chooser_init(&replay, &w.schedule, true);
		key[n % 2] = diff_run(s, &replay.chooser, n < 2);
		if (n < 2)
			diff_first_keys(&d->first, s, n);
		if (n == 1)
			diff_first_find(&d->first);
		if (n >= 2)
			diff_first_text(&d->first, s, n % 2);
	}
	if (ret)
		return ret;
	d->first.config = w.config;
	d->first.schedule = w.schedule;
	d->first.has_schedule = true;
	diff_print_rates(&d->side[0], &d->side[1]);
	if (key[0] == key[1])
		printf("identical: %u records\n", d->side[0].trace.nr);
	else
		diff_print_first(&d->first, o->kernel[0], o->kernel[1]);
	witness_free(&w);
	return key[0] == key[1] ? TERM_EXIT_OK : TERM_EXIT_FINDING;
}

static bool is_scenario(const struct diff_options *o)
{
	struct form *f = form_load(o->kernel[0], o->config.arch, o->config.variant);

	return f && form_scenario(f, o->word[0]);
}

int cmd_diff(int argc, char **argv)
{
	static struct diff d;
	struct diff_options o = { .runs = DEFAULT_RUNS, .seed = 1 };
	struct argp_child children[] = {
		{ config_argp(), 0, "What runs:", 1 }, { &cmd_common, 0, NULL, 2 }, { 0 }
	};
	struct argp argp = {
		options, parse, "[SCENARIO...]\nID|FILE|STRING",
		"Run two kernel forms under the same schedules and compare their traces access by "
		"access.\v"
		"Exit codes: 0 all are identical, 1 some differ.\n\n"
		"Examples:\n"
		"  kicksim diff --kernel v6.1 --kernel mine --runs 10000\n"
		"  kicksim diff @last --kernel v5.15 --kernel v5.16\n",
		children, NULL, NULL
	};
	int ret;

	config_init(&o.config);
	if (cmd_parse(&argp, "kicksim diff", argc, argv, &o))
		return TERM_EXIT_USAGE;
	ret = run_init();
	if (ret)
		return ret;
	if (!o.nr_words) {
		ret = list_scenarios(&o);
		return ret ? ret : diff_all(&d, &o);
	}
	return o.nr_words == 1 && !is_scenario(&o) &&
	       (*o.word[0] == '{' || strpbrk(o.word[0], "./@0123456789")) ?
		diff_one(&d, &o) : diff_all(&d, &o);
}
