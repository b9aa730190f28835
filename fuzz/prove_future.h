/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A future is what a task may yet do that others can notice.
 *
 * A task stands at a node: where it waits for its turn, with all that its frames
 * hold (snapshot_place()), so that the second turn of a loop is another node than
 * the first.  Each access is written down at the node it is made from, each way
 * from one node to the next as an edge, and the future of a node is all accesses
 * of the nodes that can be reached from it.  Handlers of interrupts run on some
 * task's stack and so are a part of its future.
 *
 * Futures are asked for at choices.  Events in between, which nobody chose, are
 * written down at the node where the task stood at the choice before, and where it
 * stands meanwhile need not be found out.  Whoever has few runs to learn from does so
 * all the same: the same place may come up at a choice later.
 *
 * Accesses are of variables: words of shared memory, and what the oracles
 * remember of each vCPU.
 *
 * All of it is learnt from what happens, and never forgotten: a search that
 * relies on a future says so, and begins anew if it has grown against that.
 * When a search ends otherwise, no run of the configuration has an edge or an
 * access that is missing here: of the shortest run that had one, all before its
 * last event would obey the rule, so the search would have come to that event
 * too.  Two nodes may share a place here: then both have the future of both.  So
 * where tasks come to stand in very many ways, a node for each site can do.
 *
 * Nothing here knows of answers, states or what is done with a future.
 */
#ifndef FUZZ_PROVE_FUTURE_H
#define FUZZ_PROVE_FUTURE_H

#include "../sim/snapshot.h"

enum {
	FUTURE_VARS = 512,
	FUTURE_SITES = 512,		/* of a task, where nodes are one for each site */
	FUTURE_NODES = 1 << 16,
	FUTURE_EDGES = 1 << 18,
};

/* Variables that are read and written: mostly of few, and so only the words that count are seen. */
struct footprint {
	uint32_t used;			/* bitmap of words: the others have no meaning */
	struct {
		uint64_t read, write;
	} word[FUTURE_VARS / 64];
};

/* @relied: who relies on it has taken for granted that @seen does not conflict. */
struct future {
	struct footprint seen, relied;
};

struct future_node {
	struct future future;
	uint64_t key, site_key;		/* the same if it stands for its site */
	uint32_t left, entered;		/* its edges: index of the latest one, or 0 */
};

struct future_edge {
	uint32_t from, to;
	uint32_t next_left, next_entered;
};

/* What searchers find out and rely on; they can tell each other.  Index 0 is nothing. */
struct futures {
	bool violated;
	bool grown;			/* there is something to tell */
	bool coarse;			/* a node for each site, and no others */
	uint32_t nr_nodes, nr_edges;
	uint8_t paged[SHARED_WORDS];	/* in a page that is given back at times */
	struct future handlers;		/* made by handlers, on whatever stack */
	struct future notifiers[MAX_TASKS];	/* by a task's own preempt notifiers */
	uint32_t place[2 * FUTURE_NODES];	/* hash table of nodes */
	struct future_node node[FUTURE_NODES];
	struct future_edge edge[FUTURE_EDGES];
	/* Of who is alike, how far down the first one is; of others 0.  Stays for good. */
	uint16_t word_down[SHARED_WORDS];
	uint8_t task_down[MAX_TASKS];
};

/* Who watches what happens, and learns. */
struct watcher {
	struct futures *futures;
	bool closely;			/* looks at nodes between choices, too */
	uint32_t ran;			/* bitmap of tasks: since the latest event */
	uint32_t moved;			/* ... since the run went on: at other nodes now */
	uint32_t nr;			/* events since the run went on, but for drains */
	uint32_t ghosts;		/* enum ghost_part: touched since then */
};

/* Nobody knows anything yet.  @f is zeros, or has been used. */
void futures_reset(struct futures *f);
/* @to knows all that @from knows, too, and relies on it. */
void futures_learn(struct futures *to, const struct futures *from);
/* For a search that begins anew: nothing is relied on yet. */
void futures_forget(struct futures *f);
/* What has been relied on is not so: the search has to begin anew. */
bool futures_are_wrong(const struct futures *f);

/* The node of a place, and a way from one to another. */
uint32_t futures_node(struct futures *f, uint64_t key, uint64_t site_key);
void futures_edge(struct futures *f, uint32_t from, uint32_t to);
/* The number of the word at @off; those that are alike have one. */
static inline uint32_t futures_word(const struct futures *f, uint32_t off)
{
	return off / 4 - f->word_down[off / 4];
}

/* What is done at a node, or by those that @future is of; true if that was not known. */
void futures_learn_node(struct futures *f, uint32_t node, const struct footprint *print);
bool future_learn(struct futures *f, struct future *future, const struct footprint *print);
/* Finds the nodes anew after all else was read from a file; false: it was none of ours. */
bool futures_are_whole(struct futures *f);

/* prove_watch.c */
/* A run begins. */
void watcher_begin(struct watcher *w);
/* The run is about to go on from a state that may be another than the last. */
void watcher_resume(struct watcher *w, const struct snapshot_run *run);
/* Each event that happens is told, before it does. */
void watcher_happens(struct watcher *w, unsigned int event);
/* The run has come to its next choice, or to its end. */
void watcher_pause(struct watcher *w, const struct snapshot_run *run, enum run_end end);

/* What the preempt notifiers of a task, and of those that are alike, do. */
static inline struct future *future_of_notifiers(struct futures *f, unsigned int task)
{
	return &f->notifiers[task - f->task_down[task]];
}

/* What an access comes to, or none; and what a touch of ghosts (enum ghost_part) adds. */
void footprint_of(const struct futures *f, const struct access *acc, struct footprint *print);
void footprint_touch(struct footprint *print, uint32_t ghosts);
void footprint_join(struct footprint *print, const struct footprint *more);
bool future_conflicts(const struct future *future, const struct footprint *print);
void future_rely(struct future *future, const struct footprint *print);
/*
 * Whether who runs on the pCPU may yet load the word, alone or as part of an atomic: if
 * not, that is relied on, and what the word was once is not a part of the state.
 */
bool futures_may_load(struct futures *f, unsigned int pcpu, uint32_t off, unsigned int size);

static inline struct future *future_of(struct futures *f, unsigned int task)
{
	return &f->node[WORLD->live.task[task].node].future;
}

/* That @task goes on from here has not been seen. */
static inline bool future_is_new(const struct futures *f, unsigned int task)
{
	return !f->node[WORLD->live.task[task].node].left;
}

#endif
