/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tidying up: what nobody will read again of a suspended stack becomes zero.
 *
 * Compilers leave values behind in frames and in registers that callees keep.
 * Two states that differ in nothing else have the same future, and a search that
 * compares states should not visit both.  The zeros are really written, so the run
 * goes on with them: were something taken for dead that is not, it would be a
 * different run, and tests fill the same bytes with garbage to see that it is not.
 *
 * A stack is a chain of frames, each found by the frame pointer of the one before.
 * What is live in each is live.h's business; from the outermost frame inwards each
 * one says what its callees have to keep.  Frames that are not understood stay as
 * they are.
 *
 * Legal while nobody runs.
 */
#ifndef FUZZ_TIDY_H
#define FUZZ_TIDY_H

#include "../sim/snapshot.h"

/*
 * Zeros for the dead bytes of all stacks that have been used since they were tidied
 * up: while the run is paused, or as an event is about to happen.
 */
void tidy_paused(const struct snapshot_run *run);
void tidy_turns(void);

/*
 * Calls @visit for bytes of each stack that a paused run will come back to: dead
 * ones, and those that are live and no frame pointer or return address.
 */
void tidy_visit(const struct snapshot_run *run,
		void (*visit)(void *from, size_t size, bool live, void *arg), void *arg);

#endif
