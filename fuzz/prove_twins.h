/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Twins are what the parts of a state become in states in which others have taken
 * their places.
 *
 * A part is the contents of a stack, the value of a word, or what a pCPU waits for: a
 * value at a place.  Where the numbers of pCPUs are in it cannot be told from its bytes.
 * But a run and its mirror images, in which other pCPUs do the same, come to states
 * whose parts are each other's twins: so twins are learnt from runs, part by part, and
 * contents of parts are few, however many states are made of them.
 *
 * All twins of a part are one orbit: one for each member of a group of renamings.  What
 * a member does to a value has to be one value wherever it is met.  If it is not, then
 * no renaming of parts makes mirror images, and twins_learn() says so.
 *
 * A way is that one value of a part follows another.  They are few, too, and whoever has
 * seen each of them in all mirror images has seen all that code does with a part.
 *
 * Nothing here knows what a renaming is, nor a state.
 */
#ifndef FUZZ_PROVE_TWINS_H
#define FUZZ_PROVE_TWINS_H

#include <stdbool.h>
#include <stdint.h>
#include "../sim/world.h"

/* A group of so many; S4, or two pairs and three that are alike. */
enum { SYMMETRIES = 24 };

/* A value at a place, which is a number of the caller's. */
struct twin {
	uint32_t where;
	struct stack_hash value;
};

struct twin_slot {
	struct twin twin;
	uint32_t orbit;			/* index + 1; 0: free */
	uint32_t member;		/* ... of which it is the value */
};

struct twins {
	unsigned int nr;		/* members; the first one changes nothing */
	uint8_t chain[SYMMETRIES][SYMMETRIES];	/* [g][h]: first h, then g */
	struct twin_slot *slot;
	struct stack_hash *orbit;	/* @nr values each */
	uint32_t nr_used, nr_orbits;
	uint64_t *way;			/* hashes */
	uint32_t nr_ways;
};

/* @chain: of @nr members.  False: no memory. */
bool twins_init(struct twins *t, unsigned int nr, uint8_t chain[SYMMETRIES][SYMMETRIES]);
void twins_free(struct twins *t);
/*
 * One of each member's states' parts, in their order: twins.  False: that contradicts
 * what was learnt before, or there is no room for more.
 */
bool twins_learn(struct twins *t, const struct twin *of);
/*
 * Values of all members, of which @member is the one that was given: what g makes of it
 * is [t->chain[g][*member]].  NULL: it has not been met.
 */
const struct stack_hash *twins_find(const struct twins *t, uint32_t where,
				    struct stack_hash value, unsigned int *member);

/*
 * Whether it is new that one value came after another at a place.  A table that is full
 * has met none.
 */
bool twins_way_is_new(struct twins *t, uint32_t where, uint64_t from, uint64_t to);

#endif
