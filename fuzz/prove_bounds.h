/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A proof's bounds are the numbers of a scenario that prove takes where the user gives
 * none.
 *
 * A campaign's numbers give a sampler room; to exhaust them would take hours for some
 * scenarios.  Those have smaller ones here, for each memory model: the smallest in
 * which each race of the scenario's claim is still there.  That nothing is left that
 * could break is what nobody may suspect, so tests/prove_bounds.sh has planted bugs
 * found within these very bounds.
 *
 * What a proof holds for is printed with it.  Nothing here knows of searches.
 */
#ifndef FUZZ_PROVE_BOUNDS_H
#define FUZZ_PROVE_BOUNDS_H

#include "config.h"

/*
 * Options that a proof of @scenario under @model has of its own, such as
 * "--migrations 0"; "" if they are a campaign's.
 */
const char *prove_bounds_words(const char *scenario, const char *model);
/* Sets what the user has not given; before config_load(). */
void prove_bounds_set(struct config *c);
/*
 * What differs from a campaign's numbers, as "migrations 0 (1)", into @buf; "" if
 * nothing does.  After config_load().
 */
void prove_bounds_differ(const struct config *c, char *buf, size_t size);

#endif
