/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kicksim lift: a kernel tree's kick functions as a kernel form.
 *
 * It gets its own words, argv[0] being its name, and returns the exit code; a
 * wrong option or -h ends the process.
 */
#ifndef LIFT_CMD_H
#define LIFT_CMD_H

int cmd_lift(int argc, char **argv);

#endif
