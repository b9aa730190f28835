// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run and its mirror images, in step.
 *
 * Each member of the group has a world, of which one at a time is the present one.  All
 * are asked the same question in other words, get the same answer in other words, and
 * have to come to the same state in other words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "prove_search.h"

enum {
	RUN_CHOICES = 4000,		/* of a random run */
	STOPS = 64, STOP_EVERY = 6,	/* choices */
};

struct member {
	uint32_t node[MAX_TASKS];
	struct choice_point point;
	struct snapshot_form form;
	enum run_end end;
	uint32_t fired;
	unsigned char *world, *buf;
	struct model *model;
	size_t world_size;
};

static struct member member[SYMMETRIES];
static unsigned char *own_world, *renamed;

/*
 * All members' worlds now and then on the path that was mirrored last: the next one has
 * most often the same beginning.
 */
static struct stop {
	uint32_t nr_taken;
	unsigned char *world;		/* one after the other */
	size_t at[SYMMETRIES + 1];
	struct choice_point point[SYMMETRIES];
} stop[STOPS];

static unsigned int nr_stops;

/* What a search has in hand while it looks at something else. */
struct kept {
	struct edge edge;
	struct watcher watcher;
	uint8_t asked;
	void (*happens)(struct prove *p, unsigned int event);
	uint64_t nr_events;
	uint32_t ran, untidy, touched, nr_taken;
	struct taken taken[MAX_CHOICES];
};

static bool has_memory(unsigned int nr)
{
	bool has = true;

	if (!own_world)
		own_world = malloc(SNAPSHOT_MAX);
	if (!renamed)
		renamed = aligned_alloc(64, SNAPSHOT_FORM_MAX);
	for (unsigned int g = 0; g < nr; g++) {
		if (!member[g].world)
			member[g].world = malloc(SNAPSHOT_MAX);
		if (!member[g].buf)
			member[g].buf = aligned_alloc(64, SNAPSHOT_FORM_MAX);
		if (!member[g].model)
			member[g].model = malloc(sizeof(struct model));
		has &= member[g].world && member[g].buf && member[g].model;
	}
	return has && own_world && renamed;
}

static bool find_event(const struct choice_point *point, unsigned int event, uint32_t *answer)
{
	for (*answer = 0; *answer < point->bound; ++*answer)
		if (choice_event(point, *answer) == event)
			return true;
	return false;
}

static bool find_pcpu(const struct choice_point *point, unsigned int pcpu, uint32_t *answer)
{
	for (*answer = 0; *answer < point->bound; ++*answer)
		if (choice_pcpu(point, *answer) == pcpu)
			return true;
	return false;
}

/* The answer to @to that means what @answer to @point means, renamed. */
static bool mirror_answer(const struct renaming *r, const struct choice_point *point,
			  const struct choice_point *to, uint32_t *answer)
{
	if (point->kind != to->kind || point->bound != to->bound)
		return false;
	switch (point->kind) {
	case CHOICE_EVENT:
		return find_event(to, rename_event(r, choice_event(point, *answer)), answer);
	case CHOICE_MIGRATE:
	case CHOICE_WAKE:
		return find_pcpu(to, r->pcpu[choice_pcpu(point, *answer)], answer);
	default:
		return true;
	}
}

/* A member's run has come to its next choice, or to its end. */
static void come_to(struct search *s, struct member *m, enum run_end end)
{
	search_paused(s, end);
	m->end = end;
	m->fired = WORLD->live.ghost.fired;
	if (end != RUN_GOES_ON)
		return;
	for (unsigned int i = 0; i < MAX_TASKS; i++)
		m->node[i] = WORLD->live.task[i].node;
	m->point = s->run.point;
	m->world_size = snapshot_take(m->world);
	snapshot_form(&s->run, &m->form, m->buf);
	if (!m->form.model)
		return;
	memcpy(m->model, m->form.model, m->form.model_size);
	m->form.model = m->model;
}

