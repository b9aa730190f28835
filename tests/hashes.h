/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of hashes, of states, of ends, or of steps, for tests that compare what searches
 * have seen.
 */
#ifndef TESTS_HASHES_H
#define TESTS_HASHES_H

#include "fuzz/prove_table.h"
#include "tests/sim_common.h"

enum { MEMORY = 1 << 28 };		/* of a set, and of a search */

/* True: it is new.  For a set of one process: there is always room. */
static inline bool hashes_add(struct table *t, struct snapshot_hash hash)
{
	assert_true(table_make_room(t, 1, MEMORY) && table_claim(t, 1));
	return table_add(t, hash);
}

/* How many of @some are not in @all. */
static inline unsigned int hashes_missing(const struct table *all, const struct table *some)
{
	struct snapshot_hash hash;
	unsigned int nr = 0;

	for (size_t i = 0; table_next(some, &i, &hash);)
		nr += !table_has(all, hash);
	return nr;
}

static inline void hashes_assert_same(const struct table *a, const struct table *b)
{
	assert_int_equal(hashes_missing(a, b), 0);
	assert_int_equal(hashes_missing(b, a), 0);
}

#endif
