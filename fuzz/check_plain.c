// SPDX-License-Identifier: GPL-2.0-only
/* A check for people: at most 25 lines, the counts last. */
#include <string.h>
#include "../results/term.h"
#include "check_format.h"

enum { MAX_KNOWN = 4 };

const char *check_counts(const struct check *c, char *buf, size_t size)
{
	unsigned int nr_bad = c->nr[CHECK_FAIL] + c->nr[CHECK_MISSED];

	snprintf(buf, size, "%u failed, %u passed, %u skipped", nr_bad, c->nr[CHECK_PASS],
		 c->nr[CHECK_SKIP]);
	return buf;
}

const char *check_what(const struct check *c, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s", c->kernel.form->id, c->has_base ? " against " : "",
		 c->has_base ? c->base.form->id : "");
	return buf;
}

static void line(FILE *out, enum term_ink ink, enum term_sign sign, const char *word)
{
	fprintf(out, "%s%s %-9s%s ", term_ink(out, ink), term_sign(sign), word,
		term_ink(out, TERM_PLAIN));
}

static void print_regress(const struct check *c, FILE *out)
{
	unsigned int there = 0, gone = 0, skipped = 0, failed = 0, quiet = 0;

	for (unsigned int i = 0; i < c->nr_regress; i++) {
		const struct check_regress *x = &c->regress[i];

		if (x->skipped)
			skipped++;
		else if (x->nr_found && !x->found.is_known)
			failed++;
		else if (x->still_there)
			there++;
		else if (*x->witness.expect)
			gone++;
		else
			quiet++;
	}
	line(out, failed ? TERM_RED : TERM_GREEN, failed ? TERM_BAD : TERM_GOOD, "regress");
	fprintf(out, "%u kept schedules: %u break a rule that is new, %u show what is known, "
		"%u show it no longer, %u clean", c->nr_regress, failed, there, gone, quiet);
	fprintf(out, skipped ? ", %u left out\n" : "\n", skipped);
}

static void print_canaries(const struct check *c, FILE *out)
{
	for (unsigned int i = 0; i < c->nr_cases; i++) {
		const struct check_case *k = &c->cases[i];
		bool missed = k->status == CHECK_MISSED;

		if (strcmp(k->group, "canary"))
			continue;
		line(out, missed ? TERM_RED : TERM_GREEN, missed ? TERM_BAD : TERM_GOOD, "canary");
		fprintf(out, "%s %s\n", k->name, k->why);
	}
}

static void print_also(const struct check *c, const struct check_found *f, FILE *out)
{
	const char *last = f->config.scenario;
	unsigned int nr = 0;

	for (unsigned int i = 0; i < c->nr_cases; i++)
		for (const struct check_found *x = NULL; (x = check_next(&c->cases[i], x));) {
			if (x->is_known || strcmp(x->key, f->key) ||
			    !strcmp(x->config.scenario, last) ||
			    !strcmp(x->config.scenario, f->config.scenario))
				continue;
			last = x->config.scenario;
			fprintf(out, "%s%s", nr++ ? ", " : "; also in ", last);
		}
}

static void print_new(const struct check *c, const struct check_found *f, FILE *out)
{
	static char replay[SCHEDULE_TEXT + 1200];
	char runs[16];

	line(out, TERM_RED, TERM_BAD, severity_name[oracle_info[f->report.oracle].severity]);
	fprintf(out, "%s   %s\n", f->title, f->why);
	fprintf(out, "  %s: %u answer%s%s, %u steps", f->config.scenario, f->schedule.nr,
		f->schedule.nr == 1 ? "" : "s", f->fewest ? " (fewest possible)" : "", f->steps);
	if (f->first_run)
		fprintf(out, "; found after %s schedules", term_count(runs, f->first_run));
	print_also(c, f, out);
	fprintf(out, "\n  replay: %s\n", check_replay_line(c, f, replay, sizeof(replay)));
}

/* Prints those that are new, or those that are known, the worst first, up to a number. */
static void print_found(const struct check *c, bool known, unsigned int max, FILE *out)
{
	const struct check_found *f;
	unsigned int nr = 0;

	for (int severity = NR_SEVERITIES; severity--;)
		for (unsigned int i = 0; i < c->nr_cases; i++)
			for (f = NULL; (f = check_next(&c->cases[i], f));) {
				if (f->is_known != known || !check_is_first(c, f, f->key) ||
				    (int)oracle_info[f->report.oracle].severity != severity ||
				    nr++ >= max)
					continue;
				if (!known) {
					print_new(c, f, out);
					continue;
				}
				line(out, TERM_DIM, TERM_ODD, "known");
				fprintf(out, "%s, %s\n", f->title, f->why);
			}
	if (nr > max)
		fprintf(out, "  and %u more %s: --format ktap names all\n", nr - max,
			known ? "known" : "new");
}

static void print_search(const struct check *c, FILE *out)
{
	uint64_t runs[3] = { 0 }, hits[NR_ORACLES] = { 0 };
	unsigned int nr[3] = { 0 };
	char mine[16], its[16], count[16];
	bool any = false;

	for (unsigned int i = 0; i < c->nr_items; i++) {
		runs[c->item[i].kind] += c->item[i].runs;
		nr[c->item[i].kind]++;
		for (int o = 0; o < NR_ORACLES; o++)
			if (c->item[i].kind == CHECK_KERNEL)
				hits[o] += c->item[i].hits[o];
	}
	line(out, TERM_GREEN, TERM_GOOD, "search");
	fprintf(out, "%u scenarios, %s schedules on %s", nr[CHECK_KERNEL],
		term_count(mine, runs[CHECK_KERNEL]), c->kernel.form->id);
	if (c->has_base)
		fprintf(out, ", %s on %s", term_count(its, runs[CHECK_BASE]), c->base.form->id);
	fprintf(out, "; sampling is not proof\n");
	for (int o = 0; o < NR_ORACLES; o++)
		if (hits[o] && (int)oracle_info[o].severity < c->fail_on) {
			fprintf(out, "%s %s %s", any ? "," : "  below --fail-on, in so many of them:",
				oracle_info[o].name, term_count(count, hits[o]));
			any = true;
		}
	if (any)
		fputc('\n', out);
}

int check_plain(const struct check *c, FILE *out)
{
	char text[256];

	fprintf(out, "check %s, profile %s, seed %llu%s\n", check_what(c, text, sizeof(text)),
		c->profile, (unsigned long long)c->seed, c->interrupted ? ": interrupted" :
		c->out_of_time ? ": stopped by --time" : "");
	print_regress(c, out);
	print_canaries(c, out);
	print_found(c, false, CHECK_SHOWN, out);
	print_found(c, true, MAX_KNOWN, out);
	print_search(c, out);
	if (c->shared->diverged)
		fprintf(out, "nondeterminism: one schedule, two traces: report it\n");
	fprintf(out, "%s\n", check_counts(c, text, sizeof(text)));
	return 0;
}
