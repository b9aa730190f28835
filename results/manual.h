/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The manual is what the commands say of themselves, for man and for the shell.
 *
 * A command's argp is the one source of its options, arguments and examples:
 * --help prints it, and here it becomes a page of the manual and the words that a
 * shell completes.  So the three cannot disagree.  To get at it, manual_ask()
 * calls the command; its cmd_parse() hands the argp over and makes it return.
 */
#ifndef RESULTS_MANUAL_H
#define RESULTS_MANUAL_H

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

/* One row of kicksim's table of commands. */
struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
};

/* kicksim man [COMMAND]: a page in man(7), on stdout.  An exit code. */
int manual_man(const struct command *commands, int argc, char **argv);
/* kicksim completion bash: a script for the shell, on stdout.  An exit code. */
int manual_completion(const struct command *commands, int argc, char **argv);

/* Calls @fn with the argp of @command. */
void manual_ask(const struct command *command,
		void (*fn)(const struct argp *argp, const char *name, void *arg), void *arg);
/* For cmd_parse(): whether a manual is being made of this argp. */
bool manual_take(const struct argp *argp, const char *name);
/* Calls @fn for each option that users see, children's too, in the order of --help. */
void manual_options(const struct argp *argp,
		    void (*fn)(const struct argp_option *o, const char *header, void *arg),
		    void *arg);

#endif
