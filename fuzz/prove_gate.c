// SPDX-License-Identifier: GPL-2.0-only
/* Stopping all others.  Mostly that takes no longer than a few transitions. */
#include <sched.h>
#include <time.h>
#include "prove_gate.h"

enum { YIELDS = 100 };			/* before it sleeps */

void gate_init(struct gate *g, uint32_t members)
{
	*g = (struct gate){ .members = members };
}

void gate_rest(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
}

/* For who has waited @nr times before. */
static void wait_again(unsigned int nr)
{
	if (nr < YIELDS)
		sched_yield();
	else
		gate_rest();
}

void gate_park(struct gate *g)
{
	/*
	 * The gate may be closed anew before this one has seen that it was open, and
	 * who closes it counts the parked.  So: leave, look once more, come back.
	 */
	while (g->closed && !g->broken) {
		g->parked++;
		for (unsigned int n = 0; g->closed && !g->broken; n++)
			wait_again(n);
		g->parked--;
	}
}

bool gate_close(struct gate *g)
{
	uint32_t open = 0;

	if (!atomic_compare_exchange_strong(&g->closed, &open, 1)) {
		gate_park(g);
		return g->broken;
	}
	for (unsigned int n = 0; g->parked + g->arrived != g->members - 1 && !g->broken; n++)
		wait_again(n);
	return true;
}

void gate_open(struct gate *g)
{
	g->closed = 0;
}

void gate_arrive(struct gate *g)
{
	uint32_t round = g->round;

	g->arrived++;
	while (g->round == round && !g->broken)
		gate_rest();
}

bool gate_all_arrived(const struct gate *g)
{
	return g->arrived == g->members - 1 || g->broken;
}

void gate_begin_round(struct gate *g)
{
	g->arrived = 0;
	g->round++;
}
