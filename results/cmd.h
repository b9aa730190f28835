/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands that work on results files alone, for kicksim's table of
 * commands.  Each gets its own words, argv[0] being its name, and returns the
 * exit code; a wrong option or -h ends the process, as argp does it.
 *
 * cmd_common is an argp child that any command can take: -h, --color and
 * --ascii.  cmd_parse() calls argp so that options end at the first other word
 * (ARGP_IN_ORDER), usage errors exit with 2, and help calls the command by its
 * whole name.
 */
#ifndef RESULTS_CMD_H
#define RESULTS_CMD_H

#include <argp.h>

extern const struct argp cmd_common;

/*
 * @name: "kicksim query".  argp's own error code, 0 if all is well.  A parser
 * may keep the words, but of state->argv only indexes: it is a copy of @argv.
 */
int cmd_parse(const struct argp *argp, const char *name, int argc, char **argv,
	      void *input);

/*
 * For parsers: the words are wrong.  One line on stderr, with where the help is, and the
 * process ends.
 */
_Noreturn void cmd_error(const struct argp_state *state, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

int cmd_query(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_matrix(int argc, char **argv);
int cmd_db(int argc, char **argv);

#endif
