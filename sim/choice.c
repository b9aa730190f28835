// SPDX-License-Identifier: GPL-2.0-only
/* Asking for an answer, and writing it down. */
#include "machine.h"

void choice_refuse(const struct choice_point *point, uint32_t answer)
{
	if (WORLD->live.nr_choices >= MAX_CHOICES)
		run_finish(RUN_STEP_LIMIT);
	assert(point->bound >= 2 && answer == CHOICE_REFUSED);
	run_finish(RUN_REFUSED);
	__builtin_unreachable();
}

uint32_t choice_take(const struct choice_point *point)
{
	uint32_t answer = choice_ask(point);

	choice_record(point, answer,
		      point->kind == CHOICE_EVENT ? choice_event(point, answer) : 0);
	return answer;
}
