/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A lead is a schedule that is worth an input of its own: a run of a batch did
 * what no run has done before.
 *
 * An engine is told of a batch's first run alone, so that what it keeps is one
 * schedule and not a heap in which one of 64 was good.  The others are scouts:
 * what they find goes into a map that the engine does not see, and the schedule
 * of who found something new becomes a lead.  The mutator hands leads out before
 * anything else; then the engine runs each as a first run, and sees for itself.
 *
 * A lead is lost if there are too many: then the map has had it, the engine not,
 * and it may still come by itself.
 *
 * Batches grow while there is nothing new: then it is the engine's own time that
 * counts, and before that how soon it learns of what is new.
 *
 * With libFuzzer both ends are in one process.  With AFL++ the mutator is in
 * afl-fuzz, and shares a piece of memory with the target, its child; through
 * that come also the states of the last input's first run, for mutate_cross().
 */
#ifndef FUZZ_LEAD_H
#define FUZZ_LEAD_H

#include "feature.h"
#include "mutate.h"

enum {
	LEADS = 64,
	/* log2 of the executions without anything new after which batches double. */
	LEADS_QUIET = 8,
	LEADS_QUIETER = 10,
};

struct leads {
	uint8_t seen[FEATURE_MAP_SIZE];	/* by any run so far */
	uint32_t quiet;			/* executions since anything was new */
	uint32_t first, nr;
	struct bytes lead[LEADS];	/* a ring */
	uint64_t key;			/* memo_key() of the last input */
	struct mutate_states states;
};

/*
 * The mutator's end of memory that processes started from here on share, or NULL:
 * then there are no leads, and all else goes on.
 */
struct leads *leads_share(void);
/* The target's end of it, or what is this process's own. */
struct leads *leads_open(bool *shared);

/* An execution's first run: what its map has is nothing new from here on. */
void leads_see(struct leads *l, const volatile uint8_t *map);
/* log2 of the runs that the next input stands for, from @usual on. */
unsigned int leads_batch(const struct leads *l, unsigned int usual);
void lead_leave(struct leads *l, const struct bytes *b);
/* False: there is none. */
bool lead_take(struct leads *l, struct bytes *b);

#endif