static const char *difference(const struct snapshot_form *a, const struct snapshot_form *b)
{
	if (memcmp(a->task, b->task, (size_t)((char *)a->pcpu - (char *)a->task)))
		return "tasks";
	if (memcmp(a->pcpu, b->pcpu, (size_t)((char *)a->head - (char *)a->pcpu)))
		return "pCPUs";
	if (memcmp(a->head, b->head, (size_t)((char *)a->ghost - (char *)a->head)))
		return "what can happen";
	if (memcmp(a->ghost, b->ghost, (size_t)((char *)a->rest - (char *)a->ghost)))
		return "what rules remember";
	return "stacks, or what is asked";
}

/* Places that are twins have one future. */
static void link_nodes(struct search *s, struct symmetry *y, unsigned int g)
{
	struct futures *f = &s->reduce->known;

	for (unsigned int i = 0; i < MAX_TASKS; i++) {
		uint32_t a = member[0].node[i], b = member[g].node[y->of[g].task[i]];

		if (!a || !b)
			continue;
		futures_edge(f, a, b);
		futures_edge(f, b, a);
		y->linked[a] = y->linked[b] = true;
	}
}

static bool differ(struct symmetry *y, const char *what)
{
	snprintf(y->why, sizeof(y->why), "%s", what);
	return false;
}

/* All members have come to a choice or to an end: is that the same one? */
static bool compare(struct search *s, struct symmetry *y)
{
	struct snapshot_form form[SYMMETRIES], to;

	for (unsigned int g = 0; g < y->nr; g++) {
		if (member[g].end != member[0].end || member[g].fired != member[0].fired)
			return differ(y, "how runs end, or what they break");
		form[g] = member[g].form;
	}
	if (member[0].end != RUN_GOES_ON)
		return true;
	for (unsigned int g = 1; g < y->nr && s->reduce; g++)
		link_nodes(s, y, g);
	if (!symmetry_learn(y, form))
		return false;
	snapshot_lay_out(&to, renamed);
	for (unsigned int g = 1; g < y->nr; g++) {
		if (!symmetry_rename(y, g, &form[0], &to))
			return differ(y, "parts of states");
		if (memcmp(to.task, form[g].task, to.size))
			return differ(y, difference(&to, &form[g]));
	}
	return true;
}

static bool begin(struct search *s, struct symmetry *y)
{
	for (unsigned int g = 0; g < y->nr; g++) {
		if (s->reduce)
			watcher_begin(&s->reduce->watcher);
		come_to(s, &member[g], run_start(&s->run));
	}
	return compare(s, y);
}

/* Member 0 takes @answer, the others theirs. */
static bool step(struct search *s, struct symmetry *y, uint32_t answer)
{
	struct choice_point point = member[0].point;
	struct world_live *l = &WORLD->live;

	for (unsigned int g = 0; g < y->nr; g++) {
		uint32_t own = answer;

		snapshot_restore(member[g].world);
		if (!mirror_answer(&y->of[g], &point, &member[g].point, &own))
			return differ(y, "what can be chosen");
		l->steps = 0;
		l->ghost.fired = 0;
		l->ghost.nr_reports = 0;
		if (s->reduce)
			watcher_resume(&s->reduce->watcher, &s->run);
		come_to(s, &member[g], run_resume(&s->run, own));
	}
	return compare(s, y);
}

static void keep(struct search *s, struct kept *k)
{
	struct world_fixed *f = &WORLD->fix;

	snapshot_take(own_world);
	k->edge = s->edge;
	if (s->reduce)
		k->watcher = s->reduce->watcher;
	k->asked = f->asked;
	k->happens = s->p->happens;
	s->p->happens = NULL;
	k->nr_events = s->p->nr_events;
	k->ran = f->ran;
	k->untidy = f->untidy;
	k->touched = f->touched;
	k->nr_taken = WORLD->live.nr_choices;
	memcpy(k->taken, f->taken, k->nr_taken * sizeof(k->taken[0]));
}

