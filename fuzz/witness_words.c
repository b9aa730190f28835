// SPDX-License-Identifier: GPL-2.0-only
/* ID|FILE|STRING and --db, as the commands about one finding take them. */
#include "../results/cmd.h"
#include "witness.h"

static const struct argp_option options[] = {
	{ "db", 'd', "FILE", 0, "results database", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct witness_words *w = state->input;

	switch (key) {
	case 'd':
		w->db = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (w->word)
			cmd_error(state, "one finding, not '%s' too", arg);
		w->word = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		cmd_error(state, "no finding: an id, a file, a string, or @last");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp witness_argp = { options, parse, NULL, NULL, NULL, NULL, NULL };
