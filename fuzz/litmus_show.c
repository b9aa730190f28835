// SPDX-License-Identifier: GPL-2.0-only
/*
 * A litmus test's outcome in words.
 *
 * Like herd7's, line for line, so that scripts which read its output read this.
 * Positive and negative count final states here; herd7 counts executions.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../results/json.h"
#include "litmus_judge.h"

static void print_state(const struct litmus *t, const int64_t *row, FILE *out)
{
	char value[LITMUS_NAME_MAX + 16];
	const struct litmus_loc *l;
	unsigned int i;

	for (i = 0; i < t->nr_seen; i++) {
		if (i)
			fputc(' ', out);
		litmus_format_value(t, row[i], value, sizeof(value));
		if (t->seen[i].proc >= 0) {
			fprintf(out, "%d:%s=%s;", t->seen[i].proc,
				t->proc[t->seen[i].proc].reg[t->seen[i].index].s,
				value);
			continue;
		}
		l = &t->loc[t->seen[i].index];
		if (l->element)
			fprintf(out, "[%s[%u]]=%s;", l->name.s, l->element,
				value);
		else
			fprintf(out, "[%s]=%s;", l->name.s, value);
	}
}

static bool holds(const struct litmus_case *c)
{
	switch (c->t->quantifier) {
	case LITMUS_EXISTS:
		return c->r.nr_positive > 0;
	case LITMUS_NOT_EXISTS:
		return !c->r.nr_positive;
	case LITMUS_FORALL:
		return !c->r.nr_negative;
	}
	return false;
}

/* Why there is no verdict; false if there is one. */
static bool print_no_verdict(const struct litmus_case *c, FILE *out)
{
	switch (c->outcome) {
	case LITMUS_O_BAD:
		return true;		/* stderr has had it */
	case LITMUS_O_SKIPPED:
		if (c->t->error == LITMUS_SKIP)
			fprintf(out, "Skipped %s %s:%u: %s\n", c->t->name,
				c->path, c->t->error_line, c->t->error_text);
		else
			fprintf(out, "Skipped %s %s:%u: %s\n", c->t->name,
				c->path, c->r.fault_line, c->r.fault_text);
		return true;
	case LITMUS_O_CAPPED:
		fprintf(out, "Not exhausted %s %s: %" PRIu64 " states visited; "
			"raise --max-states\n", c->t->name, c->path,
			c->r.nr_visited);
		return true;
	default:
		return false;
	}
}

void litmus_show(const struct litmus_case *c, FILE *out)
{
	static const char *const kinds[] = { "Allowed", "Forbidden",
					     "Required" };
	static const char *const words[] = { "exists", "~exists", "forall" };
	const struct litmus *t = c->t;
	size_t i;

	if (print_no_verdict(c, out))
		return;
	fprintf(out, "Test %s %s\nStates %zu\n", t->name, kinds[t->quantifier],
		c->r.nr_finals);
	for (i = 0; i < c->r.nr_finals; i++) {
		print_state(t, c->r.finals + i * t->nr_seen, out);
		fputc('\n', out);
	}
	fprintf(out, "%s\nWitnesses\nPositive: %zu Negative: %zu\n",
		holds(c) ? "Ok" : "No", c->r.nr_positive, c->r.nr_negative);
	if (c->r.race)
		fprintf(out, "Flag data-race\n");
	fprintf(out, "Condition %s %s\n", words[t->quantifier],
		t->condition_text);
	fprintf(out, "Observation %s %s %zu %zu\n\n", t->name,
		litmus_verdict_name(c->seen), c->r.nr_positive,
		c->r.nr_negative);
}

void litmus_show_line(const struct litmus_case *c, FILE *out)
{
	if (print_no_verdict(c, out))
		return;
	fprintf(out, "Observation %s %s %zu %zu  %s", c->t->name,
		litmus_verdict_name(c->seen), c->r.nr_positive,
		c->r.nr_negative, litmus_outcome_name(c->outcome));
	if (c->lkmm != LITMUS_UNKNOWN && c->lkmm != c->seen)
		fprintf(out, " (LKMM: %s)", litmus_verdict_name(c->lkmm));
	if (c->r.race != c->race_expected && c->lkmm != LITMUS_UNKNOWN)
		fprintf(out, " (data race: %s)", c->r.race ?
			"seen, not announced" : "announced, not seen");
	fputc('\n', out);
}

static void json_states(const struct litmus_case *c, struct json *j)
{
	char *text = NULL;
	size_t i, size;
	FILE *mem;

	json_array(j, "states");
	for (i = 0; i < c->r.nr_finals; i++) {
		mem = open_memstream(&text, &size);
		if (!mem)
			break;
		print_state(c->t, c->r.finals + i * c->t->nr_seen, mem);
		fclose(mem);
		json_text(j, NULL, text);
		free(text);
		text = NULL;
	}
	json_end(j);
}

void litmus_show_json(const struct litmus_case *c, const char *model,
		      FILE *out)
{
	struct json j;

	json_open(&j, out, "kicksim.litmus/1");
	json_text(&j, "file", c->path);
	json_text(&j, "model", model);
	json_text(&j, "outcome", litmus_outcome_name(c->outcome));
	if (!c->t || c->t->error != LITMUS_FINE) {
		json_int(&j, "line", c->t ? c->t->error_line : 0);
		json_text(&j, "reason", c->t ? c->t->error_text :
			  "the file cannot be read");
		json_close(&j);
		return;
	}
	json_text(&j, "name", c->t->name);
	if (c->r.stop == LITMUS_FAULT) {
		json_int(&j, "line", c->r.fault_line);
		json_text(&j, "reason", c->r.fault_text);
	}
	json_text(&j, "observed", litmus_verdict_name(c->seen));
	json_text(&j, "lkmm", litmus_verdict_name(c->lkmm));
	json_text(&j, "beyond", litmus_beyond_text(c->beyond));
	json_int(&j, "positive", c->r.nr_positive);
	json_int(&j, "negative", c->r.nr_negative);
	json_int(&j, "visited", c->r.nr_visited);
	json_int(&j, "deadlocks", c->r.nr_deadlocks);
	json_bool(&j, "race", c->r.race);
	json_states(c, &j);
	json_close(&j);
}
