// SPDX-License-Identifier: GPL-2.0-only
/* What a search says: progress on stderr, verdicts on stdout. */
#include <stdio.h>
#include <unistd.h>
#include "../results/term.h"
#include "prove.h"

const char *prove_stop_text(enum prove_stop stop)
{
	static const char *const text[] = {
		[PROVE_EXHAUSTED] = "exhausted",
		[PROVE_MEMORY] = "not exhausted: out of memory (--memory)",
		[PROVE_TIME] = "not exhausted: out of time (--time)",
		[PROVE_INTERRUPTED] = "not exhausted: interrupted",
		[PROVE_TOO_DEEP] = "not exhausted: a path has more choices than a run may have",
		[PROVE_TOO_MANY] = "not exhausted: too many distinct findings",
	};

	return text[stop];
}

void prove_print_status(const struct prove *p, uint32_t depth, uint64_t ms, bool last)
{
	bool tty = isatty(STDERR_FILENO);
	const char *dot = term_sign(TERM_DOT);
	char states[16], rate[16], clock[16];

	if (last) {
		if (tty)
			fputs("\r\033[K", stderr);
		return;
	}
	fprintf(stderr, "%s[%s] %s states %s %s transitions/s %s path of %u choices %s %u findings%s",
		tty ? "\r\033[K" : "", term_clock(clock, ms / 1000),
		term_count(states, p->nr_states), dot,
		term_count(rate, ms ? p->nr_transitions * 1000 / ms : 0), dot, depth, dot,
		p->nr_found, tty ? "" : "\n");
	fflush(stderr);
}

static void print_head(const struct prove *p)
{
	const struct config *c = p->config;

	printf("%s %s %s", c->scenario, c->form->id, c->model);
	for (unsigned int i = 0; i < nr_config_fields; i++) {
		const struct config_field *f = &config_fields[i];
		int v = *(const int *)(const void *)((const char *)&c->machine + f->offset);

		if (v)
			printf(" %s=%d", f->name, v);
	}
	printf("\n");
}

static void print_rule(const struct prove *p, unsigned int o)
{
	const struct oracle_info *info = &oracle_info[o];
	bool cycles = o == ORACLE_SOFT_LOCKUP && p->nr_fair_cycles;
	char count[16];

	if (p->broken[o] || cycles)
		printf("  %s %-20s %s, broken in %s transitions\n",
		       term_sign(info->severity >= SEVERITY_DEGRADED ? TERM_BAD : TERM_ODD),
		       info->name, severity_name[info->severity],
		       term_count(count, p->broken[o] + p->nr_fair_cycles * cycles));
	else
		printf("  %s %-20s %s\n", p->stop ? " " : term_sign(TERM_GOOD), info->name,
		       p->stop ? "not seen broken, not exhausted" : "holds: exhausted");
}

void prove_print(const struct prove *p)
{
	char states[16], transitions[16], ends[16], rate[16];

	print_head(p);
	for (unsigned int o = 0; o < NR_ORACLES; o++)
		if (o != ORACLE_NONDETERMINISM)
			print_rule(p, o);
	printf("  %s states, %s transitions, %s ends of runs, longest path %u choices, %.2f s, "
	       "%s transitions/s\n", term_count(states, p->nr_states),
	       term_count(transitions, p->nr_transitions), term_count(ends, p->nr_ends), p->depth,
	       (double)p->cpu_ns / 1e9,
	       term_count(rate, p->cpu_ns ? (uint64_t)((double)p->nr_transitions * 1e9 /
						      (double)p->cpu_ns) : 0));
	if (p->nr_reduced)
		printf("  reduction: in %s states a local step stands for all; begun anew %u times\n",
		       term_count(states, p->nr_reduced), p->nr_restarts);
	if (p->nr_cycles)
		printf("  %llu cycles closed, %llu of them pass nobody over\n",
		       (unsigned long long)p->nr_cycles, (unsigned long long)p->nr_fair_cycles);
	printf("  %s; that two states were taken for one: less than 1 in 2^%u\n",
	       prove_stop_text(p->stop), table_collision_bits(p->nr_states));
	fflush(stdout);
}
