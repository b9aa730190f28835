/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An explanation says what of a witness its bug comes from.
 *
 * Its needs are what cannot be otherwise: that this step comes before that one
 * (two pCPUs' accesses of one word, as a rule), that a load gives an older value,
 * that a task moves or a guest leaves by itself.  Each was turned round in many
 * random runs, in some with the rest of the witness as it is, in some with all
 * the rest free, and the bug never showed; what may be either way, or cannot be
 * turned round because the code allows no other way, is not listed.
 *
 * The curve is P(bug | prefix): of runs that begin as the witness does up to a
 * record and go on at random, how many show the bug.  The point of no return is
 * the record from which on all of them do.
 *
 * explain_make() does it for a trace in the prepared world, whose last run must
 * be the trace's; it makes some ten thousands of runs, all from fixed seeds.
 * It is sampling: "never" is "in so many runs".
 */
#ifndef FUZZ_EXPLAIN_H
#define FUZZ_EXPLAIN_H

#include "run.h"
#include "show.h"

enum { EXPLAIN_NEEDS = 80, EXPLAIN_RUNS = 10000 };

#define EXPLAIN_NO_RECORD	UINT32_MAX

enum explain_kind { EXPLAIN_ORDER, EXPLAIN_STALE, EXPLAIN_MOVE, EXPLAIN_EXIT };

/* Of the latter two there is one record, and b is a. */
struct explain_need {
	enum explain_kind kind;
	uint32_t a, b;			/* records: a before b, or a does not see the store b */
	uint32_t runs, shown;		/* with it turned round; those that show the bug */
};

struct explain {
	unsigned int nr;
	struct explain_need need[EXPLAIN_NEEDS];
	unsigned int nr_tried;		/* candidates */
	unsigned int nr_either;		/* of them: the bug shows turned round, too */
	unsigned int nr_fixed;		/* of them: cannot be turned round */
	unsigned int nr_implied;	/* of them: another need says more */
	uint32_t runs;			/* asked for */
	uint32_t kept_runs, kept_shown;	/* all needs as in the witness, the rest random */
	uint32_t free_runs, free_shown;	/* nothing kept */
	uint32_t curve_runs;		/* of each point of the curve */
	uint32_t nr_records;
	uint32_t *curve;		/* [nr_records]: how many show it, after the record */
	uint32_t no_return;		/* the first record after which all do, or no record */
};

/* The bug of @in->report; @runs: of each test.  0, or -1 if memory is short. */
int explain_make(struct explain *x, const struct show_input *in, uint32_t runs);
void explain_free(struct explain *x);
/* It is about two records. */
static inline bool explain_is_order(const struct explain_need *n)
{
	return n->kind == EXPLAIN_ORDER || n->kind == EXPLAIN_STALE;
}

/* The record is a side of a need. */
bool explain_is_side(const struct explain *x, uint32_t rec);

/* In sentences, and as kicksim.explain/1.  Each returns 0 or an exit code. */
int explain_print(const struct explain *x, const struct show_input *in, FILE *out);
int explain_print_json(const struct explain *x, const struct show_input *in, FILE *out);

#endif
