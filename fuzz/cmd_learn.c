// SPDX-License-Identifier: GPL-2.0-only
/* kicksim learn: the user picks the interleaving. */
#include <stdlib.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "cmd.h"
#include "learn.h"
#include "options.h"

struct learn_options {
	uint64_t lesson;
	const char *file;
	bool solve;
};

static const struct argp_option options[] = {
	{ "solve", 's', 0, 0, "print the moves that solve the lesson: they can be piped in", 0 },
	{ "file", 'f', "FILE", 0, "lesson 7: the code that you edit (default learn-kick.c)", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct learn_options *o = state->input;

	switch (key) {
	case 's':
		o->solve = true;
		return 0;
	case 'f':
		o->file = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (o->lesson || !option_u64(arg, LEARN_LESSONS, &o->lesson) || !o->lesson)
			cmd_error(state, "'%s': one lesson, 1 to %d", arg, LEARN_LESSONS);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int list_lessons(void)
{
	for (unsigned int i = 0; i < LEARN_LESSONS; i++)
		printf("%u  %s\n", i + 1, learn_lessons[i].title);
	printf("\nkicksim learn 1 begins.\n");
	return TERM_EXIT_OK;
}

int cmd_learn(int argc, char **argv)
{
	struct learn_options o = { .file = "learn-kick.c" };
	struct argp_child children[] = { { &cmd_common, 0, NULL, 2 }, { 0 } };
	struct argp argp = {
		options, parse, "[LESSON]",
		"Learn the protocol by choosing the interleaving yourself.\v"
		"At each choice: the number of an option, or p and the number of a pCPU, and how "
		"often; Enter is 0.  a goes on to the end dully, u undoes, r starts anew, g says "
		"the goal, h gives a hint, q quits.\n\n"
		"Examples:\n"
		"  kicksim learn 1\n"
		"  kicksim learn 4 --solve | kicksim learn 4\n",
		children, NULL, NULL
	};
	int ret;

	if (cmd_parse(&argp, "kicksim learn", argc, argv, &o))
		return TERM_EXIT_USAGE;
	if (!o.lesson)
		return list_lessons();
	ret = run_init();
	if (ret)
		return ret;
	if (learn_lessons[o.lesson - 1].goal == LEARN_FIX)
		return learn_fix(&learn_lessons[o.lesson - 1], o.file);
	return o.solve ? learn_solve((unsigned int)o.lesson) :
			 learn_play((unsigned int)o.lesson, stdin);
}
