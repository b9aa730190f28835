// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locations, the rings of their values, and the machine's invariants.
 */
#include <assert.h>
#include <string.h>

#include "mem_priv.h"

void mem_init(struct mem *m, const struct mem_opts *opts)
{
	assert(opts->model <= MEM_WEAK);
	assert(opts->nr_cpus >= 1 && opts->nr_cpus <= MEM_CPUS_MAX);
	assert(!opts->pending_max || (opts->pending_max >= MEM_PENDING_MIN &&
				      opts->pending_max <= MEM_PENDING_MAX));
	assert(opts->ring_max <= MEM_RING_MAX);

	memset(m, 0, sizeof(*m));
	m->model = opts->model;
	m->nr_cpus = opts->nr_cpus;
	m->pending_max = opts->pending_max ?: MEM_PENDING_MAX;
	m->ring_max = opts->ring_max ?: MEM_RING_MAX;
	m->quirks = opts->quirks;
}

void mem_loc_init(struct mem *m, unsigned int loc, unsigned int size,
		  uint64_t value)
{
	struct mem_loc *l;
	unsigned int cpu;

	assert(loc < MEM_LOCS_MAX);
	assert(size >= 1 && size <= 8);
	for (cpu = 0; cpu < m->nr_cpus; cpu++)
		assert(!mem_forward(m, cpu, loc));

	/* A gap would be hashed as a location of size 0. */
	assert(loc <= m->nr_locs);
	if (loc == m->nr_locs)
		m->nr_locs++;
	l = &m->loc[loc];
	memset(l, 0, sizeof(*l));
	l->size = size;
	l->nr = 1;
	l->value[0] = mem_truncate(l, value);
	memset(l->cpu, MEM_NOBODY, sizeof(l->cpu));
	l->reserved = MEM_NOBODY;
}

size_t mem_bytes(const struct mem *m)
{
	return offsetof(struct mem, loc) + m->nr_locs * sizeof(m->loc[0]);
}

uint64_t mem_peek(const struct mem *m, unsigned int loc)
{
	assert(loc < m->nr_locs);
	return m->loc[loc].value[m->loc[loc].nr - 1];
}

void mem_forget(struct mem_loc *l, unsigned int nr)
{
	unsigned int n = l->nr - nr;

	assert(nr < l->nr);
	l->nr = n;
	memmove(l->value, l->value + nr, n * sizeof(l->value[0]));
	memmove(l->commit, l->commit + nr, n * sizeof(l->commit[0]));
	memmove(l->dep, l->dep + nr, n * sizeof(l->dep[0]));
	memmove(l->cpu, l->cpu + nr, n * sizeof(l->cpu[0]));
	memmove(l->plain, l->plain + nr, n * sizeof(l->plain[0]));
	memset(l->value + n, 0, nr * sizeof(l->value[0]));
	memset(l->commit + n, 0, nr * sizeof(l->commit[0]));
	memset(l->dep + n, 0, nr * sizeof(l->dep[0]));
	memset(l->cpu + n, MEM_NOBODY, nr * sizeof(l->cpu[0]));
	memset(l->plain + n, 0, nr * sizeof(l->plain[0]));
}

void mem_publish(struct mem *m, unsigned int cpu, unsigned int loc,
		 uint64_t value, uint32_t dep, bool plain)
{
	struct mem_loc *l = &m->loc[loc];
	unsigned int i;

	assert(loc < m->nr_locs);
	if (m->model != MEM_WEAK) {
		/* No past to be read, so no time either. */
		l->value[0] = mem_truncate(l, value);
		return;
	}
	assert(m->now < UINT32_MAX);
	if (l->nr == m->ring_max)
		mem_forget(l, 1);
	i = l->nr++;
	l->value[i] = mem_truncate(l, value);
	l->commit[i] = ++m->now;
	l->dep[i] = dep;
	l->cpu[i] = cpu;
	l->plain[i] = plain;
	l->seen[cpu] = m->now;
	m->cpu[cpu].lastc = m->now;
}

uint32_t mem_read_entry(struct mem *m, unsigned int cpu, unsigned int loc,
			unsigned int i, uint32_t adep)
{
	struct mem_loc *l = &m->loc[loc];
	uint32_t at = mem_earliest(m, cpu, adep);

	at = mem_max(at, l->cpu[i] == cpu ? l->dep[i] : l->commit[i]);
	l->seen[cpu] = mem_max(l->seen[cpu], l->commit[i]);
	assert(at <= m->now);
	assert(i + 1 == l->nr || at < l->commit[i + 1]);
	return at;
}

void mem_cpu_done(struct mem *m, unsigned int cpu)
{
	assert(cpu < m->nr_cpus);
	m->cpu[cpu].done = 1;
}

static void check_cpu(const struct mem *m, unsigned int cpu)
{
	const struct mem_cpu *c = &m->cpu[cpu];
	const struct mem_pending *p;
	unsigned int i;

	assert(c->nr_pending <= m->pending_max);
	assert(m->model != MEM_SC || !c->nr_pending);
	assert(c->rmin <= m->now && c->lastc <= m->now);
	assert(c->maxr <= c->maxr_all && c->maxr_all <= m->now);
	assert(c->maxr_unlock <= c->maxr_all);
	assert(!c->rcu_depth || c->rcu_open);
	assert(c->gp_active || !c->gp_waits);
	for (i = 0; i < c->nr_pending; i++) {
		p = &c->pending[i];
		assert(p->loc < m->nr_locs && p->dep <= m->now);
		assert(p->epoch <= c->epoch);
		assert(!i || p[-1].epoch <= p->epoch);
		if (p->flags & MEM_P_RMW)
			assert(m->loc[p->loc].reserved == cpu);
	}
	for (; i < MEM_PENDING_MAX; i++)
		assert(!c->pending[i].value && !c->pending[i].flags);
}

void mem_check(const struct mem *m)
{
	const struct mem_loc *l;
	unsigned int cpu, loc, i;

	for (cpu = 0; cpu < m->nr_cpus; cpu++)
		check_cpu(m, cpu);
	for (loc = 0; loc < m->nr_locs; loc++) {
		l = &m->loc[loc];
		assert(l->nr >= 1 && l->nr <= m->ring_max);
		assert(l->commit[l->nr - 1] <= m->now);
		for (i = 1; i < l->nr; i++)
			assert(l->commit[i - 1] < l->commit[i]);
		if (l->reserved != MEM_NOBODY)
			assert(mem_forward(m, l->reserved, loc));
		for (cpu = 0; cpu < m->nr_cpus; cpu++)
			assert(l->seen[cpu] <= m->now);
	}
}
