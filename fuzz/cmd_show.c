// SPDX-License-Identifier: GPL-2.0-only
/* kicksim show: a finding or a schedule, in one of several forms. */
#include <stdlib.h>
#include <string.h>
#include "../results/cmd.h"
#include "../results/outfile.h"
#include "../results/term.h"
#include "cmd.h"
#include "show_run.h"

static int show_to(struct witness *w, const char *format, const char *compare, FILE *out)
{
	static struct show_run run;
	int ret = show_run_begin(&run, w);

	if (ret)
		return ret;
	run.input.compare = compare;
	ret = show_as(format, &run.input, out);
	show_run_end(&run);
	return ret;
}

int show_witness(struct witness *w, const char *format)
{
	return show_to(w, format, NULL, stdout);
}

static int show_file_of(struct witness *w, const char *format, const char *compare,
			const char *path)
{
	struct outfile o;
	int ret = outfile_open(&o, path);

	return ret ? ret : outfile_close(&o, show_to(w, format, compare, o.out));
}

struct show_options {
	struct witness_words about;
	const char *as, *kernel, *compare, *output;
};

static struct argp_option options[] = {
	{ "as", 'a', "FORMAT", 0, NULL, 0 },
	{ "kernel", 'k', "FORM", 0, "the same schedule on another kernel form", 0 },
	{ "compare", 'c', "FORM", 0, "html: on another form too, and where the two part", 0 },
	{ "output", 'o', "FILE", 0, "instead of stdout", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct show_options *o = state->input;

	switch (key) {
	case 'a':
		o->as = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->about;
		return 0;
	case 'k':
		o->kernel = arg;
		return 0;
	case 'c':
		o->compare = arg;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cmd_show(int argc, char **argv)
{
	struct show_options o = { .as = "columns" };
	struct argp_child children[] = {
		{ &witness_argp, 0, NULL, 0 }, { &cmd_common, 0, NULL, 2 }, { 0 }
	};
	struct argp argp = {
		options, parse, "ID|FILE|STRING",
		"Show a finding, or any schedule, step by step.\v"
		"Examples:\n"
		"  kicksim show @last\n"
		"  kicksim show k7f3a9c2 --as race >> cover-letter.txt\n"
		"  kicksim show k7f3a9c2 --as html --compare v5.16 -o k7f3a9c2.html\n",
		children, NULL, NULL
	};
	struct witness w;
	int ret;

	options[0].doc = show_format_names();
	if (cmd_parse(&argp, "kicksim show", argc, argv, &o))
		return TERM_EXIT_USAGE;
	if (o.compare && strcmp(o.as, "html"))
		return term_error(TERM_EXIT_USAGE, "--compare is for --as html; --kernel shows "
				  "the schedule on another form in any format");
	ret = witness_load(&w, o.about.word, o.about.db);
	if (!ret)
		ret = run_init();
	if (!ret && o.kernel)
		ret = witness_refit(&w, o.kernel);
	if (!ret)
		ret = o.output ? show_file_of(&w, o.as, o.compare, o.output) :
		      show_to(&w, o.as, o.compare, stdout);
	witness_free(&w);
	return ret;
}
