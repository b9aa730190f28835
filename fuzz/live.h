/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a suspended function will yet read of its frame, and of the registers that
 * its callees keep for it.
 *
 * A byte is live where some way on from there reads it before it is written.  A
 * register that is only kept for the caller is live if it is live there: so the
 * answer is a set of conditions (LIVE_CALLER), and LIVE_ALWAYS.  A byte that is
 * copied is as live as its copies are.  What is not understood is live.
 *
 * The answer is for one place: the return address of a call, or where a switch of
 * fibers comes back.  At a return address no other register has a value that counts,
 * and after a switch none at all.
 *
 * Nothing here knows of tasks, stacks, or states.
 */
#ifndef FUZZ_LIVE_H
#define FUZZ_LIVE_H

#include "code.h"

/* Registers that callees keep: rbx, r12 to r15, each of 8 bytes. */
enum { LIVE_KEPT = 5, LIVE_KEPT_BYTES = 8 * LIVE_KEPT };

#define LIVE_CALLER(kept, byte)	(1ull << (8 * (kept) + (byte)))
#define LIVE_ALWAYS		(1ull << 63)

struct live_place {
	uintptr_t at;
	bool known;			/* else all is live, and the rest has no meaning */
	int32_t sp;			/* the stack pointer, from the frame's end */
	bool moves;			/* ... or it is below, and what is between is live */
	/* Bytes of the kept registers: always live, or just when they are for the caller. */
	uint64_t always, same;
	unsigned int nr_mixed;		/* and those that are neither */
	struct live_mixed {
		uint64_t byte, when;
	} mixed[LIVE_KEPT_BYTES];
	uint64_t *when;			/* bytes of the frame, from sp to its end: conditions */
};

/* False: no memory. */
bool live_at(struct live_place *p, uintptr_t at);
/*
 * Of the kept registers' bytes, and LIVE_ALWAYS, those that are live there if @caller
 * are for its caller.
 */
uint64_t live_kept(const struct live_place *p, uint64_t caller);
/* Whether the byte at @from the frame's end is live. */
static inline bool live_is_live(const struct live_place *p, int32_t from, uint64_t caller)
{
	return p->when[from - p->sp] & (caller | LIVE_ALWAYS);
}

void live_free(struct live_place *p);

#endif
