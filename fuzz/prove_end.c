// SPDX-License-Identifier: GPL-2.0-only
/* What two ends of runs have to have in common to be the same one. */
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "prove.h"

/* Kernel memory, and who is where. */
static void add_world(XXH3_state_t *x)
{
	const struct world *w = WORLD;

	XXH3_128bits_update(x, (const void *)SHARED_BASE, w->fix.shared_used);
	for (unsigned int i = 0; i < w->fix.nr_tasks; i++) {
		const struct task *t = &w->live.task[i];
		uint8_t where[] = { t->state, t->cpu, w->live.pcpu[t->cpu].curr == i };

		XXH3_128bits_update(x, where, sizeof(where));
	}
	for (int i = 0; i < w->fix.config.nr_pcpus; i++) {
		const struct pcpu *p = &w->live.pcpu[i];
		uint8_t what[] = { p->online, (uint8_t)p->guest, p->waiting,
				   p->pending, p->call_unacked };

		XXH3_128bits_update(x, what, sizeof(what));
	}
}

/*
 * A fault stops a run in the middle: how far others have come by then is a matter of
 * orders that no rule can tell apart.
 */
struct snapshot_hash prove_end_hash(enum run_end end)
{
	XXH3_state_t x;
	XXH128_hash_t h;

	XXH3_128bits_reset(&x);
	XXH3_128bits_update(&x, &end, sizeof(end));
	if (end != RUN_STOPPED)
		add_world(&x);
	h = XXH3_128bits_digest(&x);
	return (struct snapshot_hash){ h.low64, h.high64 };
}
