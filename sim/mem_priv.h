/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by the mem*.c files only: how to find and add a value of a location.
 *
 * The one rule of time: a load that takes entry i of a ring executes before
 * entry i + 1 commits and, if another CPU stored it, not before entry i did.
 * An own store can be read before it commits (it is forwarded from the buffer
 * then), so only the instant of what was stored bounds that.
 */
#ifndef SIM_MEM_PRIV_H
#define SIM_MEM_PRIV_H

#include "mem.h"

static inline uint32_t mem_max(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static inline uint64_t mem_truncate(const struct mem_loc *l, uint64_t value)
{
	return l->size == 8 ? value : value & ((1ULL << (8 * l->size)) - 1);
}

/* Earliest instant at which the CPU's next load could execute. */
static inline uint32_t mem_earliest(const struct mem *m, unsigned int cpu,
				    uint32_t adep)
{
	const struct mem_cpu *c = &m->cpu[cpu];

	if (m->quirks & MEM_ALLDEP)
		adep = mem_max(adep, c->maxr_all);
	return mem_max(c->rmin, adep);
}

/* The CPU's youngest pending store to @loc, or NULL. */
const struct mem_pending *mem_forward(const struct mem *m, unsigned int cpu,
				      unsigned int loc);

/* May pending store @i of the CPU commit at this moment? */
bool mem_can_commit(const struct mem *m, unsigned int cpu, unsigned int i);

/* Make a value newest: the one place where time advances. */
void mem_publish(struct mem *m, unsigned int cpu, unsigned int loc,
		 uint64_t value, uint32_t dep, bool plain);

/* The oldest @nr values are gone. */
void mem_forget(struct mem_loc *l, unsigned int nr);

/* Execute a load of ring entry @i; gives the instant. */
uint32_t mem_read_entry(struct mem *m, unsigned int cpu, unsigned int loc,
			unsigned int i, uint32_t adep);

/* The CPU executed a load at @at or committed a store between @at and @at + 1. */
void mem_rcu_note(struct mem *m, unsigned int cpu, uint32_t at);

/* A store of the CPU committed: its reader may have ended for all to see. */
void mem_rcu_drain(struct mem *m, unsigned int cpu);

/* Append to the buffer; the caller has checked that there is room. */
void mem_append(struct mem *m, unsigned int cpu, unsigned int loc,
		uint64_t value, unsigned int flags, uint32_t dep);

#endif
