// SPDX-License-Identifier: GPL-2.0-only
/* Learning what tasks may yet do. */
#include <string.h>
#include "../sim/sites.h"
#include "prove_future.h"

/* The parts of the oracles' memory come first; words share a variable if they are many. */
enum {
	PAGES = 16,
	FIRST_WORD = NR_GHOST_PARTS,
	WORD_VARS = FUTURE_VARS - FIRST_WORD,
};

_Static_assert(GHOST_PAGES == 1 << PAGES, "the parts have been renumbered");

static unsigned int nr_tasks(void)
{
	return WORLD->fix.nr_tasks + (unsigned int)WORLD->fix.config.nr_pcpus;
}

/* Nodes of each task; site 0 is one. */
static unsigned int nr_nodes(void)
{
	unsigned int nr = WORLD->fix.sites->nr + 1;

	return nr < FUTURE_SITES ? nr : FUTURE_SITES;
}

static void set(uint64_t *bits, unsigned int var)
{
	bits[var / 64] |= 1ull << var % 64;
}

void footprint_of(const struct futures *f, const struct access *acc, struct footprint *print)
{
	memset(print, 0, sizeof(*print));
	if (!acc->size)
		return;
	for (uint32_t w = acc->off / 4; w <= (acc->off + acc->size - 1u) / 4; w++) {
		set(acc->flags & ACC_WRITE ? print->write : print->read,
		    FIRST_WORD + w % WORD_VARS);
		if (f->paged[w])
			set(print->read, PAGES);
	}
}

void footprint_touch(struct footprint *print, uint32_t ghosts)
{
	for (; ghosts; ghosts &= ghosts - 1)
		set(print->write, (unsigned int)__builtin_ctz(ghosts));
}

static uint64_t conflict(const struct footprint *a, const struct footprint *b)
{
	uint64_t bits = 0;

	for (unsigned int i = 0; i < FUTURE_VARS / 64; i++)
		bits |= (a->write[i] & (b->read[i] | b->write[i])) | (a->read[i] & b->write[i]);
	return bits;
}

bool future_conflicts(const struct future *future, const struct footprint *print)
{
	return conflict(&future->seen, print);
}

static bool add(struct footprint *to, const struct footprint *more)
{
	uint64_t grown = 0;

	for (unsigned int i = 0; i < FUTURE_VARS / 64; i++) {
		grown |= (more->read[i] & ~to->read[i]) | (more->write[i] & ~to->write[i]);
		to->read[i] |= more->read[i];
		to->write[i] |= more->write[i];
	}
	return grown;
}

void footprint_join(struct footprint *print, const struct footprint *more)
{
	add(print, more);
}

void future_rely(struct future *future, const struct footprint *print)
{
	add(&future->relied, print);
}

static bool learn(struct futures *f, struct future *future, const struct footprint *print)
{
	bool grown = add(&future->seen, print);

	f->grown |= grown;
	if (grown && conflict(&future->relied, print))
		f->violated = true;
	return grown;
}

/* What is new at one node is new at all from which it can be reached. */
static void spread(struct futures *f, unsigned int task)
{
	bool grown = true;

	while (grown) {
		grown = false;
		for (unsigned int n = nr_nodes(); n--;)
			for (unsigned int i = 0; i < FUTURE_SITES / 64; i++)
				for (uint64_t left = f->next[task][n][i]; left; left &= left - 1) {
					unsigned int to = i * 64 +
						(unsigned int)__builtin_ctzll(left);

					grown |= learn(f, &f->node[task][n],
						       &f->node[task][to].seen);
				}
	}
}

static void learn_node(struct futures *f, unsigned int task, unsigned int site,
		       const struct footprint *print)
{
	if (learn(f, &f->node[task][site % FUTURE_SITES], print))
		spread(f, task);
}

/* To give a page back is no access, but whether it comes before one matters. */
static void learn_pages(struct futures *f)
{
	const struct ghost *g = &WORLD->live.ghost;

	for (unsigned int i = 0; i < MAX_PAGES; i++)
		for (uint32_t at = 0; at < g->page_size[i]; at += 4) {
			uint8_t *paged = &f->paged[(g->page_off[i] + at) / 4];

			f->violated |= !*paged;
			f->grown |= !*paged;
			*paged = 1;
		}
}

