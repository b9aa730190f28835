/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An engine is a chooser that looks for bad interleavings.
 *
 * random	leaves the timed order at a rate drawn for each run, for anything that
 *		can happen, but seldom what nobody needs
 * pct		priorities with d-1 change points (Burckhardt et al., ASPLOS 2010)
 * pos		a random priority for each pending event, drawn anew for those that
 *		lose a race (Yuan, Yang, Gu, CAV 2018)
 * delay	all schedules with at most d answers other than 0, fewest first
 *
 * All draw from one seed, so (configuration, engine, seed) is the run; a finding
 * keeps the schedule itself and depends on no engine.
 */
#ifndef FUZZ_ENGINE_H
#define FUZZ_ENGINE_H

#include <stdbool.h>
#include "../sim/choice.h"

enum engine_kind { ENGINE_RANDOM, ENGINE_PCT, ENGINE_POS, ENGINE_DELAY, NR_ENGINES };

extern const char *const engine_name[NR_ENGINES];

enum { ENGINE_MAX_DEPTH = 16, ENGINE_EVENTS = MAX_PCPUS * NR_EVENT_KINDS };

struct engine {
	struct chooser chooser;
	enum engine_kind kind;
	unsigned int depth;		/* pct: d; delay: most answers other than 0 */
	struct random random;
	unsigned int rate_shift;	/* random: deviates if 32 bits, shifted, are 0 */
	/* pct */
	uint32_t k, steps;		/* longest run so far; choices in this run */
	uint32_t change[ENGINE_MAX_DEPTH];
	uint32_t priority[ENGINE_EVENTS];
	/* pos */
	uint64_t drawn;			/* bitmap of events that have a priority */
	/* delay: positions and answers, the next combination to run */
	unsigned int nr, level;
	uint32_t position[ENGINE_MAX_DEPTH];
	uint8_t answer[ENGINE_MAX_DEPTH];
	unsigned int next;
	bool exhausted;
};

/* False if there is no engine @name ("pct:3" sets the depth). */
bool engine_parse(struct engine *e, const char *name);
/* Starts the run that @seed draws; delay has no seed and goes through all. */
void engine_seed(struct engine *e, uint64_t seed);
/* After a run: what the engine learns from it; false: there is nothing left. */
bool engine_done(struct engine *e);
/* Events that compete in the prepared world: PCT's n. */
unsigned int engine_actors(void);
/*
 * PCT's promise for runs of at most @k choices among @n events: a bug of depth
 * @d is hit by one run with a chance of at least 1 in the returned number.
 */
double engine_pct_odds(unsigned int d, unsigned int n, unsigned int k);

#endif
