/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeping is how a shrunk finding becomes a row: its signature, title, schedule
 * in three forms and trace hash are worked out here, the same way for whatever
 * has found it.  Beyond that only the origin is to be said.
 *
 * Nothing here prints.
 */
#ifndef FUZZ_KEEP_H
#define FUZZ_KEEP_H

#include "../results/store.h"
#include "shrink.h"

struct keep_origin {
	const char *campaign;		/* id from store_campaign_begin() */
	const char *engine;
	uint64_t seed;
	uint64_t first_runs, first_cpu_ns;	/* of the campaign, up to the find */
};

/* The world must be prepared for @c.  An enum store_code, with store->err. */
int keep_finding(struct store *store, const struct config *c, const struct shrunk *s,
		 const struct keep_origin *origin, struct store_stored *stored);

#endif