static void give_back(struct search *s, const struct kept *k)
{
	struct world_fixed *f = &WORLD->fix;

	snapshot_restore(own_world);
	s->edge = k->edge;
	if (s->reduce)
		s->reduce->watcher = k->watcher;
	f->asked = k->asked;
	s->p->happens = k->happens;
	s->p->nr_events = k->nr_events;
	f->ran = k->ran;
	f->untidy = k->untidy;
	f->touched = k->touched;
	memcpy(f->taken, k->taken, k->nr_taken * sizeof(k->taken[0]));
}

static void add_stop(const struct symmetry *y, uint32_t nr_taken)
{
	struct stop *to = &stop[nr_stops];
	unsigned char *world;

	if (nr_stops == STOPS)
		return;
	to->nr_taken = nr_taken;
	for (unsigned int g = 0; g < y->nr; g++)
		to->at[g + 1] = to->at[g] + member[g].world_size;
	world = realloc(to->world, to->at[y->nr]);
	if (!world)
		return;
	to->world = world;
	for (unsigned int g = 0; g < y->nr; g++) {
		memcpy(world + to->at[g], member[g].world, member[g].world_size);
		to->point[g] = member[g].point;
	}
	nr_stops++;
}

/* Where the last stop on this path is, all members are.  Returns the answers taken there. */
static uint32_t go_to_stop(const struct symmetry *y, const struct kept *k,
			   const struct taken *before)
{
	const struct stop *from;
	uint32_t same = 0;

	while (same + 1 < k->nr_taken && !memcmp(&k->taken[same], &before[same], sizeof(before[0])))
		same++;
	/* What the last answer leads to is to be seen in any case. */
	while (nr_stops && stop[nr_stops - 1].nr_taken > same)
		nr_stops--;
	if (!nr_stops)
		return 0;
	from = &stop[nr_stops - 1];
	for (unsigned int g = 0; g < y->nr; g++) {
		member[g].end = RUN_GOES_ON;
		member[g].point = from->point[g];
		member[g].world_size = from->at[g + 1] - from->at[g];
		memcpy(member[g].world, from->world + from->at[g], member[g].world_size);
	}
	return from->nr_taken;
}

static bool follow_path(struct search *s, struct symmetry *y, const struct kept *k)
{
	static struct taken before[MAX_CHOICES];
	uint32_t nr = go_to_stop(y, k, before);

	memcpy(before, k->taken, k->nr_taken * sizeof(before[0]));
	if (!nr && !begin(s, y))
		return false;
	for (; nr < k->nr_taken; nr++) {
		if (nr % STOP_EVERY == 0 && (!nr_stops || stop[nr_stops - 1].nr_taken < nr))
			add_stop(y, nr);
		if (!step(s, y, k->taken[nr].answer))
			return false;
	}
	return true;
}

bool mirror_path(struct search *s, struct symmetry *y)
{
	static struct kept k;
	struct snapshot_hash hash, again;
	bool same;

	snapshot_hash(&s->run, &hash);
	keep(s, &k);
	same = follow_path(s, y, &k);
	again = same ? snapshot_form_hash(&member[0].form) : hash;
	if (hash.low != again.low || hash.high != again.high)
		same = differ(y, "where the same path leads twice");
	give_back(s, &k);
	return same;
}

void mirror_forget(void)
{
	nr_stops = 0;
}

bool mirror_walk(struct search *s, struct symmetry *y, struct random *r, uint32_t *nr_choices)
{
	bool same;

	*nr_choices = 0;
	if (!has_memory(y->nr))
		return differ(y, "no memory to compare them");
	same = begin(s, y);
	while (same && member[0].end == RUN_GOES_ON && *nr_choices < RUN_CHOICES) {
		same = step(s, y, random_below(r, member[0].point.bound));
		++*nr_choices;
	}
	return same;
}
