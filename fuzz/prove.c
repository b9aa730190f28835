// SPDX-License-Identifier: GPL-2.0-only
/* Beginning a search, what it finds, and when it stops. */
#define XXH_INLINE_ALL
#include <malloc.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>
#include "../results/term.h"
#include "engine.h"
#include "prove_search.h"

enum {
	PROGRESS_MS = 250, PROGRESS_PIPE_MS = 10000,
	KEEP_BYTES = 1 << 24,		/* of the heap */
};

/*
 * Stacks name it, and so it is a part of states: at one place in each process.
 */
static struct search the_search;
static struct reduce the_reduce;
static struct symmetry the_symmetry;

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void search_stop(struct search *s, enum prove_stop why)
{
	uint32_t none = PROVE_EXHAUSTED;

	atomic_compare_exchange_strong(&s->shared->stop, &none, (uint32_t)why);
	s->shared->halt = 1;
	s->over = true;
}

static bool found_before(const struct prove *p, uint64_t key)
{
	for (unsigned int i = 0; i < p->nr_found; i++)
		if (p->found[i].key == key)
			return true;
	return false;
}

void search_found(struct search *s, const struct report *r)
{
	struct prove *p = s->p;
	struct prove_found *f = &p->found[p->nr_found];
	char text[512];

	if (p->nr_found == PROVE_FOUND_MAX)
		return;
	report_signature(p->config, r, text, sizeof(text));
	f->key = XXH3_64bits(text, strlen(text));
	/* A path with too many answers to keep: a shorter one may come. */
	if (found_before(p, f->key) || !schedule_of_run(&f->schedule))
		return;
	f->report = *r;
	if (++p->nr_found == PROVE_FOUND_MAX)
		search_stop(s, PROVE_TOO_MANY);
}

void search_judge(struct search *s)
{
	const struct ghost *g = &WORLD->live.ghost;
	struct tally *t = &s->start;

	if (s->depth)
		t = &s->open.state[s->frame[s->depth - 1].open].tally;
	for (unsigned int o = 0; o < NR_ORACLES; o++)
		t->broken[o] += g->fired >> o & 1;
	s->p->fired |= g->fired;
	for (unsigned int i = 0; i < g->nr_reports && !s->over; i++)
		search_found(s, &g->report[i]);
}

static uint64_t elapsed_ms(const struct search *s)
{
	return clock_ns(CLOCK_MONOTONIC) / 1000000 - s->start_ms;
}

/* All that the processes have counted, and what was counted before a checkpoint. */
void search_gather(const struct search *s, struct prove *to)
{
	const struct prove_shared *shared = s->shared;

	prove_reset(to);
	prove_add(to, &shared->before);
	for (unsigned int i = 0; i < shared->gate.members; i++)
		prove_add(to, &shared->worker[i]);
	to->table_bytes = table_bytes(&shared->table);
	to->ms += elapsed_ms(s);
}

static void show_progress(struct search *s, uint64_t ms)
{
	static struct prove sum;
	const struct prove *asked = s->asked;

	if (!asked->status_wanted)
		return;
	if (!*asked->status_wanted &&
	    ms - s->printed_ms < (isatty(STDERR_FILENO) ? PROGRESS_MS : PROGRESS_PIPE_MS))
		return;
	*asked->status_wanted = 0;
	s->printed_ms = ms;
	sum.config = asked->config;
	search_gather(s, &sum);
	prove_print_status(&sum, false);
}

/* In this round, so that what is in the set is nothing worth. */
static bool lost_symmetry(const struct search *s)
{
	return s->shared->asymmetric && s->symmetry;
}

static void save_now_and_then(struct search *s, uint64_t ms)
{
	if (!s->asked->checkpoint || !s->asked->checkpoint_ms ||
	    ms - s->saved_ms < s->asked->checkpoint_ms)
		return;
	s->saved_ms = ms;
	if (!jobs_be_alone(s))
		return;
	/* A disk that is full now may have room at the end. */
	if (!lost_symmetry(s))
		prove_save(s);
	gate_open(&s->shared->gate);
}

/*
 * Once the reduction has turned out to rely on what is not so, the rest of this
 * round is worth something only for what it learns: it may take as long again.
 */
static void look_at_reduction(struct search *s)
{
	if (!s->reduce || !futures_are_wrong(&s->reduce->known))
		return;
	if (!s->anew_at)
		s->anew_at = 2 * s->p->nr_made - s->begun_at;
	else if (s->p->nr_made >= s->anew_at)
		s->shared->halt = 1;
}

void search_look(struct search *s)
{
	const struct prove *asked = s->asked;
	uint64_t ms;

	jobs_tell(s);
	look_at_reduction(s);
	s->p->cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - s->start_cpu;
	if (s->me)
		return;
	ms = elapsed_ms(s);
	if (asked->interrupted && *asked->interrupted)
		search_stop(s, PROVE_INTERRUPTED);
	else if (asked->max_ms && ms >= asked->max_ms)
		search_stop(s, PROVE_TIME);
	show_progress(s, ms);
	save_now_and_then(s, ms);
}

