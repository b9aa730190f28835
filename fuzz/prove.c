// SPDX-License-Identifier: GPL-2.0-only
/* Depth-first search over snapshots of the paused world. */
#define XXH_INLINE_ALL
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>
#include "prove.h"
#include "prove_reduce.h"

enum {
	LOOK_EVERY = 1 << 12,		/* transitions between looks at the clock */
	SNAPSHOT_MAX = 1 << 20,		/* no snapshot is larger */
	FILTER_BITS = 14,
	PROGRESS_MS = 250, PROGRESS_PIPE_MS = 10000,
};

_Static_assert(sizeof(struct world_live) + SHARED_MAX + (MAX_TASKS + 1) * STACK_SIZE +
	       MAX_CHOICES * sizeof(struct taken) + 4096 <= SNAPSHOT_MAX,
	       "a snapshot may not fit");

/* A state on the present path, and which of its answers have been tried. */
struct frame {
	size_t at;			/* its snapshot in the arena */
	struct snapshot_hash hash;
	struct choice_point point;
	uint32_t next;			/* answer to try */
	uint32_t taken;			/* the answer last tried */
	bool reduced;			/* a local step has been looked for */
};

struct search {
	struct snapshot_run run;
	struct prove *p;
	struct reduce reduce;
	bool reduces;
	struct table table;
	unsigned char *arena;
	size_t arena_size, arena_used;
	struct frame frame[MAX_CHOICES];
	uint32_t depth;
	bool live;			/* the world is at the top frame's state */
	/* How many states of the path have these low bits: mostly none. */
	uint16_t on_path[1 << FILTER_BITS];
	uint64_t start_ms, printed_ms, start_cpu;
	uint32_t until_look;
	bool over;
};

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint16_t *filter(struct search *s, struct snapshot_hash hash)
{
	return &s->on_path[hash.low & ((1 << FILTER_BITS) - 1)];
}

static void stop(struct search *s, enum prove_stop why)
{
	s->p->stop = why;
	s->over = true;
}

static void keep_report(struct search *s, const struct report *r)
{
	struct prove *p = s->p;
	struct prove_found *f = &p->found[p->nr_found];
	char text[512];

	report_signature(p->config, r, text, sizeof(text));
	f->key = XXH3_64bits(text, strlen(text));
	for (unsigned int i = 0; i < p->nr_found; i++)
		if (p->found[i].key == f->key)
			return;
	/* A path with too many answers to keep: a shorter one may come. */
	if (!schedule_of_run(&f->schedule))
		return;
	f->report = *r;
	if (++p->nr_found == PROVE_FOUND_MAX)
		stop(s, PROVE_TOO_MANY);
}

static void judge(struct search *s)
{
	const struct ghost *g = &WORLD->live.ghost;

	for (unsigned int o = 0; o < NR_ORACLES; o++)
		s->p->broken[o] += g->fired >> o & 1;
	for (unsigned int i = 0; i < g->nr_reports && !s->over; i++)
		keep_report(s, &g->report[i]);
}

static void look_at_clock(struct search *s)
{
	struct prove *p = s->p;
	uint64_t ms = clock_ns(CLOCK_MONOTONIC) / 1000000 - s->start_ms;

	s->until_look = LOOK_EVERY;
	if (p->interrupted && *p->interrupted)
		stop(s, PROVE_INTERRUPTED);
	else if (p->max_ms && ms >= p->max_ms)
		stop(s, PROVE_TIME);
	if (!p->status_wanted)
		return;
	if (*p->status_wanted ||
	    ms - s->printed_ms >= (isatty(STDERR_FILENO) ? PROGRESS_MS : PROGRESS_PIPE_MS)) {
		s->printed_ms = ms;
		prove_print_status(p, s->depth, ms, false);
	}
}

/* Takes one answer of the world's present state and judges what comes of it. */
static enum run_end transition(struct search *s, uint32_t answer)
{
	struct world_live *l = &WORLD->live;
	enum run_end end;

