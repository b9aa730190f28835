/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A benchmark measures what a run costs and what it could cost at best.
 *
 * A workload is a form, a scenario and an engine.  Its rate comes from batches
 * of runs; the best batch counts, because on a shared machine all others
 * measure the neighbours too.  The floor beside it is the same number of
 * switches between as many fibers that do nothing else.
 *
 * All times are CPU time of this thread in ns.  Nothing here is a test: the
 * only failures are a workload that cannot be set up, a handshake that loses a
 * kick, and a run that calls the system, allocates or leaves memory behind.
 */
#ifndef FUZZ_BENCH_H
#define FUZZ_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include "config.h"

struct bench_rate {
	double ns_run;
	double events;			/* accesses and waits of a run */
	uint64_t lost;			/* runs that broke the handshake */
};

struct bench_floor {
	double ns_switch;		/* each fiber hands over to the next */
	double ns_choice;		/* a random choice says to whom, itself included */
};

uint64_t bench_clock(void);

/* A form that lies outside the folder of forms; NULL: a line is on stderr. */
struct form *bench_form(const char *path);
/* False: a line is on stderr. */
bool bench_config(struct config *c, struct form *form, const char *scenario);
/* The run that has ended has lost a kick of the handshake; of other forms: never. */
bool bench_is_lost(void);
/* Random engine. */
void bench_rate(const struct config *c, struct bench_rate *rate);
/* @nr_fibers: 2 to 8. */
void bench_floor(unsigned int nr_fibers, struct bench_floor *floor);
/*
 * Median of @nr times from nothing to the first lost kick, in ns; also counts
 * the times that none was found within the limit.
 */
double bench_find(const struct config *c, const char *engine, unsigned int nr,
		  unsigned int *nr_missed);

/* Prints what exhaustive searches cost; false: a line is on stderr. */
bool bench_prove(struct form *handshake);
/* Calls of the C library's allocator by this process. */
uint64_t bench_nr_allocations(void);
/* Many runs between two calls of getppid(); what bench_quiet() watches. */
int bench_quiet_runs(void);
/* Prints what runs asked of the system; 0 or an exit code. */
int bench_quiet(void);

#endif
