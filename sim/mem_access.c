// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads, stores, commits and fences.
 */
#include <assert.h>
#include <string.h>

#include "mem_priv.h"

const struct mem_pending *mem_forward(const struct mem *m, unsigned int cpu,
				      unsigned int loc)
{
	const struct mem_cpu *c = &m->cpu[cpu];
	unsigned int i;

	for (i = c->nr_pending; i-- > 0;)
		if (c->pending[i].loc == loc)
			return &c->pending[i];
	return NULL;
}

unsigned int mem_load_choices(const struct mem *m, unsigned int cpu,
			      unsigned int loc, uint32_t adep)
{
	const struct mem_loc *l = &m->loc[loc];
	unsigned int nr = 1;
	uint32_t bound;

	assert(cpu < m->nr_cpus && loc < m->nr_locs);
	if (l->nr == 1 || mem_forward(m, cpu, loc))
		return 1;
	bound = mem_max(mem_earliest(m, cpu, adep), l->seen[cpu]);
	while (nr < l->nr && l->commit[l->nr - nr] > bound)
		nr++;
	return nr;
}

uint64_t mem_load_peek(const struct mem *m, unsigned int cpu, unsigned int loc,
		       uint32_t adep, unsigned int answer)
{
	const struct mem_pending *p = mem_forward(m, cpu, loc);

	assert(answer < mem_load_choices(m, cpu, loc, adep));
	if (p)
		return p->value;
	return m->loc[loc].value[m->loc[loc].nr - 1 - answer];
}

uint64_t mem_load(struct mem *m, unsigned int cpu, unsigned int loc,
		  uint32_t adep, unsigned int answer, enum mem_order order,
		  uint32_t *dep)
{
	uint64_t value = mem_load_peek(m, cpu, loc, adep, answer);
	const struct mem_pending *p = mem_forward(m, cpu, loc);
	struct mem_cpu *c = &m->cpu[cpu];
	uint32_t at;

	assert(order == MEM_RELAXED || order == MEM_ACQUIRE);
	assert(!c->done);
	if (p)
		at = mem_max(mem_earliest(m, cpu, adep), p->dep);
	else
		at = mem_read_entry(m, cpu, loc, m->loc[loc].nr - 1 - answer,
				    adep);
	c->maxr = mem_max(c->maxr, at);
	c->maxr_all = mem_max(c->maxr_all, at);
	if (order == MEM_ACQUIRE)
		c->rmin = mem_max(c->rmin, at);
	mem_rcu_note(m, cpu, at);
	if (dep)
		*dep = at;
	return value;
}

bool mem_can_store(const struct mem *m, unsigned int cpu)
{
	assert(cpu < m->nr_cpus);
	return m->model == MEM_SC || m->cpu[cpu].nr_pending < m->pending_max;
}

void mem_append(struct mem *m, unsigned int cpu, unsigned int loc,
		uint64_t value, unsigned int flags, uint32_t dep)
{
	struct mem_cpu *c = &m->cpu[cpu];
	struct mem_pending *p;

	assert(loc < m->nr_locs);
	assert(mem_can_store(m, cpu));
	if (m->model == MEM_SC) {
		mem_publish(m, cpu, loc, value, 0, false);
		return;
	}
	p = &c->pending[c->nr_pending++];
	p->value = mem_truncate(&m->loc[loc], value);
	p->loc = loc;
	p->flags = flags;
	/* A FIFO needs neither; zero keeps equal states equal. */
	if (m->model == MEM_WEAK) {
		p->epoch = c->epoch;
		p->dep = dep;
	}
}

void mem_store(struct mem *m, unsigned int cpu, unsigned int loc,
	       uint64_t value, enum mem_order order, uint32_t dep)
{
	static const uint8_t flags[] = {
		[MEM_RELAXED] = 0,
		[MEM_RELEASE] = MEM_P_RELEASE,
		[MEM_PLAIN] = MEM_P_PLAIN,
	};

	assert(order == MEM_RELAXED || order == MEM_RELEASE ||
	       order == MEM_PLAIN);
	mem_append(m, cpu, loc, value, flags[order], dep);
}

bool mem_can_store_now(const struct mem *m, unsigned int cpu, unsigned int loc)
{
	const struct mem_cpu *c = &m->cpu[cpu];
	unsigned int i;

	assert(cpu < m->nr_cpus && loc < m->nr_locs);
	if (m->model != MEM_WEAK)
		return !c->nr_pending;
	if (m->loc[loc].reserved != MEM_NOBODY)
		return false;
	for (i = 0; i < c->nr_pending; i++)
		if (c->pending[i].loc == loc || c->pending[i].epoch < c->epoch)
			return false;
	return true;
}

void mem_store_now(struct mem *m, unsigned int cpu, unsigned int loc,
		   uint64_t value, uint32_t dep)
{
	assert(mem_can_store_now(m, cpu, loc));
	mem_publish(m, cpu, loc, value, dep, true);
	mem_rcu_note(m, cpu, m->now - 1);
}

