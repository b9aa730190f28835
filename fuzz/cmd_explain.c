// SPDX-License-Identifier: GPL-2.0-only
/* kicksim explain: what of a finding's run its bug comes from. */
#include <stdlib.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "cmd.h"
#include "explain.h"
#include "options.h"
#include "show_run.h"

enum { KEY_JSON = 0x1000, MOST_RUNS = 10000000 };

struct explain_options {
	struct witness_words about;
	const char *runs_text;
	uint64_t runs;
	bool json;
};

static const struct argp_option options[] = {
	{ "runs", 'n', "N", 0, "random runs that each ordering is tried with (10000)", 0 },
	{ "json", KEY_JSON, NULL, 0, "one JSON object", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct explain_options *o = state->input;

	switch (key) {
	case 'n':
		o->runs_text = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->about;
		return 0;
	case KEY_JSON:
		o->json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int explain(struct show_run *r, const struct explain_options *o)
{
	struct explain x;
	int ret;

	if (!r->input.report)
		return term_error(TERM_EXIT_USAGE, "nothing is broken in this run: there is "
				  "nothing to explain");
	if (explain_make(&x, &r->input, (uint32_t)o->runs))
		return term_error(TERM_EXIT_SYSTEM, "no memory to explain the run");
	ret = (o->json ? explain_print_json : explain_print)(&x, &r->input, stdout);
	explain_free(&x);
	if (!ret && !term_flushed(stdout))
		return term_error(TERM_EXIT_SYSTEM, "cannot write all of the output");
	return ret;
}

int cmd_explain(int argc, char **argv)
{
	struct explain_options o = { .runs = EXPLAIN_RUNS };
	struct argp_child children[] = {
		{ &witness_argp, 0, NULL, 0 }, { &cmd_common, 0, NULL, 2 }, { 0 }
	};
	struct argp argp = {
		options, parse, "ID|FILE|STRING",
		"Find the orderings without which a bug does not happen, and the step after which "
		"it always does.\v"
		"Each ordering of two pCPUs' steps is turned round in random runs.  What is listed "
		"is what the bug never survived.  Fixed seeds: the same answer each time.\n\n"
		"Examples:\n"
		"  kicksim explain @last\n"
		"  kicksim explain corpus/claim-d2.sched --runs 100000\n",
		children, NULL, NULL
	};
	static struct show_run r;
	struct witness w;
	int ret;

	if (cmd_parse(&argp, "kicksim explain", argc, argv, &o))
		return TERM_EXIT_USAGE;
	if (o.runs_text && (!option_u64(o.runs_text, MOST_RUNS, &o.runs) || o.runs < 4))
		return term_error(TERM_EXIT_USAGE, "--runs '%s': a number from 4 to %d is expected",
				  o.runs_text, MOST_RUNS);
	ret = witness_load(&w, o.about.word, o.about.db);
	if (ret)
		return ret;
	ret = run_init();
	if (!ret)
		ret = show_run_begin(&r, &w);
	if (!ret) {
		ret = explain(&r, &o);
		show_run_end(&r);
	}
	witness_free(&w);
	return ret;
}
