/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mark is a choice of an ordinary run to which the run can go back.
 *
 * Runs that begin with the same answers are the same up to where they part: who
 * makes many of them saves the common beginning.  The chooser decides where: in its
 * take() it calls mark_leave(), and the run comes back to its caller, as if it were
 * over, but with RUN_GOES_ON.  There mark_take() copies the world, and mark_go_on()
 * lets the run go on: mark_leave() returns.  mark_return() puts the copy back, at
 * any later time, and mark_leave() returns once more.
 *
 * What a chooser remembers is outside the world, and stays as it is: who returns to
 * a mark says what the chooser is to answer from there on.
 *
 * A paused run (snapshot.h) can be copied at each choice and its states compared;
 * this one costs nothing where nobody leaves it.  A mark fits only the world_setup()
 * that it was taken with.
 */
#ifndef SIM_MARK_H
#define SIM_MARK_H

#include "snapshot.h"

enum { MARK_SIZE = 1 << 15 };

struct mark {
	struct snapshot_run at;		/* only its place is used */
	struct chooser *chooser;
	unsigned char copy[MARK_SIZE];
};

/* Of a chooser's take(): leaves the run, and returns when it goes on. */
void mark_leave(void);
/* The three below are legal when a run has come back with RUN_GOES_ON. */
/* False: the world is larger than a mark, @m says nothing. */
bool mark_take(struct mark *m);
/* Returns the run's end, or RUN_GOES_ON. */
enum run_end mark_go_on(void);
/* Also when the run, or another one of the same setup and chooser, has ended. */
enum run_end mark_return(struct mark *m);

#endif
