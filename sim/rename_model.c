// SPDX-License-Identifier: GPL-2.0-only
/* Other names for pCPUs and words in what a model remembers. */
#include <string.h>
#include "rename.h"

/* The allocation that takes the place of @object, which may be none. */
static unsigned int allocation(const struct renaming *r, unsigned int object)
{
	if (!object)
		return 0;
	return MODEL_FIXED->allocation[rename_offset(r, WORLD->fix.objects[object - 1].off) / 4];
}

static void rename_learnt(const struct renaming *r, struct model *m)
{
	static uint32_t before[MAX_PCPUS][MAX_OBJECTS + 1];

	memcpy(before, m->learnt, sizeof(before));
	memset(m->learnt, 0, sizeof(m->learnt));
	for (unsigned int i = 0; i < m->mem.nr_cpus; i++)
		for (unsigned int o = 0; o <= MAX_OBJECTS; o++)
			if (before[i][o])
				m->learnt[r->pcpu[i]][allocation(r, o)] = before[i][o];
}

static void rename_cpus(const struct renaming *r, struct mem *m)
{
	static struct mem_cpu before[MEM_CPUS_MAX];

	memcpy(before, m->cpu, sizeof(before));
	for (unsigned int i = 0; i < m->nr_cpus; i++) {
		struct mem_cpu *c = &m->cpu[r->pcpu[i]];

		*c = before[i];
		c->gp_waits = rename_pcpus(r, c->gp_waits);
		for (unsigned int j = 0; j < c->nr_pending; j++)
			c->pending[j].loc = (uint16_t)rename_offset(r, c->pending[j].loc);
	}
}

static void rename_loc(const struct renaming *r, const struct mem *m, const struct mem_loc *from,
		       struct mem_loc *to)
{
	uint16_t off = (uint16_t)rename_offset(r, model_canon_offset(from));

	*to = *from;
	memcpy(to->pad, &off, sizeof(off));
	for (unsigned int i = 0; i < from->nr; i++)
		if (from->cpu[i] != MEM_NOBODY)
			to->cpu[i] = r->pcpu[from->cpu[i]];
	for (unsigned int i = 0; i < m->nr_cpus; i++)
		to->seen[r->pcpu[i]] = from->seen[i];
	if (from->reserved != MEM_NOBODY)
		to->reserved = r->pcpu[from->reserved];
}

/* They stay in the order of offsets, in which they almost are. */
static void rename_locs(const struct renaming *r, struct mem *m)
{
	static struct mem_loc before[MEM_LOCS_MAX];

	memcpy(before, m->loc, m->nr_locs * sizeof(before[0]));
	for (unsigned int l = 0; l < m->nr_locs; l++) {
		struct mem_loc renamed;
		unsigned int at = l;

		rename_loc(r, m, &before[l], &renamed);
		while (at && model_canon_offset(&m->loc[at - 1]) > model_canon_offset(&renamed)) {
			m->loc[at] = m->loc[at - 1];
			at--;
		}
		m->loc[at] = renamed;
	}
}

void rename_model(const struct renaming *r, struct model *m)
{
	rename_learnt(r, m);
	rename_cpus(r, &m->mem);
	rename_locs(r, &m->mem);
}
