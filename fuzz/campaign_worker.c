// SPDX-License-Identifier: GPL-2.0-only
/* A worker: unit after unit, each new finding shrunk, stored and told. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>
#include "../results/term.h"
#include "campaign_priv.h"
#include "child.h"
#include "keep.h"
#include "shrink.h"

enum {
	SHRINK_STEPS = 12000000,	/* about a second */
	CHECK_EVERY = 1024,		/* runs, one of which is replayed */
	OBSERVE_EVERY = 64,		/* runs, one of which is observed */
	UNIT_MS = 100,
};

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void tell(struct worker *w, struct campaign_message *m)
{
	_Static_assert(sizeof(*m) <= PIPE_BUF, "messages must not be torn");
	if (write(w->fd, m, sizeof(*m)) != sizeof(*m))
		_exit(TERM_EXIT_SYSTEM);
}

void worker_tell_cpu(struct worker *w)
{
	uint64_t now = clock_ns(CLOCK_PROCESS_CPUTIME_ID);

	w->c->shared->cpu_ns += now - w->cpu_told;
	w->cpu_told = now;
}

void worker_fail(struct worker *w, int code, const char *why)
{
	struct campaign_message m = { .failed = true };

	snprintf(m.title, sizeof(m.title), "%s", why);
	tell(w, &m);
	_exit(code);
}

/*
 * Its slot if this signature is new in this scenario, else -1, and the hit is counted.
 * Without @take the slot stays free.
 */
static int find_slot(struct campaign_shared *s, const struct config *c, const struct report *r,
		     bool take)
{
	char text[640];
	uint64_t key;
	size_t n;

	report_signature(c, r, text, 512);
	n = strlen(text);
	n += (size_t)snprintf(text + n, sizeof(text) - n, " %s", c->scenario);
	key = XXH3_64bits(text, n) | 1;
	for (unsigned int i = 0; i < CAMPAIGN_KNOWN; i++) {
		unsigned int slot = (unsigned int)(key + i) % CAMPAIGN_KNOWN;
		uint64_t empty = 0;

		if (!take && !s->known[slot])
			return (int)slot;
		if (s->known[slot] == key ||
		    (!atomic_compare_exchange_strong(&s->known[slot], &empty, key) &&
		     empty == key)) {
			s->hits[slot]++;
			return -1;
		}
		if (!empty)
			return (int)slot;
	}
	return -1;
}

static void store_it(struct worker *w, const struct campaign_target *t, const char *engine,
		     const struct shrunk *s, const struct found_at *at, uint64_t cpu_ns, int slot,
		     struct campaign_message *m)
{
	struct keep_origin from = {
		.campaign = w->c->id, .engine = engine, .seed = at->seed,
		.first_runs = m->found_runs, .first_cpu_ns = cpu_ns,
	};
	struct store_stored stored;
	int ret = keep_finding(&w->store, &t->config, s, &from, &stored);

	if (ret)
		worker_fail(w, store_exit_code(ret), w->store.err);
	snprintf(m->id, sizeof(m->id), "%s", stored.id);
	m->is_new = stored.is_new;
	strcpy(w->c->shared->finding[slot], stored.key);
	strcpy(w->c->shared->scenario[slot], t->config.scenario);
	schedule_print(&s->schedule, m->schedule, sizeof(m->schedule));
}

/* A schedule that gives two traces: our bug, told as loudly as can be. */
static void nondeterministic(struct worker *w, const struct campaign_target *t, uint64_t seed)
{
	char why[256];

	snprintf(why, sizeof(why),
		 "nondeterminism: %s %s, seed %llu: one schedule, two traces: report it",
		 t->config.kernel, t->config.scenario, (unsigned long long)seed);
	worker_fail(w, TERM_EXIT_DIVERGED, why);
}

