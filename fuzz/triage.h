/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A triage looks for a data race that somebody has reported, and for what else
 * goes wrong in the runs that have it.
 *
 * All scenarios of a form take turns, and engines within them, until the budget is
 * used up.  A run has the race if kicksim would report the same two functions and
 * accesses.  What such runs break, beyond the race, is its consequence; the first
 * schedule that shows it is kept.
 */
#ifndef FUZZ_TRIAGE_H
#define FUZZ_TRIAGE_H

#include "kcsan.h"
#include "run.h"

struct triage_hit {
	uint64_t runs;			/* with the race that break the rule */
	struct config config;		/* of the first of them */
	struct schedule schedule;
	struct report report;
};

struct triage {
	const struct kcsan_report *wanted;
	uint64_t runs, races;		/* all, and those with the race */
	struct triage_hit race;		/* the race itself */
	struct triage_hit hit[NR_ORACLES];
};

/* @kernel and @arch: the form.  @runs: the budget.  0, or an exit code. */
int triage_search(struct triage *t, const char *kernel, const char *arch, uint64_t runs);

#endif
