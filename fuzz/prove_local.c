// SPDX-License-Identifier: GPL-2.0-only
/* Steps that stand for all others of a state, one after the other. */
#include "prove_search.h"

enum { LOCAL_STEPS = 64 };		/* of which only where they lead to is remembered */

static void edge_join(struct edge *edge, const struct edge *more)
{
	edge->happened |= more->happened;
	edge->nr += more->nr;
	edge->alone |= more->alone;
	edge->barred |= more->barred;
}

/* Makes the event; if that asks which store is to become visible, the one that is tried. */
static enum run_end try_local_step(struct search *s, unsigned int event, uint32_t answer)
{
	enum run_end end = search_step(s, answer);
	struct edge first = s->edge;

	if (s->over || end != RUN_GOES_ON || s->run.point.kind != CHOICE_COMMIT ||
	    event % NR_EVENT_KINDS != EVENT_DRAIN)
		return end;
	end = search_step(s, s->reduce->commit);
	edge_join(&s->edge, &first);
	return end;
}

bool search_step_locally(struct search *s, size_t at, bool taken)
{
	struct choice_point point = s->run.point;
	bool moved = false;

	for (uint32_t answer = 0; answer < point.bound && !s->over; answer++) {
		unsigned int event = choice_event(&point, answer);
		enum run_end end;

		if (point.optional >> event & 1)
			continue;
		if (moved)
			snapshot_restore(s->arena + at);
		moved = reduce_try(s->reduce, event);
		if (!moved)
			continue;
		if (!taken)
			snapshot_take(s->arena + at);
		taken = true;
		end = try_local_step(s, event, answer);
		if (end == RUN_GOES_ON && s->run.point.kind == CHOICE_EVENT &&
		    reduce_was_local(s->reduce, event))
			return true;
	}
	if (moved)
		snapshot_restore(s->arena + at);
	return false;
}

void search_go_on_locally(struct search *s)
{
	struct edge edge = s->edge;

	for (unsigned int n = 0; n < LOCAL_STEPS && !s->over; n++) {
		uint64_t must = search_must_happen(&s->run.point);

		if (WORLD->live.nr_choices >= MAX_CHOICES - 4 || !search_has_room(s))
			break;
		if (!search_step_locally(s, s->arena_used, false))
			break;
		edge.barred |= ~must;
		edge_join(&edge, &s->edge);
	}
	s->edge = edge;
}
