// SPDX-License-Identifier: GPL-2.0-only
/* What a search says: progress on stderr, verdicts on stdout. */
#include <stdio.h>
#include <unistd.h>
#include "../results/term.h"
#include "prove.h"
#include "prove_bounds.h"
#include "prove_table.h"

const char *prove_stop_text(enum prove_stop stop)
{
	static const char *const text[] = {
		[PROVE_EXHAUSTED] = "exhausted",
		[PROVE_MEMORY] = "not exhausted: out of memory (--memory)",
		[PROVE_TIME] = "not exhausted: out of time (--time)",
		[PROVE_INTERRUPTED] = "not exhausted: interrupted",
		[PROVE_TOO_DEEP] = "not exhausted: a path has more choices than a run may have",
		[PROVE_TOO_MANY] = "not exhausted: too many distinct findings",
		[PROVE_NO_PROCESS] = "not exhausted: no more processes (--jobs)",
		[PROVE_DIED] = "not exhausted: a process of the search was killed",
	};

	return text[stop];
}

void prove_print_status(const struct prove *p, bool last)
{
	static uint64_t made, ms;
	bool tty = isatty(STDERR_FILENO);
	const char *dot = term_sign(TERM_DOT);
	char clock[16], states[16], frontier[16], rate[16];
	uint64_t since = p->ms - ms;

	if (last) {
		if (tty)
			fputs("\r\033[K", stderr);
		return;
	}
	/* Since the last time: a search is slower when its set no longer fits a cache. */
	term_count(rate, since ? (p->nr_made - made) * 1000 / since : 0);
	made = p->nr_made;
	ms = p->ms;
	fprintf(stderr, "%s[%s] %s states %s frontier %s %s %s transitions/s %s depth %u, at most %u "
		"%s %u findings%s", tty ? "\r\033[K" : "", term_clock(clock, p->ms / 1000),
		term_count(states, p->nr_states), dot,
		term_count(frontier, p->frontier > 0 ? (uint64_t)p->frontier : 0), dot, rate, dot,
		p->path, p->depth, dot, p->nr_found, tty ? "" : "\n");
	fflush(stderr);
}

static void print_head(const struct prove *p)
{
	const struct config *c = p->config;
	char bounds[512];

	printf("%s %s %s", c->scenario, c->form->id, c->model);
	for (unsigned int i = 0; i < nr_config_fields; i++)
		if (config_number(c, i))
			printf(" %s=%u", config_fields[i].name, config_number(c, i));
	printf("\n");
	prove_bounds_differ(c, bounds, sizeof(bounds));
	if (*bounds)
		printf("  bounds: a campaign's in brackets: %s\n", bounds);
}

static void print_rule(const struct prove *p, unsigned int o)
{
	const struct oracle_info *info = &oracle_info[o];
	char count[16];

	if (p->broken[o])
		printf("  %s %-20s %s, broken in %s transitions\n",
		       term_sign(info->severity >= SEVERITY_DEGRADED ? TERM_BAD : TERM_ODD),
		       info->name, severity_name[info->severity], term_count(count, p->broken[o]));
	else
		printf("  %s %-20s %s\n", p->stop ? " " : term_sign(TERM_GOOD), info->name,
		       p->stop ? "not seen broken, not exhausted" : "holds: exhausted");
}

/* Seconds of the clock, and of all CPUs if that is something else. */
static void print_size(const struct prove *p)
{
	char states[16], transitions[16], ends[16], rate[16];
	double cpu = (double)p->cpu_ns / 1e9;

	printf("  %s states, %s transitions, %s ends of runs, longest path %u choices, ",
	       term_count(states, p->nr_states), term_count(transitions, p->nr_transitions),
	       term_count(ends, p->nr_ends), p->depth);
	if (p->jobs > 1)
		printf("%.2f s, %.2f s of CPU in %u jobs, ", (double)p->ms / 1e3, cpu, p->jobs);
	else
		printf("%.2f s, ", cpu);
	printf("%s transitions/s\n",
	       term_count(rate, cpu > 0 ? (uint64_t)((double)p->nr_made / cpu) : 0));
}

void prove_print(const struct prove *p)
{
	char states[16];

	print_head(p);
	for (unsigned int o = 0; o < NR_ORACLES; o++)
		if (o != ORACLE_NONDETERMINISM)
			print_rule(p, o);
	print_size(p);
	if (p->nr_reduced)
		printf("  reduction: in %s states some answers stand for all; begun anew %llu times\n",
		       term_count(states, p->nr_reduced), (unsigned long long)p->nr_restarts);
	if (*p->alike)
		printf("  symmetry: %s\n", p->alike);
	if (p->nr_loops)
		printf("  %llu groups of states go round, %llu of them pass nobody over\n",
		       (unsigned long long)p->nr_loops, (unsigned long long)p->nr_endless);
	printf("  %s; that two states were taken for one: less than 1 in 2^%u\n",
	       prove_stop_text(p->stop), table_collision_bits(p->nr_states));
	fflush(stdout);
}
