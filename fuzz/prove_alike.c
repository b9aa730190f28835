// SPDX-License-Identifier: GPL-2.0-only
/* Finding out which pCPUs are alike, with what starts on them. */
#include <stdio.h>
#include <string.h>
#include "prove_search.h"

enum {
	TRIALS = 16,			/* random runs of a proposal */
	WALKS = 16,			/* ... and of all that is alike, together */
};

/* pCPUs that may be alike have this in common; -1: it is like no other. */
static long kind_of(unsigned int pcpu)
{
	const struct world_fixed *f = &WORLD->fix;
	const struct pcpu *p = &f->image.pcpu[pcpu];
	const struct task *t = &f->image.task[p->curr];

	if (p->nr_queued || t->vcpu >= 0)
		return -1;
	return t->idle ? 0 : (long)f->task_fn[p->curr];
}

/* Adds what the group needs to have @r in it.  False: too many. */
static bool add_member(struct symmetry *y, const struct renaming *r)
{
	struct renaming more;

	for (unsigned int g = 0; g < y->nr; g++)
		if (rename_is_same(&y->of[g], r))
			return true;
	if (y->nr == SYMMETRIES)
		return false;
	y->of[y->nr++] = *r;
	for (unsigned int g = 0; g < y->nr; g++)
		for (unsigned int h = 0; h < y->nr; h++) {
			rename_chain(&more, &y->of[g], &y->of[h]);
			if (!add_member(y, &more))
				return false;
		}
	return true;
}

static unsigned int find_member(const struct symmetry *y, const struct renaming *r)
{
	unsigned int g = 0;

	while (g < y->nr && !rename_is_same(&y->of[g], r))
		g++;
	assert(g < y->nr);
	return g;
}

/* Nothing is known of what the members make of parts. */
static bool know_nothing(struct symmetry *y)
{
	static uint8_t chain[SYMMETRIES][SYMMETRIES];
	struct renaming both;

	for (unsigned int g = 0; g < y->nr; g++)
		for (unsigned int h = 0; h < y->nr; h++) {
			rename_chain(&both, &y->of[h], &y->of[g]);
			chain[g][h] = (uint8_t)find_member(y, &both);
		}
	mirror_forget();
	twins_free(&y->twins);
	return twins_init(&y->twins, y->nr, chain);
}

static bool walks_are_alike(struct search *s, struct symmetry *y, unsigned int nr)
{
	uint32_t nr_choices;
	struct random r;
	bool alike = true;

	random_seed(&r, 1);
	for (unsigned int i = 0; i < nr && alike; i++)
		alike = mirror_walk(s, y, &r, &nr_choices);
	return alike;
}

/* Whether @a and @b may change places, by trial. */
static bool are_alike(struct search *s, struct symmetry *y, unsigned int a, unsigned int b)
{
	char why[sizeof(y->why)];
	bool alike;

	y->nr = 2;
	rename_nothing(&y->of[0]);
	if (!rename_swap(&y->of[1], a, b) || !know_nothing(y))
		return false;
	*y->why = '\0';
	alike = walks_are_alike(s, y, TRIALS);
	if (alike)
		return true;
	memcpy(why, y->why, sizeof(why));
	snprintf(y->why, sizeof(y->why), "pCPUs %u and %u differ in %.50s", a, b, why);
	return false;
}

/* Each pCPU goes to the first one that it is like. */
static void sort(struct search *s, struct symmetry *y)
{
	for (unsigned int p = 0; p < (unsigned int)WORLD->fix.config.nr_pcpus; p++) {
		unsigned int first = 0;

		while (first < p && (!y->alike[first] || kind_of(first) < 0 ||
				     kind_of(first) != kind_of(p) || !are_alike(s, y, first, p)))
			first++;
		y->alike[first] |= 1u << p;
	}
}

/* All renamings of those that are alike, as many as fit. */
static void make_group(struct symmetry *y)
{
	struct renaming r;

	y->nr = 1;
	rename_nothing(&y->of[0]);
	for (unsigned int first = 0; first < MAX_PCPUS; first++)
		for (uint32_t left = y->alike[first] & ~(1u << first); left; left &= left - 1) {
			unsigned int p = (unsigned int)__builtin_ctz(left), before = y->nr;

			if (rename_swap(&r, first, p) && add_member(y, &r))
				continue;
			y->nr = before;
			y->alike[first] &= ~(1u << p);
		}
}

bool symmetry_begin(struct search *s, struct symmetry *y, bool wanted)
{
	struct reduce *reduce = s->reduce;
	bool ok;

	memset(y->alike, 0, sizeof(y->alike));
	memset(y->linked, 0, sizeof(y->linked));
	*y->why = '\0';
	s->reduce = NULL;
	if (wanted)
		sort(s, y);
	make_group(y);
	ok = y->nr == 1 || know_nothing(y);
	if (ok && y->nr > 1 && !walks_are_alike(s, y, WALKS))
		y->nr = 1;
	s->reduce = reduce;
	return ok;
}

/* "pCPUs 1 and 2 (kicker0, kicker1)" of those that are like @first. */
static size_t print_kind(const struct symmetry *y, unsigned int first, char *buf, size_t size)
{
	const struct world_fixed *f = &WORLD->fix;
	uint32_t all = y->alike[first];
	size_t n = 0;

	for (uint32_t left = all; left; left &= left - 1)
		n += (size_t)snprintf(buf + n, size - n, "%s%d",
				      left == all ? "pCPUs " : left & (left - 1) ? ", " : " and ",
				      __builtin_ctz(left));
	for (uint32_t left = all; left; left &= left - 1) {
		unsigned int task = f->image.pcpu[__builtin_ctz(left)].curr;

		if (!f->image.task[task].idle)
			n += (size_t)snprintf(buf + n, size - n, "%s%s%s", left == all ? " (" : ", ",
					      f->comm[task], left & (left - 1) ? "" : ")");
	}
	return n;
}

void symmetry_print(const struct symmetry *y, const char *lost, uint64_t nr_mirrored,
		    char *buf, size_t size)
{
	size_t n = 0;

	*buf = '\0';
	if (lost)
		n += (size_t)snprintf(buf, size, "given up, they differ in %s: ", lost);
	else if (y->nr == 1 && *y->why)
		snprintf(buf, size, "none: %s", y->why);
	if (y->nr == 1)
		return;
	for (unsigned int p = 0; p < MAX_PCPUS; p++)
		if (y->alike[p] & (y->alike[p] - 1)) {
			n += print_kind(y, p, buf + n, size - n);
			n += (size_t)snprintf(buf + n, size - n, "; ");
		}
	assert(n < size);
	if (lost)
		buf[n - 2] = '\0';
	else
		snprintf(buf + n - 2, size - n + 2, " are alike; %llu paths made in %u ways",
			 (unsigned long long)nr_mirrored, y->nr);
}
