/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A memo remembers which states the protocol was in during an input's run, so
 * that nobody has to run it again to know: engines come back to the few hundred
 * inputs that they keep, tens of thousands of times.
 *
 * An input is found by a hash of what decides its run.  A place holds one; who
 * comes later drives the earlier one out.
 */
#ifndef FUZZ_MEMO_H
#define FUZZ_MEMO_H

#include "mutate.h"

/* Of target, numbers and segments; how many runs the input stands for is no matter. */
uint64_t memo_key(const struct bytes *b);
/* NULL: it is not known. */
const struct mutate_states *memo_find(uint64_t key);
/* Returns where it stands until the next memo_keep(). */
const struct mutate_states *memo_keep(uint64_t key, const struct mutate_states *states);

#endif
