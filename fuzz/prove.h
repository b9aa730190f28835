/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A proof is one search through all that a configuration can do.
 *
 * prove_search() goes depth first through all answers of all choices, from
 * snapshot to snapshot, and turns back at states that it is done with: a state is
 * what snapshot_hash() says it is.  All chance is a choice, so this knows
 * nothing of memory models, events or budgets.  Each transition is judged by
 * the oracles as in any other run.  If the search comes to its end and a rule
 * was not broken on the way, no schedule of this configuration breaks it.
 *
 * What a rule's report was on the way is not a part of the state: the reports
 * are taken away before each transition, and each transition is made.  The
 * places that a report names may depend on the way to the state, so all rules
 * that can be broken are found, but not each pair of places.
 *
 * States that lead back to each other are a rule of their own (soft-lockup) if
 * nothing that has to happen is passed over there for ever.
 *
 * Several processes search together.  What is counted does not depend on how many,
 * but for the reduction, which does better the more it has learnt by then.
 * A search that was stopped says so.  If it has written a checkpoint, another one
 * can go on from there and ends with the same counts.
 *
 * The search leaves the world at its last state; findings are worked out
 * afterwards by prove_findings(), which runs their schedules anew.
 */
#ifndef FUZZ_PROVE_H
#define FUZZ_PROVE_H

#include <signal.h>
#include <stdbool.h>
#include "../results/store.h"
#include "run.h"
#include "shrink.h"

enum { PROVE_FOUND_MAX = 128, PROVE_JOBS = 256, SYMMETRY_TEXT = 1024 };

struct symmetry;

/* Why a search ended before it was through. */
enum prove_stop {
	PROVE_EXHAUSTED,
	PROVE_MEMORY,
	PROVE_TIME,
	PROVE_INTERRUPTED,
	PROVE_TOO_DEEP,			/* a path has more choices than a run may have */
	PROVE_TOO_MANY,			/* distinct findings */
	PROVE_NO_PROCESS,		/* fork() failed */
	PROVE_DIED,			/* a process of the search is gone */
};

struct prove_found {
	uint64_t key;			/* hash of the signature */
	struct report report;
	struct schedule schedule;	/* some path that shows it */
};

/*
 * What is counted, all of it of states that the search is done with, but for those
 * at the end: transitions that were made, some of them by two processes, and time.
 */
#define PROVE_COUNTS(COUNT)						\
	COUNT(nr_states)						\
	COUNT(nr_transitions)						\
	COUNT(nr_ends)							\
	COUNT(nr_reduced)	/* states of which some answers stand for all */ \
	COUNT(nr_loops)		/* groups of states that lead back to each other */ \
	COUNT(nr_endless)	/* those that may go on for ever */	\
	COUNT(nr_restarts)						\
	COUNT(nr_mirrored)	/* paths that were made in all mirror images */ \
	COUNT(nr_made)							\
	COUNT(nr_events)	/* of transitions that were made: one each, or more */	\
	COUNT(ms)							\
	COUNT(cpu_ns)

struct prove {
	const struct config *config;
	const char *db;			/* where findings go: how to name them */
	uint64_t max_bytes, max_ms;	/* max_ms 0: no limit */
	unsigned int jobs;		/* processes; 0: one */
	bool reduce;
	bool symmetry;			/* mirror images of states count once */
	bool keep_dead;			/* states that differ in dead values only are two */
	/* May be NULL: where to keep what is needed to go on, and where that was kept. */
	const char *checkpoint, *resume;
	uint64_t checkpoint_ms;		/* between two; 0: only when it stops */
	const volatile sig_atomic_t *interrupted;
	volatile sig_atomic_t *status_wanted;	/* may be NULL: say nothing on the way */
	/*
	 * For tests, may be NULL: the search is done with a state, or the end of a run
	 * was reached.  Called by any of the processes.
	 */
	void (*reached)(struct prove *p, struct snapshot_hash hash, bool end);
	/* The same, of each event after the first choice that is about to happen, but drains. */
	void (*happens)(struct prove *p, unsigned int event);
	/* The same: what is alike is known, and may be spoiled. */
	void (*found_alike)(struct prove *p, struct symmetry *y);
	void *arg;
	/* what came of it */
	enum prove_stop stop;
#define COUNT(name) uint64_t name;
	PROVE_COUNTS(COUNT)
#undef COUNT
	uint64_t broken[NR_ORACLES];	/* transitions that break the rule */
	uint32_t fired;			/* bitmap: rules broken, in states that are open, too */
	uint32_t depth;			/* choices of the longest path */
	uint32_t path;			/* of the present one */
	int64_t frontier;		/* answers on the present paths that are to be tried */
	int died;			/* PROVE_DIED: its status */
	uint64_t most_cpu_ns;		/* of the process that worked longest */
	size_t table_bytes;
	char alike[SYMMETRY_TEXT];	/* which pCPUs, or why not; "": none are like others */
	unsigned int nr_found;
	struct prove_found found[PROVE_FOUND_MAX];
};

/*
 * The world must be prepared for p->config.  0; or an exit code, with a line on
 * stderr, if there is not even memory to begin or p->resume does not fit.
 */
int prove_search(struct prove *p);
/* Kernel memory, and who is where, at the end of a run, if it came to rest. */
struct snapshot_hash prove_end_hash(enum run_end end);
/*
 * Shrinks what was found, stores it and prints it; then the proof's row.  Returns
 * the exit code, and the worst severity found (or -1) in *worst.
 */
int prove_findings(struct prove *p, struct store *store, int *worst);
void prove_print(const struct prove *p);
void prove_print_status(const struct prove *p, bool last);
const char *prove_stop_text(enum prove_stop stop);
/* Adds the counts and findings of @from, of which there may be several. */
void prove_add(struct prove *to, const struct prove *from);
void prove_reset(struct prove *p);
/* The search begins anew: only time and findings stay. */
void prove_anew(struct prove *p);

#endif
