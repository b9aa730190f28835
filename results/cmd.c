// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "cmd.h"
#include "manual.h"
#include "term.h"

enum {
	KEY_COLOR = 0x2000,	/* far from the keys of the commands */
	KEY_ASCII,
	KEY_USAGE,
};

static const struct argp_option options[] = {
	{ "color", KEY_COLOR, "WHEN", 0, "auto, always or never", 100 },
	{ "ascii", KEY_ASCII, NULL, 0, "No signs beyond ASCII", 100 },
	{ "help", 'h', NULL, 0, "Show this help", 101 },
	{ "usage", KEY_USAGE, NULL, OPTION_HIDDEN, NULL, 101 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;
	case KEY_USAGE:
		argp_state_help(state, stdout, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
		return 0;
	case KEY_COLOR:
		if (!term_set_color(arg))
			argp_error(state, "--color is auto, always or never, not %s", arg);
		return 0;
	case KEY_ASCII:
		term_set_ascii(true);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp cmd_common = { options, parse, NULL, NULL, NULL, NULL, NULL };

int cmd_parse(const struct argp *argp, const char *name, int argc, char **argv,
	      void *input)
{
	char **words;
	int i, err;

	assert(argc > 0);
	if (manual_take(argp, name))
		return EINVAL;
	/* argp calls the command by argv[0] in all that it says. */
	words = calloc(argc + 1, sizeof(*words));
	assert(words);
	words[0] = (char *)name;
	for (i = 1; i < argc; i++)
		words[i] = argv[i];
	argp_err_exit_status = TERM_EXIT_USAGE;
	err = argp_parse(argp, argc, words, ARGP_IN_ORDER | ARGP_NO_HELP, NULL,
			 input);
	free(words);
	return err;
}
