/* SPDX-License-Identifier: GPL-2.0-only */
/* What the two kinds of worker share: those that run, and those that have it run. */
#ifndef FUZZ_CAMPAIGN_PRIV_H
#define FUZZ_CAMPAIGN_PRIV_H

#include "campaign.h"

struct worker {
	struct campaign *c;
	struct store store;
	int fd;
	uint64_t cpu_told;		/* ns of CPU time in shared->cpu_ns */
	struct feature_census census;	/* of the unit */
	struct engine engine[CAMPAIGN_TARGETS][CAMPAIGN_ENGINES];
};

/* Where in the campaign a run was made, beyond what has been counted so far. */
struct found_at {
	uint64_t seed;
	int64_t runs, cpu_ns;
};

/* CPU time of this process goes into the totals. */
void worker_tell_cpu(struct worker *w);
/* Tells the parent why, and ends the worker. */
void worker_fail(struct worker *w, int code, const char *why) __attribute__((noreturn));
/* The run just made: what it breaks in a new way is shrunk, stored and told. */
void worker_look_at(struct worker *w, const struct campaign_target *t, const char *engine,
		    const struct run_result *r, const struct found_at *at);

/* campaign_guided.c: has engine @ei, which is a program, run targets until the end. */
void campaign_guided(struct worker *w, unsigned int ei, unsigned int instance,
		     unsigned int nr_instances);

#endif
