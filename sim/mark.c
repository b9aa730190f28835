// SPDX-License-Identifier: GPL-2.0-only
/* Leaving a run at a choice, and going back there. */
#include "fiber.h"
#include "machine.h"
#include "mark.h"
#include "snapshot_priv.h"

/* Where the one run that was left stands. */
static struct snapshot_run left;

void mark_leave(void)
{
	fiber_switch(&left.sp, WORLD->fix.host_sp);
}

bool mark_take(struct mark *m)
{
	assert(!WORLD->live.ended);
	if (snapshot_left_size(&left) > sizeof(m->copy))
		return false;
	m->at.sp = left.sp;
	m->chooser = WORLD->fix.chooser;
	snapshot_left_take(&m->at, m->copy);
	return true;
}

enum run_end mark_go_on(void)
{
	enum run_end end;

	assert(!WORLD->live.ended);
	fiber_switch(&WORLD->fix.host_sp, left.sp);
	end = (enum run_end)WORLD->live.ended;
	if (end == RUN_QUIESCENT || end == RUN_STEP_LIMIT)
		oracle_end(end == RUN_QUIESCENT);
	return end;
}

enum run_end mark_return(struct mark *m)
{
	snapshot_left_restore(&m->at, m->copy);
	left.sp = m->at.sp;
	WORLD->fix.chooser = m->chooser;
	WORLD->fix.trace = NULL;
	return mark_go_on();
}
