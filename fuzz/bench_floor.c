// SPDX-License-Identifier: GPL-2.0-only
/*
 * What no simulator of this kind can beat: fibers that only hand over to each
 * other, by the switch that the machine uses.
 */
#include <assert.h>
#include "../sim/choice.h"
#include "../sim/fiber.h"
#include "bench.h"

enum { MAX_FIBERS = 8, FIBER_STACK = 4096, BATCHES = 200, SWITCHES = 50000 };

static struct {
	void *sp[MAX_FIBERS];
	void *host_sp;
	unsigned int nr, cur;
	uint32_t left;			/* switches to be made */
	bool by_choice;
	struct random random;
} fibers;

static unsigned char stacks[MAX_FIBERS][FIBER_STACK] __attribute__((aligned(64)));

static void fiber_loop(void)
{
	for (;;) {
		unsigned int from = fibers.cur, to;

		if (!fibers.left--)
			fiber_switch(&fibers.sp[from], fibers.host_sp);
		if (fibers.by_choice)
			to = random_below(&fibers.random, fibers.nr);
		else
			to = from + 1 == fibers.nr ? 0 : from + 1;
		fibers.cur = to;
		if (to != from)
			fiber_switch(&fibers.sp[from], fibers.sp[to]);
	}
}

static double floor_of(bool by_choice)
{
	uint64_t best = UINT64_MAX;

	fibers.by_choice = by_choice;
	random_seed(&fibers.random, 1);
	for (unsigned int batch = 0; batch < BATCHES; batch++) {
		uint64_t from, took;

		for (unsigned int i = 0; i < fibers.nr; i++)
			fibers.sp[i] = fiber_new(stacks[i] + FIBER_STACK, fiber_loop);
		fibers.cur = 0;
		fibers.left = SWITCHES;
		from = bench_clock();
		fiber_switch(&fibers.host_sp, fibers.sp[0]);
		took = bench_clock() - from;
		best = took < best ? took : best;
	}
	return (double)best / SWITCHES;
}

void bench_floor(unsigned int nr_fibers, struct bench_floor *floor)
{
	assert(nr_fibers >= 2 && nr_fibers <= MAX_FIBERS);
	fibers.nr = nr_fibers;
	floor->ns_switch = floor_of(false);
	floor->ns_choice = floor_of(true);
}
