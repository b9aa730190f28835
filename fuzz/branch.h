/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A branch is a run that begins as another one did, the root, and is made from where
 * the two part.
 *
 * All runs of a batch are made from one schedule: they share its first segments,
 * and half of them do what the root did to the end, for they differ in what does not
 * come to pass.  So the root's run is marked (mark.h) where each of its segments takes
 * effect, a branch goes on from the last mark before its first difference, and one
 * that cannot differ is not run.
 *
 * What a branch's run is, its trace, its reports and its schedule, is what it would
 * be from the beginning.  Features are told from the place on where it goes on:
 * those before are the root's.
 */
#ifndef FUZZ_BRANCH_H
#define FUZZ_BRANCH_H

#include "feature.h"
#include "mutate.h"
#include "run.h"

/*
 * Runs @b, which stays as it is while it has branches.  @states, if not NULL, gets
 * the state at each segment; @features: the world is watched for them; @marks: it
 * will have branches.
 */
void branch_root(const struct bytes *b, struct mutate_states *states, bool features,
		 bool marks, struct run_result *result);
/*
 * Runs @b, of the same configuration, with the root's features.  False: it would
 * repeat the root's run, and nothing has been done.  @skipped: steps that were not
 * made again.
 */
bool branch_run(const struct bytes *b, struct run_result *result, uint32_t *skipped);

#endif
