// SPDX-License-Identifier: GPL-2.0-only
/* Learning what tasks may yet do. */
#include <string.h>
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

static void join_word(struct footprint *to, unsigned int i, uint64_t read, uint64_t write)
{
	if (to->used >> i & 1) {
		read |= to->word[i].read;
		write |= to->word[i].write;
	}
	to->used |= 1u << i;
	to->word[i].read = read;
	to->word[i].write = write;
}

static void set(struct footprint *print, unsigned int var, bool write)
{
	uint64_t bit = 1ull << var % 64;

	join_word(print, var / 64, write ? 0 : bit, write ? bit : 0);
}

void footprint_of(const struct futures *f, const struct access *acc, struct footprint *print)
{
	print->used = 0;
	if (!acc->size)
		return;
	for (uint32_t at = acc->off & ~3u; at < acc->off + acc->size; at += 4) {
		uint32_t w = futures_word(f, at);

		set(print, FIRST_WORD + w % WORD_VARS, acc->flags & ACC_WRITE);
		if (f->paged[w])
			set(print, PAGES, false);
	}
}

void footprint_touch(struct footprint *print, uint32_t ghosts)
{
	for (; ghosts; ghosts &= ghosts - 1)
		set(print, (unsigned int)__builtin_ctz(ghosts), true);
}

static uint64_t conflict(const struct footprint *a, const struct footprint *b)
{
	uint64_t bits = 0;

	for (uint32_t used = a->used & b->used; used; used &= used - 1) {
		unsigned int i = (unsigned int)__builtin_ctz(used);

		bits |= (a->word[i].write & (b->word[i].read | b->word[i].write)) |
			(a->word[i].read & b->word[i].write);
	}
	return bits;
}

bool future_conflicts(const struct future *future, const struct footprint *print)
{
	return conflict(&future->seen, print);
}

/* Whether @more has something that @to has not. */
static bool is_more(const struct footprint *to, const struct footprint *more, unsigned int i)
{
	return !(to->used >> i & 1) || (more->word[i].read & ~to->word[i].read) ||
	       (more->word[i].write & ~to->word[i].write);
}

