// SPDX-License-Identifier: GPL-2.0-only
/*
 * kicksim merge: join results files into one.
 */
#include "cmd.h"
#include "store.h"
#include "term.h"

struct args {
	const char *out;
	int first;		/* where in argv the files begin */
	int nr_files;
	char **files;
};

static const struct argp_option options[] = {
	{ "output", 'o', "OUT", 0, "Where to; made if missing, else joined too", 1 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	switch (key) {
	case 'o':
		args->out = arg;
		return 0;
	case ARGP_KEY_ARGS:
		args->first = state->next;
		args->nr_files = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		cmd_error(state, "name the results files to join");
		return 0;
	case ARGP_KEY_SUCCESS:
		if (!args->out)
			cmd_error(state, "say where to with -o OUT");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = { { &cmd_common, 0, NULL, 0 }, { 0 } };

static const struct argp argp = {
	options, parse, "DB...",
	"Join results files. Any order, and the same file twice, give one result;"
	" each file is joined wholly or not at all."
	"\v"
	"  kicksim merge -o all.db monday.db tuesday.db\n"
	"  kicksim merge -o results/kicksim.db /media/usb/laptop.db",
	children, NULL, NULL
};

/* Look at every file first, so that a wrong name stops before anything is made. */
static int check_files(const struct args *args)
{
	struct store s;
	int i, code;

	for (i = 0; i < args->nr_files; i++) {
		code = store_open(&s, args->files[i], STORE_READ);
		if (code != STORE_OK)
			return term_error(store_exit_code(code), "%s", s.err);
		store_close(&s);
	}
	return TERM_EXIT_OK;
}

/*
 * One transaction each, not one for all: a merge of many large files that is
 * stopped keeps what it has, and running it again is harmless.
 */
static int join_files(const struct args *args, struct store *s)
{
	int i, code, exit_code = TERM_EXIT_OK;

	for (i = 0; i < args->nr_files; i++) {
		code = store_merge(s, args->files[i]);
		if (code == STORE_OK)
			continue;
		exit_code = term_error(store_exit_code(code), "%s", s->err);
		/* The join is whole even so; the rest may tell more. */
		if (code != STORE_DIVERGED)
			break;
	}
	return exit_code;
}

int cmd_merge(int argc, char **argv)
{
	struct args args = { 0 };
	struct store s;
	int code, exit_code;

	if (cmd_parse(&argp, "kicksim merge", argc, argv, &args))
		return TERM_EXIT_USAGE;
	args.files = argv + args.first;
	exit_code = check_files(&args);
	if (exit_code != TERM_EXIT_OK)
		return exit_code;
	code = store_open(&s, args.out, STORE_WRITE);
	if (code != STORE_OK)
		return term_error(store_exit_code(code), "%s", s.err);
	exit_code = join_files(&args, &s);
	store_close(&s);
	return exit_code;
}
