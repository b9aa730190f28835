/* SPDX-License-Identifier: GPL-2.0-only */
/* What harness.c (settings) and harness_run.c (inputs) ask of each other. */
#ifndef FUZZ_HARNESS_PRIV_H
#define FUZZ_HARNESS_PRIV_H

#include "harness.h"

/* Whether the environment says what to run. */
bool harness_has_targets(void);
/* Loads what the environment says; 0 or an exit code. */
int harness_targets(void);
/* Folder of findings and counts, if there is one; 0 or an exit code. */
int harness_open(void);

#endif
