/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A check is the gate before a tree: one answer to "does this form break a rule
 * that its base keeps?", the same each time it is asked.
 *
 * It is made of items, each a pure function of its configuration, the seed and
 * the number of runs, so it does not matter which process does which: the
 * canaries (bugs that the search must find, or else it is the search that is
 * broken), kept schedules fitted by name, and for each scenario a search of the
 * form and of its base under the same seeds.  What the form breaks at or above
 * fail_on and the base does not, looked for once more and with the very schedule,
 * is new; all else is known.
 *
 * check_run() fills items, regressions and cases; a format (check_format.h)
 * prints them.  A case is one promise: a rule in a scenario, a kept schedule, a
 * canary.  Nothing here knows what a test framework wants to read.
 */
#ifndef FUZZ_CHECK_H
#define FUZZ_CHECK_H

#include <limits.h>
#include <stdatomic.h>
#include "../results/store.h"
#include "engine.h"
#include "witness.h"

enum {
	CHECK_FOUND = 32,		/* of one item */
	CHECK_ITEMS = 128,
	CHECK_REGRESS = 1024,
	CHECK_CASES = 2048,
	CHECK_JOBS = 64,
	CHECK_FORMATS = 8,
	CHECK_ENGINES = 3,
	CHECK_SHOWN = 5,		/* findings that people get to read at once */
};

/* One way in which a run breaks a rule at or above fail_on. */
struct check_found {
	struct config config;
	struct schedule schedule;
	struct report report;
	uint64_t hash;			/* of the trace */
	uint64_t first_run, hits;
	uint32_t steps;
	bool is_known, is_shrunk, fewest;
	char key[320];			/* "lost-kick kvm_vcpu_kick ...": rule and functions */
	char title[256], signature[512], id[STORE_ID_SIZE];
	char why[160];			/* what makes it new or known */
};

enum check_kind { CHECK_CANARY, CHECK_KERNEL, CHECK_BASE };

/* One search. */
struct check_item {
	enum check_kind kind;
	struct config config;
	bool swarm, missing;		/* missing: the base lacks the scenario */
	int want;			/* canary: the oracle that ends it, or -1 */
	uint64_t max_runs, runs, steps, ms, first;
	uint64_t hits[NR_ORACLES];	/* runs that break the rule */
	unsigned int nr_found;
	struct check_found found[CHECK_FOUND];
};

/* One kept schedule on the form under test. */
struct check_regress {
	char name[64];			/* file without folder, or id */
	struct witness witness;
	bool is_own;			/* it was kept of this very form */
	bool skipped;			/* its form is not here */
	bool still_there;		/* breaks the rule that it was kept for */
	unsigned int without_place;	/* answers that found none */
	uint64_t ms;
	unsigned int nr_found;		/* 0 or 1: the worst */
	struct check_found found;
};

enum check_status { CHECK_PASS, CHECK_FAIL, CHECK_SKIP, CHECK_MISSED };

struct check_case {
	const char *group;		/* scenario, "regress" or "canary" */
	char name[80];			/* "no-lost-kick" */
	enum check_status status;
	char why[200];			/* of a skip, a canary, a kept schedule; or "" */
	uint64_t ms;
	/* What it found: @nr of @found with this oracle (any: -1). */
	const struct check_found *found;
	unsigned int nr_found;
	int oracle;
};

/* Between the processes. */
struct check_shared {
	_Atomic unsigned int next;
	_Atomic int stop;		/* time is up, or interrupted */
	_Atomic int diverged;		/* one schedule, two traces */
	_Atomic uint64_t runs;
	char doing[CHECK_JOBS][64];	/* for the message if a worker dies */
};

struct check {
	struct config kernel, base;	/* form, architecture, variant; no scenario */
	bool has_base;
	const char *profile, *db, *corpus, *artifacts;
	uint64_t seed, max_runs, canary_runs, time_ms;
	unsigned int jobs;
	int fail_on;
	/* filled by check_run() */
	struct check_shared *shared;
	struct check_item *item;
	unsigned int nr_items;
	struct check_regress *regress;
	unsigned int nr_regress;
	struct check_case cases[CHECK_CASES];
	unsigned int nr_cases;
	unsigned int nr[4];		/* cases by status */
	uint64_t ms;
	bool interrupted, out_of_time;
};

/* Does all of it; 0, or an exit code with a line on stderr if it cannot. */
int check_run(struct check *c);
/* What the cases amount to: an exit code. */
int check_verdict(const struct check *c);
/* The next finding of a case after @f (NULL: the first), or NULL. */
const struct check_found *check_next(const struct check_case *k, const struct check_found *f);
/*
 * No case before has one of the same @name (f->key or f->id) that is as known:
 * scenarios and kept schedules meet one bug many times.
 */
bool check_is_first(const struct check *c, const struct check_found *f, const char *name);
/* What to type to see it again. */
const char *check_replay_line(const struct check *c, const struct check_found *f, char *buf,
			      size_t size);

/* check_search.c: an item, in a process that has called run_init(). */
void check_search(struct check *c, struct check_item *item, uint64_t salt);
/* Rule and functions, without the numbers that an edit elsewhere shifts. */
void check_key(const struct config *c, const struct report *r, char *buf, size_t size);
/* Writes down a report of the run just made; false if there is no room. */
bool check_keep(struct check_found *f, const struct config *c, const struct report *r,
		const struct run_result *result);
/* Shrinks, and names what comes of it. */
void check_shrink(struct check *c, struct check_found *f);

/* check_regress.c */
int check_regress_load(struct check *c);
void check_regress_replay(struct check *c, struct check_regress *r);
/* The same schedule, fitted by name, breaks the same rule on the base. */
bool check_base_breaks(struct check *c, const struct check_found *f);

/* check_pool.c: calls @fn(c, i) for all i below @nr in processes of their own. */
int check_pool(struct check *c, unsigned int nr, void (*fn)(struct check *c, unsigned int i),
	       const char *(*name)(const struct check *c, unsigned int i));
uint64_t check_now_ms(void);

/* check_cases.c */
void check_cases(struct check *c);

#endif