static void found(struct worker *w, const struct campaign_target *t, const char *engine,
		  const struct report *r, const struct schedule *schedule,
		  const struct found_at *at, int slot)
{
	static struct shrunk s;
	struct campaign_shared *shared = w->c->shared;
	struct campaign_message m = {
		.severity = (int)oracle_info[r->oracle].severity,
		.found_runs = shared->runs + (uint64_t)at->runs,
	};
	uint64_t cpu_ns;

	worker_tell_cpu(w);
	cpu_ns = shared->cpu_ns + (uint64_t)at->cpu_ns;
	m.found_ms = cpu_ns / 1000000;
	if (!shrink(&t->config, schedule, r, w->c->as_found ? 0 : SHRINK_STEPS, &shared->stop, &s))
		nondeterministic(w, t, at->seed);
	report_title(&t->config, &s.report, m.title, sizeof(m.title));
	m.fewest = s.fewest;
	m.nonzero = s.schedule.nr;
	m.steps = s.result.steps;
	snprintf(m.kernel, sizeof(m.kernel), "%s", t->config.form->id);
	snprintf(m.scenario, sizeof(m.scenario), "%s", t->config.scenario);
	store_it(w, t, engine, &s, at, cpu_ns, slot, &m);
	tell(w, &m);
	if (w->c->until >= 0)
		shared->stop = 1;
}

static bool is_wanted(const struct campaign *c, const struct report *r)
{
	return c->until >= 0 ? r->oracle == c->until :
	       (int)oracle_info[r->oracle].severity >= c->min_severity;
}

void worker_look_at(struct worker *w, const struct campaign_target *t, const char *engine,
		    const struct run_result *r, const struct found_at *at)
{
	struct schedule schedule;
	bool have_schedule = false;
	int slot;

	for (unsigned int i = 0; i < r->nr_reports; i++) {
		const struct report *x = &r->report[i];

		if (w->c->shared->stop || !is_wanted(w->c, x) ||
		    find_slot(w->c->shared, &t->config, x, false) < 0)
			continue;
		/* A run that is too long to be kept must not take the place of others. */
		if (!have_schedule && !schedule_of_run(&schedule))
			return;
		have_schedule = true;
		slot = find_slot(w->c->shared, &t->config, x, true);
		if (slot < 0)
			continue;
		found(w, t, engine, x, &schedule, at, slot);
	}
}

/* One run's reports: they are counted, and those that are new are worked on. */
static void look_at(struct worker *w, const struct campaign_target *t, const char *engine,
		    const struct run_result *r, struct campaign_count *count, uint64_t seed,
		    uint64_t nr_run)
{
	struct found_at at = { seed, (int64_t)nr_run, 0 };

	for (unsigned int o = 0; o < NR_ORACLES; o++)
		count->hits[o] += r->fired >> o & 1;
	worker_look_at(w, t, engine, r, &at);
}

/* Replays the run just made from its schedule. */
static void check(struct worker *w, const struct campaign_target *t, const struct run_result *r,
		  uint64_t seed)
{
	int same = run_repeats(r);

	if (same < 0)
		return;
	if (!same)
		nondeterministic(w, t, seed);
	w->c->shared->checked++;
}

static uint64_t unit_runs(const struct campaign *c)
{
	uint64_t n = CAMPAIGN_UNIT;

	if (c->max_runs && c->max_runs / 16 < n)
		n = c->max_runs / 16;
	return n ? n : 1;
}

static unsigned int nr_own(const struct campaign *c)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < c->nr_engines; i++)
		nr += c->child[i] < 0;
	return nr;
}

/* The engines that are no programs take turns. */
static unsigned int own_engine(const struct campaign *c, unsigned int turn)
{
	unsigned int i = 0, left = turn % nr_own(c);

	while (c->child[i] >= 0 || left--)
		i++;
	return i;
}

