// SPDX-License-Identifier: GPL-2.0-only
/* kicksim campaign: options and targets. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "campaign.h"
#include "child.h"
#include "cmd.h"
#include "options.h"

struct campaign_options {
	struct config config;		/* what all targets share */
	const char *scenario[64];
	unsigned int nr_scenarios;
	char *kernels, *engines;
	const char *db, *fail_on, *min_severity, *corpus;
	int until;
	bool merge, as_found;
	uint64_t time_ms, runs, seed, jobs;
	bool has_seed;
};

static const struct argp_option options[] = {
	{ "time", 't', "DURATION", 0, "such as 20s, 10m, 2h (default 20s)", 0 },
	{ "runs", 'n', "N", 0, "stop after about N runs instead", 0 },
	{ "engine", 'e', "LIST", 0, "random, pct[:DEPTH], pos, delay[:DEPTH], libfuzzer, afl, with "
	  "commas (default random,pct:3,pos)", 0 },
	{ "kernels", 'K', "LIST", 0, "kernel forms to compare (default v5.15,v5.16)", 0 },
	{ "jobs", 'j', "N", 0, "worker processes (default: all cores)", 0 },
	{ "seed", 's', "N", 0, "of the whole campaign (default: the time)", 0 },
	{ "db", 'd', "FILE", 0, "results database (default results/kicksim.db)", 0 },
	{ "fail-on", 'f', "SEVERITY", 0, "exit 1 for a finding at or above it (default: never)", 0 },
	{ "min-severity", 'm', "SEVERITY", 0, "keep findings at or above it (default benign)", 0 },
	{ "until", 'u', "ORACLE", 0, "look for this alone, and end when it is found", 0 },
	{ "corpus", 'c', "FOLDER", 0, "where libfuzzer and afl keep their inputs "
	  "(default corpus/work)", 0 },
	{ "merge-corpus", 'M', 0, 0, "minimise it afterwards", 0 },
	{ "no-shrink", 'S', 0, 0, "keep schedules as they were found", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct campaign_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->config;
		return 0;
	case 't':
		if (!option_duration(arg, &o->time_ms))
			cmd_error(state, "--time '%s': a number and ms, s, m or h", arg);
		return 0;
	case 'n':
		if (!option_u64(arg, 1ull << 53, &o->runs) || !o->runs)
			cmd_error(state, "--runs '%s': a number from 1 up", arg);
		return 0;
	case 'j':
		if (!option_u64(arg, CAMPAIGN_JOBS, &o->jobs) || !o->jobs)
			cmd_error(state, "--jobs '%s': 1 to %d", arg, CAMPAIGN_JOBS);
		return 0;
	case 's':
		if (!option_u64(arg, (1ull << 53) - 1, &o->seed))
			cmd_error(state, "--seed '%s': a number below 2^53", arg);
		o->has_seed = true;
		return 0;
	case 'u':
		o->until = oracle_find(arg);
		if (o->until < 0)
			cmd_error(state, "--until '%s': see 'kicksim list oracles'", arg);
		return 0;
	case 'c':
		o->corpus = arg;
		return 0;
	case 'M':
		o->merge = true;
		return 0;
	case 'S':
		o->as_found = true;
		return 0;
	case 'e':
		o->engines = arg;
		return 0;
	case 'K':
		o->kernels = arg;
		return 0;
	case 'd':
		o->db = arg;
		return 0;
	case 'f':
	case 'm':
		if (option_severity(arg) < 0)
			cmd_error(state, "'%s': benign, warn, race, degraded, harmful, oops or "
				  "tool-error", arg);
		*(key == 'f' ? &o->fail_on : &o->min_severity) = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->nr_scenarios == sizeof(o->scenario) / sizeof(o->scenario[0]))
			cmd_error(state, "more scenarios than there are");
		o->scenario[o->nr_scenarios++] = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int add_target(struct campaign *c, const struct config *base, const char *kernel,
		      const char *scenario)
{
	struct campaign_target *t = &c->target[c->nr_targets];
	int ret;

	if (c->nr_targets == CAMPAIGN_TARGETS)
		return term_error(TERM_EXIT_USAGE, "more than %d targets", CAMPAIGN_TARGETS);
	t->config = *base;
	ret = config_set_word(&t->config, "kernel", kernel);
	if (!ret)
		ret = config_set_word(&t->config, "scenario", scenario);
	if (!ret)
		ret = config_load(&t->config);
	if (ret)
		return ret;
	/* The scenario that mixes all others is for drawing. */
	t->swarm = !strcmp(scenario, "mixed");
	c->nr_targets++;
	return 0;
}

static int add_kernel(struct campaign *c, const struct campaign_options *o, const char *kernel)
{
	const struct machine_scenario *const *s;
	struct form *f;
	int ret = 0;

	for (unsigned int i = 0; !ret && i < o->nr_scenarios; i++)
		ret = add_target(c, &o->config, kernel, o->scenario[i]);
	if (ret || o->nr_scenarios)
		return ret;
	f = form_load(kernel, o->config.arch, o->config.variant);
	if (!f)
		return TERM_EXIT_SYSTEM;
	for (s = f->code->scenarios; !ret && *s; s++)
		ret = add_target(c, &o->config, kernel, (*s)->name);
	return ret;
}

static int add_engine(struct campaign *c, const char *name)
{
	int child = child_engine(name);
	struct engine e;

	if (child < 0 && !engine_parse(&e, name))
		return term_error(TERM_EXIT_USAGE, "--engine '%s': random, pct[:DEPTH], pos, "
				  "delay[:DEPTH], libfuzzer or afl", name);
	if (c->nr_engines == CAMPAIGN_ENGINES)
		return term_error(TERM_EXIT_USAGE, "more than %d engines", CAMPAIGN_ENGINES);
	c->child[c->nr_engines] = child;
	c->engine[c->nr_engines++] = name;
	return child < 0 ? 0 : child_check((enum child_engine)child);
}

static int add_engines(struct campaign *c, char *list)
{
	char *save = NULL;
	int ret = 0;

	for (char *name = strtok_r(list, ",", &save); !ret && name;
	     name = strtok_r(NULL, ",", &save))
		ret = add_engine(c, name);
	if (ret)
		return ret;
	return c->nr_engines ? 0 : term_error(TERM_EXIT_USAGE, "--engine: an empty list");
}

static int fill(struct campaign *c, struct campaign_options *o)
{
	char *save = NULL;
	int ret = add_engines(c, o->engines);

	for (char *k = strtok_r(o->kernels, ",", &save); !ret && k; k = strtok_r(NULL, ",", &save))
		ret = add_kernel(c, o, k);
	if (ret)
		return ret;
	if (!c->nr_targets)
		return term_error(TERM_EXIT_USAGE, "--kernels: an empty list");
	c->jobs = o->jobs ? (unsigned int)o->jobs : (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
	for (unsigned int i = 0; i < c->nr_engines; i++)
		if (c->child[i] >= 0 && form_any_foreign())
			return term_error(TERM_EXIT_USAGE, "--engine %s: only for kicksim's own "
					  "forms: others run confined, and it does not",
					  c->engine[i]);
	if (c->jobs < campaign_roles(c))
		c->jobs = campaign_roles(c);
	c->until = o->until;
	c->corpus = o->corpus ? o->corpus : "corpus/work";
	c->merge = o->merge;
	c->as_found = o->as_found;
	c->time_ms = o->time_ms || o->runs ? o->time_ms : 20000;
	c->max_runs = o->runs;
	c->seed = o->has_seed ? o->seed : (uint64_t)time(NULL);
	c->min_severity = o->min_severity ? option_severity(o->min_severity) : SEVERITY_BENIGN;
	snprintf(c->db, sizeof(c->db), "%s", store_path(o->db));
	return 0;
}

int cmd_campaign(int argc, char **argv)
{
	static char kernels[] = "v5.15,v5.16", engines[] = "random,pct:3,pos";
	static struct campaign c;
	struct campaign_options o = { .kernels = NULL, .engines = engines, .until = -1 };
	struct argp_child children[] = {
		{ config_argp(), 0, "What runs:", 1 }, { &cmd_common, 0, NULL, 2 }, { 0 }
	};
	struct argp argp = {
		options, parse, "[SCENARIO...]",
		"Search for bad interleavings, shrink them, keep them in a database.\v"
		"Without a scenario all of them run; without --kernel or --kernels, v5.15 and "
		"v5.16.\n\nExamples:\n"
		"  kicksim campaign --time 10m\n"
		"  kicksim campaign kick-vs-migrate --kernel v5.15 --engine pct:4 --runs 1000000\n",
		children, NULL, NULL
	};
	int ret;

	config_init(&o.config);
	*o.config.kernel = '\0';
	if (cmd_parse(&argp, "kicksim campaign", argc, argv, &o))
		return TERM_EXIT_USAGE;
	if (!o.kernels)
		o.kernels = *o.config.kernel ? strdup(o.config.kernel) : kernels;
	ret = fill(&c, &o);
	return ret ? ret : campaign_run(&c, o.fail_on ? option_severity(o.fail_on) : -1);
}
