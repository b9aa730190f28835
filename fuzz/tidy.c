// SPDX-License-Identifier: GPL-2.0-only
/* From frame to frame on stacks that wait. */
#include <stdlib.h>
#include <string.h>
#include "../sim/machine.h"
#include "../sim/snapshot_priv.h"
#include "live.h"
#include "tidy.h"

enum { DEPTH_MAX = 48, PLACES = 1 << 12, CHAINS = 1 << 13 };

struct frame {
	const struct live_place *place;	/* NULL: not understood */
	unsigned char *end;
};

/* A frame's link as it stands on a stack: where the next one is, seen from the top. */
struct link {
	uint64_t below;			/* bytes */
	uintptr_t at;
};

/*
 * A stack's frames, and which of its bytes are live in all of them: for each word
 * from @first on a mask.  Stacks stand in few ways, and come to the same again.
 */
struct chain {
	uint64_t used;			/* bytes of the stack */
	unsigned int nr;
	struct link link[DEPTH_MAX];
	unsigned int first, nr_words;
	uint64_t mask[];
};

/* What is known of places, by their address; kept as long as the process is. */
static struct live_place *place[PLACES];
static unsigned int nr_places;
static struct chain *chain[CHAINS];

static const struct live_place *place_find(uintptr_t at)
{
	unsigned int i = (unsigned int)(at * 0x9e3779b97f4a7c15ull >> 52);
	struct live_place *p;

	while (place[i] && place[i]->at != at)
		i = (i + 1) % PLACES;
	if (place[i] || nr_places == PLACES / 2)
		return place[i];
	p = calloc(1, sizeof(*p));
	if (!p || !live_at(p, at)) {
		free(p);
		return NULL;
	}
	nr_places++;
	place[i] = p;
	return p;
}

/* Whether the frame is as large as it has to be at that place. */
static bool fits(const struct live_place *p, const unsigned char *end, const unsigned char *begin)
{
	return p->known && (end + p->sp == begin || (p->moves && end + p->sp > begin));
}

/* The links of the stack that is left at @sp, innermost first.  Returns their hash. */
static uint64_t links_of(const void *sp, struct chain *c)
{
	uintptr_t top = (uintptr_t)stack_top(snapshot_stack(sp));
	uintptr_t link = (uintptr_t)sp;
	uint64_t hash;

	c->used = hash = top - link;
	c->first = c->nr_words = c->nr = 0;
	while (c->nr < DEPTH_MAX) {
		uintptr_t bp = ((const uintptr_t *)link)[0];
		uintptr_t at = ((const uintptr_t *)link)[1];

		if (bp < link + CODE_LINKS || bp > top - CODE_LINKS || bp % 8)
			break;
		c->link[c->nr++] = (struct link){ top - bp, at };
		hash = (hash ^ (top - bp) ^ at << 16) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 29;
		link = bp;
	}
	return hash;
}

/* The frames that they are of. */
static void frames_of(void *sp, const struct chain *c, struct frame *frame)
{
	unsigned char *top = stack_top(snapshot_stack(sp));
	unsigned char *begin = (unsigned char *)sp + CODE_LINKS;

	for (unsigned int i = 0; i < c->nr; i++) {
		const struct live_place *p = place_find(c->link[i].at);

		frame[i].end = top - c->link[i].below + CODE_LINKS;
		frame[i].place = p && fits(p, frame[i].end, begin) ? p : NULL;
		begin = frame[i].end;
	}
}

/* The frame's dead bytes, in masks of the words of a stack that begins at @begin. */
static void mask_frame(struct chain *c, const unsigned char *begin, const struct frame *f,
		       uint64_t caller)
{
	unsigned char *mask = (unsigned char *)c->mask;

	for (int32_t from = f->place->sp; from < -CODE_LINKS; from++)
		if (!live_is_live(f->place, from, caller))
			mask[f->end + from - begin] = 0;
}

