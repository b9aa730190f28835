/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A gate lets one of several processes stop all the others for a moment.
 *
 * Each member comes by again and again with gate_pass(), at a point where what it
 * shares with others is in order.  gate_close() returns as soon as everybody else
 * waits at such a point, or has arrived at the end of the round; then the closer
 * has everything to itself, until gate_open().
 *
 * A round ends when all have arrived; member 0 finds that out with
 * gate_all_arrived(), has everything to itself too, and begins the next round for
 * all of them.
 *
 * A member that dies would be waited for in vain: whoever learns of it sets
 * @broken, and nobody waits any more.
 */
#ifndef FUZZ_PROVE_GATE_H
#define FUZZ_PROVE_GATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct gate {
	_Atomic uint32_t closed, parked, arrived, round, broken;
	uint32_t members;
};

void gate_init(struct gate *g, uint32_t members);
/* Waits for as long as the gate is closed. */
void gate_park(struct gate *g);
/* False: somebody else had closed it, and has opened it again. */
bool gate_close(struct gate *g);
void gate_open(struct gate *g);
/* A short sleep, for who waits in a loop of its own. */
void gate_rest(void);
/* Until the next round begins; not for member 0. */
void gate_arrive(struct gate *g);
bool gate_all_arrived(const struct gate *g);
void gate_begin_round(struct gate *g);

static inline void gate_pass(struct gate *g)
{
	if (__builtin_expect(atomic_load_explicit(&g->closed, memory_order_relaxed), 0))
		gate_park(g);
}

#endif
