// SPDX-License-Identifier: GPL-2.0-only
/* From frame to frame on stacks that wait. */
#include <stdlib.h>
#include <string.h>
#include "../sim/machine.h"
#include "../sim/snapshot_priv.h"
#include "live.h"
#include "tidy.h"

enum { DEPTH_MAX = 48, PLACES = 1 << 12, CHAINS = 1 << 13, GUESSES = 1 << 12 };

_Static_assert(GUESSES == 1 << (64 - 52), "a guess has twelve bits");

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
 * A stack's frames, and what is dead in all of them.  Stacks stand in few ways, and
 * come to the same again.
 */
struct chain {
	uint64_t used;			/* bytes of the stack */
	uint16_t number;		/* what a task's @frames says of it */
	unsigned int nr, nr_dead;
	struct link link[DEPTH_MAX];
	struct dead {
		uint64_t live;		/* mask of the word's bytes that are */
		uint64_t word;		/* from the stack's end that moves */
	} dead[];
};

/* What is known of places, by their address; kept as long as the process is. */
static struct live_place *place[PLACES];
static unsigned int nr_places;
/*
 * The chains that have been met, by their hash; and the one to try first, for each site,
 * depth, and chain that the stack had before: its outer frames are still the same.
 */
static struct chain *chain[CHAINS];
static unsigned int nr_chains;
static const struct chain *guess[GUESSES];

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

/* Whether a stack of which the frame pointer @bp stands at @link goes on to there. */
static bool goes_on(uintptr_t bp, uintptr_t link, uintptr_t top)
{
	return bp >= link + CODE_LINKS && bp <= top - CODE_LINKS && bp % 8 == 0;
}

/* The links of the stack that is left at @sp, innermost first.  Returns their hash. */
static uint64_t links_of(const void *sp, struct chain *c)
{
	uintptr_t top = (uintptr_t)stack_top(snapshot_stack(sp));
	uintptr_t link = (uintptr_t)sp;
	uint64_t hash;

	c->used = hash = top - link;
	c->nr = c->nr_dead = 0;
	while (c->nr < DEPTH_MAX) {
		uintptr_t bp = ((const uintptr_t *)link)[0];
		uintptr_t at = ((const uintptr_t *)link)[1];

		if (!goes_on(bp, link, top))
			break;
		c->link[c->nr++] = (struct link){ top - bp, at };
		hash = (hash ^ (top - bp) ^ at << 16) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 29;
		link = bp;
	}
	return hash;
}

/* Whether links_of() would find the same; faster, because no step waits for the one before. */
static bool chain_is_of(const struct chain *c, const void *sp)
{
	uintptr_t top = (uintptr_t)stack_top(snapshot_stack(sp));
	uintptr_t link = (uintptr_t)sp;

	if (c->used != top - link)
		return false;
	for (unsigned int i = 0; i < c->nr; i++) {
		const uintptr_t *words = (const uintptr_t *)link;

		link = top - c->link[i].below;
		if (words[0] != link || words[1] != c->link[i].at)
			return false;
	}
	return c->nr == DEPTH_MAX || !goes_on(*(const uintptr_t *)link, link, top);
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

/* Bytes of the frames, dead and live, from the outermost frame inwards. */
static void visit_frames(void *sp, const struct chain *c,
			 void (*visit)(void *from, size_t size, bool live, void *arg), void *arg)
{
	struct frame frame[DEPTH_MAX];
	uint64_t kept = ~0ull;

	frames_of(sp, c, frame);
	for (unsigned int i = c->nr; i--;) {
		const struct live_place *p = frame[i].place;

		for (int32_t from = p ? p->sp : 0; from < -CODE_LINKS; from++)
			visit(frame[i].end + from, 1, live_is_live(p, from, kept), arg);
		kept = p ? live_kept(p, kept) : ~0ull;
	}
}

/* The bytes of a stack that begins at @begin, 0xff for those that are live. */
struct mask {
	uint64_t word[STACK_SIZE / 8];
	const unsigned char *begin;
};

static void mask_bytes(void *from, size_t size, bool live, void *arg)
{
	struct mask *m = arg;

	if (!live)
		memset((unsigned char *)m->word + ((unsigned char *)from - m->begin), 0, size);
}

/* NULL: no memory. */
static struct chain *chain_make(void *sp, const struct chain *links)
{
	static struct mask mask;
	struct chain *c;
	size_t nr = 0;

	mask.begin = sp;
	memset(mask.word, 0xff, links->used);
	visit_frames(sp, links, mask_bytes, &mask);
	for (size_t i = 0; i < links->used / 8; i++)
		nr += mask.word[i] != ~0ull;
	c = malloc(sizeof(*c) + nr * sizeof(c->dead[0]));
	if (!c)
		return NULL;
	memcpy(c, links, sizeof(*c));
	for (size_t i = 0; i < links->used / 8; i++)
		if (mask.word[i] != ~0ull)
			c->dead[c->nr_dead++] = (struct dead){ mask.word[i], i };
	return c;
}

/* There is no end of them in sight: those that are still met will be met again. */
static void chains_forget(void)
{
	for (unsigned int i = 0; i < CHAINS; i++)
		free(chain[i]);
	memset(chain, 0, sizeof(chain));
	memset(guess, 0, sizeof(guess));
	nr_chains = 0;
}

static const struct chain *chain_find(void *sp)
{
	struct chain links;
	uint64_t i = links_of(sp, &links) % CHAINS;

	if (nr_chains == CHAINS / 2)
		chains_forget();
	while (chain[i] && (chain[i]->used != links.used || chain[i]->nr != links.nr ||
			    memcmp(chain[i]->link, links.link, links.nr * sizeof(links.link[0]))))
		i = (i + 1) % CHAINS;
	if (!chain[i]) {
		chain[i] = chain_make(sp, &links);
		nr_chains += chain[i] != NULL;
		if (chain[i])
			chain[i]->number = (uint16_t)nr_chains;
	}
	return chain[i];
}

/* @task: whose stack it is; MAX_TASKS: none's, as where a drain asks which store. */
static void tidy_stack(void *sp, unsigned int task)
{
	struct task *t = task < MAX_TASKS ? &WORLD->live.task[task] : NULL;
	uint32_t before = t ? (uint32_t)t->site << 16 | t->frames : 0;
	uint64_t way = snapshot_stack_used(sp) << 32 | before;
	const struct chain **c = &guess[way * 0x9e3779b97f4a7c15ull >> 52];
	uint64_t *word = sp;

	if (!*c || !chain_is_of(*c, sp))
		*c = chain_find(sp);
	if (t)
		t->frames = *c ? (*c)->number : 0;
	/* Most are zeros already, and to store them would delay who reads the stack next. */
	for (unsigned int i = 0; *c && i < (*c)->nr_dead; i++)
		if (word[(*c)->dead[i].word] & ~(*c)->dead[i].live)
			word[(*c)->dead[i].word] &= (*c)->dead[i].live;
}

static void visit_stack(void *sp,
			void (*visit)(void *from, size_t size, bool live, void *arg), void *arg)
{
	struct chain links;

	links_of(sp, &links);
	visit_frames(sp, &links, visit, arg);
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
		tidy_stack(WORLD->live.task[i].sp, i);
		WORLD->live.stale |= 1u << i;
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
	tidy_stack(run->sp, snapshot_asker(run));
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
