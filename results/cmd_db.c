// SPDX-License-Identifier: GPL-2.0-only
/*
 * kicksim db: look after a results file.
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "store.h"
#include "term.h"

struct args {
	const char *action;
	const char *file;
};

static const char *const actions[] = { "check", "migrate", NULL };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (!args->action)
			args->action = arg;
		else if (!args->file)
			args->file = arg;
		else
			cmd_error(state, "one file at a time, not also %s", arg);
		return 0;
	case ARGP_KEY_NO_ARGS:
		cmd_error(state, "say what to do: check or migrate");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = { { &cmd_common, 0, NULL, 0 }, { 0 } };

static const struct argp argp = {
	NULL, parse, "check|migrate [FILE]",
	"check: is the results file whole, and does every reference lead somewhere?"
	" migrate: bring a file of an older kicksim up to this one."
	" FILE is else $KICKSIM_DB, else " STORE_DEFAULT_PATH "."
	"\v"
	"  kicksim db check results/kicksim.db\n"
	"  kicksim db migrate old.db",
	children, NULL, NULL
};

int cmd_db(int argc, char **argv)
{
	struct args args = { 0 };
	struct store s;
	char buf[128];
	bool migrate;
	int code;

	if (cmd_parse(&argp, "kicksim db", argc, argv, &args))
		return TERM_EXIT_USAGE;
	migrate = !strcmp(args.action, "migrate");
	if (!migrate && strcmp(args.action, "check"))
		return term_error(TERM_EXIT_USAGE,
				  "db can check or migrate, not %s%s", args.action,
				  term_did_you_mean(buf, args.action, actions));
	code = store_open(&s, store_path(args.file),
			  migrate ? STORE_WRITE : STORE_READ);
	if (code == STORE_OK) {
		code = store_check(&s);
		store_close(&s);
	}
	if (code != STORE_OK)
		return term_error(store_exit_code(code), "%s", s.err);
	printf("%s: whole, schema %d\n", s.path, STORE_VERSION);
	return TERM_EXIT_OK;
}
