// SPDX-License-Identifier: GPL-2.0-only
/* kicksim show: a finding or a schedule, in one of several forms. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "cmd.h"
#include "show.h"
#include "witness.h"

enum { MAX_RECORDS = 1 << 16 };

/* The report that the witness is kept for, or else the worst one. */
static const struct report *pick_report(const struct witness *w, const struct run_result *r)
{
	const struct report *best = NULL;
	char signature[512];

	for (unsigned int i = 0; i < r->nr_reports; i++) {
		const struct report *x = &r->report[i];

		if (!strcmp(report_signature(&w->config, x, signature, sizeof(signature)),
			    w->expect))
			return x;
		if (!best || oracle_info[x->oracle].severity > oracle_info[best->oracle].severity)
			best = x;
	}
	return best;
}

/* What to type to see this run again. */
static void replay_line(const struct witness *w, char *buf, size_t size)
{
	char json[1024], text[SCHEDULE_TEXT];

	if (*w->id) {
		snprintf(buf, size, "%s replay %s", program_invocation_name, w->id);
		return;
	}
	config_print_json(&w->config, json, sizeof(json));
	schedule_print(&w->schedule, text, sizeof(text));
	snprintf(buf, size, "%s replay '%s %s'", program_invocation_name, json, text);
}

int show_witness(struct witness *w, const char *format)
{
	static char line[SCHEDULE_TEXT + 1200];
	struct trace trace = { .max = MAX_RECORDS };
	struct run_result result;
	struct show_input input;
	char why[128];
	int ret;

	trace.rec = calloc(MAX_RECORDS, sizeof(*trace.rec));
	if (!trace.rec)
		return term_error(TERM_EXIT_SYSTEM, "no memory for the trace");
	run_prepare(&w->config);
	if (!run_schedule(&w->schedule, &trace, &result, why, sizeof(why))) {
		free(trace.rec);
		return term_error(TERM_EXIT_DIVERGED, "the schedule does not fit: %s", why);
	}
	form_load_lines(w->config.form);
	replay_line(w, line, sizeof(line));
	input = (struct show_input){
		.config = &w->config,
		.trace = &trace,
		.schedule = &w->schedule,
		.result = &result,
		.report = pick_report(w, &result),
		.id = *w->id ? w->id : NULL,
		.replay_line = line,
	};
	ret = show_as(format, &input, stdout);
	free(trace.rec);
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
