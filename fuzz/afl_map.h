/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AFL++'s map holds edges of the program.  Features of our own get places in it
 * by posing as edges before the runtime has told afl-fuzz how many there are.
 *
 * The file that does so must not be instrumented: the compiler pass has names of
 * its own for the same variables.
 */
#ifndef FUZZ_AFL_MAP_H
#define FUZZ_AFL_MAP_H

#include <stdint.h>

/* FEATURE_MAP_SIZE bytes, 0 or 1: the features of the execution that is about to end. */
void afl_map_set(const uint8_t *features);

#endif
