// SPDX-License-Identifier: GPL-2.0-only
/* Renaming states by what is known of their parts, and one hash for all of them. */
#include <stdio.h>
#include <string.h>
#include "../sim/snapshot_priv.h"
#include "prove_search.h"
#include "prove_symmetry.h"

/* Places of parts: stacks by their tasks, then what pCPUs wait for, then words. */
enum { STACKS = 0, WAITS = 64, WORDS = 128 };

/* What member @g makes of a part; NULL: it has not been met. */
static const struct stack_hash *twin_of(const struct symmetry *y, unsigned int g, uint32_t where,
					struct stack_hash value)
{
	unsigned int member;
	const struct stack_hash *orbit = twins_find(&y->twins, where, value, &member);

	return orbit ? &orbit[y->twins.chain[g][member]] : NULL;
}

static bool is_nothing(struct stack_hash value)
{
	return !value.low && !value.high;
}

/* An argument has a meaning with what is waited for, and a handler leaves it alone. */
static struct stack_hash wait_of(const struct pcpu *p)
{
	return (struct stack_hash){ p->wait_arg, p->waiting };
}

static uint64_t image_word(unsigned int w)
{
	uint64_t word;

	memcpy(&word, WORLD->fix.image_shared + 8 * w, sizeof(word));
	return word;
}

static bool rename_stacks(const struct symmetry *y, unsigned int g,
			  const struct snapshot_rest *from, struct snapshot_rest *to)
{
	const struct renaming *r = &y->of[g];
	const struct stack_hash *twin;

	for (unsigned int i = 0; i < snapshot_nr_tasks(); i++) {
		if (is_nothing(from->stack[i]))
			continue;
		twin = twin_of(y, g, STACKS + i, from->stack[i]);
		if (!twin)
			return false;
		to->stack[r->task[i]] = *twin;
	}
	if (is_nothing(from->ask.stack))
		return true;
	twin = twin_of(y, g, STACKS + snapshot_stack(from->ask.sp), from->ask.stack);
	if (twin)
		to->ask.stack = *twin;
	return twin;
}

static bool rename_waits(const struct symmetry *y, unsigned int g,
			 const struct snapshot_form *form, struct snapshot_form *to)
{
	for (int i = 0; i < WORLD->fix.config.nr_pcpus; i++) {
		const struct pcpu *p = &form->pcpu[i];
		uint8_t *arg = &to->pcpu[y->of[g].pcpu[i]].wait_arg;
		const struct stack_hash *twin;

		if (!p->wait_arg && p->waiting != WAIT_PCPU_IDLE)
			continue;
		twin = twin_of(y, g, WAITS + (uint32_t)i, wait_of(p));
		if (!twin)
			return false;
		*arg = (uint8_t)twin->low;
	}
	return true;
}

/* What no run has changed is, renamed, what no run has changed. */
static bool rename_words(const struct symmetry *y, unsigned int g,
			 const struct snapshot_form *form, struct snapshot_form *to)
{
	memcpy(to->shared, WORLD->fix.image_shared, form->nr_words * sizeof(to->shared[0]));
	for (unsigned int w = 0; w < form->nr_words; w++) {
		struct stack_hash value = { form->shared[w], 0 };
		const struct stack_hash *twin;

		if (value.low == image_word(w))
			continue;
		twin = twin_of(y, g, WORDS + w, value);
		if (!twin)
			return false;
		to->shared[y->of[g].word[w]] = twin->low;
	}
	return true;
}

bool symmetry_rename(const struct symmetry *y, unsigned int g, const struct snapshot_form *form,
		     struct snapshot_form *to)
{
	rename_form(&y->of[g], form, to);
	return rename_stacks(y, g, form->rest, to->rest) && rename_waits(y, g, form, to) &&
	       rename_words(y, g, form, to) &&
	       (!form->model || symmetry_rename_model(y, g, form, to));
}

/*
 * A number of the state that each member makes of this one: most often it says by itself
 * which of them is to stand for all.
 */
static bool rank(const struct symmetry *y, const struct snapshot_form *form, uint64_t *of)
{
	memset(of, 0, y->nr * sizeof(of[0]));
	for (unsigned int i = 0; i < snapshot_nr_tasks(); i++) {
		struct stack_hash stack = form->rest->stack[i];
		const struct stack_hash *orbit;
		unsigned int member;

		if (is_nothing(stack))
			continue;
		orbit = twins_find(&y->twins, STACKS + i, stack, &member);
		if (!orbit)
			return false;
		for (unsigned int g = 0; g < y->nr; g++) {
			uint64_t mixed = orbit[y->twins.chain[g][member]].low +
					 y->of[g].task[i] * 0x9e3779b97f4a7c15ull;

			of[g] += (mixed ^ mixed >> 29) * 0xbf58476d1ce4e5b9ull;
		}
	}
	return true;
}

static bool is_less(struct snapshot_hash a, struct snapshot_hash b)
{
	return a.high != b.high ? a.high < b.high : a.low < b.low;
}

