// SPDX-License-Identifier: GPL-2.0-only
/* Asking for an answer, and writing it down. */
#include "machine.h"

uint32_t choice_take(const struct choice_point *point)
{
	struct world *w = WORLD;
	uint32_t answer, n = w->live.nr_choices;

	assert(point->bound >= 2);
	if (n >= MAX_CHOICES)
		run_finish(RUN_STEP_LIMIT);
	answer = w->fix.chooser->take(w->fix.chooser, point);
	if (answer == CHOICE_REFUSED)
		run_finish(RUN_REFUSED);
	assert(answer < point->bound);
	w->fix.taken[n] = (struct taken){
		.kind = (uint8_t)point->kind,
		.bound = (uint8_t)point->bound,
		.answer = (uint8_t)answer,
		.event = (uint8_t)(point->kind == CHOICE_EVENT ? choice_event(point, answer) : 0),
	};
	w->live.nr_choices = n + 1;
	return answer;
}