	/* Steps count those without a choice in between: a loop of one alone. */
	l->steps = 0;
	l->ghost.fired = 0;
	l->ghost.nr_reports = 0;
	s->live = false;
	end = run_resume(&s->run, answer);
	s->p->nr_transitions++;
	if (l->ghost.fired)
		judge(s);
	if (!--s->until_look)
		look_at_clock(s);
	return end;
}

static bool arena_fits(struct search *s)
{
	unsigned char *more;
	size_t size = s->arena_size + 64 * SNAPSHOT_MAX;

	if (s->arena_size - s->arena_used >= SNAPSHOT_MAX)
		return true;
	more = size + table_bytes(&s->table) <= s->p->max_bytes ? realloc(s->arena, size) : NULL;
	if (!more)
		return false;
	s->arena = more;
	s->arena_size = size;
	s->table.max_bytes = s->p->max_bytes - size;
	return true;
}

/* The world's present state becomes the end of the path. */
static void push(struct search *s, struct snapshot_hash hash)
{
	struct frame *f = &s->frame[s->depth];

	if (s->depth == MAX_CHOICES - 1 || WORLD->live.nr_choices == MAX_CHOICES - 1) {
		stop(s, PROVE_TOO_DEEP);
		return;
	}
	if (!arena_fits(s)) {
		stop(s, PROVE_MEMORY);
		return;
	}
	*f = (struct frame){
		.at = s->arena_used, .hash = hash, .point = s->run.point,
		.reduced = !s->reduces || s->run.point.kind != CHOICE_EVENT,
	};
	s->arena_used += snapshot_take(s->arena + f->at);
	s->live = true;
	++*filter(s, hash);
	if (++s->depth > s->p->depth)
		s->p->depth = s->depth;
}

static void pop(struct search *s)
{
	struct frame *f = &s->frame[--s->depth];

	--*filter(s, f->hash);
	s->arena_used = f->at;
	s->live = false;
}

/*
 * The path from frame @from on leads back to that frame.  That may go on for
 * ever unless an event that has to happen could do so all the time and was
 * never let: then it is only a slow schedule.
 */
static bool cycle_is_fair(const struct search *s, uint32_t from)
{
	uint64_t must = ~0ull, happened = 0;

	for (uint32_t i = from; i < s->depth; i++) {
		const struct frame *f = &s->frame[i];

		if (f->point.kind != CHOICE_EVENT)
			continue;
		must &= (f->point.others | 1ull << f->point.first) & ~f->point.optional;
		happened |= 1ull << choice_event(&f->point, f->taken);
	}
	return !(must & ~happened);
}

static bool look_for_cycle(struct search *s, struct snapshot_hash hash)
{
	struct report r = { .oracle = ORACLE_SOFT_LOCKUP, .vcpu = -1 };

	if (!*filter(s, hash))
		return false;
	for (uint32_t i = s->depth; i--;) {
		if (s->frame[i].hash.low != hash.low || s->frame[i].hash.high != hash.high)
			continue;
		s->p->nr_cycles++;
		if (cycle_is_fair(s, i)) {
			s->p->nr_fair_cycles++;
			keep_report(s, &r);
		}
		return true;
	}
	return false;
}

/* A state, new or known, was reached.  False if it is on the path already. */
static bool reached(struct search *s)
{
	struct prove *p = s->p;
	struct snapshot_hash hash;

	snapshot_hash(&s->run, &hash);
	switch (table_add(&s->table, hash)) {
	case TABLE_NEW:
		p->nr_states++;
		if (p->reached)
			p->reached(p, hash, false);
		push(s, hash);
		return true;
	case TABLE_KNOWN:
		p->nr_revisits++;
		return !look_for_cycle(s, hash);
	case TABLE_FULL:
		stop(s, PROVE_MEMORY);
	}
	return true;
}

static void end_reached(struct search *s, enum run_end end)
{
	s->p->nr_ends++;
	if (s->p->reached)
		s->p->reached(s->p, prove_end_hash(end), true);
}

