/* SPDX-License-Identifier: GPL-2.0-only */
/* What model.c and model_word.c share: a word's number and what it depends on. */
#ifndef SIM_MODEL_PRIV_H
#define SIM_MODEL_PRIV_H

#include "model.h"
#include "word.h"

/* Gives a word that no run has met yet a number. */
unsigned int model_loc_new(const struct access *acc);

/* The word's number; from here on this run counts as having changed it. */
static inline unsigned int model_loc(const struct access *acc)
{
	unsigned int loc = MODEL_FIXED->loc[acc->off];

	if (__builtin_expect(!loc || MODEL_FIXED->word[loc - 1].size != acc->size, 0))
		loc = model_loc_new(acc) + 1;
	loc--;
	MODEL->touched[loc / 64] |= 1ull << loc % 64;
	return loc;
}

/*
 * The same for a load.  What code without hooks has stored meanwhile, in sight of
 * its own context alone (the scheduler's on_rq), is taken over here.
 */
unsigned int model_loc_current(const struct access *acc);

/* The instant before which a load of the word by @p cannot have its address. */
static inline uint32_t model_address_dep(const struct pcpu *p, unsigned int loc)
{
	const struct model_word *w = &MODEL_FIXED->word[loc];

	if (w->pcpu && w->pcpu == p->id + 1)
		return 0;
	if (!w->object || w->pcpu || w->indexed)
		return MODEL->mem.cpu[p->id].maxr_all;
	return MODEL->learnt[p->id][w->object];
}

#endif
