// SPDX-License-Identifier: GPL-2.0-only
/*
 * A worker that has an engine run: libFuzzer's or AFL++'s process does the search,
 * the worker reads its counts and takes in what it finds.
 *
 * Each target has its share of the campaign's time or runs, one after the other.
 * If there are more jobs than targets, several work on one, as the engines' users
 * know it: jobs on one folder, a main instance and others.
 *
 * A finding comes as the bytes of its run.  It is run again here, in the plain
 * simulator, and from there on is a finding like all others.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../results/term.h"
#include "campaign_priv.h"
#include "child.h"

enum { POLL_US = 5000 };

struct guided {
	struct worker *w;
	struct child child;
	unsigned int ei, ti;
	uint64_t runs, repeats, steps, cpu_ns, hits[NR_ORACLES];	/* counted already */
	unsigned int nr_states;
	uint64_t base_ns, start_ms;		/* CPU time and clock when it began */
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* What the engine has done since the last look goes into the campaign's counts. */
static void count(struct guided *g)
{
	struct campaign_shared *s = g->w->c->shared;
	struct campaign_count *c = &s->count[g->ti];
	const struct harness_progress *p = g->child.progress;
	uint64_t runs = p->runs, repeats = p->repeats, steps = p->steps;
	uint64_t cpu = child_cpu_ns(&g->child);
	unsigned int states = 0;

	for (unsigned int i = 0; i < FEATURE_KIND_SIZE; i++)
		states += p->map[FEATURE_STATE * FEATURE_KIND_SIZE + i];
	for (int o = 0; o < NR_ORACLES; o++) {
		uint64_t hits = p->hits[o];

		c->hits[o] += hits - g->hits[o];
		g->hits[o] = hits;
	}
	c->runs += runs - g->runs;
	c->steps += steps - g->steps;
	s->runs += runs - g->runs;
	s->steps += steps - g->steps;
	s->repeats += repeats - g->repeats;
	if (cpu > g->cpu_ns) {
		s->cpu_ns += cpu - g->cpu_ns;
		g->cpu_ns = cpu;
	}
	if (states > g->nr_states) {
		s->nr_states += states - g->nr_states;
		g->nr_states = states;
	}
	g->runs = runs;
	g->repeats = repeats;
	g->steps = steps;
	worker_tell_cpu(g->w);
}

/* Makes the run of @data again; everything about it is decided by the bytes. */
static void import(struct guided *g, const uint8_t *data, size_t size, struct found_at *at)
{
	struct campaign *c = g->w->c;
	struct campaign_target t = c->target[g->ti];
	static struct bytes bytes;
	struct bytes_chooser chooser;
	struct run_result result;

	bytes_parse(&bytes, data, size);
	bytes_configure(&bytes, &t.config);
	run_prepare(&t.config);
	bytes_chooser_init(&chooser, &bytes);
	run_once(&chooser.chooser, NULL, &result);
	worker_look_at(g->w, &t, c->engine[g->ei], &result, at);
	/* It is one of those that the campaign says were replayed. */
	c->shared->checked++;
}

/* "run-RUNS-NS-KEY" of harness_run.c. */
static void import_file(struct guided *g, const char *name)
{
	unsigned long long runs, cpu_ns, key;
	uint8_t data[BYTES_MAX];
	char path[PATH_MAX];
	struct found_at at;
	size_t n;
	FILE *in;

	if (sscanf(name, "run-%llu-%llu-%llx", &runs, &cpu_ns, &key) != 3)
		return;
	snprintf(path, sizeof(path), "%s/%s", g->child.findings, name);
	in = fopen(path, "r");
	n = in ? fread(data, 1, sizeof(data), in) : 0;
	if (in)
		fclose(in);
	unlink(path);
	at.seed = key & ((1ull << 53) - 1);
	/* The harness has counted the run itself; what is told are those before it. */
	at.runs = (int64_t)(runs - 1 - g->runs);
	/* The harness knows its own time; that of a fuzzer beside it is as of now. */
	at.cpu_ns = (int64_t)(cpu_ns + child_cpu_ns(&g->child) - g->child.progress->cpu_ns -
			      g->cpu_ns);
	import(g, data, n, &at);
}

