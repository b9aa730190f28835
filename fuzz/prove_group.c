// SPDX-License-Identifier: GPL-2.0-only
/* Finding a few pCPUs whose steps concern each other and nobody else. */
#include "prove_reduce.h"

/* For each pCPU that steps: those whose tasks' futures are in its way. */
struct links {
	uint32_t may, with[MAX_PCPUS];
};

/* False: what is in the way are not only steps. */
static bool links_of(struct reduce *r, struct links *links, const struct pcpu *p)
{
	const struct world_live *l = &WORLD->live;
	uint32_t with = 0;

	if (!reduce_may_join(r, p))
		return false;
	for (unsigned int t = 0; t < WORLD->fix.nr_tasks + (unsigned int)WORLD->fix.config.nr_pcpus;
	     t++) {
		const struct pcpu *q = &l->pcpu[l->task[t].cpu];

		if (q == p && q->curr == t)
			continue;
		if (l->task[t].state == TASK_DEAD || !reduce_is_in_way(r, t))
			continue;
		if (q->curr != t)
			return false;
		with |= 1u << q->id;
	}
	links->with[p->id] = with | 1u << p->id;
	return true;
}

/* All that is linked with @group; 0: it is linked with what cannot be in one. */
static uint32_t closure(const struct links *links, uint32_t group)
{
	uint32_t before;

	do {
		before = group;
		if (group & ~links->may)
			return 0;
		for (uint32_t left = group; left; left &= left - 1)
			group |= links->with[__builtin_ctz(left)];
	} while (group != before);
	return group;
}

uint64_t reduce_group(struct reduce *r, const struct choice_point *point)
{
	uint64_t events = point->others | 1ull << point->first, steps = 0;
	struct links links = { 0 };
	uint32_t best = 0;

	for (unsigned int i = 0; i < MAX_PCPUS; i++)
		if (events >> EVENT_ID(i, EVENT_STEP) & 1 &&
		    links_of(r, &links, &WORLD->live.pcpu[i]))
			links.may |= 1u << i;
	for (uint32_t left = links.may; left; left &= left - 1) {
		uint32_t group = closure(&links, 1u << __builtin_ctz(left));

		if (group && (!best || __builtin_popcount(group) < __builtin_popcount(best)))
			best = group;
	}
	for (; best; best &= best - 1)
		steps |= 1ull << EVENT_ID((unsigned int)__builtin_ctz(best), EVENT_STEP);
	/* Nothing would be left out. */
	return steps == events ? 0 : steps;
}
