// SPDX-License-Identifier: GPL-2.0-only
/* Depth-first search over snapshots of the paused world. */
#include <stdlib.h>
#include <string.h>
#include "prove_search.h"

enum {
	ARENA_GROWS = 4 * SNAPSHOT_MAX,
};

_Static_assert(sizeof(struct world_live) + SHARED_MAX + (MAX_TASKS + 1) * STACK_SIZE +
	       MAX_CHOICES * sizeof(struct taken) + 4096 <= SNAPSHOT_MAX,
	       "a snapshot may not fit");

static struct frame *top(struct search *s)
{
	return &s->frame[s->depth - 1];
}

static struct tally *top_tally(struct search *s)
{
	return s->depth ? &s->open.state[top(s)->open].tally : &s->start;
}

bool search_has_room(struct search *s)
{
	unsigned char *more;

	if (s->arena_size - s->arena_used >= SNAPSHOT_MAX)
		return true;
	if (!jobs_take_bytes(s, ARENA_GROWS))
		return false;
	more = realloc(s->arena, s->arena_size + ARENA_GROWS);
	if (!more)
		return false;
	s->arena = more;
	s->arena_size += ARENA_GROWS;
	return true;
}

uint64_t search_must_happen(const struct choice_point *point)
{
	if (point->kind != CHOICE_EVENT)
		return ~0ull;
	return (point->others | 1ull << point->first) & ~point->optional;
}

static bool open_fits(struct search *s, struct snapshot_hash hash)
{
	size_t before = open_bytes(&s->open);

	if (!open_push(&s->open, hash, search_must_happen(&s->run.point)))
		return false;
	return jobs_take_bytes(s, open_bytes(&s->open) - before);
}

/* The world's present state becomes the end of the path. */
static void push(struct search *s, struct snapshot_hash hash, struct snapshot_hash in_set)
{
	struct frame *f = &s->frame[s->depth];

	if (s->depth == MAX_CHOICES - 1 || WORLD->live.nr_choices >= MAX_CHOICES - 4) {
		search_stop(s, PROVE_TOO_DEEP);
		return;
	}
	if (!search_has_room(s) || !open_fits(s, hash)) {
		search_stop(s, PROVE_MEMORY);
		return;
	}
	s->open.state[s->open.nr - 1].in_set = in_set;
	*f = (struct frame){
		.at = s->arena_used, .point = s->run.point, .open = s->open.nr - 1,
		.reduced = !s->reduce || s->run.point.kind != CHOICE_EVENT,
	};
	if (s->symmetry)
		memcpy(f->stood, s->stood, sizeof(f->stood));
	s->arena_used += snapshot_take(s->arena + f->at);
	s->live = true;
	s->p->frontier += f->point.bound;
	s->p->path = ++s->depth;
	if (s->depth > s->p->depth)
		s->p->depth = s->depth;
}

static void count(struct prove *p, const struct tally *t)
{
	p->nr_states++;
	p->nr_transitions += t->transitions;
	p->nr_ends += t->ends;
	p->nr_reduced += t->reduced;
	for (unsigned int o = 0; o < NR_ORACLES; o++)
		p->broken[o] += t->broken[o];
}

/* A group that goes round: one that may do so for ever breaks a rule. */
static void judge_group(struct search *s, struct frame *f, bool is_new)
{
	struct report r = { .oracle = ORACLE_SOFT_LOCKUP, .vcpu = -1 };
	bool for_ever = open_loops_for_ever(&s->open, f->open);

	s->p->nr_loops += is_new;
	if (!for_ever)
		return;
	s->p->nr_endless += is_new;
	s->p->broken[r.oracle] += is_new;
	s->p->fired |= 1u << r.oracle;
	/* The schedule that is kept is the one that leads here. */
	if (!s->live)
		snapshot_restore(s->arena + f->at);
	s->live = true;
	search_found(s, &r);
}

/*
 * Nothing that is open can be reached from the group of the top frame any more.
 *
 * Who turns back at a state of a group that goes round, of which the rest is not
 * in the set yet, would take the rest for a group.  So such a group enters under
 * a lock, and who comes second finds all of its own states there.
 */
static bool group_leaves(struct search *s, struct frame *f)
{
	bool loops = open_loops(&s->open, f->open), is_new = false;
	struct prove *p = s->p;

	if (!jobs_claim(s, s->open.nr - f->open))
		return false;
	while (loops && atomic_flag_test_and_set(&s->shared->looping))
		gate_rest();
	for (uint32_t i = s->open.nr; i-- > f->open;) {
		const struct open_state *o = &s->open.state[i];

		/* One may be another's mirror image. */
		s->room--;
		if (!table_add(&s->shared->table, o->in_set))
			continue;
		is_new = true;
		count(p, &o->tally);
		if (p->reached)
			p->reached(p, o->in_set, false);
	}
	if (loops) {
		atomic_flag_clear(&s->shared->looping);
		judge_group(s, f, is_new);
	}
	open_leave(&s->open, f->open);
	return true;
}

/* All answers of the state at the end of the path have been tried. */
static void pop(struct search *s)
{
	struct frame *f = top(s), *before = f - 1;
	struct tally *t = top_tally(s);

	t->transitions = f->point.bound;
	if (f->point.kind == CHOICE_EVENT)
		t->transitions = (uint32_t)__builtin_popcountll(f->done);
	t->reduced = t->transitions < f->point.bound;
	s->p->frontier -= f->point.bound;
	if (!open_is_complete(&s->open, f->open))
		open_link(&s->open, before->open, f->open, &before->edge);
	else if (!group_leaves(s, f))
		return;
	s->arena_used = f->at;
	s->live = false;
	s->p->path = --s->depth;
}

