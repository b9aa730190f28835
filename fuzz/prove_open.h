/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The open states of a depth-first search: reached, but not done with.
 *
 * They are the states of the path, and those beside it that lead back to it.  A
 * state is done with when no open state but itself, or those that it goes round
 * with, can be reached from it any more: then the whole group (a strongly
 * connected component, by Tarjan's algorithm) leaves at once.  Almost always that
 * is one state.  So what has left is closed: whatever a state in it leads to is in
 * it too.  Many searches can share that set, and one that was cut off can go on
 * from it.
 *
 * A group may go round for ever unless an event that has to happen could do so all
 * the time and never did: then it is only a slow schedule.  A run that goes
 * through all of a group's states and transitions over and over is the one to ask:
 * if that passes an event over, all others in the group do.
 *
 * Nothing here knows how states are made.
 */
#ifndef FUZZ_PROVE_OPEN_H
#define FUZZ_PROVE_OPEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "../sim/snapshot.h"

/* What is counted of one state, whoever visits it: its answers' doings. */
struct tally {
	uint32_t transitions, ends;
	bool reduced;
	uint32_t broken[NR_ORACLES];
};

/* What happened on the way from one state to the next. */
struct edge {
	uint64_t happened;		/* events */
	uint64_t barred;		/* those that could not, somewhere in between */
	uint32_t nr;			/* of them, those that were not drains */
	bool alone;			/* one of them was the only one that could */
};

struct open_state {
	struct snapshot_hash hash;
	struct snapshot_hash in_set;	/* by what it is found when it has left: the same */
	uint64_t must;			/* events that have to happen, and could here */
	uint64_t happened;		/* on transitions within the group */
	uint32_t low;			/* a state as far down as is known to be reached */
	bool loops;			/* a transition leads to the group */
	struct tally tally;
};

/* In the order in which they were reached. */
struct open_set {
	struct open_state *state;
	uint32_t nr, size;
	uint32_t *place;		/* hash table of index + 1 */
	uint32_t nr_places;		/* a power of two */
};

#define OPEN_NONE UINT32_MAX

/* False: out of memory. */
bool open_push(struct open_set *o, struct snapshot_hash hash, uint64_t must);
/* Its index, or OPEN_NONE. */
uint32_t open_find(const struct open_set *o, struct snapshot_hash hash);
/* A transition leads from one open state to another. */
void open_link(struct open_set *o, uint32_t from, uint32_t to, const struct edge *edge);
/* Whether all from @index on can leave: everything that @index leads to has been seen. */
bool open_is_complete(const struct open_set *o, uint32_t index);
/* Of a complete group: does it go round, and may it do so for ever? */
bool open_loops(const struct open_set *o, uint32_t index);
bool open_loops_for_ever(const struct open_set *o, uint32_t index);
/* All from @index on leave. */
void open_leave(struct open_set *o, uint32_t index);
void open_free(struct open_set *o);
size_t open_bytes(const struct open_set *o);

#endif
