// SPDX-License-Identifier: GPL-2.0-only
/* Orbits of parts, found by any of their values. */
#include <stdlib.h>
#include "prove_twins.h"

enum { SLOT_BITS = 17, SLOTS = 1 << SLOT_BITS, SLOTS_USED = SLOTS / 4 * 3,
       WAY_BITS = 20, WAYS = 1 << WAY_BITS, WAYS_USED = WAYS / 4 * 3 };

static bool is_same(struct stack_hash a, struct stack_hash b)
{
	return a.low == b.low && a.high == b.high;
}

static uint32_t slot_of(const struct twins *t, uint32_t where, struct stack_hash value)
{
	uint64_t mixed = (value.low ^ value.high << 7 ^ (uint64_t)where << 40) *
			 0x9e3779b97f4a7c15ull;
	uint32_t i = (uint32_t)(mixed >> (64 - SLOT_BITS));

	while (t->slot[i].orbit && (t->slot[i].twin.where != where ||
				    !is_same(t->slot[i].twin.value, value)))
		i = (i + 1) % SLOTS;
	return i;
}

bool twins_init(struct twins *t, unsigned int nr, uint8_t chain[SYMMETRIES][SYMMETRIES])
{
	*t = (struct twins){ .nr = nr };
	memcpy(t->chain, chain, sizeof(t->chain));
	/* No more orbits than values: what is not used is not there. */
	t->slot = calloc(SLOTS, sizeof(*t->slot));
	t->orbit = calloc(SLOTS_USED, nr * sizeof(*t->orbit));
	t->way = calloc(WAYS, sizeof(*t->way));
	return t->slot && t->orbit && t->way;
}

void twins_free(struct twins *t)
{
	free(t->slot);
	free(t->orbit);
	free(t->way);
	*t = (struct twins){ 0 };
}

const struct stack_hash *twins_find(const struct twins *t, uint32_t where,
				    struct stack_hash value, unsigned int *member)
{
	const struct twin_slot *s = &t->slot[slot_of(t, where, value)];

	if (!s->orbit)
		return NULL;
	*member = s->member;
	return &t->orbit[(s->orbit - 1) * t->nr];
}

/* Whether @of is the orbit of one of its values, which is the one of member @as. */
static bool agrees(const struct twins *t, const struct stack_hash *orbit, unsigned int as,
		   const struct twin *of, unsigned int own)
{
	for (unsigned int g = 0; g < t->nr; g++)
		if (!is_same(orbit[t->chain[g][as]], of[t->chain[g][own]].value))
			return false;
	return true;
}

bool twins_learn(struct twins *t, const struct twin *of)
{
	struct stack_hash *orbit = &t->orbit[t->nr_orbits * t->nr];
	bool is_new = !t->slot[slot_of(t, of[0].where, of[0].value)].orbit;

	if (is_new) {
		if (t->nr_used + t->nr > SLOTS_USED)
			return false;
		for (unsigned int g = 0; g < t->nr; g++)
			orbit[g] = of[g].value;
		t->nr_orbits++;
	}
	for (unsigned int g = 0; g < t->nr; g++) {
		struct twin_slot *s = &t->slot[slot_of(t, of[g].where, of[g].value)];

		if (!s->orbit) {
			if (!is_new)
				return false;
			*s = (struct twin_slot){ of[g], t->nr_orbits, g };
			t->nr_used++;
		}
		if (!agrees(t, &t->orbit[(s->orbit - 1) * t->nr], s->member, of, g))
			return false;
	}
	return true;
}

bool twins_way_is_new(struct twins *t, uint32_t where, uint64_t from, uint64_t to)
{
	uint64_t key = (from ^ (to << 23 | to >> 41) ^ (uint64_t)where << 48) *
		       0x9e3779b97f4a7c15ull;
	uint32_t i;

	key ^= key >> 32;
	key |= !key;
	for (i = (uint32_t)(key >> (64 - WAY_BITS)); t->way[i]; i = (i + 1) % WAYS)
		if (t->way[i] == key)
			return false;
	if (t->nr_ways == WAYS_USED)
		return true;
	t->way[i] = key;
	t->nr_ways++;
	return true;
}
