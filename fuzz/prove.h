/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A proof is one search through all that a configuration can do.
 *
 * prove_search() goes depth first through all answers of all choices, from
 * snapshot to snapshot, and turns back at states that it has seen: a state is
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
 * A state that comes back on its own path is a cycle.  It is a rule of its own
 * (soft-lockup) if nothing that has to happen is passed over in it for ever.
 *
 * The search leaves the world at its last state; findings are worked out
 * afterwards by prove_findings(), which runs their schedules anew.
 */
#ifndef FUZZ_PROVE_H
#define FUZZ_PROVE_H

#include <signal.h>
#include "../results/store.h"
#include "prove_table.h"
#include "run.h"
#include "shrink.h"

enum { PROVE_FOUND_MAX = 128 };

/* Why a search ended before it was through. */
enum prove_stop {
	PROVE_EXHAUSTED,
	PROVE_MEMORY,
	PROVE_TIME,
	PROVE_INTERRUPTED,
	PROVE_TOO_DEEP,			/* a path has more choices than a run may have */
	PROVE_TOO_MANY,			/* distinct findings */
};

struct prove_found {
	uint64_t key;			/* hash of the signature */
	struct report report;
	struct schedule schedule;	/* some path that shows it */
};

struct prove {
	const struct config *config;
	uint64_t max_bytes, max_ms;	/* max_ms 0: no limit */
	bool reduce;
	const volatile sig_atomic_t *interrupted, *status_wanted;
	/* For tests, may be NULL: a state or the end of a run was reached first. */
	void (*reached)(struct prove *p, struct snapshot_hash hash, bool end);
	void *arg;
	/* what came of it */
	enum prove_stop stop;
	uint64_t nr_states, nr_transitions, nr_revisits, nr_ends;
	uint64_t nr_reduced;		/* states of which one answer stands for all */
	unsigned int nr_restarts;
	uint64_t nr_cycles, nr_fair_cycles;
	uint32_t depth;			/* choices of the longest path */
	uint64_t ms, cpu_ns;
	size_t table_bytes;
	uint64_t broken[NR_ORACLES];	/* transitions that break the rule */
	unsigned int nr_found;
	struct prove_found found[PROVE_FOUND_MAX];
};

/* The world must be prepared for p->config.  False: out of memory at the start. */
bool prove_search(struct prove *p);
/* Kernel memory, and who is where, at the end of a run. */
struct snapshot_hash prove_end_hash(enum run_end end);
/*
 * Shrinks what was found, stores it and prints it; then the proof's row.  Returns
 * the exit code, and the worst severity found (or -1) in *worst.
 */
int prove_findings(struct prove *p, struct store *store, int *worst);
void prove_print(const struct prove *p);
void prove_print_status(const struct prove *p, uint32_t depth, uint64_t ms, bool last);
const char *prove_stop_text(enum prove_stop stop);

#endif