static int by_runs(const struct dirent **a, const struct dirent **b)
{
	unsigned long long x = strtoull((*a)->d_name + 4, NULL, 10);
	unsigned long long y = strtoull((*b)->d_name + 4, NULL, 10);

	return x < y ? -1 : x > y;
}

static int is_run(const struct dirent *d)
{
	return !strncmp(d->d_name, "run-", 4);
}

static void import_all(struct guided *g)
{
	struct dirent **names;
	int n = scandir(g->child.findings, &names, is_run, by_runs);

	for (int i = 0; i < n; i++) {
		if (!g->w->c->shared->stop)
			import_file(g, names[i]->d_name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

/* Its last words, for the one line that the user gets. */
static void engine_died(struct guided *g, int status)
{
	char line[160] = "", last[160] = "", why[512];
	FILE *log = fopen(g->child.log, "r");

	while (log && fgets(line, sizeof(line), log))
		if (line[strspn(line, " \t\n")])
			snprintf(last, sizeof(last), "%.*s", (int)strcspn(line, "\n"), line);
	if (log)
		fclose(log);
	snprintf(why, sizeof(why), "%s ended with %s %d: %.150s: see %.200s",
		 g->w->c->engine[g->ei], WIFSIGNALED(status) ? "signal" : "status",
		 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), last, g->child.log);
	child_stop(&g->child);
	worker_fail(g->w, TERM_EXIT_SYSTEM, why);
}

/* Until the share of the target, a number of runs or ms, is used up. */
static void watch(struct guided *g, uint64_t runs, uint64_t ms)
{
	struct campaign_shared *s = g->w->c->shared;
	int status = 0;

	while (child_alive(&g->child, &status)) {
		if (s->stop || (runs && g->child.progress->runs >= runs) ||
		    (ms && now_ms() - g->start_ms >= ms))
			break;
		import_all(g);
		count(g);
		usleep(POLL_US);
	}
	/* Only with a number of runs does an engine end by itself. */
	if (!g->child.pid && (!runs || status))
		engine_died(g, status);
	import_all(g);
	count(g);
}

static void run_target(struct worker *w, unsigned int ei, unsigned int ti, unsigned int instance,
		       unsigned int nr_instances, uint64_t runs, uint64_t ms)
{
	static struct guided g;
	struct campaign *c = w->c;
	struct child_options o = {
		.corpus = c->corpus,
		.config = &c->target[ti].config,
		.swarm = c->target[ti].swarm,
		.instance = instance,
		.nr_instances = nr_instances,
		.seed = c->seed * 1000003 + ti * 101,
		.max_runs = runs,
		.min_severity = c->min_severity,
		.until = c->until,
	};
	int ret;

	memset(&g, 0, sizeof(g));
	g.w = w;
	g.ei = ei;
	g.ti = ti;
	g.start_ms = now_ms();
	ret = child_start(&g.child, (enum child_engine)c->child[ei], &o);
	if (ret)
		_exit(ret);
	watch(&g, runs, ms);
	child_stop(&g.child);
	ret = c->merge && !instance ? child_merge(&o) : 0;
	if (ret)
		_exit(ret);
}

void campaign_guided(struct worker *w, unsigned int ei, unsigned int instance,
		     unsigned int nr_instances)
{
	struct campaign *c = w->c;
	/* Of all jobs' runs, those of this one. */
	uint64_t runs = c->max_runs / c->jobs;
	unsigned int nr;

	if (nr_instances > c->nr_targets) {
		unsigned int ti = instance % c->nr_targets;

		nr = (nr_instances - ti + c->nr_targets - 1) / c->nr_targets;
		run_target(w, ei, ti, instance / c->nr_targets, nr, runs, 0);
		return;
	}
	nr = (c->nr_targets - instance + nr_instances - 1) / nr_instances;
	for (unsigned int ti = instance; ti < c->nr_targets && !c->shared->stop;
	     ti += nr_instances)
		run_target(w, ei, ti, 0, 1, c->max_runs ? runs / nr + 1 : 0,
			   c->time_ms ? c->time_ms / nr : 0);
}