static void run_unit(struct worker *w, uint64_t unit)
{
	struct campaign *c = w->c;
	unsigned int ti = (unsigned int)(unit % c->nr_targets);
	unsigned int ei = own_engine(c, (unsigned int)(unit / c->nr_targets));
	struct campaign_target t = c->target[ti];
	struct engine *e = &w->engine[ti][ei];
	struct campaign_count *count = &c->shared->count[ti];
	uint64_t steps = 0, runs = 0, end = clock_ns(CLOCK_MONOTONIC) + UNIT_MS * 1000000ull;
	uint64_t most = unit_runs(c);
	struct run_result r;
	struct random draw;
	struct feature_chooser f;
	struct observer o;

	random_seed(&draw, c->seed ^ unit * 0x9e3779b97f4a7c15ull);
	if (t.swarm)
		config_swarm(&t.config, &draw);
	run_prepare(&t.config);
	memset(&w->census, 0, sizeof(w->census));
	feature_watch(NULL, 0, &w->census);
	feature_chooser_init(&f, &e->chooser);
	observer_init(&o, &f.chooser, c->shared);
	while (runs < most && !c->shared->stop) {
		uint64_t seed = random_next(&draw) >> 11;

		engine_seed(e, seed);
		run_once(runs % OBSERVE_EVERY ? &e->chooser : &o.chooser, NULL, &r);
		engine_done(e);
		steps += r.steps;
		if (r.nr_reports)
			look_at(w, &t, c->engine[ei], &r, count, seed, runs);
		if (++runs % CHECK_EVERY == 1) {
			if (r.nr_reports) {
				engine_seed(e, seed);
				run_once(&e->chooser, NULL, &r);
			}
			check(w, &t, &r, seed);
		}
		/* With --runs, and one job, a campaign is the same each time. */
		if (!c->max_runs && runs % 64 == 0 && clock_ns(CLOCK_MONOTONIC) > end)
			break;
	}
	if (e->k > c->shared->pct_k[ei])
		c->shared->pct_k[ei] = e->k;
	if (engine_actors() > c->shared->pct_n)
		c->shared->pct_n = engine_actors();
	count->runs += runs;
	count->steps += steps;
	campaign_cover_add(&c->census[ti], &w->census);
	c->shared->runs += runs;
	c->shared->steps += steps;
	worker_tell_cpu(w);
}

unsigned int campaign_roles(const struct campaign *c)
{
	return c->nr_engines - nr_own(c) + !!nr_own(c);
}

/* What there is to run goes to the jobs in turn: each program, and all else. */
static void run_role(struct worker *w, unsigned int job)
{
	struct campaign *c = w->c;
	unsigned int nr_roles = campaign_roles(c), role = job % nr_roles, i;
	unsigned int nr_jobs = (c->jobs - role + nr_roles - 1) / nr_roles;
	uint64_t runs = c->max_runs * nr_jobs / c->jobs;
	int ret;

	for (i = 0; i < c->nr_engines; i++)
		if (c->child[i] >= 0 && !role--)
			break;
	if (i < c->nr_engines) {
		campaign_guided(w, i, job / nr_roles, nr_jobs);
		return;
	}
	ret = run_confine();
	if (ret)
		_exit(ret);
	for (unsigned int t = 0; t < c->nr_targets; t++)
		for (i = 0; i < c->nr_engines; i++)
			engine_parse(&w->engine[t][i], c->engine[i]);
	while (!c->shared->stop) {
		uint64_t unit = c->shared->next_unit++;

		if (runs && unit * unit_runs(c) >= runs)
			break;
		run_unit(w, unit);
	}
}

void campaign_worker(struct campaign *c, unsigned int job, int pipe_fd)
{
	struct worker *w = calloc(1, sizeof(*w));
	int ret;

	signal(SIGINT, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!w)
		_exit(TERM_EXIT_SYSTEM);
	w->c = c;
	w->fd = pipe_fd;
	ret = run_init();
	if (ret)
		_exit(ret);
	ret = store_open(&w->store, c->db, STORE_WRITE);
	if (ret)
		worker_fail(w, store_exit_code(ret), w->store.err);
	run_role(w, job);
	store_close(&w->store);
	_exit(0);
}
