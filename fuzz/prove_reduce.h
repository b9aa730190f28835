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
 * The same goes for a group: steps of a few pCPUs that conflict with no future but
 * each other's (prove_group.c).  All steps of the group are followed, and no other
 * event.  What waits for a pCPU of a group has to wait on; so nobody may want it.
 * vCPUs that share nothing but their senders part in this way: one of them and
 * those that are about to kick it go first.
 *
 * What is passed over must not be passed over for ever.  So where an event that
 * stands for others leads to a state that is open, the others are followed too:
 * each cycle has such an event.
 *
 * Under tso and weak a step that stores has its store in the buffer, and the drain
 * that makes it visible is an event of its own.  It is local by the same rule, and
 * stores that wait in the buffers of other pCPUs are in the way as if they were
 * about to be made.  Own stores are not: what a pCPU loads of its own, and in what
 * order it stores, is the same on either side of a drain.  Where several stores may be
 * next, one that nobody minds stands for all of them: it is in none of the others' way.
 * Who catches up with the present (model_present()) asks the machine what others have
 * stored.
 *
 * Under weak a word has a past as long as somebody may load it.  Who does not access it
 * in any future of the task that runs on a pCPU has no use for that, and who comes to
 * the pCPU later begins in the present: states that differ in nothing but such a past
 * are one (futures_may_load()).
 *
 * A reschedule IPI that reaches a pCPU where nothing runs, nor ever will, changes
 * nothing but that it is no longer on its way, so it is taken at once.
 */
#ifndef FUZZ_PROVE_REDUCE_H
#define FUZZ_PROVE_REDUCE_H

#include "../sim/choice.h"
#include "prove_future.h"

struct reduce {
	struct futures known;
	struct watcher watcher;
	/* For each site, and whether others want the pCPU: steps tried, and local ones. */
	struct trials {
		uint32_t tried, local;
	} trials[UINT16_MAX + 1][2];
	/* The event that is tried: */
	unsigned int event;
	struct trials *trial;
	uint32_t group;			/* bitmap of pCPUs: not to be told from all others' */
	uint32_t commit;		/* of a drain: which of the stores that may be next */
	struct footprint print;
	struct world_live before;	/* but for due times */
};

/* Nothing is known of the configuration.  @r is zeros, or has been used. */
void reduce_reset(struct reduce *r);
/* A search begins, the first one, anew, or to go on with another. */
void reduce_begin(struct reduce *r, const struct futures *known);
/*
 * Whether @event may be a local step: worth a trial, which then begins.  If a drain asks
 * which store, r->commit is the answer.
 */
bool reduce_try(struct reduce *r, unsigned int event);
/*
 * A bitmap of steps that may be a group, the smallest that is known; 0: none is.  If
 * one of them turns out not to be local but for the others, it was none.
 */
uint64_t reduce_group(struct reduce *r, const struct choice_point *point);
/* For reduce_group(): whether @p may be one of several, and who is in the way of its step. */
bool reduce_may_join(struct reduce *r, const struct pcpu *p);
bool reduce_is_in_way(struct reduce *r, unsigned int task);
/* @event of the group @events is about to be made. */
void reduce_try_one_of(struct reduce *r, unsigned int event, uint64_t events);
/* After the trial: whether it was one. */
bool reduce_was_local(struct reduce *r, unsigned int event);

#endif
