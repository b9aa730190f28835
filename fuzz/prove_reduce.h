/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reduction leaves out orders of events that no rule can tell apart.
 *
 * A step is local if it accesses memory that no other context ever touches, or
 * that nobody ever writes, and changes nothing but that memory and its own
 * context's stack and next access.
 * Whatever others do before it they can do after it, with the same outcome: in
 * any run that comes by here, the step can be moved to the front.  So of all
 * answers of this choice the local step alone is followed.
 *
 * Both halves are observed, not assumed.  The step is made and the world before
 * and after it compared; code that asks about its pCPU on the way (world_fixed's
 * @asked) is not local, nor is a step that is announced beside another's access.
 * And for each word it is known which contexts have accessed it, and whether one
 * wrote.  If that becomes a conflict and a local step has relied on there being
 * none, the search begins anew, knowing the word.  When a search ends without
 * that, no run of the configuration has such a conflict: of the shortest run that
 * had, all before its last access would obey the rule, so the search would have
 * come to that access too.
 *
 * A local step that leads back to a state of its own path is not followed alone,
 * or what it passes over might be passed over for ever.
 *
 * Under tso and weak a store is in the buffer when its step is done, which is
 * another matter: no reduction there.
 */
#ifndef FUZZ_PROVE_REDUCE_H
#define FUZZ_PROVE_REDUCE_H

#include "../sim/choice.h"
#include "../sim/world.h"

/* What a search finds out, and what it relies on; several can tell each other. */
struct reduce_known {
	uint8_t owner[SHARED_WORDS];	/* 0: nobody yet, WORD_SHARED, or context + 1 */
	uint8_t written[SHARED_WORDS];	/* since the run began */
	uint8_t notified[SHARED_WORDS];	/* accessed by preempt notifiers */
	uint8_t relied[SHARED_WORDS];	/* local steps have accessed it: what they rely on */
};

struct reduce {
	bool violated;			/* begin anew: a word relied on is shared */
	struct reduce_known known;
	/* For each site: steps tried, and those of them that were local. */
	uint32_t tried[UINT16_MAX + 1], local[UINT16_MAX + 1];
	struct world_live before;	/* the step that is tried, but for due times */
};

/* A search begins, the first one, anew, or to go on with another. */
void reduce_begin(struct reduce *r, const struct reduce_known *known);
/* @to knows all that @from knows, too. */
void reduce_learn(struct reduce_known *to, const struct reduce_known *from);
/* What has been relied on is not so: the search has to begin anew. */
bool reduce_is_wrong(const struct reduce_known *known);
/* For the search that begins anew: nothing is relied on yet. */
void reduce_forget(struct reduce_known *known);
/* Each event that happens is told, before it does. */
void reduce_happens(struct reduce *r, unsigned int event);
/* Whether @event may be a local step: worth a trial, which then begins. */
bool reduce_try(struct reduce *r, unsigned int event);
/* After the trial: whether it was one. */
bool reduce_was_local(struct reduce *r, unsigned int event);

#endif