static void learn_ghosts(struct watcher *w, uint32_t ghosts)
{
	unsigned int after = WORLD->live.cur->curr;
	struct footprint print = { .read = { 0 } };

	w->ghosts |= ghosts;
	if (ghosts & GHOST_PAGES)
		learn_pages(w->futures);
	footprint_touch(&print, ghosts);
	learn_node(w->futures, w->task, w->site[w->task], &print);
	/* It may have been the task that came after it. */
	learn_node(w->futures, after, w->site[after], &print);
}

/* What has happened since the event began. */
static void look_back(struct watcher *w)
{
	struct world_live *l = &WORLD->live;
	struct futures *f = w->futures;

	if (WORLD->fix.touched)
		learn_ghosts(w, WORLD->fix.touched);
	WORLD->fix.touched = 0;
	for (unsigned int t = 0; t < nr_tasks(); t++) {
		unsigned int from = w->site[t] % FUTURE_SITES;
		unsigned int to = l->task[t].site % FUTURE_SITES;

		if (from == to)
			continue;
		if (!(f->next[t][from][to / 64] >> to % 64 & 1)) {
			set(f->next[t][from], to);
			f->grown = true;
			spread(f, t);
		}
		w->site[t] = l->task[t].site;
	}
}

void watcher_resume(struct watcher *w)
{
	const struct world_live *l = &WORLD->live;

	WORLD->fix.touched = 0;
	w->ghosts = 0;
	w->task = l->cur->curr;
	for (unsigned int t = 0; t < nr_tasks(); t++)
		w->site[t] = l->task[t].site;
}

void watcher_happens(struct watcher *w, unsigned int event)
{
	const struct world_live *l = &WORLD->live;
	const struct pcpu *p = &l->pcpu[event / NR_EVENT_KINDS];
	struct footprint print;

	look_back(w);
	w->task = p->curr;
	if (event % NR_EVENT_KINDS != EVENT_STEP || !p->acc.size)
		return;
	footprint_of(w->futures, &p->acc, &print);
	learn_node(w->futures, p->curr, w->site[p->curr], &print);
	if (p->in_irq)
		learn(w->futures, &w->futures->handlers, &print);
	else if (l->task[p->curr].switching)
		learn(w->futures, &w->futures->notifiers[p->curr], &print);
}

void watcher_pause(struct watcher *w)
{
	look_back(w);
}

/* Calls @visit for each future of @to, with what @from knows in the same place. */
static void each(struct futures *to, const struct futures *from,
		 void (*visit)(struct futures *f, struct future *to, const struct future *from))
{
	visit(to, &to->handlers, &from->handlers);
	for (unsigned int t = 0; t < nr_tasks(); t++) {
		visit(to, &to->notifiers[t], &from->notifiers[t]);
		for (unsigned int n = 0; n < nr_nodes(); n++)
			visit(to, &to->node[t][n], &from->node[t][n]);
	}
}

static void merge(struct futures *f, struct future *to, const struct future *from)
{
	add(&to->relied, &from->relied);
	learn(f, to, &from->seen);
	if (conflict(&to->relied, &to->seen))
		f->violated = true;
}

void futures_learn(struct futures *to, const struct futures *from)
{
	to->violated |= from->violated;
	for (uint32_t w = 0; w < SHARED_WORDS; w++)
		to->paged[w] |= from->paged[w];
	each(to, from, merge);
	for (unsigned int t = 0; t < nr_tasks(); t++) {
		for (unsigned int n = 0; n < nr_nodes(); n++)
			for (unsigned int i = 0; i < FUTURE_SITES / 64; i++)
				to->next[t][n][i] |= from->next[t][n][i];
		spread(to, t);
	}
}

static void forget(struct futures *f, struct future *to, const struct future *from)
{
	(void)f;
	(void)from;
	memset(&to->relied, 0, sizeof(to->relied));
}

void futures_forget(struct futures *f)
{
	f->violated = false;
	each(f, f, forget);
}

bool futures_are_wrong(const struct futures *f)
{
	return f->violated;
}