bool symmetry_hash(const struct symmetry *y, const struct snapshot_form *form,
		   struct snapshot_hash hash, struct snapshot_hash *of_all)
{
	static _Alignas(64) unsigned char buf[SNAPSHOT_FORM_MAX];
	struct snapshot_form renamed;
	uint64_t of[SYMMETRIES], least;
	bool found = false;

	if (!rank(y, form, of))
		return false;
	least = of[0];
	for (unsigned int g = 1; g < y->nr; g++)
		least = of[g] < least ? of[g] : least;
	snapshot_lay_out(&renamed, buf);
	for (unsigned int g = 0; g < y->nr; g++) {
		struct snapshot_hash h = hash;

		if (of[g] != least)
			continue;
		if (g && !symmetry_rename(y, g, form, &renamed))
			return false;
		if (g)
			h = snapshot_form_hash(&renamed);
		if (!found || is_less(h, *of_all))
			*of_all = h;
		found = true;
	}
	return true;
}

/* Twins of one place, in the forms of all members' states. */
static bool learn_stacks(struct symmetry *y, const struct snapshot_form *form)
{
	struct twin of[SYMMETRIES];

	for (unsigned int i = 0; i <= snapshot_nr_tasks(); i++) {
		const struct snapshot_ask *ask = &form[0].rest->ask;
		bool asks = i == snapshot_nr_tasks();
		unsigned int task = asks && ask->sp ? snapshot_stack(ask->sp) : i;

		if (is_nothing(asks ? ask->stack : form[0].rest->stack[i]))
			continue;
		for (unsigned int g = 0; g < y->nr; g++) {
			const struct snapshot_rest *rest = form[g].rest;
			unsigned int to = y->of[g].task[task];

			of[g].where = STACKS + to;
			of[g].value = asks ? rest->ask.stack : rest->stack[to];
		}
		if (!twins_learn(&y->twins, of))
			return false;
	}
	return true;
}

static bool learn_waits(struct symmetry *y, const struct snapshot_form *form)
{
	struct twin of[SYMMETRIES];

	for (int i = 0; i < WORLD->fix.config.nr_pcpus; i++) {
		const struct pcpu *p = &form[0].pcpu[i];

		if (!p->wait_arg && p->waiting != WAIT_PCPU_IDLE)
			continue;
		for (unsigned int g = 0; g < y->nr; g++) {
			unsigned int to = y->of[g].pcpu[i];

			of[g] = (struct twin){ WAITS + to, wait_of(&form[g].pcpu[to]) };
		}
		if (!twins_learn(&y->twins, of))
			return false;
	}
	return true;
}

static bool learn_words(struct symmetry *y, const struct snapshot_form *form)
{
	struct twin of[SYMMETRIES];

	for (unsigned int w = 0; w < form[0].nr_words; w++) {
		unsigned int nr_changed = 0;

		for (unsigned int g = 0; g < y->nr; g++) {
			unsigned int to = y->of[g].word[w];
			uint64_t value = form[g].shared[to];

			of[g] = (struct twin){ WORDS + to, { value, 0 } };
			nr_changed += value != image_word(to);
		}
		if (!nr_changed)
			continue;
		if (nr_changed != y->nr || !twins_learn(&y->twins, of)) {
			const struct object *o = &WORLD->fix.objects[WORLD->fix.meta[2 * w].object];

			if (WORLD->fix.meta[2 * w].object)
				o--;
			snprintf(y->why, sizeof(y->why), "%s+%u", o->name, 8 * w - o->off);
			return false;
		}
	}
	return true;
}

bool symmetry_learn(struct symmetry *y, const struct snapshot_form *form)
{
	snprintf(y->why, sizeof(y->why), "what is on stacks");
	if (!learn_stacks(y, form))
		return false;
	snprintf(y->why, sizeof(y->why), "what pCPUs wait for");
	if (!learn_waits(y, form) || !learn_words(y, form))
		return false;
	snprintf(y->why, sizeof(y->why), "what waits to become visible, or is past");
	if (form[0].model && !symmetry_learn_model(y, form))
		return false;
	*y->why = '\0';
	return true;
}

void symmetry_tell(const struct symmetry *y, struct futures *f)
{
	for (uint32_t w = 0; w < SHARED_WORDS; w++) {
		uint32_t least = w;

		for (unsigned int g = 0; g < y->nr; g++) {
			uint32_t to = y->of[g].word[w / 2] * 2u + w % 2;

			least = to < least ? to : least;
		}
		f->word_down[w] = (uint16_t)(w - least);
	}
	for (unsigned int i = 0; i < MAX_TASKS; i++) {
		unsigned int least = i;

		for (unsigned int g = 0; g < y->nr; g++)
			least = y->of[g].task[i] < least ? y->of[g].task[i] : least;
		f->task_down[i] = (uint8_t)(i - least);
	}
}