/* Words at both ends that stay as they are need no mask. */
static void chain_trim(struct chain *c, unsigned int nr_words)
{
	while (nr_words && c->mask[nr_words - 1] == ~0ull)
		nr_words--;
	while (c->first < nr_words && c->mask[c->first] == ~0ull)
		c->first++;
	c->nr_words = nr_words - c->first;
	memmove(c->mask, c->mask + c->first, c->nr_words * sizeof(c->mask[0]));
}

/* From the outermost frame inwards.  NULL: no memory. */
static struct chain *chain_make(void *sp, const struct chain *links)
{
	unsigned int nr_words = (unsigned int)(links->used / 8);
	struct frame frame[DEPTH_MAX];
	uint64_t kept = ~0ull;
	struct chain *c = malloc(sizeof(*c) + nr_words * sizeof(c->mask[0]));

	if (!c)
		return NULL;
	memcpy(c, links, sizeof(*c));
	memset(c->mask, 0xff, nr_words * sizeof(c->mask[0]));
	frames_of(sp, c, frame);
	for (unsigned int i = c->nr; i--;) {
		if (frame[i].place)
			mask_frame(c, sp, &frame[i], kept);
		kept = frame[i].place ? live_kept(frame[i].place, kept) : ~0ull;
	}
	chain_trim(c, nr_words);
	return c;
}

static const struct chain *chain_find(void *sp)
{
	struct chain links, **c = &chain[links_of(sp, &links) % CHAINS];

	if (*c && (*c)->used == links.used && (*c)->nr == links.nr &&
	    !memcmp((*c)->link, links.link, links.nr * sizeof(links.link[0])))
		return *c;
	free(*c);
	*c = chain_make(sp, &links);
	return *c;
}

static void tidy_stack(void *sp)
{
	const struct chain *c = chain_find(sp);
	uint64_t *word = sp;

	for (unsigned int i = 0; c && i < c->nr_words; i++)
		word[c->first + i] &= c->mask[i];
}

static void visit_stack(void *sp,
			void (*visit)(void *from, size_t size, bool live, void *arg), void *arg)
{
	struct frame frame[DEPTH_MAX];
	struct chain links;
	uint64_t kept = ~0ull;

	links_of(sp, &links);
	frames_of(sp, &links, frame);
	for (unsigned int i = links.nr; i--;) {
		const struct live_place *p = frame[i].place;

		for (int32_t from = p ? p->sp : 0; from < -CODE_LINKS; from++)
			visit(frame[i].end + from, 1, live_is_live(p, from, kept), arg);
		kept = p ? live_kept(p, kept) : ~0ull;
	}
}

/* Other questions come up in the middle of something. */
static bool asks_within(const struct snapshot_run *run)
{
	return run->point.kind != CHOICE_EVENT;
}

/* Whether task @i will go on where its saved stack pointer says. */
static bool is_left(unsigned int i)
{
	const struct task *t = &WORLD->live.task[i];

	return t->state != TASK_DEAD || WORLD->live.pcpu[t->cpu].curr == i;
}

/* @asks: whose stack pointer is not there. */
static void tidy(unsigned int asks)
{
	uint32_t untidy = WORLD->fix.untidy & ((1u << snapshot_nr_tasks()) - 1);

	for (; untidy; untidy &= untidy - 1) {
		unsigned int i = (unsigned int)__builtin_ctz(untidy);

		if (i == asks || !is_left(i))
			continue;
		stack_open(WORLD->live.task[i].sp);
		tidy_stack(WORLD->live.task[i].sp);
	}
	WORLD->fix.untidy = 0;
}

void tidy_turns(void)
{
	tidy(MAX_TASKS);
}

void tidy_paused(const struct snapshot_run *run)
{
	tidy(snapshot_stack(run->sp));
	if (!asks_within(run))
		return;
	stack_open(run->sp);
	tidy_stack(run->sp);
}

void tidy_visit(const struct snapshot_run *run,
		void (*visit)(void *from, size_t size, bool live, void *arg), void *arg)
{
	stacks_open();
	for (unsigned int i = 0; i < snapshot_nr_tasks(); i++)
		if (i != snapshot_stack(run->sp) && is_left(i))
			visit_stack(WORLD->live.task[i].sp, visit, arg);
	if (asks_within(run))
		visit_stack(run->sp, visit, arg);
}
