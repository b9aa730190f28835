/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A search is one pass through all that a configuration can do: the path from
 * the start to the present state, and the set of states that are done with.
 *
 * Several processes search at once.  Each goes through everything from the start,
 * in an order of its own, but turns back at what any of them is done with: the set
 * is shared, nothing else is handed over.  Whatever a state in the set leads to is
 * in it too (see prove_open.h), so nobody has to know what others have open, and
 * when one of them is back at the start all is visited.  Two may have a state open
 * at the same time and both work on it; who adds it to the set counts it.
 *
 * prove.c begins a search, and again if the reduction has relied on what turns out
 * to be wrong; prove_dfs.c goes on from state to state, prove_jobs.c has what the
 * processes share.  What breaks a rule on the way is told to search_judge(), and
 * anybody ends the search for all by search_stop().
 *
 * Not for who only wants a proof: that is prove.h.
 */
#ifndef FUZZ_PROVE_SEARCH_H
#define FUZZ_PROVE_SEARCH_H

#include "../sim/model.h"
#include "prove.h"
#include "prove_gate.h"
#include "prove_open.h"
#include "prove_reduce.h"
#include "prove_symmetry.h"
#include "prove_table.h"

enum { SNAPSHOT_MAX = 1 << 20 };	/* no snapshot is larger */

/* What the processes of a search share. */
struct prove_shared {
	struct gate gate;
	_Atomic uint32_t halt;		/* the round ends for all */
	_Atomic uint32_t stop;		/* enum prove_stop, the first reason that came up */
	_Atomic uint32_t died;		/* signal or status of a process that is gone */
	bool anew;			/* another round begins */
	_Atomic bool asymmetric;	/* symmetry has turned out not to hold; @why */
	char why[SYMMETRY_WHY];
	atomic_flag knowing, looping;	/* locks of @known, and of groups that go round */
	_Atomic uint32_t nr_told;	/* how often @known has grown */
	_Atomic size_t private_bytes;	/* of all paths and open states */
	struct table table;
	struct futures known;		/* what all have found out about tasks */
	struct prove before;		/* what was counted before a checkpoint */
	struct prove worker[];
};

/* A state on the present path, and which of its answers have been tried. */
struct frame {
	size_t at;			/* its snapshot in the arena */
	struct choice_point point;
	struct edge edge;		/* of the answer last tried */
	uint64_t group;			/* events: no others are to be tried; 0: all are */
	uint64_t done;			/* ... that have been, if it is a choice of events */
	uint32_t open;			/* index among the open states */
	uint32_t nr_tried;		/* in this order, or left out */
	bool reduced;			/* local steps have been looked for */
	uint64_t stood[MAX_TASKS + 1];	/* hashes of stacks, then of who asks */
};

struct search {
	struct snapshot_run run;
	struct model_reader reader;
	struct prove *asked;		/* the caller's, for the first process only */
	struct prove *p;		/* in shared memory: others read its counts */
	struct prove_shared *shared;
	unsigned int me;		/* 0: the process that began it */
	struct reduce *reduce;		/* NULL: none */
	struct symmetry *symmetry;	/* NULL: none */
	uint64_t stood[MAX_TASKS + 1];	/* as in a frame, of the state that was hashed last */
	uint64_t nr_turned;		/* states turned back at, perhaps others' images */
	uint32_t nr_told;		/* news that this process has heard */
	uint64_t begun_at;		/* transitions made when the round began */
	uint64_t anew_at;		/* ... at which another one does; 0: nothing is wrong yet */
	size_t room;			/* in the set, claimed and not used yet */
	struct open_set open;
	struct edge edge;		/* of the latest transition */
	struct tally start;		/* what happened before the first choice */
	unsigned char *arena;
	size_t arena_size, arena_used, private_bytes;
	uint32_t depth;
	bool live;			/* the world is at the top frame's state */
	bool over;
	uint64_t start_ms, printed_ms, saved_ms, start_cpu;
	struct frame frame[MAX_CHOICES];
};

/* prove_dfs.c: from the start, until the end or until it is over. */
void search_all(struct search *s);
/*
 * prove_same.c: the hash that the present state, whose own is @hash, has in the set.
 * False: symmetry has come to its end, and so has the round.
 */
bool search_hash(struct search *s, struct snapshot_hash *hash, struct snapshot_hash *in_set);
/* The set has the state: now and then, is that so of its mirror images? */
void search_turns_back(struct search *s, struct snapshot_hash hash, struct snapshot_hash in_set);
/* A transition was made: where tasks stand that is new, mirror images are made, too. */
void search_mirrors_news(struct search *s);
/* Whether a snapshot fits behind the path's. */
bool search_has_room(struct search *s);
/* Events that have to happen and can; all, if that is not what is asked. */
uint64_t search_must_happen(const struct choice_point *point);
/*
 * prove_local.c: makes a local step of the world's present state, whose snapshot is at
 * @at in the arena; if it is not @taken yet, there is room for it.  False: there is no
 * such step, and the world is as it was.
 */
bool search_step_locally(struct search *s, size_t at, bool taken);
/*
 * After a local step more of them: what is between has one way to go on and need not be
 * remembered.  Now and then it is, lest it goes round.
 */
void search_go_on_locally(struct search *s);
/* prove_step.c: takes one answer of the world's present state and judges what comes of it. */
enum run_end search_step(struct search *s, uint32_t answer);
/* The run has come to its next choice, or to its end. */
void search_paused(struct search *s, enum run_end end);
/*
 * For s->run, see futures_may_load().  Who is in the middle of an access has made it, as
 * far as futures know.
 */
bool search_may_load(void *search, unsigned int pcpu, uint32_t off, unsigned int size);
/* For s->run: an event is about to happen. */
void search_happens(struct snapshot_run *run, unsigned int event);

/* prove.c */
void search_stop(struct search *s, enum prove_stop why);
/* What the latest transition broke. */
void search_judge(struct search *s);
void search_found(struct search *s, const struct report *r);
/* Now and then: progress, limits of time, interruption, checkpoints. */
void search_look(struct search *s);
/* What all have counted together; for the first process. */
void search_gather(const struct search *s, struct prove *to);

/* prove_learn.c: what tasks do, for the reduction. */
void search_learn(struct search *s);

/* prove_jobs.c: processes */
struct prove_shared *jobs_map(const struct prove *p);
void jobs_free(struct prove_shared *shared, const struct prove *p);
/* They do @work and are gone.  False: no more processes; search_stop() has been told. */
bool jobs_begin(struct search *s, void (*work)(struct search *s));
/* No process is left but this one. */
void jobs_end(struct search *s);
/* Room in the set for @nr more states; false: search_stop() has been told. */
bool jobs_claim(struct search *s, size_t nr);
/* So many bytes more of this process's own memory; false: more than there may be. */
bool jobs_take_bytes(struct search *s, size_t nr);
/* Tells the others what this one knows about words, and the other way round. */
void jobs_share(struct search *s);
/* The same, but only if there is something to tell: of what has been relied on, nothing. */
void jobs_tell(struct search *s);
/* At a point where all is in order: waits while somebody else has to be alone. */
void jobs_pass(struct search *s);
/* Everybody else waits; false: somebody else was alone meanwhile. */
bool jobs_be_alone(struct search *s);

/* prove_file.c: 0, or an exit code with a line on stderr.  Nobody else may be at work. */
int prove_save(struct search *s);
/* Whether there may be a checkpoint: who learns it after hours learns it too late. */
int prove_can_save(const struct prove *p);
int prove_load(struct search *s);

#endif
