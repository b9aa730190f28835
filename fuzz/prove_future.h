/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A future is what a task may yet do that others can notice.
 *
 * A task stands at a node: the site at which it waits for its turn, or waited
 * last.  Each access is written down at the node it is made from, each way from
 * one node to the next as an edge, and the future of a node is all accesses of
 * the nodes that can be reached from it.  Handlers of interrupts run on some
 * task's stack and so are a part of its future.
 *
 * Accesses are of variables: words of shared memory, and what the oracles
 * remember of each vCPU.
 *
 * All of it is learnt from what happens, and never forgotten: a search that
 * relies on a future says so, and begins anew if it has grown against that.
 * When a search ends otherwise, no run of the configuration has an edge or an
 * access that is missing here: of the shortest run that had one, all before its
 * last event would obey the rule, so the search would have come to that event
 * too.  Two nodes may share a place here: then both have the future of both.
 *
 * Nothing here knows of answers, states or what is done with a future.
 */
#ifndef FUZZ_PROVE_FUTURE_H
#define FUZZ_PROVE_FUTURE_H

#include "../sim/world.h"

enum { FUTURE_VARS = 512, FUTURE_SITES = 512 };

struct footprint {
	uint64_t read[FUTURE_VARS / 64], write[FUTURE_VARS / 64];
};

/* @relied: who relies on it has taken for granted that @seen does not conflict. */
struct future {
	struct footprint seen, relied;
};

/* What searchers find out and rely on; they can tell each other. */
struct futures {
	bool violated;
	bool grown;			/* there is something to tell */
	uint8_t paged[SHARED_WORDS];	/* in a page that is given back at times */
	struct future handlers;		/* made by handlers, on whatever stack */
	struct future notifiers[MAX_TASKS];	/* by a task's own preempt notifiers */
	struct future node[MAX_TASKS][FUTURE_SITES];
	uint64_t next[MAX_TASKS][FUTURE_SITES][FUTURE_SITES / 64];
};

/* Who watches what happens, and learns. */
struct watcher {
	struct futures *futures;
	uint16_t site[MAX_TASKS];	/* where tasks were when the event began */
	unsigned int task;		/* whose event it is */
	uint32_t ghosts;		/* enum ghost_part: touched since the run went on */
};

/* @to knows all that @from knows, too, and relies on it. */
void futures_learn(struct futures *to, const struct futures *from);
/* For a search that begins anew: nothing is relied on yet. */
void futures_forget(struct futures *f);
/* What has been relied on is not so: the search has to begin anew. */
bool futures_are_wrong(const struct futures *f);

/* The run is about to go on from a state that may be another than the last. */
void watcher_resume(struct watcher *w);
/* Each event that happens is told, before it does. */
void watcher_happens(struct watcher *w, unsigned int event);
/* The run has come to its next choice, or to its end. */
void watcher_pause(struct watcher *w);

/* What an access comes to, or none; and what a touch of ghosts (enum ghost_part) adds. */
void footprint_of(const struct futures *f, const struct access *acc, struct footprint *print);
void footprint_touch(struct footprint *print, uint32_t ghosts);
void footprint_join(struct footprint *print, const struct footprint *more);
bool future_conflicts(const struct future *future, const struct footprint *print);
void future_rely(struct future *future, const struct footprint *print);

static inline struct future *future_of(struct futures *f, unsigned int task)
{
	return &f->node[task][WORLD->live.task[task].site % FUTURE_SITES];
}

#endif
