/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The visited set of an exhaustive search: 128-bit hashes, nothing else.
 *
 * A hash's place is its high half scaled to the table's length, and whoever
 * finds it taken goes on to the next.  So the entries are almost in the order of
 * their hashes, and a longer table is filled by one pass over the shorter one:
 * it can grow by a quarter at a time, and a visited state costs 16 bytes at a
 * load between LOAD_MAX and four fifths of it, at most 24 bytes.
 *
 * Processes forked after table_init() share the table if it and its struct are in
 * shared memory.  table_add() and table_has() need no lock: a slot is taken by
 * one atomic exchange.  Before, room has to be claimed: table_claim() may make
 * the table longer, and while it does nobody else may be at work on it, which is
 * the callers' business.
 *
 * Two states with one hash would be taken for one.  A hash is made in two steps, of
 * parts and then of all, and either may be at fault: with n states the chance that
 * any two of them are taken for one is below n * n / 2^128: table_collision_bits().
 *
 * Nothing here knows what a state is.
 */
#ifndef FUZZ_PROVE_TABLE_H
#define FUZZ_PROVE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "../sim/snapshot.h"

struct table_slot {
	_Atomic uint64_t low, high;	/* low 0: free; high 0: about to be written */
};

struct table {
	/* Two areas of address space; the slots are in one of them, to grow into the other. */
	struct table_slot *area[2];
	size_t nr_slots, max_slots;
	uint8_t which;			/* area */
	bool shared;
	/* With the room that is claimed.  Written often, so apart from what is only read. */
	_Alignas(64) _Atomic size_t nr_used;
};

/* False: not even the smallest table fits, or there is no address space. */
bool table_init(struct table *t, size_t max_bytes, bool shared);
void table_free(struct table *t);
/* Forgets all that is in it. */
void table_clear(struct table *t);
/* Claims room for so many more; false: it would have to be made first. */
bool table_claim(struct table *t, size_t nr);
/*
 * Makes the table longer, if it has to be, so that so many can be claimed; nobody
 * else may use it meanwhile.  False: no room within @max_bytes.
 */
bool table_make_room(struct table *t, size_t nr, size_t max_bytes);
/* True if it is new; else the room that was claimed for it is given back. */
bool table_add(struct table *t, struct snapshot_hash hash);
bool table_has(const struct table *t, struct snapshot_hash hash);
/* It will be asked for soon: memory may begin to bring it. */
void table_expect(const struct table *t, struct snapshot_hash hash);
/* The next entry from slot *@i on, which is moved past it; false: there is none. */
bool table_next(const struct table *t, size_t *i, struct snapshot_hash *hash);
size_t table_bytes(const struct table *t);
/* The chance that two of so many states have one hash is at most 1 in 2^this. */
unsigned int table_collision_bits(uint64_t nr_states);

#endif
