/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which records of a trace a report is about.
 *
 * A report names two or three places and the step where it was seen; these find
 * the records that were made there, and then those that a reader needs with
 * them to see what went wrong: a window of the trace, and of it the lines about
 * the vCPUs concerned.
 */
#ifndef FUZZ_SHOW_PICK_H
#define FUZZ_SHOW_PICK_H

#include "show.h"

#define SHOW_NO_RECORD	UINT32_MAX

/* The index of the report's own record, or the number of records. */
uint32_t show_report_index(const struct trace *t, const struct report *x);
/* The last record made at @site before record @end, or SHOW_NO_RECORD. */
uint32_t show_last_at(const struct trace *t, uint16_t site, uint32_t end);
/* The two accesses of a data race: the store, and the other; or SHOW_NO_RECORD. */
void show_race_sides(const struct trace *t, const struct report *x, uint32_t *writer,
		     uint32_t *other);

/*
 * The record by which all see the store of record @i: its own if it took effect at
 * once, a later one if it was buffered, SHOW_NO_RECORD if the trace ends before.
 */
uint32_t show_visible(const struct trace *t, uint32_t i);

struct show_pick {
	bool *keep;			/* [trace->nr], to be freed */
	uint32_t from, to;		/* window: from <= i < to */
	unsigned int vcpus;		/* bitmap of those it is about */
	uint32_t dropped;		/* records left out because there were too many */
	uint32_t gap;			/* where: the first of them */
};

/* Picks at most @max records.  0, or -1 if memory is short. */
int show_pick(struct show_pick *p, const struct show_input *in, uint32_t max);

#endif
