// SPDX-License-Identifier: GPL-2.0-only
/* kicksim replay: the exact run again, compared with what was kept of it. */
#include <stdlib.h>
#include <string.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "cmd.h"
#include "gdb.h"
#include "options.h"
#include "witness.h"

struct replay_options {
	struct witness_words about;
	const char *kernel, *as;
	bool resync, gdb;
	uint64_t until;
};

enum { KEY_GDB = 0x100, KEY_UNTIL };

static const struct argp_option options[] = {
	{ "kernel", 'k', "FORM", 0, "the same schedule on another kernel form", 0 },
	{ "resync", 'r', 0, 0, "fit it to a changed build by the names of its answers", 0 },
	{ "as", 'a', "FORMAT", 0, "show it too, in a format of 'kicksim show'", 0 },
	{ "gdb", KEY_GDB, 0, 0, "run it under gdb, with commands to go from step to step", 0 },
	{ "until", KEY_UNTIL, "STEP", 0, "with --gdb: go to this step first", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct replay_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->about;
		return 0;
	case 'k':
		o->kernel = arg;
		return 0;
	case 'r':
		o->resync = true;
		return 0;
	case 'a':
		o->as = arg;
		return 0;
	case KEY_GDB:
		o->gdb = true;
		return 0;
	case KEY_UNTIL:
		if (!option_u64(arg, STEP_LIMIT, &o->until))
			cmd_error(state, "--until %s: not a step of a run", arg);
		return 0;
	case ARGP_KEY_END:
		if (o->until && !o->gdb)
			cmd_error(state, "--until goes with --gdb");
		if (o->gdb && (o->resync || o->as))
			cmd_error(state, "--gdb goes with neither --resync nor --as");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* What the run broke, worst first, in lines of their own. */
static void print_reports(const struct witness *w, const struct run_result *r)
{
	char title[256];

	for (int severity = NR_SEVERITIES; severity--;) {
		for (unsigned int i = 0; i < r->nr_reports; i++) {
			const struct oracle_info *info = &oracle_info[r->report[i].oracle];

			if ((int)info->severity != severity)
				continue;
			printf("%-10s %s\n", severity_name[severity],
			       report_title(&w->config, &r->report[i], title, sizeof(title)));
		}
	}
	if (!r->nr_reports)
		printf("nothing is broken in this run\n");
}

static bool has_signature(const struct witness *w, const struct run_result *r)
{
	char signature[512];

	for (unsigned int i = 0; i < r->nr_reports; i++)
		if (!strcmp(report_signature(&w->config, &r->report[i], signature,
					     sizeof(signature)), w->expect))
			return true;
	return false;
}

/* Compares with what was kept; the exit code. */
static int judge(const struct witness *w, const struct run_result *r)
{
	bool reproduced = *w->expect ? has_signature(w, r) : run_severity(r) > SEVERITY_WARN;

	if (!w->has_hash) {
		printf("trace %016llx, %u steps\n", (unsigned long long)r->hash, r->steps);
		return run_severity(r) >= SEVERITY_DEGRADED ? TERM_EXIT_FINDING : TERM_EXIT_OK;
	}
	if (r->hash == w->hash) {
		printf("identical: trace %016llx, %u steps\n", (unsigned long long)r->hash,
		       r->steps);
		return reproduced ? TERM_EXIT_FINDING : TERM_EXIT_OK;
	}
	printf("diverged: trace %016llx, kept %016llx; %s\n", (unsigned long long)r->hash,
	       (unsigned long long)w->hash,
	       reproduced ? "it breaks the same rule at the same places" :
			    "it does not break the rule that it was kept for");
	return TERM_EXIT_DIVERGED;
}

static int replay(struct witness *w, const struct replay_options *o)
{
	struct run_result result;
	char why[128];

	run_prepare(&w->config);
	if (!run_schedule(&w->schedule, NULL, &result, why, sizeof(why))) {
		printf("diverged: the schedule does not fit: %s; try --resync\n", why);
		return TERM_EXIT_DIVERGED;
	}
	if (o->resync || o->kernel)
		printf("on %s: %u answers fitted by name, %u without a place\n",
		       w->config.form->id, w->schedule.nr, w->skipped);
	print_reports(w, &result);
	return judge(w, &result);
}

int cmd_replay(int argc, char **argv)
{
	struct replay_options o = { 0 };
	struct argp_child children[] = {
		{ &witness_argp, 0, NULL, 0 }, { &cmd_common, 0, NULL, 2 }, { 0 }
	};
	struct argp argp = {
		options, parse, "ID|FILE|STRING",
		"Run a kept schedule again and compare it bit for bit.\v"
		"Exit codes: 1 it reproduced, 0 it ran clean, 3 it diverged.\n\n"
		"Examples:\n"
		"  kicksim replay @last\n"
		"  kicksim replay k7f3a9c2 --kernel v5.16\n"
		"  kicksim replay k7f3a9c2 --gdb --until 7\n",
		children, NULL, NULL
	};
	struct witness w;
	int ret, shown;

	if (cmd_parse(&argp, "kicksim replay", argc, argv, &o))
		return TERM_EXIT_USAGE;
	ret = witness_load(&w, o.about.word, o.about.db);
	if (ret)
		return ret;
	if (o.gdb)
		return gdb_replay(o.about.word, o.about.db, o.kernel, (unsigned int)o.until);
	ret = run_init();
	printf("%s%s%s\n", w.id, *w.id ? "  " : "", w.note);
	if (!ret)
		ret = run_confine();
	if (!ret && (o.kernel || o.resync))
		ret = witness_refit(&w, o.kernel);
	if (!ret)
		ret = replay(&w, &o);
	if (o.as && ret <= TERM_EXIT_FINDING) {
		shown = show_witness(&w, o.as);
		ret = shown ? shown : ret;
	}
	witness_free(&w);
	return ret;
}
