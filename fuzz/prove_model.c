// SPDX-License-Identifier: GPL-2.0-only
/* Values that a memory model remembers, and their twins. */
#include "../sim/snapshot_priv.h"
#include "prove_symmetry.h"

enum { VALUES = 1 << 16 };		/* places of parts: behind all others */

/* Calls @f for each value, with its place, in an order that is the same for all members. */
static bool each_value(struct model *m, bool (*f)(void *arg, uint32_t where, uint64_t *value),
		       void *arg)
{
	for (unsigned int l = 0; l < m->mem.nr_locs; l++) {
		struct mem_loc *loc = &m->mem.loc[l];

		for (unsigned int i = 0; i < loc->nr; i++)
			if (!f(arg, VALUES + model_canon_offset(loc), &loc->value[i]))
				return false;
	}
	for (unsigned int i = 0; i < m->mem.nr_cpus; i++)
		for (unsigned int j = 0; j < m->mem.cpu[i].nr_pending; j++) {
			struct mem_pending *p = &m->mem.cpu[i].pending[j];

			if (!f(arg, VALUES + p->loc, &p->value))
				return false;
		}
	return true;
}

struct translation {
	const struct symmetry *y;
	unsigned int g;
};

static bool translate(void *arg, uint32_t where, uint64_t *value)
{
	const struct translation *t = arg;
	const struct twins *twins = &t->y->twins;
	unsigned int member;
	const struct stack_hash *orbit = twins_find(twins, where,
						    (struct stack_hash){ *value, 0 }, &member);

	if (orbit)
		*value = orbit[twins->chain[t->g][member]].low;
	return orbit;
}

bool symmetry_rename_model(const struct symmetry *y, unsigned int g,
			   const struct snapshot_form *form, struct snapshot_form *to)
{
	static struct model renamed;
	struct translation t = { y, g };

	memcpy(&renamed, form->model, form->model_size);
	if (!each_value(&renamed, translate, &t))
		return false;
	rename_model(&y->of[g], &renamed);
	to->rest->model = snapshot_hash_of(&renamed, form->model_size);
	return true;
}

static const struct mem_loc *find_loc(const struct mem *m, uint32_t off)
{
	for (unsigned int l = 0; l < m->nr_locs; l++)
		if (model_canon_offset(&m->loc[l]) == off)
			return &m->loc[l];
	return NULL;
}

static bool learn_loc(struct symmetry *y, const struct snapshot_form *form,
		      const struct mem_loc *loc)
{
	const struct mem_loc *own[SYMMETRIES];
	struct twin of[SYMMETRIES];

	for (unsigned int g = 0; g < y->nr; g++) {
		uint32_t off = rename_offset(&y->of[g], model_canon_offset(loc));

		own[g] = find_loc(&form[g].model->mem, off);
		of[g].where = VALUES + off;
		if (!own[g] || own[g]->nr != loc->nr)
			return false;
	}
	for (unsigned int i = 0; i < loc->nr; i++) {
		for (unsigned int g = 0; g < y->nr; g++)
			of[g].value = (struct stack_hash){ own[g]->value[i], 0 };
		if (!twins_learn(&y->twins, of))
			return false;
	}
	return true;
}

static bool learn_pending(struct symmetry *y, const struct snapshot_form *form, unsigned int cpu,
			  unsigned int nr)
{
	struct twin of[SYMMETRIES];

	for (unsigned int g = 0; g < y->nr; g++) {
		const struct mem_cpu *c = &form[g].model->mem.cpu[y->of[g].pcpu[cpu]];

		if (nr >= c->nr_pending)
			return false;
		of[g] = (struct twin){ VALUES + c->pending[nr].loc, { c->pending[nr].value, 0 } };
	}
	return twins_learn(&y->twins, of);
}

bool symmetry_learn_model(struct symmetry *y, const struct snapshot_form *form)
{
	const struct mem *m = &form[0].model->mem;

	for (unsigned int l = 0; l < m->nr_locs; l++)
		if (!learn_loc(y, form, &m->loc[l]))
			return false;
	for (unsigned int i = 0; i < m->nr_cpus; i++)
		for (unsigned int j = 0; j < m->cpu[i].nr_pending; j++)
			if (!learn_pending(y, form, i, j))
				return false;
	return true;
}
