/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A shown run is a witness run once more for somebody's eyes: with its trace,
 * its result, the report that it is about, and the line that replays it.
 *
 * Begin leaves the world prepared for it and its run the world's last; what is
 * in it holds until the end, names of words as long as the world is.
 */
#ifndef FUZZ_SHOW_RUN_H
#define FUZZ_SHOW_RUN_H

#include "show.h"
#include "witness.h"

struct show_run {
	struct show_input input;
	struct trace trace;
	struct run_result result;
	char line[SCHEDULE_TEXT + 1200];
};

/* After run_init().  @w has to last as long.  0, or an exit code and a line on stderr. */
int show_run_begin(struct show_run *r, struct witness *w);
void show_run_end(struct show_run *r);

#endif