static bool add(struct footprint *to, const struct footprint *more)
{
	bool grown = false;

	for (uint32_t used = more->used; used; used &= used - 1) {
		unsigned int i = (unsigned int)__builtin_ctz(used);

		if (!is_more(to, more, i))
			continue;
		join_word(to, i, more->word[i].read, more->word[i].write);
		grown = true;
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

bool future_learn(struct futures *f, struct future *future, const struct footprint *print)
{
	bool grown = add(&future->seen, print);

	f->grown |= grown;
	if (grown && conflict(&future->relied, print))
		f->violated = true;
	return grown;
}

/* What is new at one node is new at all from which it can be reached. */
static void spread(struct futures *f, uint32_t node)
{
	static uint32_t todo[FUTURE_NODES];
	static uint8_t waits[FUTURE_NODES];
	uint32_t nr = 0;

	todo[nr++] = node;
	while (nr) {
		uint32_t to = todo[--nr];

		waits[to] = 0;
		for (uint32_t e = f->node[to].entered; e; e = f->edge[e].next_entered) {
			uint32_t from = f->edge[e].from;

			if (!future_learn(f, &f->node[from].future, &f->node[to].future.seen) ||
			    waits[from])
				continue;
			waits[from] = 1;
			todo[nr++] = from;
		}
	}
}

void futures_learn_node(struct futures *f, uint32_t node, const struct footprint *print)
{
	if (future_learn(f, &f->node[node].future, print))
		spread(f, node);
}

static uint32_t *place_of(struct futures *f, uint64_t key)
{
	uint32_t i = (uint32_t)key % (2 * FUTURE_NODES);

	while (f->place[i] && f->node[f->place[i]].key != key)
		i = (i + 1) % (2 * FUTURE_NODES);
	return &f->place[i];
}

/* A task has few nodes if each is a site: for them there is always room. */
static bool is_crowded(const struct futures *f)
{
	return f->coarse || f->nr_nodes >= FUTURE_NODES - MAX_TASKS * FUTURE_SITES ||
	       f->nr_edges >= FUTURE_EDGES / 4 * 3;
}

/*
 * Others may have found a place crowded, and have seen at the site's node what
 * belongs to a node of the site that is known here.
 */
static void join_site(struct futures *f, uint32_t node)
{
	uint64_t site_key = f->node[node].site_key;
	uint32_t site = *place_of(f, site_key);

	if (site && site != node)
		futures_edge(f, node, site);
	for (uint32_t n = 1; site == node && n < f->nr_nodes; n++)
		if (f->node[n].site_key == site_key)
			futures_edge(f, n, site);
}

uint32_t futures_node(struct futures *f, uint64_t key, uint64_t site_key)
{
	uint32_t *place = place_of(f, key);
	uint32_t node;

	if (!*place && is_crowded(f)) {
		key = site_key;
		place = place_of(f, key);
	}
	if (*place)
		return *place;
	assert(f->nr_nodes < FUTURE_NODES);
	node = f->nr_nodes++;
	f->node[node] = (struct future_node){ .key = key, .site_key = site_key };
	*place = node;
	f->grown = true;
	join_site(f, node);
	return node;
}

void futures_edge(struct futures *f, uint32_t from, uint32_t to)
{
	struct footprint all;
	uint32_t e;

	for (e = f->node[from].left; e && f->edge[e].to != to; e = f->edge[e].next_left)
		;
	if (e || from == to)
		return;
	f->grown = true;
	if (f->nr_edges == FUTURE_EDGES) {
		/* Whatever may follow has to do. */
		memset(&all, 0xff, sizeof(all));
		all.used = (1u << FUTURE_VARS / 64) - 1;
		futures_learn_node(f, from, &all);
		return;
	}
	e = f->nr_edges++;
	f->edge[e] = (struct future_edge){ from, to, f->node[from].left, f->node[to].entered };
	f->node[from].left = f->node[to].entered = e;
	futures_learn_node(f, from, &f->node[to].future.seen);
}

static void merge(struct futures *f, struct future *to, const struct future *from)
{
	add(&to->relied, &from->relied);
	future_learn(f, to, &from->seen);
	if (conflict(&to->relied, &to->seen))
		f->violated = true;
}

void futures_reset(struct futures *f)
{
	/* Who came last is found through no other. */
	for (uint32_t n = f->nr_nodes; n-- > 1;)
		*place_of(f, f->node[n].key) = 0;
	memset(f, 0, offsetof(struct futures, place));
	f->nr_nodes = f->nr_edges = 1;
}

static void merge_nodes(struct futures *to, const struct futures *from)
{
	static uint32_t as[FUTURE_NODES];

	for (uint32_t n = 1; n < from->nr_nodes; n++) {
		const struct future_node *node = &from->node[n];
		uint32_t own = futures_node(to, node->key, node->site_key);

		as[n] = own;
		merge(to, &to->node[own].future, &node->future);
		spread(to, own);
	}
	for (uint32_t e = 1; e < from->nr_edges; e++)
		futures_edge(to, as[from->edge[e].from], as[from->edge[e].to]);
}

void futures_learn(struct futures *to, const struct futures *from)
{
	to->violated |= from->violated;
	to->coarse |= from->coarse;
	for (uint32_t w = 0; w < SHARED_WORDS; w++)
		to->paged[w] |= from->paged[w];
	merge(to, &to->handlers, &from->handlers);
	for (unsigned int t = 0; t < nr_tasks(); t++)
		merge(to, &to->notifiers[t], &from->notifiers[t]);
	merge_nodes(to, from);
}

void futures_forget(struct futures *f)
{
	f->violated = false;
	f->handlers.relied.used = 0;
	for (unsigned int t = 0; t < nr_tasks(); t++)
		f->notifiers[t].relied.used = 0;
	for (uint32_t n = 1; n < f->nr_nodes; n++)
		f->node[n].future.relied.used = 0;
}

bool futures_are_wrong(const struct futures *f)
{
	return f->violated;
}

bool futures_are_whole(struct futures *f)
{
	bool whole = f->nr_nodes && f->nr_nodes <= FUTURE_NODES &&
		     f->nr_edges && f->nr_edges <= FUTURE_EDGES;

	for (uint32_t n = 1; whole && n < f->nr_nodes; n++) {
		whole = f->node[n].left < f->nr_edges && f->node[n].entered < f->nr_edges;
		*place_of(f, f->node[n].key) = n;
	}
	for (uint32_t e = 1; whole && e < f->nr_edges; e++)
		whole = f->edge[e].from < f->nr_nodes && f->edge[e].to < f->nr_nodes &&
			f->edge[e].next_left < e && f->edge[e].next_entered < e;
	return whole;
}
