/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Brute force: a chooser that goes through every schedule of a configuration, run by
 * run from the start.  What it reaches is what there is, so searches that are cleverer
 * are compared with it.
 *
 * Zeros to begin with, and b->chooser.take set; then a run and brute_next(), as long as
 * that says that there is one more.
 */
#ifndef TESTS_BRUTE_H
#define TESTS_BRUTE_H

#include "sim/choice.h"

/* The answers of the last run, the last one raised. */
struct brute {
	struct chooser chooser;
	uint8_t answer[MAX_CHOICES], bound[MAX_CHOICES];
	uint32_t nr, position;
};

static uint32_t brute_take(struct chooser *c, const struct choice_point *p)
{
	struct brute *b = (struct brute *)c;

	if (b->position == b->nr) {
		b->answer[b->nr] = 0;
		b->bound[b->nr++] = (uint8_t)p->bound;
	}
	return b->answer[b->position++];
}

/* False: that was the last schedule. */
static bool brute_next(struct brute *b)
{
	b->position = 0;
	while (b->nr && b->answer[b->nr - 1] + 1 == b->bound[b->nr - 1])
		b->nr--;
	if (!b->nr)
		return false;
	b->answer[b->nr - 1]++;
	return true;
}

#endif
