/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A litmus_set is the set of byte strings that a search has met, as 128-bit
 * hashes: two strings with one hash would count as one, which has odds of about
 * nr^2 / 2^129.
 */
#ifndef FUZZ_LITMUS_SET_H
#define FUZZ_LITMUS_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct litmus_set {
	struct litmus_hash {
		uint64_t low, high;	/* both 0: free */
	} *slot;
	size_t nr_slots;	/* a power of two */
	size_t nr;
};

/* Starts as { 0 }.  True if the bytes were not in the set before. */
bool litmus_set_add(struct litmus_set *set, const void *bytes, size_t size);
void litmus_set_free(struct litmus_set *set);

#endif
