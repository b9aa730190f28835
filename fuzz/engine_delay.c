// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delay-bounded search: every schedule with 0, then 1, then 2, ... answers other
 * than 0, until the depth is reached.  The first schedule that shows a bug has
 * therefore the fewest deviations from the timed run that any schedule has.
 *
 * A schedule of level n is n positions in rising order with an answer each.
 * Whether a choice is there depends on the answers before it, so a position is
 * tried, and a run that ends before it says that there is none beyond.
 */
#include "../sim/machine.h"
#include "engine_priv.h"

void delay_begin(struct engine *e)
{
	e->next = 0;
	e->steps = 0;
}

uint32_t delay_take(struct chooser *c, const struct choice_point *p)
{
	struct engine *e = (struct engine *)c;
	uint32_t position = e->steps++;

	(void)p;
	if (e->next == e->nr || e->position[e->next] != position)
		return 0;
	return e->answer[e->next++];
}

static uint32_t bound_at(uint32_t position)
{
	return WORLD->fix.taken[position].bound;
}

bool delay_next(struct engine *e)
{
	/* Deviations that the run did not reach cannot move on: those before do. */
	unsigned int i = e->next;

	if (i--) {
		if (e->answer[i] + 1u < bound_at(e->position[i])) {
			e->answer[i]++;
		} else {
			e->position[i]++;
			e->answer[i] = 1;
		}
	} else {
		if (e->nr == e->depth) {
			e->exhausted = true;
			return false;
		}
		e->nr++;
		i = 0;
		e->position[0] = 0;
		e->answer[0] = 1;
	}
	for (unsigned int j = i + 1; j < e->nr; j++) {
		e->position[j] = e->position[j - 1] + 1;
		e->answer[j] = 1;
	}
	return true;
}
