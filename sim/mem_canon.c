// SPDX-License-Identifier: GPL-2.0-only
/*
 * Equal futures to equal bytes.
 *
 * Instants are compared only with the commits that separate two values which
 * some CPU can still read (the bounds).  So an instant's number of bounds that
 * are not after it says all there is to know of it, and what does not exceed
 * its CPU's rmin says nothing.
 */
#include <assert.h>
#include <string.h>

#include "mem_priv.h"

/* Whether @cpu loads at a location of which @blind cpus load nothing any more. */
static bool is_blind(const struct mem *m, unsigned int cpu, unsigned int blind)
{
	return m->cpu[cpu].done || blind >> cpu & 1;
}

/* No later load of @cpu at @l takes an entry that ends at or before this. */
static uint32_t read_floor(const struct mem *m, unsigned int cpu,
			   unsigned int loc, unsigned int blind)
{
	if (is_blind(m, cpu, blind) || mem_forward(m, cpu, loc))
		return UINT32_MAX;
	return mem_max(m->cpu[cpu].rmin, m->loc[loc].seen[cpu]);
}

static void ring_trim(struct mem *m, unsigned int loc, unsigned int blind)
{
	struct mem_loc *l = &m->loc[loc];
	uint32_t floor = UINT32_MAX;
	unsigned int cpu, drop = 0;

	for (cpu = 0; cpu < m->nr_cpus; cpu++)
		if (read_floor(m, cpu, loc, blind) < floor)
			floor = read_floor(m, cpu, loc, blind);
	while (drop + 1 < l->nr && l->commit[drop + 1] <= floor)
		drop++;
	if (drop)
		mem_forget(l, drop);
}

/* Insertion keeps the bounds sorted; they are few and nearly in order. */
static void add_bound(struct mem_map *map, uint32_t bound)
{
	unsigned int i = map->nr, j;

	while (i > 0 && map->bound[i - 1] > bound)
		i--;
	if (i > 0 && map->bound[i - 1] == bound)
		return;
	for (j = map->nr++; j > i; j--)
		map->bound[j] = map->bound[j - 1];
	map->bound[i] = bound;
}

/* What a reader did is compared with starts of grace periods, and only that. */
static void add_rcu_bounds(struct mem_map *map, const struct mem_cpu *c)
{
	if (c->rcu_open && c->rcu_first != UINT32_MAX)
		add_bound(map, c->rcu_first + 1);
	if (c->gp_active)
		add_bound(map, c->gp_start);
}

static uint32_t rank(const struct mem_map *map, uint32_t at)
{
	unsigned int low = 0, high = map->nr, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (map->bound[mid] <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

uint32_t mem_map_dep(const struct mem_map *map, unsigned int cpu, uint32_t dep)
{
	uint32_t r = rank(map, dep);

	assert(cpu < MEM_CPUS_MAX);
	return r > rank(map, map->rmin[cpu]) ? r : 0;
}

/* What the CPU saw of a location, as far as it limits what it may yet read. */
static uint32_t canon_seen(const struct mem *m, const struct mem_map *map,
			   unsigned int cpu, const struct mem_loc *l,
			   unsigned int blind)
{
	uint32_t seen = l->seen[cpu];

	if (is_blind(m, cpu, blind) || l->nr == 1 || seen < l->commit[1])
		return 0;
	return mem_map_dep(map, cpu, seen);
}

static void canon_loc(struct mem *m, const struct mem_map *map,
		      struct mem_loc *l, unsigned int blind)
{
	unsigned int cpu, i;
	uint32_t low = map->nr;

	for (cpu = 0; cpu < m->nr_cpus; cpu++) {
		l->seen[cpu] = canon_seen(m, map, cpu, l, blind);
		if (!m->cpu[cpu].done && rank(map, map->rmin[cpu]) < low)
			low = rank(map, map->rmin[cpu]);
	}
	for (i = 0; i < l->nr; i++) {
		cpu = l->cpu[i];
		/* Own or not is the same once the CPU is past the commit. */
		if (cpu != MEM_NOBODY && !m->cpu[cpu].done &&
		    mem_map_dep(map, cpu, l->commit[i])) {
			l->dep[i] = mem_map_dep(map, cpu, l->dep[i]);
		} else {
			l->cpu[i] = MEM_NOBODY;
			l->dep[i] = 0;
		}
		l->commit[i] = rank(map, l->commit[i]);
	}
	if (l->commit[0] <= low)
		l->commit[0] = 0;
}

static void canon_cpu(struct mem_cpu *c, const struct mem_map *map,
		      unsigned int cpu)
{
	uint32_t epoch = 0, last = 0;
	unsigned int i;

	if (c->done) {
		c->rmin = 0;
		c->maxr = 0;
		c->maxr_all = 0;
		c->maxr_unlock = 0;
		c->lastc = 0;
	} else {
		c->rmin = rank(map, map->rmin[cpu]);
		c->maxr = mem_map_dep(map, cpu, c->maxr);
		c->maxr_all = mem_map_dep(map, cpu, c->maxr_all);
		c->maxr_unlock = mem_map_dep(map, cpu, c->maxr_unlock);
		c->lastc = mem_map_dep(map, cpu, c->lastc);
	}
	if (c->rcu_open && c->rcu_first != UINT32_MAX)
		c->rcu_first = rank(map, c->rcu_first);
	if (c->gp_active)
		c->gp_start = rank(map, c->gp_start);
	for (i = 0; i < c->nr_pending; i++) {
		epoch += i && c->pending[i].epoch != last;
		last = c->pending[i].epoch;
		c->pending[i].epoch = epoch;
		c->pending[i].dep = c->done ? 0 :
			mem_map_dep(map, cpu, c->pending[i].dep);
	}
	c->epoch = i ? epoch + (!c->done && c->epoch != last) : 0;
}

void mem_canon(struct mem *m, struct mem_map *map, const uint8_t *blind)
{
	unsigned int cpu, loc, i;

	map->nr = 0;
	memset(map->rmin, 0, sizeof(map->rmin));
	if (m->model != MEM_WEAK)
		return;
	for (loc = 0; loc < m->nr_locs; loc++) {
		ring_trim(m, loc, blind ? blind[loc] : 0);
		for (i = 1; i < m->loc[loc].nr; i++)
			add_bound(map, m->loc[loc].commit[i]);
	}
	for (cpu = 0; cpu < m->nr_cpus; cpu++) {
		add_rcu_bounds(map, &m->cpu[cpu]);
		map->rmin[cpu] = m->cpu[cpu].rmin;
	}
	for (loc = 0; loc < m->nr_locs; loc++)
		canon_loc(m, map, &m->loc[loc], blind ? blind[loc] : 0);
	for (cpu = 0; cpu < m->nr_cpus; cpu++)
		canon_cpu(&m->cpu[cpu], map, cpu);
	m->gp_last = rank(map, m->gp_last);
	m->now = map->nr;
}
