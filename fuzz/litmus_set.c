// SPDX-License-Identifier: GPL-2.0-only
/* Open addressing; grows by two. */
#include "litmus_set.h"

#include <assert.h>
#include <stdlib.h>
#include <xxhash.h>

#define SLOTS_MIN 1024

static bool is_free(const struct litmus_hash *h)
{
	return !h->low && !h->high;
}

/* The hash's slot, or the free one where it belongs. */
static struct litmus_hash *find(struct litmus_set *set, struct litmus_hash h)
{
	size_t i = h.low & (set->nr_slots - 1);

	while (!is_free(&set->slot[i]) && (set->slot[i].low != h.low ||
					   set->slot[i].high != h.high))
		i = (i + 1) & (set->nr_slots - 1);
	return &set->slot[i];
}

static void grow(struct litmus_set *set)
{
	struct litmus_set big = { .nr = set->nr };
	size_t i;

	big.nr_slots = set->nr_slots ? 2 * set->nr_slots : SLOTS_MIN;
	big.slot = calloc(big.nr_slots, sizeof(*big.slot));
	assert(big.slot);
	for (i = 0; i < set->nr_slots; i++)
		if (!is_free(&set->slot[i]))
			*find(&big, set->slot[i]) = set->slot[i];
	free(set->slot);
	*set = big;
}

bool litmus_set_add(struct litmus_set *set, const void *bytes, size_t size)
{
	XXH128_hash_t x = XXH3_128bits(bytes, size);
	struct litmus_hash h = { x.low64, x.high64 };
	struct litmus_hash *slot;

	if (is_free(&h))
		h.low = 1;
	if (set->nr * 3 >= set->nr_slots * 2)
		grow(set);
	slot = find(set, h);
	if (!is_free(slot))
		return false;
	*slot = h;
	set->nr++;
	return true;
}

void litmus_set_free(struct litmus_set *set)
{
	free(set->slot);
	*set = (struct litmus_set){ 0 };
}
