// SPDX-License-Identifier: GPL-2.0-only
/* One transition of a search, and what is seen of it. */
#include "prove_search.h"
#include "tidy.h"

enum { LOOK_EVERY = 1 << 12 };		/* transitions between looks at the clock */

/* Whether the answer means an event that no fiber is resumed for. */
static bool is_drain(unsigned int event)
{
	return event % NR_EVENT_KINDS == EVENT_DRAIN;
}

void search_paused(struct search *s, enum run_end end)
{
	if (end == RUN_GOES_ON && !s->p->keep_dead)
		tidy_paused(&s->run);
	if (s->reduce)
		watcher_pause(&s->reduce->watcher, &s->run, end);
}

enum run_end search_step(struct search *s, uint32_t answer)
{
	struct world_live *l = &WORLD->live;
	unsigned int event = EVENT_NONE;
	enum run_end end;

	s->edge = (struct edge){ 0 };
	if (s->run.point.kind == CHOICE_EVENT) {
		event = choice_event(&s->run.point, answer);
		s->edge.happened = 1ull << event;
	}
	/* Steps count those without a choice in between: a loop of one alone. */
	l->steps = 0;
	l->ghost.fired = 0;
	l->ghost.nr_reports = 0;
	s->live = false;
	if (s->reduce)
		watcher_resume(&s->reduce->watcher, &s->run);
	end = run_resume(&s->run, answer);
	search_paused(s, end);
	s->edge.alone = s->edge.nr > (event != EVENT_NONE && !is_drain(event));
	s->p->nr_made++;
	if (l->ghost.fired)
		search_judge(s);
	if (end == RUN_GOES_ON)
		search_mirrors_news(s);
	if (s->p->nr_made % LOOK_EVERY == 0) {
		assert(end != RUN_GOES_ON || snapshot_stacks_are_known(&s->run));
		search_look(s);
	}
	return end;
}

bool search_may_load(void *search, unsigned int pcpu, uint32_t off, unsigned int size)
{
	struct search *s = search;

	return (s->run.point.kind != CHOICE_EVENT && WORLD->live.cur->id == pcpu) ||
	       futures_may_load(&s->reduce->known, pcpu, off, size);
}

void search_happens(struct snapshot_run *run, unsigned int event)
{
	struct search *s = (struct search *)run;

	s->edge.happened |= 1ull << event;
	s->edge.nr++;
	s->p->nr_events++;
	if (s->p->happens && s->depth)
		s->p->happens(s->p, event);
	if (!s->reduce)
		return;
	/* Where tasks stand has to be what it is for the same state at a choice. */
	if (!s->p->keep_dead)
		tidy_turns();
	watcher_happens(&s->reduce->watcher, event);
}
