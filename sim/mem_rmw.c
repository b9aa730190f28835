// SPDX-License-Identifier: GPL-2.0-only
/*
 * Atomic read-modify-writes and spin locks.
 *
 * Atomicity comes from two rules: an RMW reads the newest value, and until its
 * write commits nobody else may commit to the location.  A full RMW has its own
 * barriers on both sides and commits at once, and so does every RMW under tso.
 */
#include <assert.h>
#include <string.h>

#include "mem_priv.h"

/* A full barrier on either side; under tso the lock prefix makes each so. */
static bool is_full(const struct mem *m, enum mem_order order)
{
	return m->model != MEM_WEAK || order == MEM_FULL ||
	       (order == MEM_NORETURN && (m->quirks & MEM_NORETURN_FULL));
}

bool mem_can_rmw(const struct mem *m, unsigned int cpu, unsigned int loc,
		 enum mem_order order)
{
	const struct mem_cpu *c = &m->cpu[cpu];
	unsigned int i;

	assert(cpu < m->nr_cpus && loc < m->nr_locs);
	if (m->loc[loc].reserved != MEM_NOBODY)
		return false;
	if (is_full(m, order) || order == MEM_RELEASE)
		return !c->nr_pending;
	if (c->nr_pending == m->pending_max)
		return false;
	for (i = 0; i < c->nr_pending; i++)
		if (c->pending[i].loc == loc || c->pending[i].epoch < c->epoch)
			return false;
	return true;
}

uint64_t mem_rmw_read(struct mem *m, unsigned int cpu, unsigned int loc,
		      uint32_t adep, enum mem_order order, uint32_t *dep)
{
	struct mem_cpu *c = &m->cpu[cpu];
	uint32_t at;

	assert(mem_can_rmw(m, cpu, loc, order));
	assert(!c->done);
	if (is_full(m, order))
		mem_fence(m, cpu, MEM_MB);
	at = mem_read_entry(m, cpu, loc, m->loc[loc].nr - 1, adep);
	c->maxr_all = mem_max(c->maxr_all, at);
	if (order != MEM_NORETURN)
		c->maxr = mem_max(c->maxr, at);
	if (order == MEM_ACQUIRE)
		c->rmin = mem_max(c->rmin, at);
	mem_rcu_note(m, cpu, at);
	if (dep)
		*dep = at;
	return mem_peek(m, loc);
}

void mem_rmw_write(struct mem *m, unsigned int cpu, unsigned int loc,
		   uint64_t value, enum mem_order order, uint32_t dep)
{
	assert(mem_can_rmw(m, cpu, loc, order));
	if (is_full(m, order)) {
		mem_publish(m, cpu, loc, value, dep, false);
		mem_rcu_note(m, cpu, m->now - 1);
		mem_fence(m, cpu, MEM_MB);
		return;
	}
	mem_append(m, cpu, loc, value, MEM_P_RMW, dep);
	m->loc[loc].reserved = cpu;
}

bool mem_can_cas(const struct mem *m, unsigned int cpu, unsigned int loc,
		 const struct mem_cas *cas)
{
	return mem_can_rmw(m, cpu, loc, cas->order) &&
	       mem_peek(m, loc) == mem_truncate(&m->loc[loc], cas->expect);
}

/* The address dep of a failure: architectures may put a barrier before it. */
static uint32_t cas_fail_adep(const struct mem *m, unsigned int cpu,
			      const struct mem_cas *cas)
{
	const struct mem_cpu *c = &m->cpu[cpu];

	if (cas->order != MEM_FULL || !(m->quirks & MEM_CASFAIL_MB_BEFORE))
		return cas->adep;
	return mem_max(cas->adep, mem_max(c->maxr_all, c->lastc));
}

static bool cas_can_fail(const struct mem *m, unsigned int cpu,
			 const struct mem_cas *cas)
{
	unsigned int fenced = MEM_CASFAIL_MB_BEFORE | MEM_CASFAIL_MB_AFTER;

	if (m->model != MEM_WEAK || (cas->order == MEM_FULL &&
				     (m->quirks & fenced)))
		return mem_cpu_is_drained(m, cpu);
	return true;
}

unsigned int mem_cas_choices(const struct mem *m, unsigned int cpu,
			     unsigned int loc, const struct mem_cas *cas)
{
	uint32_t adep = cas_fail_adep(m, cpu, cas);
	uint64_t expect = mem_truncate(&m->loc[loc], cas->expect);
	unsigned int nr = mem_can_cas(m, cpu, loc, cas);
	unsigned int i, loads;

	if (!cas_can_fail(m, cpu, cas))
		return nr;
	loads = mem_load_choices(m, cpu, loc, adep);
	for (i = 0; i < loads; i++)
		nr += mem_load_peek(m, cpu, loc, adep, i) != expect;
	return nr;
}

uint64_t mem_cas(struct mem *m, unsigned int cpu, unsigned int loc,
		 const struct mem_cas *cas, unsigned int answer, uint32_t *dep)
{
	uint32_t adep = cas_fail_adep(m, cpu, cas);
	uint64_t expect = mem_truncate(&m->loc[loc], cas->expect);
	uint64_t value;
	unsigned int i = 0;

	assert(answer < mem_cas_choices(m, cpu, loc, cas));
	if (mem_can_cas(m, cpu, loc, cas) && answer-- == 0) {
		mem_rmw_read(m, cpu, loc, cas->adep, cas->order, dep);
		mem_rmw_write(m, cpu, loc, cas->value, cas->order, cas->dep);
		return expect;
	}
	/* Failures are the load's choices without those that would succeed. */
	while (mem_load_peek(m, cpu, loc, adep, i) == expect || answer-- > 0)
		i++;
	value = mem_load(m, cpu, loc, adep, i, MEM_RELAXED, dep);
	if (cas->order == MEM_FULL && (m->quirks & MEM_CASFAIL_MB_AFTER))
		mem_fence(m, cpu, MEM_MB);
	return value;
}

bool mem_can_lock(const struct mem *m, unsigned int cpu, unsigned int loc)
{
	const struct mem_cpu *c = &m->cpu[cpu];
	unsigned int i;

	/*
	 * All that precedes an unlock is visible once the unlock is, so to wait
	 * for own unlocks (of any lock) orders their stores before this lock.
	 */
	for (i = 0; i < c->nr_pending; i++)
		if (c->pending[i].flags & MEM_P_UNLOCK)
			return false;
	return mem_can_rmw(m, cpu, loc, MEM_ACQUIRE) && mem_peek(m, loc) == 0;
}

void mem_lock(struct mem *m, unsigned int cpu, unsigned int loc)
{
	struct mem_cpu *c = &m->cpu[cpu];

	assert(mem_can_lock(m, cpu, loc));
	mem_rmw_read(m, cpu, loc, 0, MEM_ACQUIRE, NULL);
	c->rmin = mem_max(c->rmin, c->maxr_unlock);
	mem_rmw_write(m, cpu, loc, 1, MEM_ACQUIRE, 0);
}

void mem_unlock(struct mem *m, unsigned int cpu, unsigned int loc)
{
	mem_append(m, cpu, loc, 0, MEM_P_RELEASE | MEM_P_UNLOCK, 0);
	m->cpu[cpu].maxr_unlock = m->cpu[cpu].maxr_all;
}