/*
 * A state, new or known, was reached.  True: it is open.  Then it goes round here,
 * and what is left out would be so for ever.
 */
static bool reached(struct search *s)
{
	struct snapshot_hash hash, in_set;
	uint32_t open;

	if (!search_hash(s, &hash, &in_set))
		return false;
	table_expect(&s->shared->table, in_set);
	open = open_find(&s->open, hash);
	if (table_has(&s->shared->table, in_set)) {
		search_turns_back(s, hash, in_set);
		return false;
	}
	if (open == OPEN_NONE) {
		push(s, hash, in_set);
		return false;
	}
	open_link(&s->open, top(s)->open, open, &s->edge);
	return true;
}

static void end_reached(struct search *s, enum run_end end)
{
	top_tally(s)->ends++;
	if (s->p->reached)
		s->p->reached(s->p, prove_end_hash(end), true);
}

static void go_to(struct search *s, const struct frame *f)
{
	if (!s->live)
		snapshot_restore(s->arena + f->at);
	s->live = true;
}

/* No event of the frame's state is left out any more. */
static void expand(struct frame *f)
{
	f->group = 0;
	f->nr_tried = 0;
}

/*
 * Follows local steps from the state at the end of the path, if there is one, and
 * no other answer.
 */
static bool follow_local_step(struct search *s, struct frame *f)
{
	bool steps;

	go_to(s, f);
	steps = search_step_locally(s, f->at, true);
	if (steps) {
		f->group = f->done = 1ull << s->reduce->event;
		f->nr_tried = f->point.bound;
		search_go_on_locally(s);
	}
	/* What trials have shown comes once more. */
	s->open.state[f->open].tally = (struct tally){ 0 };
	if (!steps) {
		s->live = true;
		return s->over;
	}
	f->edge = s->edge;
	if (!s->over && reached(s))
		expand(f);
	return true;
}

/*
 * Which answer to try next.  Each process has an order of its own, so that they
 * meet late: the first one goes up, the second down, others begin somewhere.
 */
static uint32_t answer_of(const struct search *s, const struct frame *f)
{
	uint32_t bound = f->point.bound;

	if (s->me < 2)
		return s->me ? bound - 1 - f->nr_tried : f->nr_tried;
	return (uint32_t)((s->open.state[f->open].hash.high * s->me + f->nr_tried) % bound);
}

/* An answer that has not been tried and is not left out; false: there is none. */
static bool next_answer(const struct search *s, struct frame *f, uint32_t *answer)
{
	while (f->nr_tried < f->point.bound) {
		uint64_t event = 0;

		*answer = answer_of(s, f);
		f->nr_tried++;
		if (f->point.kind == CHOICE_EVENT)
			event = 1ull << choice_event(&f->point, *answer);
		if (f->done & event || (f->group && !(f->group & event)))
			continue;
		f->done |= event;
		return true;
	}
	return false;
}

/* Makes the transition and goes on to where it leads. */
static void follow(struct search *s, struct frame *f, uint32_t answer)
{
	unsigned int event = f->group ? choice_event(&f->point, answer) : EVENT_NONE;
	bool whole = !f->group;
	enum run_end end;

	go_to(s, f);
	if (!whole)
		reduce_try_one_of(s->reduce, event, f->group);
	end = search_step(s, answer);
	f->edge = s->edge;
	if (s->over)
		return;
	if (!whole && (end != RUN_GOES_ON || s->run.point.kind != CHOICE_EVENT ||
		       !reduce_was_local(s->reduce, event)))
		expand(f);
	if (end != RUN_GOES_ON)
		end_reached(s, end);
	else if (reached(s) && f->group)
		expand(f);
}

/* The next answer of the state at the end of the path, or back by one state. */
static void go_on(struct search *s)
{
	struct frame *f = top(s);
	uint32_t answer;

	if (!f->reduced) {
		f->reduced = true;
		if (follow_local_step(s, f))
			return;
		go_to(s, f);
		f->group = reduce_group(s->reduce, &f->point);
	}
	if (next_answer(s, f, &answer))
		follow(s, f, answer);
	else
		pop(s);
}

static void begin(struct search *s)
{
	enum run_end end;

	if (s->reduce)
		reduce_begin(s->reduce, &s->shared->known);
	s->start = (struct tally){ 0 };
	if (s->reduce)
		watcher_begin(&s->reduce->watcher);
	end = run_start(&s->run);
	search_paused(s, end);
	search_judge(s);
	if (!s->over && end == RUN_GOES_ON)
		reached(s);
	else if (!s->over)
		end_reached(s, end);
}

static void drop(struct search *s)
{
	s->depth = 0;
	s->arena_used = 0;
	s->live = false;
	s->p->path = 0;
	s->p->frontier = 0;
	open_leave(&s->open, 0);
}

void search_all(struct search *s)
{
	s->over = false;
	s->room = 0;
	if (s->shared->asymmetric)
		s->symmetry = NULL;
	s->anew_at = 0;
	s->begun_at = s->p->nr_made;
	begin(s);
	while (s->depth && !s->over) {
		jobs_pass(s);
		if (s->over)
			break;
		go_on(s);
	}
	drop(s);
}
