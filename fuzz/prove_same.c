// SPDX-License-Identifier: GPL-2.0-only
/* What a search takes for the same state, and how it makes sure of that. */
#include "prove_search.h"

/* Of the states that it turns back at, all of the first and some of the others are tested. */
enum { TESTED_FIRST = 64, TESTED_EVERY = 1 << 12 };

static bool mirror(struct search *s)
{
	struct prove_shared *shared = s->shared;

	if (mirror_path(s, s->symmetry)) {
		s->p->nr_mirrored++;
		return true;
	}
	/* Of this round nothing is worth anything. */
	if (!shared->asymmetric)
		memcpy(shared->why, s->symmetry->why, sizeof(shared->why));
	shared->asymmetric = true;
	shared->halt = 1;
	s->over = true;
	return false;
}

/* Whether a stack holds what it has not held before after what it held in the state before. */
static bool goes_new_ways(struct search *s, const struct snapshot_rest *rest)
{
	const uint64_t *before = s->depth ? s->frame[s->depth - 1].stood : NULL;
	unsigned int nr = WORLD->fix.nr_tasks + (unsigned int)WORLD->fix.config.nr_pcpus;
	bool is_new = false;

	for (unsigned int i = 0; i <= nr; i++) {
		uint64_t now = i < nr ? rest->stack[i].low : rest->ask.stack.low;

		s->stood[i] = now;
		if (before && before[i] != now)
			is_new |= twins_way_is_new(&s->symmetry->twins, i, before[i], now);
	}
	return is_new;
}

bool search_hash(struct search *s, struct snapshot_hash *hash, struct snapshot_hash *in_set)
{
	static _Alignas(64) unsigned char buf[SNAPSHOT_FORM_MAX];
	struct snapshot_form form;

	snapshot_form(&s->run, &form, buf);
	*hash = *in_set = snapshot_form_hash(&form);
	if (!s->symmetry)
		return true;
	if (!goes_new_ways(s, form.rest) && symmetry_hash(s->symmetry, &form, *hash, in_set))
		return true;
	if (s->over || !mirror(s))
		return false;
	/* A model's part was in other hands. */
	snapshot_form(&s->run, &form, buf);
	return symmetry_hash(s->symmetry, &form, *hash, in_set);
}

void search_turns_back(struct search *s, struct snapshot_hash hash, struct snapshot_hash in_set)
{
	if (!s->symmetry || s->over || (hash.low == in_set.low && hash.high == in_set.high))
		return;
	s->nr_turned++;
	if (s->nr_turned <= TESTED_FIRST || s->nr_turned % TESTED_EVERY == 0)
		mirror(s);
}

void search_mirrors_news(struct search *s)
{
	const struct world_live *l = &WORLD->live;
	unsigned int nr = WORLD->fix.nr_tasks + (unsigned int)WORLD->fix.config.nr_pcpus;
	bool is_new = false;

	if (!s->symmetry || !s->reduce || s->over)
		return;
	for (unsigned int i = 0; i < nr; i++)
		is_new |= !s->symmetry->linked[l->task[i].node];
	if (!is_new || !mirror(s))
		return;
	for (unsigned int i = 0; i < nr; i++)
		s->symmetry->linked[l->task[i].node] = true;
}