/* A round is over for this process; the first one says whether there is another. */
static void meet(struct search *s)
{
	struct prove_shared *shared = s->shared;

	search_look(s);
	jobs_share(s);
	if (s->me) {
		gate_arrive(&shared->gate);
		return;
	}
	while (!gate_all_arrived(&shared->gate)) {
		jobs_pass(s);
		search_look(s);
		gate_rest();
	}
	shared->anew = shared->stop == PROVE_EXHAUSTED &&
		       (futures_are_wrong(&shared->known) || lost_symmetry(s));
	if (shared->anew) {
		table_clear(&shared->table);
		futures_forget(&shared->known);
		prove_anew(&shared->before);
		shared->worker[0].nr_restarts++;
		shared->halt = 0;
	} else if (shared->stop && s->asked->checkpoint && !shared->gate.broken &&
		   !lost_symmetry(s)) {
		prove_save(s);
	}
	gate_begin_round(&shared->gate);
}

/* What each process does, as often as the reduction turns out to have been wrong. */
static void work(struct search *s)
{
	/* What a child has inherited is the first process's. */
	if (s->me)
		s->start_cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	for (;;) {
		search_all(s);
		meet(s);
		if (!s->shared->anew || s->shared->gate.broken)
			break;
		prove_anew(s->p);
	}
	open_free(&s->open);
	free(s->arena);
}

/*
 * Under tso and weak, words get their numbers when they are first met, and stacks
 * that wait may hold them.  Runs that are the same in each process meet almost all.
 */
static void number_words(void)
{
	enum { RUNS = 1000 };
	struct run_result r;
	struct engine e;

	engine_parse(&e, "random");
	for (uint64_t seed = 0; WORLD->fix.model && seed < RUNS; seed++) {
		engine_seed(&e, seed);
		run_once(&e.chooser, NULL, &r);
	}
}

/* Before anything is learnt: who is alike shares what is. */
static bool find_symmetry(struct search *s, struct prove *p)
{
	struct symmetry *y = &the_symmetry;

	if (!symmetry_begin(s, y, p->symmetry))
		return false;
	symmetry_tell(y, &s->shared->known);
	if (s->reduce)
		symmetry_tell(y, &s->reduce->known);
	if (y->nr == 1)
		return true;
	s->symmetry = y;
	if (p->found_alike)
		p->found_alike(p, y);
	return true;
}

static int begin(struct search *s, struct prove *p)
{
	memset(s, 0, offsetof(struct search, frame));
	/* What analyses of code take and free will be taken again. */
	mallopt(M_TRIM_THRESHOLD, KEEP_BYTES);
	s->asked = p;
	s->start_ms = clock_ns(CLOCK_MONOTONIC) / 1000000;
	s->start_cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	p->jobs = p->jobs ? p->jobs : 1;
	s->shared = jobs_map(p);
	if (!s->shared)
		return term_error(TERM_EXIT_SYSTEM, "--memory: not enough to begin with");
	s->p = &s->shared->worker[0];
	number_words();
	if (p->reduce) {
		reduce_reset(&the_reduce);
		s->reduce = &the_reduce;
	}
	s->run.forgetful = true;
	s->run.happens = search_happens;
	if (p->checkpoint && prove_can_save(p))
		return TERM_EXIT_SYSTEM;
	if (!find_symmetry(s, p))
		return term_error(TERM_EXIT_SYSTEM, "no memory to find out which pCPUs are alike: "
				  "--no-symmetry");
	/* What has been seen of one task only would tell its mirror image apart. */
	s->reader = (struct model_reader){ search_may_load, s };
	if (s->reduce && !s->symmetry)
		s->run.reader = &s->reader;
	if (p->resume)
		return prove_load(s);
	if (s->reduce)
		search_learn(s);
	return 0;
}

/* What the first process has seen before the first choice counts once, too. */
static void end(struct search *s, struct prove *p)
{
	search_gather(s, p);
	p->nr_ends += s->start.ends;
	for (unsigned int o = 0; o < NR_ORACLES; o++)
		p->broken[o] += s->start.broken[o];
	/* What broke a rule may lead to states that the search is not done with. */
	for (unsigned int o = 0; o < NR_ORACLES; o++)
		p->broken[o] += !p->broken[o] && p->fired >> o & 1;
	if (p->symmetry)
		symmetry_print(&the_symmetry, s->shared->asymmetric ? s->shared->why : NULL,
			       p->nr_mirrored, p->alike, sizeof(p->alike));
	p->stop = (enum prove_stop)s->shared->stop;
	p->died = (int)s->shared->died;
	if (p->status_wanted)
		prove_print_status(p, true);
}

int prove_search(struct prove *p)
{
	struct search *s = &the_search;
	int ret;

	ret = begin(s, p);
	if (!ret) {
		if (jobs_begin(s, work))
			work(s);
		jobs_end(s);
		end(s, p);
	}
	if (s->shared)
		jobs_free(s->shared, p);
	return ret;
}
