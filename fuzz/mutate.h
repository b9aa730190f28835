/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mutation makes a new input of one or two old ones by changing what a schedule
 * is made of: a context switch moves, is dropped, repeated or spliced in, the
 * tail is shifted or cut, two schedules are crossed.  Bits are never flipped:
 * most bits of a schedule mean nothing without the others.
 *
 * One mutator stands behind libFuzzer, AFL++ and the batches of the harness.  It
 * draws from the seed alone, and what it makes is always valid and in its own
 * shortest form (bytes_print()).
 *
 * Two schedules are crossed at the same abstract state of the protocol where
 * their states are known, else at the same event.
 */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include "bytes.h"

/* The abstract state of all vCPUs when each segment took effect. */
struct mutate_states {
	uint32_t nr;
	uint32_t state[BYTES_SEGMENTS];
};

/* What was done last, for AFL++'s file names: "move,drop". */
const char *mutate_describe(void);
/* The input was not mutated, but is new all the same. */
void mutate_call(const char *word);

void mutate(struct bytes *b, struct random *r);
/* As mutate(), and a number of the configuration now and then. */
void mutate_swarm(struct bytes *b, struct random *r);
/* Head of @a, tail of @b; either of the states may be NULL. */
void mutate_cross(struct bytes *out, const struct bytes *a, const struct mutate_states *sa,
		  const struct bytes *b, const struct mutate_states *sb, struct random *r);
/* Segment @at never happens; those behind it stay where they are. */
void mutate_leave_out(struct bytes *b, unsigned int at);
/* Batches are drawn from it, too: else all searches would begin with the same runs. */
extern uint64_t mutate_salt;
/* Run @i of those that @b stands for; 0 is @b itself. */
void mutate_batch(struct bytes *out, const struct bytes *b, unsigned int i);

#endif
