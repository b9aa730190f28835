/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of an explanation share while it is made. */
#ifndef FUZZ_EXPLAIN_PRIV_H
#define FUZZ_EXPLAIN_PRIV_H

#include "explain.h"
#include "steer.h"

/* One candidate: what it is for people, and where the steer has it. */
struct explain_try {
	struct explain_need need;
	unsigned int index;		/* into the steer's orders, loads or wishes */
	bool alive;
};

struct explainer {
	struct explain *x;
	const struct show_input *in;
	struct steer steer;
	unsigned int nr;
	struct explain_try try[EXPLAIN_NEEDS];
};

/* explain_order.c: all candidates of the trace, at force STEER_FREE. */
int explain_candidates(struct explainer *e);
/* explain_curve.c: 0, or -1 if memory is short. */
int explain_curve(struct explainer *e);
/* The run shows what the explanation is about. */
bool explain_shows(const struct show_input *in, const struct run_result *r);

#endif
