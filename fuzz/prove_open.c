// SPDX-License-Identifier: GPL-2.0-only
/* Open states, found by hash and left in reverse order. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "prove_open.h"

enum { FIRST_PLACES = 1 << 12 };

static bool is_at(const struct open_set *o, uint32_t place, struct snapshot_hash hash)
{
	const struct open_state *s = &o->state[o->place[place] - 1];

	return s->hash.low == hash.low && s->hash.high == hash.high;
}

static uint32_t place_of(const struct open_set *o, struct snapshot_hash hash)
{
	uint32_t i = (uint32_t)hash.low & (o->nr_places - 1);

	while (o->place[i] && !is_at(o, i, hash))
		i = (i + 1) & (o->nr_places - 1);
	return i;
}

static bool grow(struct open_set *o)
{
	uint32_t size = o->size ? 2 * o->size : FIRST_PLACES / 2;
	struct open_state *state = realloc(o->state, size * sizeof(*state));
	uint32_t *place = calloc(2 * size, sizeof(*place));

	if (state)
		o->state = state;
	if (!state || !place) {
		free(place);
		return false;
	}
	free(o->place);
	o->size = size;
	o->place = place;
	o->nr_places = 2 * size;
	/* In their order, so that they can leave in the reverse one. */
	for (uint32_t i = 0; i < o->nr; i++)
		o->place[place_of(o, o->state[i].hash)] = i + 1;
	return true;
}

bool open_push(struct open_set *o, struct snapshot_hash hash, uint64_t must)
{
	if (o->nr == o->size && !grow(o))
		return false;
	o->state[o->nr] = (struct open_state){
		.hash = hash, .in_set = hash, .must = must, .low = o->nr,
	};
	o->place[place_of(o, hash)] = o->nr + 1;
	o->nr++;
	return true;
}

uint32_t open_find(const struct open_set *o, struct snapshot_hash hash)
{
	return o->nr ? o->place[place_of(o, hash)] - 1 : OPEN_NONE;
}

void open_link(struct open_set *o, uint32_t from, uint32_t to, const struct edge *edge)
{
	struct open_state *s = &o->state[from];

	/* All events but one were impossible for a moment. */
	if (edge->alone)
		s->must = 0;
	s->must &= ~edge->barred;
	s->happened |= edge->happened;
	s->loops = true;
	if (o->state[to].low < s->low)
		s->low = o->state[to].low;
}

bool open_is_complete(const struct open_set *o, uint32_t index)
{
	return o->state[index].low == index;
}

bool open_loops(const struct open_set *o, uint32_t index)
{
	/* Of several, each leads to another one. */
	return o->state[index].loops;
}

bool open_loops_for_ever(const struct open_set *o, uint32_t index)
{
	uint64_t must = ~0ull, happened = 0;

	for (uint32_t i = index; i < o->nr; i++) {
		must &= o->state[i].must;
		happened |= o->state[i].happened;
	}
	return open_loops(o, index) && !(must & ~happened);
}

/* Who came last is at the end of its run of places: no other is found through it. */
void open_leave(struct open_set *o, uint32_t index)
{
	while (o->nr > index) {
		o->place[place_of(o, o->state[o->nr - 1].hash)] = 0;
		o->nr--;
	}
}

void open_free(struct open_set *o)
{
	free(o->state);
	free(o->place);
	*o = (struct open_set){ 0 };
}

size_t open_bytes(const struct open_set *o)
{
	return o->size * sizeof(*o->state) + o->nr_places * sizeof(*o->place);
}
