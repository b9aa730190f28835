// SPDX-License-Identifier: GPL-2.0-only
/* How fast runs are, and how soon the first finding comes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "bench.h"
#include "engine.h"
#include "run.h"

enum {
	BATCHES = 200,			/* short: one of them finds the machine idle */
	BATCH_RUNS = 4000,
	FIND_RUNS = 2000000,		/* then a search has failed */
};

uint64_t bench_clock(void)
{
	struct timespec t;

	/* The process's clock only ticks while run_init()'s timer is set. */
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

void bench_rate(const struct config *c, struct bench_rate *rate)
{
	uint64_t best = UINT64_MAX, steps = 0, seed = 0;
	struct run_result result;
	struct engine engine;

	run_prepare(c);
	engine_parse(&engine, "random");
	rate->lost = 0;
	for (unsigned int batch = 0; batch < BATCHES; batch++) {
		uint64_t from = bench_clock(), took;

		for (unsigned int i = 0; i < BATCH_RUNS; i++) {
			engine_seed(&engine, seed++);
			run_once(&engine.chooser, NULL, &result);
			steps += result.steps;
			rate->lost += bench_is_lost();
		}
		took = bench_clock() - from;
		best = took < best ? took : best;
	}
	rate->ns_run = (double)best / BATCH_RUNS;
	rate->events = (double)steps / (double)seed;
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* From nothing: the world is set up anew, and the engine has learned nothing. */
static bool find_first(const struct config *c, const char *engine_name, uint64_t seed)
{
	struct run_result result;
	struct engine engine;

	engine_parse(&engine, engine_name);
	run_prepare(c);
	for (unsigned int i = 0; i < FIND_RUNS; i++) {
		engine_seed(&engine, seed + i);
		run_once(&engine.chooser, NULL, &result);
		if (result.fired >> ORACLE_LOST_KICK & 1)
			return true;
		engine_done(&engine);
	}
	return false;
}

double bench_find(const struct config *c, const char *engine, unsigned int nr,
		  unsigned int *nr_missed)
{
	uint64_t took[64];

	assert(nr && nr <= 64);
	*nr_missed = 0;
	for (unsigned int i = 0; i < nr; i++) {
		uint64_t from = bench_clock();

		if (!find_first(c, engine, (uint64_t)i << 32))
			++*nr_missed;
		took[i] = bench_clock() - from;
	}
	qsort(took, nr, sizeof(took[0]), compare);
	return ((double)took[(nr - 1) / 2] + (double)took[nr / 2]) / 2;
}
