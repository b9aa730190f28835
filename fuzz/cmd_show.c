// SPDX-License-Identifier: GPL-2.0-only
/* kicksim show: a finding or a schedule, in one of several forms. */
#include <stdlib.h>
#include <string.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "cmd.h"
#include "show_run.h"

int show_witness(struct witness *w, const char *format)
{
	static struct show_run run;
	int ret = show_run_begin(&run, w);

	if (ret)
		return ret;
	ret = show_as(format, &run.input, stdout);
	show_run_end(&run);
	return ret;
}

struct show_options {
	const char *word, *as, *db, *kernel;
};

static struct argp_option options[] = {
	{ "as", 'a', "FORMAT", 0, NULL, 0 },
	{ "db", 'd', "FILE", 0, "results database", 0 },
	{ "kernel", 'k', "FORM", 0, "the same schedule on another kernel form", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct show_options *o = state->input;

	switch (key) {
	case 'a':
		o->as = arg;
		return 0;
	case 'd':
		o->db = arg;
		return 0;
	case 'k':
		o->kernel = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->word)
			argp_error(state, "one finding, not '%s' too", arg);
		o->word = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no finding: an id, a file, a string, or @last");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cmd_show(int argc, char **argv)
{
	struct show_options o = { .as = "columns" };
	struct argp_child children[] = { { &cmd_common, 0, NULL, 2 }, { 0 } };
	struct argp argp = {
		options, parse, "ID|FILE|STRING",
		"Show a finding, or any schedule, step by step.\v"
		"Examples:\n"
		"  kicksim show @last\n"
		"  kicksim show k7f3a9c2 --as race >> cover-letter.txt\n",
		children, NULL, NULL
	};
	struct witness w;
	int ret;

	options[0].doc = show_format_names();
	if (cmd_parse(&argp, "kicksim show", argc, argv, &o))
		return TERM_EXIT_USAGE;
	ret = witness_load(&w, o.word, o.db);
	if (!ret)
		ret = run_init();
	if (!ret && o.kernel)
		ret = witness_refit(&w, o.kernel);
	if (!ret)
		ret = show_witness(&w, o.as);
	witness_free(&w);
	return ret;
}
