/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A campaign is one search: targets (scenario on a kernel form) x engines, in
 * units of some thousand runs, by worker processes, until time or runs are used
 * up.
 *
 * A unit's number decides all of it: target, engine and seed.  Workers draw unit
 * numbers from memory that they share with the parent, and keep their counts
 * there; what they find they shrink, replay and write to the database
 * themselves, then tell the parent in a short message.  So what is printed has
 * been stored, and a killed worker loses at most the unit it was in.
 *
 * An engine may also be a program, libFuzzer's or AFL++'s: then a worker has it run
 * instead (campaign_guided.c).  Jobs are dealt out to the programs and to the other
 * engines together.
 *
 * The world, which a worker has to itself, knows nothing of all this.
 */
#ifndef FUZZ_CAMPAIGN_H
#define FUZZ_CAMPAIGN_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include "../results/store.h"
#include "engine.h"
#include "feature.h"
#include "run.h"

enum {
	CAMPAIGN_TARGETS = 256,
	CAMPAIGN_ENGINES = 8,
	CAMPAIGN_JOBS = 256,
	CAMPAIGN_UNIT = 4096,		/* runs, most of all */
	CAMPAIGN_KNOWN = 1 << 14,	/* signatures in the shared table */
	CAMPAIGN_STATES = 1 << 16,	/* bits of the abstract state map */
};

struct campaign_target {
	struct config config;
	bool swarm;			/* each unit draws the numbers that are not given */
};

struct campaign {
	struct campaign_target target[CAMPAIGN_TARGETS];
	unsigned int nr_targets;
	const char *engine[CAMPAIGN_ENGINES];
	int child[CAMPAIGN_ENGINES];	/* enum child_engine of a program, or -1 */
	unsigned int nr_engines;
	unsigned int jobs;
	uint64_t time_ms, max_runs;	/* 0: no limit */
	uint64_t seed;
	char db[PATH_MAX];
	char id[STORE_KEY_SIZE];
	int min_severity;		/* below it, findings are counted but not stored */
	int until;			/* only this oracle counts, and ends it; or -1 */
	const char *corpus;		/* folder of the engines' inputs */
	bool merge;			/* minimise it */
	bool as_found;			/* findings are not shrunk */
	struct campaign_shared *shared;
	struct campaign_census *census;	/* [target], shared too */
};

struct campaign_count {
	_Atomic uint64_t runs, steps;
	_Atomic uint64_t hits[NR_ORACLES];	/* runs that break the rule */
};

/* What the runs of a target that were observed met; see feature.h. */
struct campaign_census {
	_Atomic uint64_t vcpu_state[FEATURE_VCPU_STATES];
	_Atomic uint64_t preempted[FEATURE_SITES][FEATURE_MODES];
};

/* Between the parent and its workers. */
struct campaign_shared {
	_Atomic uint64_t next_unit;
	_Atomic uint64_t runs, steps, cpu_ns, nr_states, checked;
	_Atomic uint64_t repeats;	/* schedules that were not run: branch.h */
	_Atomic int stop;
	_Atomic uint32_t pct_k[CAMPAIGN_ENGINES];	/* longest run so far, in choices */
	_Atomic uint32_t pct_n;		/* most events that can compete */
	struct campaign_count count[CAMPAIGN_TARGETS];
	_Atomic uint64_t known[CAMPAIGN_KNOWN];		/* hash of signature and scenario */
	_Atomic uint64_t hits[CAMPAIGN_KNOWN];		/* after the first one */
	char finding[CAMPAIGN_KNOWN][STORE_KEY_SIZE];	/* its key once it is stored, and */
	char scenario[CAMPAIGN_KNOWN][32];
	_Atomic uint64_t states[CAMPAIGN_STATES / 64];
};

/* What a worker tells the parent; shorter than PIPE_BUF, so never torn. */
struct campaign_message {
	char id[STORE_ID_SIZE];
	int severity;
	bool is_new, fewest, failed;	/* failed: @title is an error, the worker is gone */
	uint32_t nonzero, steps;
	uint64_t found_runs, found_ms;
	char kernel[64], scenario[32];
	char title[256];
	char schedule[1024];		/* may be cut, the database has all of it */
};

/* Runs in the child process; does not return. */
void campaign_worker(struct campaign *c, unsigned int job, int pipe_fd)
	__attribute__((noreturn));
/* Jobs that there must be for each engine to have one. */
unsigned int campaign_roles(const struct campaign *c);
/* Until the end; the exit code. */
int campaign_run(struct campaign *c, int fail_on);

/* campaign_print.c */
void campaign_print_finding(const struct campaign *c, const struct campaign_message *m);
void campaign_print_status(const struct campaign *c, uint64_t ms, unsigned int findings,
			   int worst, uint64_t last_ms, bool last);
void campaign_print_summary(const struct campaign *c, uint64_t ms, unsigned int nr_new,
			    unsigned int nr_known, bool interrupted);

/* campaign_cover.c */
void campaign_cover_add(struct campaign_census *to, const struct feature_census *from);
/* Hits, and runs and coverage of each target; an enum store_code, with store->err. */
int campaign_cover_store(const struct campaign *c, struct store *store);

/* observe.c: counts the abstract protocol states that a run goes through. */
struct observer {
	struct chooser chooser;
	struct chooser *inner;
	struct campaign_shared *shared;
};
void observer_init(struct observer *o, struct chooser *inner, struct campaign_shared *shared);

#endif