bool mem_can_commit(const struct mem *m, unsigned int cpu, unsigned int i)
{
	const struct mem_cpu *c = &m->cpu[cpu];
	const struct mem_pending *p = &c->pending[i];
	uint8_t holder = m->loc[p->loc].reserved;
	unsigned int j;

	if (m->model == MEM_TSO)
		return i == 0;
	if (holder != MEM_NOBODY && holder != cpu)
		return false;
	if (p->flags & MEM_P_RELEASE)
		return i == 0;
	/* Epochs never fall, so a smaller one shows in the first entry. */
	if (c->pending[0].epoch < p->epoch)
		return false;
	for (j = 0; j < i; j++)
		if (c->pending[j].loc == p->loc)
			return false;
	return true;
}

unsigned int mem_commit_choices(const struct mem *m, unsigned int cpu)
{
	unsigned int i, nr = 0;

	assert(cpu < m->nr_cpus);
	for (i = 0; i < m->cpu[cpu].nr_pending; i++)
		nr += mem_can_commit(m, cpu, i);
	return nr;
}

/* Index in the buffer of the @which-th store that may commit. */
static unsigned int nth_commit(const struct mem *m, unsigned int cpu,
			       unsigned int which)
{
	unsigned int i;

	assert(cpu < m->nr_cpus);
	for (i = 0; i < m->cpu[cpu].nr_pending; i++)
		if (mem_can_commit(m, cpu, i) && which-- == 0)
			return i;
	assert(!"no such store may commit");
	return 0;
}

unsigned int mem_commit_loc(const struct mem *m, unsigned int cpu,
			    unsigned int which)
{
	return m->cpu[cpu].pending[nth_commit(m, cpu, which)].loc;
}

unsigned int mem_commit(struct mem *m, unsigned int cpu, unsigned int which)
{
	unsigned int i = nth_commit(m, cpu, which);
	struct mem_cpu *c = &m->cpu[cpu];
	struct mem_pending p = c->pending[i];

	c->nr_pending--;
	memmove(&c->pending[i], &c->pending[i + 1],
		(c->nr_pending - i) * sizeof(p));
	memset(&c->pending[c->nr_pending], 0, sizeof(p));
	if (!c->nr_pending)
		c->epoch = 0;
	if (p.flags & MEM_P_RMW) {
		assert(m->loc[p.loc].reserved == cpu);
		m->loc[p.loc].reserved = MEM_NOBODY;
	}
	mem_publish(m, cpu, p.loc, p.value, p.dep, p.flags & MEM_P_PLAIN);
	if (!(p.flags & MEM_P_EARLY))
		mem_rcu_note(m, cpu, m->now - 1);
	mem_rcu_drain(m, cpu);
	return p.loc;
}

unsigned int mem_nr_pending(const struct mem *m, unsigned int cpu)
{
	assert(cpu < m->nr_cpus);
	return m->cpu[cpu].nr_pending;
}

bool mem_cpu_is_drained(const struct mem *m, unsigned int cpu)
{
	return mem_nr_pending(m, cpu) == 0;
}

bool mem_can_fence(const struct mem *m, unsigned int cpu, enum mem_fence fence)
{
	if (fence == MEM_RMB || fence == MEM_WMB)
		return true;
	if (fence == MEM_MB_ATOMIC && m->model == MEM_TSO)
		return true;
	return mem_cpu_is_drained(m, cpu);
}

void mem_fence(struct mem *m, unsigned int cpu, enum mem_fence fence)
{
	struct mem_cpu *c = &m->cpu[cpu];
	uint32_t last;

	assert(mem_can_fence(m, cpu, fence));
	if (m->model != MEM_WEAK)
		return;
	switch (fence) {
	case MEM_RMB:
		c->rmin = mem_max(c->rmin, c->maxr);
		break;
	case MEM_WMB:
		/* With nothing in this epoch a new one would say nothing. */
		if (!c->nr_pending)
			break;
		last = c->pending[c->nr_pending - 1].epoch;
		if (last == c->epoch)
			c->epoch++;
		break;
	case MEM_MB:
	case MEM_MB_ATOMIC:
		c->rmin = mem_max(c->rmin, mem_max(c->maxr_all, c->lastc));
		break;
	}
}

bool mem_can_ipi(const struct mem *m, unsigned int cpu)
{
	return (m->quirks & MEM_IPI_OVERTAKES) || mem_cpu_is_drained(m, cpu);
}

void mem_ipi_send(struct mem *m, unsigned int cpu)
{
	assert(mem_can_ipi(m, cpu));
	if (!(m->quirks & MEM_IPI_OVERTAKES))
		mem_fence(m, cpu, MEM_MB);
}

void mem_irq_enter(struct mem *m, unsigned int cpu)
{
	assert(cpu < m->nr_cpus);
	m->cpu[cpu].rmin = m->now;
}

void mem_switch_out(struct mem *m, unsigned int cpu)
{
	mem_fence(m, cpu, MEM_MB);
}

void mem_switch_in(struct mem *m, unsigned int cpu)
{
	assert(cpu < m->nr_cpus);
	m->cpu[cpu].rmin = m->now;
}
