// SPDX-License-Identifier: GPL-2.0-only
/* What a diff has to say. */
#include <errno.h>
#include <stdio.h>
#include "../results/term.h"
#include "diff_print.h"

void diff_first_keys(struct diff_first *f, struct diff_side *s, unsigned int side)
{
	f->nr[side] = s->trace.nr;
	for (uint32_t i = 0; i < s->trace.nr; i++)
		f->key[side][i] = diff_key(s, i);
}

void diff_first_find(struct diff_first *f)
{
	f->at = 0;
	while (f->at < f->nr[0] && f->at < f->nr[1] && f->key[0][f->at] == f->key[1][f->at])
		f->at++;
}

void diff_first_text(struct diff_first *f, struct diff_side *s, unsigned int side)
{
	diff_text(s, f->at, f->text[side]);
	if (side)
		return;
	f->step = f->at < s->trace.nr ? s->trace.rec[f->at].step : 0;
	*f->before = '\0';
	if (f->at)
		diff_text(s, f->at - 1, f->before);
}

void diff_print_first(const struct diff_first *f, const char *a, const char *b)
{
	static char schedule[SCHEDULE_TEXT];
	char json[1024];
	int width = term_width(a) > term_width(b) ? term_width(a) : term_width(b);

	printf("\nfirst difference: %s, record %u, step %u\n", f->config.scenario, f->at, f->step);
	if (*f->before)
		printf("  %-*s  %s\n", width, "both", f->before);
	printf("  %-*s  %s\n  %-*s  %s\n", width, a, f->text[0], width, b, f->text[1]);
	if (!f->has_schedule)
		return;
	config_print_json(&f->config, json, sizeof(json));
	schedule_print(&f->schedule, schedule, sizeof(schedule));
	printf("  again: %s diff '%s %s' --kernel %s --kernel %s\n", program_invocation_name, json,
	       schedule, a, b);
}

static double ratio(uint64_t n, uint64_t of)
{
	return of ? (double)n / (double)of : 0;
}

static void print_change(double a, double b)
{
	if (a > 0 && (b < a || b > a))
		printf("  %+.1f %%", 100 * (b - a) / a);
	putchar('\n');
}

/* Rules of weight that only the second side breaks. */
static void print_regressions(const struct diff_side *a, const struct diff_side *b)
{
	for (int severity = NR_SEVERITIES; severity-- > SEVERITY_WARN;)
		for (unsigned int o = 0; o < NR_ORACLES; o++)
			if ((int)oracle_info[o].severity == severity && !a->hits[o] && b->hits[o])
				printf("regression: %s breaks %s (%s), %s never did in as many "
				       "runs\n", b->config.form->id, oracle_info[o].name,
				       severity_name[severity], a->config.form->id);
}

static void print_rate(const char *name, const char *unit, double a, double b)
{
	printf("%-20s %-12s %12.3f %12.3f", name, unit, a, b);
	print_change(a, b);
}

void diff_print_rates(const struct diff_side *a, const struct diff_side *b)
{
	printf("\n%-33s %12s %12s\n", "", a->config.form->id, b->config.form->id);
	for (int severity = NR_SEVERITIES; severity--;) {
		for (unsigned int o = 0; o < NR_ORACLES; o++) {
			if ((int)oracle_info[o].severity != severity ||
			    (!a->hits[o] && !b->hits[o]))
				continue;
			printf("%-20s %-12s %12.1f %12.1f", oracle_info[o].name,
			       severity_name[severity], 1e6 * ratio(a->hits[o], a->runs),
			       1e6 * ratio(b->hits[o], b->runs));
			print_change(ratio(a->hits[o], a->runs), ratio(b->hits[o], b->runs));
		}
	}
	printf("(runs that break a rule, in a million)\n");
	print_regressions(a, b);
	print_rate("IPIs", "per call", ratio(a->ipis, a->calls), ratio(b->ipis, b->calls));
	print_rate("cmpxchg", "per call", ratio(a->cmpxchgs, a->calls),
		   ratio(b->cmpxchgs, b->calls));
}
