/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shrinking makes a schedule that shows a bug as small as it can be: fewest
 * answers other than 0, then fewest steps.
 *
 * First the bug is searched anew with the delay engine, which meets schedules
 * with fewer such answers first: what it finds is the least possible for this
 * configuration.  If that takes more than @max_steps simulated steps, answers of
 * the given schedule are set to 0 and lowered one by one as long as the bug
 * stays.  The bug is the same if the same rule breaks at the same places.
 */
#ifndef FUZZ_SHRINK_H
#define FUZZ_SHRINK_H

#include "run.h"

struct shrunk {
	struct schedule schedule;
	struct run_result result;	/* of its replay */
	struct report report;		/* the one it is for */
	bool fewest;			/* no schedule with fewer answers shows it */
	uint64_t nr_runs;		/* that shrinking took */
};

/*
 * The world must be prepared for @c.  False: the schedule does not replay, or
 * two replays differ: a bug of ours.  What there is when *@stop becomes non-zero
 * (may be NULL) is the result.
 */
bool shrink(const struct config *c, const struct schedule *from, const struct report *report,
	    uint64_t max_steps, const _Atomic int *stop, struct shrunk *out);

#endif
