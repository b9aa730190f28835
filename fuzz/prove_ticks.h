/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A held tick is one that comes later: a search leaves it out of a state, because
 * nobody looks at what it does before it can come again.
 *
 * While a task has preemption off, a tick on its pCPU only writes down that the
 * scheduler wants the pCPU, and where the task is to go.  Its own code reads that
 * where preemption comes on, or by asking; nobody else does.  So a tick and any
 * other event of such a state can change places, if after that event preemption is
 * still off, the tick is still possible and as free or paid for as before, and the
 * pCPU's own event has asked the machine nothing.  Others change what the tick means
 * by putting a task on the pCPU's queue, or by letting its rotations begin anew.
 *
 * The pCPU's own event may even look whether the task has to go: once, with nothing
 * after that but the next access announced (all else is compared), and a task that can
 * go there.  Then it is switched before it announces that, or after: when it is back
 * it does the same.
 *
 * All this is observed as the other events are followed.  Where it is so for all of
 * them the tick is held: a run that begins with ticks that are held has its first
 * other event moved before them, is not longer, breaks the same rules, and goes on
 * from a state that the search comes to.  So the search meets such a tick right
 * before what is noticed of it, or the run ends before that, with the same memory.
 *
 * An event that asks something before it is through is not followed to its end from
 * its state.  Of those only ticks elsewhere, and drains, change places with a held one.
 * A tick elsewhere brings no task here if its own has preemption off; or runs a guest,
 * unless code was seen to be through with that at once (futures' moves_at_once); or if
 * there is budget for one of the two: then there is no such run.
 *
 * A free tick has to happen: a cycle of states passes over it (prove_open.h).  Each
 * cycle has a state at which nothing is held, as of all that is left out.
 *
 * Interrupts of a pCPU make it catch up with the present, which matters where a load
 * may yet give an older value; and announce anew what it is about to do, which says
 * anew who races with it.  There nothing is held, nor where pCPUs are unplugged.  Of
 * two others that race with one access, another one may be told of.
 */
#ifndef FUZZ_PROVE_TICKS_H
#define FUZZ_PROVE_TICKS_H

#include "../sim/choice.h"
#include "prove_future.h"

struct held_ticks {
	uint64_t events;		/* ticks that nobody has noticed so far */
	uint64_t optional;		/* of all events of their state */
	uint8_t guests;			/* bitmap of pCPUs whose guest runs */
	uint8_t deaf;			/* ... whose task has preemption off */
	uint8_t budget;			/* for ticks: how many may come */
};

/* The ticks of the world's present state that may be held; the others are tried first. */
void ticks_hold(struct held_ticks *held, const struct choice_point *point);
/* An answer of a choice of that kind is about to be followed. */
void ticks_watch(struct held_ticks *held, enum choice_kind kind);
/*
 * @event was followed alone, and now @point is asked; or NULL: more happened, or the run
 * is over.  True: somebody has noticed ticks, which are not held any more.
 */
bool ticks_notice(struct held_ticks *held, struct futures *f, unsigned int event,
		  const struct choice_point *point);
/* It was said where a task is to go, and all that comes of it at once has happened. */
void ticks_moved(const struct held_ticks *held, struct futures *f);

#endif