/*
 * Follows a local step of the state at the end of the path, if there is one, and
 * no other answer.
 */
static bool follow_local_step(struct search *s, struct frame *f)
{
	for (uint32_t answer = 0; answer < f->point.bound; answer++) {
		unsigned int event = choice_event(&f->point, answer);
		enum run_end end;

		if (f->point.optional >> event & 1)
			continue;
		if (!s->live)
			snapshot_restore(s->arena + f->at);
		s->live = true;
		if (!reduce_try(&s->reduce, event))
			continue;
		end = transition(s, answer);
		if (s->over)
			return true;
		if (end != RUN_GOES_ON || s->run.point.kind != CHOICE_EVENT ||
		    !reduce_was_local(&s->reduce, event))
			continue;
		f->taken = answer;
		if (!reached(s))
			return false;
		s->p->nr_reduced++;
		f->next = f->point.bound;
		return true;
	}
	return false;
}

/* The next answer of the state at the end of the path, or back by one state. */
static void go_on(struct search *s)
{
	struct frame *f = &s->frame[s->depth - 1];
	enum run_end end;

	if (!f->reduced) {
		f->reduced = true;
		if (follow_local_step(s, f))
			return;
	}
	if (f->next == f->point.bound) {
		pop(s);
		return;
	}
	f->taken = f->next++;
	if (!s->live)
		snapshot_restore(s->arena + f->at);
	end = transition(s, f->taken);
	if (s->over)
		return;
	if (end == RUN_GOES_ON)
		reached(s);
	else
		end_reached(s, end);
}

static void happens(struct snapshot_run *run, unsigned int event)
{
	struct search *s = (struct search *)run;

	reduce_happens(&s->reduce, event);
	s->over |= s->reduce.violated;
}

static void search(struct search *s)
{
	enum run_end end;

	reduce_begin(&s->reduce);
	s->run.forgetful = true;
	s->run.happens = s->reduces ? happens : NULL;
	end = run_start(&s->run);
	judge(s);
	if (!s->over && end == RUN_GOES_ON)
		reached(s);
	else if (!s->over)
		end_reached(s, end);
	while (s->depth && !s->over)
		go_on(s);
}

/* A word was not one context's own after all: forget what was visited. */
static bool begin_anew(struct search *s)
{
	struct prove *p = s->p;

	if (!s->reduce.violated || p->stop != PROVE_EXHAUSTED)
		return false;
	while (s->depth)
		pop(s);
	table_free(&s->table);
	s->over = false;
	p->nr_restarts++;
	p->nr_states = p->nr_transitions = p->nr_revisits = p->nr_ends = p->nr_reduced = 0;
	p->nr_cycles = p->nr_fair_cycles = p->depth = 0;
	memset(p->broken, 0, sizeof(p->broken));
	return table_init(&s->table, p->max_bytes - s->arena_size);
}

bool prove_search(struct prove *p)
{
	struct search *s = aligned_alloc(_Alignof(struct search), sizeof(*s));

	if (s)
		memset(s, 0, sizeof(*s));
	if (!s || !table_init(&s->table, p->max_bytes)) {
		free(s);
		return false;
	}
	s->p = p;
	s->reduces = p->reduce && !WORLD->fix.model;
	s->until_look = LOOK_EVERY;
	s->start_ms = clock_ns(CLOCK_MONOTONIC) / 1000000;
	s->start_cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	p->stop = PROVE_EXHAUSTED;
	do {
		search(s);
	} while (begin_anew(s));
	p->ms = clock_ns(CLOCK_MONOTONIC) / 1000000 - s->start_ms;
	p->cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - s->start_cpu;
	p->table_bytes = table_bytes(&s->table);
	if (p->status_wanted)
		prove_print_status(p, s->depth, p->ms, true);
	table_free(&s->table);
	free(s->arena);
	free(s);
	return true;
}
