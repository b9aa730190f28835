/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands that run something.  Each gets its own words, argv[0] being its
 * name, and returns the exit code; a wrong option or -h ends the process.
 */
#ifndef FUZZ_CMD_H
#define FUZZ_CMD_H

struct witness;

int cmd_run(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_campaign(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_claim(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_prove(int argc, char **argv);
int cmd_litmus(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_learn(int argc, char **argv);

/* Runs a witness and prints it on stdout in a format of show.h. */
int show_witness(struct witness *w, const char *format);

#endif
