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
 * Two states with one hash would be taken for one.  With n states the chance
 * that any two of them are is below n * n / 2^129: table_collision_bits().
 *
 * Nothing here knows what a state is.
 */
#ifndef FUZZ_PROVE_TABLE_H
#define FUZZ_PROVE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "../sim/snapshot.h"

struct table {
	struct snapshot_hash *slot;	/* both halves 0: free */
	size_t nr_slots, nr_used;
	size_t max_bytes;
};

enum table_added { TABLE_NEW, TABLE_KNOWN, TABLE_FULL };

/* False: not even the smallest table fits, or there is no memory. */
bool table_init(struct table *t, size_t max_bytes);
void table_free(struct table *t);
/* TABLE_FULL: it was not there, and there is no room within max_bytes. */
enum table_added table_add(struct table *t, struct snapshot_hash hash);
bool table_has(const struct table *t, struct snapshot_hash hash);
size_t table_bytes(const struct table *t);
/* The chance that two of so many states have one hash is at most 1 in 2^this. */
unsigned int table_collision_bits(uint64_t nr_states);

#endif
