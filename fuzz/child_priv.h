/* SPDX-License-Identifier: GPL-2.0-only */
/* What child.c and child_setup.c ask of each other. */
#ifndef FUZZ_CHILD_PRIV_H
#define FUZZ_CHILD_PRIV_H

#include "child.h"

/* Path of a program of ours that engines need. */
const char *child_program(const char *name, char path[PATH_MAX]);
/* mkdir -p; 0 or an exit code. */
int child_folders(const char *path);
/* In the process that becomes the engine. */
void child_environment(const struct child *c, const struct child_options *o);
/* Inputs to begin with; NULL: they cannot be written. */
const char *child_seeds(const struct child *c, char path[PATH_MAX]);
/* Runs @words to the end; 0 or an exit code. */
int child_run(const struct child *c, const struct child_options *o, char **words);
/* A folder without folders. */
void child_remove(const char *path);

#endif
