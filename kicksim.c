// SPDX-License-Identifier: GPL-2.0-only
/* The front door: the table of commands, nothing else. */
#include <stdio.h>
#include <string.h>
#include "fuzz/cmd.h"
#include "fuzz/config.h"
#include "lift/cmd.h"
#include "results/cmd.h"
#include "results/manual.h"
#include "results/store.h"
#include "results/term.h"

static const struct command commands[] = {
	{ "run", cmd_run, "one schedule of a scenario, printed" },
	{ "campaign", cmd_campaign, "search, shrink and store" },
	{ "prove", cmd_prove, "search exhaustively, say what was covered" },
	{ "replay", cmd_replay, "a kept schedule again, compared bit for bit" },
	{ "show", cmd_show, "a finding step by step, in one of several forms" },
	{ "check", cmd_check, "the gate: kept schedules, known bugs, search against a base" },
	{ "explain", cmd_explain, "what of a finding's run its bug comes from" },
	{ "query", cmd_query, "named queries and read-only SQL on a results database" },
	{ "report", cmd_report, "one page of HTML about a campaign or a whole database" },
	{ "matrix", cmd_matrix, "forms x architectures x models: broken, proved or sampled" },
	{ "merge", cmd_merge, "join results databases" },
	{ "db", cmd_db, "check a results database" },
	{ "diff", cmd_diff, "two kernel forms under the same schedules, access by access" },
	{ "claim", cmd_claim, "what diff or prove says, for an e-mail that others can verify" },
	{ "lift", cmd_lift, "a kernel tree's kick functions as a kernel form" },
	{ "litmus", cmd_litmus, "run LKMM C litmus tests on the memory models" },
	{ "import", cmd_import, "find the race of a KCSAN report, and what comes of it" },
	{ "learn", cmd_learn, "pick the interleaving yourself, in seven lessons" },
	{ "list", cmd_list, "scenarios, kernels, variants, oracles, models, formats" },
	{ NULL, NULL, NULL }
};

enum { NR_COMMANDS = sizeof(commands) / sizeof(commands[0]) - 1 };

static int usage(FILE *out, int ret)
{
	fprintf(out, "usage: kicksim COMMAND [OPTION...] [WORD...]\n\n");
	for (int i = 0; i < NR_COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
	fprintf(out, "  %-10s %s\n  %-10s %s\n", "man", "a manual page: kicksim man run | man -l -",
		"completion", "for your shell: eval \"$(kicksim completion bash)\"");
	fprintf(out, "\nStart with:\n"
		"  kicksim campaign --time 5s\n"
		"  kicksim show @last --as race\n"
		"  kicksim query findings\n");
	return ret;
}

int main(int argc, char **argv)
{
	const char *names[NR_COMMANDS + 1] = { NULL }, *near;

	if (argc < 2)
		return usage(stderr, TERM_EXIT_USAGE);
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))
		return usage(stdout, TERM_EXIT_OK);
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version"))
		return !printf("kicksim " KICKSIM_VERSION ", traces %d, results schema %d\n",
			       KICKSIM_TRACE_VERSION, STORE_VERSION);
	if (!strcmp(argv[1], "man"))
		return manual_man(commands, argc - 1, argv + 1);
	if (!strcmp(argv[1], "completion"))
		return manual_completion(commands, argc - 1, argv + 1);
	for (int i = 0; i < NR_COMMANDS; i++) {
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
		names[i] = commands[i].name;
	}
	near = term_suggest(argv[1], names);
	return term_error(TERM_EXIT_USAGE, "no command '%s'%s%s%s: see 'kicksim help'", argv[1],
			  near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
}
