// SPDX-License-Identifier: GPL-2.0-only
/* From frame to frame on stacks that wait. */
#include <stdlib.h>
#include <string.h>
#include "../sim/machine.h"
#include "../sim/snapshot_priv.h"
#include "live.h"
#include "tidy.h"

enum { DEPTH_MAX = 48, PLACES = 1 << 12 };

/* What to do with a frame, by what its caller still needs of the kept registers. */
struct wipe {
	uint64_t caller, kept;		/* @kept: what its callee has to keep */
	struct wipe *next;
	unsigned int nr;
	struct {
		int32_t from;
		uint32_t size;
	} dead[];
};

/* What is known of places, by their address; kept as long as the process is. */
struct place {
	struct live_place live;
	struct wipe *wipes;
};

struct frame {
	struct place *place;
	unsigned char *end;
};

static struct place *place[PLACES];
static unsigned int nr_places;

static struct place *place_find(uintptr_t at)
{
	unsigned int i = (unsigned int)(at * 0x9e3779b97f4a7c15ull >> 52);
	struct place *p;

	while (place[i] && place[i]->live.at != at)
		i = (i + 1) % PLACES;
	if (place[i] || nr_places == PLACES / 2)
		return place[i];
	p = calloc(1, sizeof(*p));
	if (!p || !live_at(&p->live, at)) {
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

/* The frames of the stack that is left at @sp, innermost first. */
static unsigned int frames_of(const void *sp, struct frame *frame)
{
	const unsigned char *top = stack_top(snapshot_stack(sp));
	const uintptr_t *link = sp;
	const unsigned char *begin = (const unsigned char *)(link + 2);
	unsigned int nr = 0;

	while (nr < DEPTH_MAX) {
		uintptr_t bp = link[0];
		struct place *p;

		if (bp < (uintptr_t)begin || bp > (uintptr_t)top - CODE_LINKS || bp % 8)
			break;
		p = place_find(link[1]);
		link = (const uintptr_t *)bp;
		frame[nr].end = (unsigned char *)bp + CODE_LINKS;
		if (p && !fits(&p->live, frame[nr].end, begin))
			p = NULL;
		frame[nr++].place = p;
		begin = (const unsigned char *)bp + CODE_LINKS;
	}
	return nr;
}

/* NULL: no memory. */
static struct wipe *wipe_add(struct place *p, uint64_t caller)
{
	const struct live_place *live = &p->live;
	size_t most = (size_t)-live->sp;
	struct wipe *w = calloc(1, sizeof(*w) + most * sizeof(w->dead[0]));

	if (!w)
		return NULL;
	*w = (struct wipe){ .caller = caller, .kept = live_kept(live, caller), .next = p->wipes };
	for (int32_t from = live->sp; from < -CODE_LINKS; from++) {
		if (live_is_live(live, from, caller))
			continue;
		if (!w->nr || w->dead[w->nr - 1].from + (int32_t)w->dead[w->nr - 1].size != from)
			w->dead[w->nr++].from = from;
		w->dead[w->nr - 1].size++;
	}
	p->wipes = w;
	return w;
}

/* The frames of a stack from the outermost inwards. */
static void tidy_stack(const void *sp)
{
	struct frame frame[DEPTH_MAX];
	uint64_t kept = ~0ull;

	for (unsigned int i = frames_of(sp, frame); i--;) {
		struct wipe *w = frame[i].place ? frame[i].place->wipes : NULL;

		while (w && w->caller != kept)
			w = w->next;
		if (!w && frame[i].place)
			w = wipe_add(frame[i].place, kept);
		for (unsigned int n = 0; w && n < w->nr; n++)
			memset(frame[i].end + w->dead[n].from, 0, w->dead[n].size);
		kept = w ? w->kept : ~0ull;
	}
}

static void visit_stack(const void *sp,
			void (*visit)(void *from, size_t size, bool live, void *arg), void *arg)
{
	struct frame frame[DEPTH_MAX];
	uint64_t kept = ~0ull;

	for (unsigned int i = frames_of(sp, frame); i--;) {
		const struct live_place *p = frame[i].place ? &frame[i].place->live : NULL;

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
