// SPDX-License-Identifier: GPL-2.0-only
/* What a campaign says: findings and summary on stdout, progress on stderr. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../results/term.h"
#include "campaign.h"

static bool line_is_open;

/* The status line is rewritten; whatever else is printed goes above it. */
static void close_line(void)
{
	if (line_is_open)
		fputs("\r\033[K", stderr);
	line_is_open = false;
}

static const char *sign_of(int severity)
{
	return term_sign(severity >= SEVERITY_DEGRADED ? TERM_BAD : TERM_ODD);
}

static enum term_ink ink_of(int severity)
{
	return severity >= SEVERITY_HARMFUL ? TERM_RED :
	       severity >= SEVERITY_RACE ? TERM_YELLOW : TERM_DIM;
}

/* What a command needs to find this campaign's database again. */
static const char *db_option(const struct campaign *c)
{
	static char option[PATH_MAX + 8];

	store_option(c->db, option, sizeof(option));
	return option;
}

void campaign_print_finding(const struct campaign *c, const struct campaign_message *m)
{
	char count[16];
	size_t shown = strlen(m->schedule);

	close_line();
	printf("%s%s %-9s%s %s\n", term_ink(stdout, ink_of(m->severity)), sign_of(m->severity),
	       severity_name[m->severity], term_ink(stdout, TERM_PLAIN), m->title);
	printf("  %s %s: %u answer%s%s, %u steps; found after %s runs\n", m->kernel,
	       m->scenario, m->nonzero, m->nonzero == 1 ? "" : "s", m->fewest ? " (fewest possible)" : "", m->steps,
	       term_count(count, m->found_runs));
	printf("  schedule: %.*s%s\n", shown > 62 ? 60 : (int)shown, m->schedule,
	       shown > 62 ? "..." : "");
	printf("  replay: %s replay %s%s\n", program_invocation_name, m->id, db_option(c));
	fflush(stdout);
}

void campaign_print_status(const struct campaign *c, uint64_t ms, unsigned int findings,
			   int worst, uint64_t last_ms, bool last)
{
	const struct campaign_shared *s = c->shared;
	char elapsed[16], total[16], runs[16], rate[16], when[16], text[256];
	bool tty = isatty(STDERR_FILENO);
	const char *dot = term_sign(TERM_DOT);

	close_line();
	if (last)
		return;
	snprintf(text, sizeof(text), "[%s%s%s] %s runs %s/s %s %llu states %s %u findings%s%s%s%s",
		 term_clock(elapsed, ms / 1000), c->time_ms ? "/" : "",
		 c->time_ms ? term_clock(total, c->time_ms / 1000) : "",
		 term_count(runs, s->runs), term_count(rate, ms ? s->runs * 1000 / ms : 0), dot,
		 (unsigned long long)s->nr_states, dot, findings, worst >= 0 ? ", worst " : "",
		 worst >= 0 ? severity_name[worst] : "", last_ms ? " at " : "",
		 last_ms ? term_clock(when, last_ms / 1000) : "");
	fprintf(stderr, tty ? "%s" : "%s\n", text);
	fflush(stderr);
	line_is_open = tty;
}

/* One row for each rule that any run broke; runs that broke it, per million. */
static void print_comparison(const struct campaign *c)
{
	const char *forms[CAMPAIGN_TARGETS];
	unsigned int nr = 0;

	for (unsigned int t = 0; t < c->nr_targets; t++) {
		unsigned int i = 0;

		while (i < nr && strcmp(forms[i], c->target[t].config.form->id))
			i++;
		if (i == nr)
			forms[nr++] = c->target[t].config.form->id;
	}
	printf("\nruns that break a rule, in a million\n%-20s %-10s", "", "");
	for (unsigned int i = 0; i < nr; i++)
		printf(" %12s", forms[i]);
	putchar('\n');
	for (int o = 0; o < NR_ORACLES; o++) {
		uint64_t hits[CAMPAIGN_TARGETS] = { 0 }, runs[CAMPAIGN_TARGETS] = { 0 }, any = 0;

		for (unsigned int t = 0; t < c->nr_targets; t++)
			for (unsigned int i = 0; i < nr; i++)
				if (!strcmp(forms[i], c->target[t].config.form->id)) {
					hits[i] += c->shared->count[t].hits[o];
					runs[i] += c->shared->count[t].runs;
					any += c->shared->count[t].hits[o];
				}
		if (!any)
			continue;
		printf("%-20s %-10s", oracle_info[o].name, severity_name[oracle_info[o].severity]);
		for (unsigned int i = 0; i < nr; i++)
			if (hits[i])
				printf(" %12.2f", 1e6 * (double)hits[i] / (double)runs[i]);
			else
				printf(" %12s", "-");
		putchar('\n');
	}
}

/* What PCT promises for the longest of its runs, and what that makes of them. */
static void print_guarantee(const struct campaign *c)
{
	for (unsigned int i = 0; i < c->nr_engines; i++) {
		uint32_t k = c->shared->pct_k[i], n = c->shared->pct_n;
		struct engine e;
		char odds[16], enough[16];
		double o;

		if (!engine_parse(&e, c->engine[i]) || e.kind != ENGINE_PCT || !k)
			continue;
		o = engine_pct_odds(e.depth, n, k);
		printf("%-8s a bug of depth %u shows in 1 of %s runs at least (n=%u events, k=%u "
		       "choices);\n         %s runs on one target miss it with less than 5 %%\n",
		       c->engine[i], e.depth, term_count(odds, (uint64_t)o), n, k,
		       term_count(enough, (uint64_t)(3 * o)));
	}
}

void campaign_print_summary(const struct campaign *c, uint64_t ms, unsigned int nr_new,
			    unsigned int nr_known, bool interrupted)
{
	const struct campaign_shared *s = c->shared;
	char runs[16], rate[16], steps[16], checked[16], repeats[16];
	unsigned int nr_scenarios = 0;

	for (unsigned int t = 0; t < c->nr_targets; t++)
		nr_scenarios += !strcmp(c->target[t].config.form->id,
					c->target[0].config.form->id);
	print_comparison(c);
	printf("\nran      %u scenarios, %u targets, %u jobs%s\n", nr_scenarios, c->nr_targets,
	       c->jobs, interrupted ? "; interrupted" : "");
	printf("how much %s runs in %.1f s, %s/s, %s steps; %s replayed, all identical\n",
	       term_count(runs, s->runs), (double)ms / 1000,
	       term_count(rate, ms ? s->runs * 1000 / ms : 0), term_count(steps, s->steps),
	       term_count(checked, s->checked));
	if (s->repeats)
		printf("repeats  %s more schedules are known to repeat a run, and were not run\n",
		       term_count(repeats, s->repeats));
	print_guarantee(c);
	printf("new      %u\n", nr_new);
	printf("known    %u met again, or met in another scenario\n", nr_known);
	printf("sampling is not proof: what was not found is not excluded\n");
	printf("next     %s query findings%s\n", program_invocation_name, db_option(c));
	fflush(stdout);
}
