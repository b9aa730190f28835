// SPDX-License-Identifier: GPL-2.0-only
/* kicksim show: a finding or a schedule, in one of several forms. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
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

struct show_options {
	struct witness_words about;
	const char *as, *kernel, *compare, *output;
};

static int show_on(struct witness *w, const struct show_options *o, FILE *out)
{
	int ret = run_init();

	if (!ret && o->kernel)
		ret = witness_refit(w, o->kernel);
	return ret ? ret : show_to(w, o->as, o->compare, out);
}

/*
 * A process of its own draws: who has run foreign code may not give the file its
 * name any more.
 */
static int show_apart(struct witness *w, const struct show_options *o, FILE *out)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		int ret = show_on(w, o, out);

		_exit(term_flushed(out) || ret ? ret : TERM_EXIT_SYSTEM);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return term_error(TERM_EXIT_SYSTEM, "cannot start a process: %s", strerror(errno));
	if (!WIFEXITED(status))
		return term_error(TERM_EXIT_SYSTEM, "the process that draws died of signal %d: "
				  "report it", WTERMSIG(status));
	return WEXITSTATUS(status);
}

static int show_file_of(struct witness *w, const struct show_options *o)
{
	struct outfile out;
	int ret = outfile_open(&out, o->output);

	return ret ? ret : outfile_close(&out, show_apart(w, o, out.out));
}

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
		ret = o.output ? show_file_of(&w, &o) : show_on(&w, &o, stdout);
	witness_free(&w);
	return ret;
}
