// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers and grace periods.
 *
 * A grace period starts at the earliest instant that its full barrier allows
 * and ends at the present.  A reader that did something before the start has to
 * end first; one that did not is held to execute after the start from then on.
 * A reader ends for all to see when the stores before its rcu_read_unlock()
 * have committed.  Two readers of one CPU that overlap in this sense count as
 * one, which only forbids more.
 */
#include <assert.h>

#include "mem_priv.h"

/* rcu_first of a reader that has done nothing yet. */
#define RCU_NEVER	UINT32_MAX

void mem_rcu_note(struct mem *m, unsigned int cpu, uint32_t at)
{
	struct mem_cpu *c = &m->cpu[cpu];
	unsigned int i;

	if (!c->rcu_open || m->model != MEM_WEAK)
		return;
	if (at < c->rcu_first)
		c->rcu_first = at;
	for (i = 0; i < m->nr_cpus; i++)
		if (m->cpu[i].gp_active && at < m->cpu[i].gp_start)
			m->cpu[i].gp_waits |= 1 << cpu;
}

void mem_rcu_drain(struct mem *m, unsigned int cpu)
{
	struct mem_cpu *c = &m->cpu[cpu];
	unsigned int i;

	if (!c->rcu_open || c->rcu_depth)
		return;
	for (i = 0; i < c->nr_pending; i++)
		if (c->pending[i].flags & MEM_P_RCU)
			return;
	for (i = 0; i < c->nr_pending; i++)
		c->pending[i].flags &= ~MEM_P_EARLY;
	c->rcu_open = 0;
	c->rcu_first = 0;
	for (i = 0; i < m->nr_cpus; i++)
		m->cpu[i].gp_waits &= ~(1 << cpu);
}

/* Is there a point in the reader's choosing to come after @gp's grace period? */
static bool can_follow(const struct mem *m, unsigned int cpu, unsigned int gp)
{
	return m->cpu[gp].gp_active && !m->cpu[cpu].rcu_depth &&
	       m->cpu[gp].gp_start > m->cpu[cpu].rmin;
}

unsigned int mem_rcu_lock_choices(const struct mem *m, unsigned int cpu)
{
	unsigned int i, nr = 1;

	assert(cpu < m->nr_cpus);
	for (i = 0; i < m->nr_cpus; i++)
		nr += can_follow(m, cpu, i);
	return nr;
}

void mem_rcu_lock(struct mem *m, unsigned int cpu, unsigned int answer)
{
	struct mem_cpu *c = &m->cpu[cpu];
	unsigned int i;

	assert(answer < mem_rcu_lock_choices(m, cpu));
	assert(c->rcu_depth < UINT8_MAX);
	for (i = 0; answer; i++)
		if (can_follow(m, cpu, i) && --answer == 0)
			c->rmin = m->cpu[i].gp_start;
	if (c->rcu_depth++)
		return;
	if (!c->rcu_open) {
		c->rcu_first = m->model == MEM_WEAK ? RCU_NEVER : 0;
		for (i = 0; i < c->nr_pending; i++)
			c->pending[i].flags |= MEM_P_EARLY;
	}
	c->rcu_open = 1;
	/* Grace periods that have ended came first. */
	c->rmin = mem_max(c->rmin, m->gp_last);
}

void mem_rcu_unlock(struct mem *m, unsigned int cpu)
{
	struct mem_cpu *c = &m->cpu[cpu];
	unsigned int i;

	assert(cpu < m->nr_cpus);
	assert(c->rcu_depth);
	if (--c->rcu_depth)
		return;
	for (i = 0; i < c->nr_pending; i++)
		c->pending[i].flags |= MEM_P_RCU;
	mem_rcu_drain(m, cpu);
}

bool mem_can_rcu_sync(const struct mem *m, unsigned int cpu)
{
	return mem_cpu_is_drained(m, cpu);
}

void mem_rcu_sync(struct mem *m, unsigned int cpu)
{
	struct mem_cpu *c = &m->cpu[cpu];
	unsigned int i;

	assert(!c->gp_active);
	mem_fence(m, cpu, MEM_MB);
	c->gp_active = 1;
	c->gp_start = c->rmin;
	/* Within a reader of its own it waits for itself, for ever. */
	c->gp_waits = c->rcu_depth ? 1 << cpu : 0;
	/* Without a past to read from, a reader that is there came first. */
	for (i = 0; i < m->nr_cpus; i++)
		if (m->cpu[i].rcu_open && (m->model != MEM_WEAK ||
					   m->cpu[i].rcu_first < c->gp_start))
			c->gp_waits |= 1 << i;
}

bool mem_can_rcu_synced(const struct mem *m, unsigned int cpu)
{
	assert(m->cpu[cpu].gp_active);
	return !m->cpu[cpu].gp_waits;
}

void mem_rcu_synced(struct mem *m, unsigned int cpu)
{
	struct mem_cpu *c = &m->cpu[cpu];
	unsigned int i;

	assert(mem_can_rcu_synced(m, cpu));
	for (i = 0; i < m->nr_cpus; i++)
		if (m->cpu[i].rcu_open)
			m->cpu[i].rmin = mem_max(m->cpu[i].rmin, c->gp_start);
	m->gp_last = mem_max(m->gp_last, c->gp_start);
	c->gp_active = 0;
	c->gp_start = 0;
	c->rmin = m->now;
}
