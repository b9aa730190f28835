// SPDX-License-Identifier: GPL-2.0-only
/* The counts and findings of several processes become those of one search. */
#include <stdlib.h>
#include <string.h>
#include "prove.h"

void prove_reset(struct prove *p)
{
#define COUNT(name) p->name = 0;
	PROVE_COUNTS(COUNT)
#undef COUNT
	memset(p->broken, 0, sizeof(p->broken));
	p->fired = 0;
	p->depth = p->path = 0;
	p->frontier = 0;
	p->nr_found = 0;
	p->most_cpu_ns = 0;
}

void prove_anew(struct prove *p)
{
	uint64_t restarts = p->nr_restarts, made = p->nr_made, events = p->nr_events;
	uint64_t ms = p->ms, cpu_ns = p->cpu_ns;
	uint64_t mirrored = p->nr_mirrored;
	unsigned int nr_found = p->nr_found;

	prove_reset(p);
	p->nr_restarts = restarts;
	p->nr_made = made;
	p->nr_events = events;
	p->nr_mirrored = mirrored;
	p->ms = ms;
	p->cpu_ns = cpu_ns;
	p->nr_found = nr_found;
}

/* Of two schedules that show the same, the smaller one: shrinking ends sooner. */
static void add_found(struct prove *to, const struct prove_found *f)
{
	unsigned int i = 0;

	while (i < to->nr_found && to->found[i].key != f->key)
		i++;
	if (i == PROVE_FOUND_MAX)
		return;
	if (i == to->nr_found || f->schedule.nr < to->found[i].schedule.nr)
		to->found[i] = *f;
	to->nr_found += i == to->nr_found;
}

/* The worst first, and in one order whoever has found them. */
static int compare(const void *a, const void *b)
{
	const struct prove_found *x = a, *y = b;

	if (x->report.oracle != y->report.oracle)
		return (int)x->report.oracle - (int)y->report.oracle;
	return x->key < y->key ? -1 : x->key > y->key;
}

void prove_add(struct prove *to, const struct prove *from)
{
#define COUNT(name) to->name += from->name;
	PROVE_COUNTS(COUNT)
#undef COUNT
	for (unsigned int o = 0; o < NR_ORACLES; o++)
		to->broken[o] += from->broken[o];
	to->fired |= from->fired;
	if (from->cpu_ns > to->most_cpu_ns)
		to->most_cpu_ns = from->cpu_ns;
	to->frontier += from->frontier;
	if (from->depth > to->depth)
		to->depth = from->depth;
	if (from->path > to->path)
		to->path = from->path;
	for (unsigned int i = 0; i < from->nr_found; i++)
		add_found(to, &from->found[i]);
	qsort(to->found, to->nr_found, sizeof(to->found[0]), compare);
}
