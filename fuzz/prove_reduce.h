/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reduction leaves out orders of events that no rule can tell apart.
 *
 * A step is local in a state if nobody else can notice it from there on: it
 * accesses memory, and memory of the oracles, that conflicts with nothing in the
 * future of another task (prove_future.h), nor with what may interrupt its own
 * task before it; and it changes nothing but that memory, its own stack and what
 * it announces next.  Whatever others do before it they can do after it, with
 * the same outcome: in any run that comes by here, the step can be moved to the
 * front.  So of all answers of this choice the local step alone is followed.
 *
 * A race is judged when two tasks are about to make conflicting accesses.  The
 * local step itself is in none, because it conflicts with no future; moving it
 * forward makes the access after it be announced in more states, not in fewer;
 * and a step that meets another's access by announcing its next one is not local.
 *
 * The step is made and the world before and after it compared, so that what it
 * changes is observed, not assumed.  Code that asks the machine what others or an
 * interrupt may change at any time (world_fixed's @asked) is not local.
 *
 * What a local step passes over must not be passed over for ever.  So it has to
 * lead forward in the text of the program, by the order of its task's return
 * addresses from the outermost on: no cycle is made of such steps alone.
 *
 * Under tso and weak a step that stores has its store in the buffer, and the drain
 * that makes it visible is an event of its own.  It is local by the same rule, and
 * stores that wait in the buffers of other pCPUs are in the way as if they were
 * about to be made.  Own stores are not: what a pCPU loads of its own, and in what
 * order it stores, is the same on either side of a drain.  A drain leads forward in
 * that there is less to drain, and it takes a step to have more.  Who catches up
 * with the present (model_present()) asks the machine what others have stored.
 */
#ifndef FUZZ_PROVE_REDUCE_H
#define FUZZ_PROVE_REDUCE_H

#include "../sim/choice.h"
#include "prove_future.h"

enum { CHAIN_MAX = 24 };

/* Where a task is: return addresses, outermost first. */
struct chain {
	unsigned int nr;
	uintptr_t at[CHAIN_MAX];
};

struct reduce {
	struct futures known;
	struct watcher watcher;
	/* For each site, and whether others want the pCPU: steps tried, and local ones. */
	struct trials {
		uint32_t tried, local;
	} trials[UINT16_MAX + 1][2];
	/* The event that is tried: */
	struct trials *trial;
	struct footprint print;
	struct chain chain;
	struct world_live before;	/* but for due times */
};

/* A search begins, the first one, anew, or to go on with another. */
void reduce_begin(struct reduce *r, const struct futures *known);
/* Whether @event may be a local step: worth a trial, which then begins. */
bool reduce_try(struct reduce *r, unsigned int event);
/* After the trial: whether it was one. */
bool reduce_was_local(struct reduce *r, unsigned int event);

#endif
