// SPDX-License-Identifier: GPL-2.0-only
/* kicksim run: one schedule of a scenario, printed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "cmd.h"
#include "engine.h"
#include "show.h"
#include "witness.h"

struct run_options {
	struct config config;
	const char *schedule, *engine, *as;
	uint64_t seed;
	bool has_seed;
};

static struct argp_option options[] = {
	{ "seed", 's', "N", 0, "let --engine draw the schedule from seed N", 0 },
	{ "engine", 'e', "NAME", 0, "random, pct[:DEPTH] or pos (default random)", 0 },
	{ "schedule", 'S', "TEXT", 0, "answers as kicksim prints them (default: the dull run)", 0 },
	{ "as", 'a', "FORMAT", 0, NULL, 0 },		/* the names follow from the table */
	{ 0 }
};

enum { NR_OPTIONS = sizeof(options) / sizeof(options[0]) };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run_options *o = state->input;
	char *end;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->config;
		return 0;
	case 's':
		errno = 0;
		o->seed = strtoull(arg, &end, 0);
		if (errno || *end || end == arg || o->seed >> 53)
			cmd_error(state, "--seed '%s': not a number below 2^53", arg);
		o->has_seed = true;
		return 0;
	case 'e':
		o->engine = arg;
		return 0;
	case 'S':
		o->schedule = arg;
		return 0;
	case 'a':
		o->as = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Draws a schedule; the run is then made again from the schedule itself. */
static int draw(const struct run_options *o, struct schedule *s)
{
	struct run_result result;
	struct engine engine;

	s->nr = 0;
	if (!o->has_seed)
		return 0;
	if (!engine_parse(&engine, o->engine ? o->engine : "random") ||
	    engine.kind == ENGINE_DELAY)
		return term_error(TERM_EXIT_USAGE, "--engine '%s': random, pct[:DEPTH] or pos",
				  o->engine);
	engine_seed(&engine, o->seed);
	run_once(&engine.chooser, NULL, &result);
	if (!schedule_of_run(s))
		return term_error(TERM_EXIT_USAGE, "--seed %llu: more than %d answers to print",
				  (unsigned long long)o->seed, SCHEDULE_MAX);
	return 0;
}

int cmd_run(int argc, char **argv)
{
	struct run_options o = { .as = "columns" };
	struct argp_child children[] = {
		{ config_scenario_argp("What runs:"), 0, NULL, 1 }, { &cmd_common, 0, NULL, 2 }, { 0 }
	};
	struct argp argp = {
		options, parse, "SCENARIO",
		"Run one schedule of a scenario and print what happens.\v"
		"Examples:\n"
		"  kicksim run kick-vs-migrate --kernel v5.15\n"
		"  kicksim run request-and-kick --seed 7 --as race\n",
		children, NULL, NULL
	};
	struct witness w = { 0 };
	const char *error, *expected;
	int ret;

	config_init(&o.config);
	options[NR_OPTIONS - 2].doc = show_format_names();
	if (cmd_parse(&argp, "kicksim run", argc, argv, &o))
		return TERM_EXIT_USAGE;
	ret = config_load(&o.config);
	if (!ret)
		ret = run_init();
	if (!ret)
		ret = run_confine();
	if (ret)
		return ret;
	w.config = o.config;
	run_prepare(&w.config);
	if (o.schedule && schedule_parse(&w.schedule, o.schedule, &error, &expected))
		return term_error(TERM_EXIT_USAGE,
				  "--schedule, character %td ('%.12s'): %s is expected",
				  error - o.schedule + 1, error, expected);
	if (!o.schedule)
		ret = draw(&o, &w.schedule);
	return ret ? ret : show_witness(&w, o.as);
}
