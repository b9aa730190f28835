// SPDX-License-Identifier: GPL-2.0-only
/* What a litmus test's outcome is worth. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "litmus_judge.h"

#define FILE_MAX (1 << 20)	/* bytes; the largest known test has 3,000 */

static const struct { const char *name, *text; } outcomes[] = {
	[LITMUS_O_EXACT] = { "exact", "the verdict that was expected" },
	[LITMUS_O_UNSOUND] = { "unsound", "observed what the kernel's model "
		"forbids" },
	[LITMUS_O_DIFFERS] = { "differs", "sound, but not the verdict that "
		"VERDICTS.tsv wants of this machine" },
	[LITMUS_O_NOT_OBSERVED] = { "not-observed", "allowed by the kernel's "
		"model, not reached by this machine" },
	[LITMUS_O_FORGIVEN] = { "forgiven", "another verdict, but a data race "
		"voids all promises" },
	[LITMUS_O_NO_WORD] = { "no-word", "no verdict was expected" },
	[LITMUS_O_CAPPED] = { "not-exhausted", "more states than --max-states: "
		"no verdict" },
	[LITMUS_O_SKIPPED] = { "skipped", "uses what this machine cannot do" },
	[LITMUS_O_BAD] = { "bad-input", "not a litmus test, or not readable" },
};

const char *litmus_outcome_name(enum litmus_outcome o)
{
	return outcomes[o].name;
}

const char *litmus_outcome_text(enum litmus_outcome o)
{
	return outcomes[o].text;
}

const char *litmus_beyond_text(enum litmus_beyond b)
{
	static const char *const texts[] = {
		[LITMUS_B_NOTHING] = "",
		[LITMUS_B_MCA] = "needs a store that CPUs see at different "
			"times",
		[LITMUS_B_EITHER] = "needs that, or a store that passes an "
			"earlier load",
		[LITMUS_B_WEAKER] = "needs a weaker model than this",
	};

	return texts[b];
}

static const char *const verdicts[] = {
	[LITMUS_UNKNOWN] = "unknown",
	[LITMUS_NEVER] = "Never",
	[LITMUS_SOMETIMES] = "Sometimes",
	[LITMUS_ALWAYS] = "Always",
	[LITMUS_DEADLOCK] = "DEADLOCK",
};

const char *litmus_verdict_name(enum litmus_verdict v)
{
	return verdicts[v];
}

static enum litmus_verdict verdict_of(const char *word, size_t len)
{
	enum litmus_verdict v;

	for (v = LITMUS_NEVER; v <= LITMUS_DEADLOCK; v++)
		if (strlen(verdicts[v]) == len &&
		    !strncmp(verdicts[v], word, len))
			return v;
	return LITMUS_UNKNOWN;
}

char *litmus_read(const char *path, size_t *len)
{
	FILE *f = fopen(path, "r");
	char *text;

	if (!f)
		return NULL;
	text = malloc(FILE_MAX + 1);
	assert(text);
	errno = 0;
	*len = fread(text, 1, FILE_MAX, f);
	if (ferror(f) || fgetc(f) != EOF) {
		if (!errno)
			errno = EFBIG;
		free(text);
		text = NULL;
	} else {
		text[*len] = '\0';
	}
	fclose(f);
	return text;
}

/* The first line that starts with " * Result: " or "(* Result: ". */
static void expect_comment(struct litmus_case *c, const char *text)
{
	const char *line = text, *word, *end;

	for (; line; line = *end ? end + 1 : NULL) {
		end = line + strcspn(line, "\n");
		if ((*line != '(' && *line != ' ') ||
		    strncmp(line + 1, "* Result: ", 10))
			continue;
		word = line + 11;
		word += strspn(word, " \t");
		c->lkmm = verdict_of(word, strcspn(word, " \t\r\n"));
		word = strstr(line, "DATARACE");
		c->race_expected = word && word < end;
		return;
	}
}

/* The row of @name in the table's text: three columns with tabs. */
static void expect_row(struct litmus_case *c, const char *table,
		       const char *name)
{
	const char *line = table;
	size_t len = strlen(name), n;

	while ((line = strstr(line, name))) {
		if ((line == table || line[-1] == '\n') && line[len] == '\t') {
			line += len + 1;
			n = strcspn(line, "\t\r\n");
			c->lkmm = verdict_of(line, n);
			if (line[n] != '\t')
				return;
			line += n + 1;
			c->machine = verdict_of(line, strcspn(line, "\t\r\n"));
			return;
		}
		line += len;
	}
}

static void expect_table(struct litmus_case *c)
{
	static const char table_name[] = "VERDICTS.tsv";
	const char *slash = strrchr(c->path, '/');
	size_t dir = slash ? slash - c->path + 1 : 0, len;
	char *path = malloc(dir + sizeof(table_name)), *table;

	assert(path);
	memcpy(path, c->path, dir);
	strcpy(path + dir, table_name);
	table = litmus_read(path, &len);
	if (table)
		expect_row(c, table, c->path + dir);
	free(table);
	free(path);
}

void litmus_expect(struct litmus_case *c, const char *text)
{
	expect_comment(c, text);
	expect_table(c);
}

static enum litmus_verdict verdict_seen(const struct litmus_result *r)
{
	if (r->stop != LITMUS_EXHAUSTED)
		return LITMUS_UNKNOWN;
	if (!r->nr_positive)
		return LITMUS_NEVER;
	return r->nr_negative ? LITMUS_SOMETIMES : LITMUS_ALWAYS;
}

/* Would the kernel's model itself have been able to give @seen? */
static bool is_allowed(enum litmus_verdict seen, enum litmus_verdict lkmm,
		       size_t nr_finals)
{
	if (!nr_finals)
		return true;
	if (lkmm == LITMUS_NEVER || lkmm == LITMUS_ALWAYS)
		return seen == lkmm;
	return lkmm != LITMUS_DEADLOCK;
}

static bool has_store_after_load(const struct litmus *t)
{
	const struct litmus_insn *insn;
	unsigned int i, at;
	bool loaded;

	for (i = 0; i < t->nr_procs; i++) {
		loaded = false;
		for (at = 0; at < t->proc[i].nr_code; at++) {
			insn = &t->proc[i].code[at];
			if (insn->op <= LIT_LAST_LOCAL)
				continue;
			if (loaded && insn->op != LIT_LOAD &&
			    insn->op != LIT_FENCE)
				return true;
			loaded |= insn->op != LIT_STORE &&
				  insn->op != LIT_FENCE;
		}
	}
	return false;
}

static enum litmus_outcome compare(const struct litmus_case *c,
				   unsigned int model)
{
	enum litmus_verdict lkmm = c->lkmm;

	if (lkmm == LITMUS_DEADLOCK && !c->r.nr_finals)
		return LITMUS_O_EXACT;
	if (lkmm == LITMUS_UNKNOWN)
		return LITMUS_O_NO_WORD;
	if (!is_allowed(c->seen, lkmm, c->r.nr_finals))
		return c->race_expected || c->r.race ? LITMUS_O_FORGIVEN :
						       LITMUS_O_UNSOUND;
	if (model == MEM_WEAK && c->machine != LITMUS_UNKNOWN)
		return c->seen == c->machine ? LITMUS_O_EXACT :
					       LITMUS_O_DIFFERS;
	if (c->seen == lkmm)
		return LITMUS_O_EXACT;
	return c->race_expected ? LITMUS_O_FORGIVEN : LITMUS_O_NOT_OBSERVED;
}

static enum litmus_beyond beyond(const struct litmus_case *c,
				 unsigned int model)
{
	if (c->lkmm != LITMUS_SOMETIMES || c->seen == LITMUS_SOMETIMES)
		return LITMUS_B_NOTHING;
	if (model != MEM_WEAK)
		return LITMUS_B_WEAKER;
	return has_store_after_load(c->t) ? LITMUS_B_EITHER : LITMUS_B_MCA;
}

void litmus_judge(struct litmus_case *c, unsigned int model)
{
	if (!c->t || c->t->error == LITMUS_SYNTAX) {
		c->outcome = LITMUS_O_BAD;
	} else if (c->t->error == LITMUS_SKIP || c->r.stop == LITMUS_FAULT) {
		c->outcome = LITMUS_O_SKIPPED;
	} else if (c->r.stop == LITMUS_CAPPED) {
		c->outcome = LITMUS_O_CAPPED;
	} else {
		c->seen = verdict_seen(&c->r);
		c->outcome = compare(c, model);
		c->beyond = beyond(c, model);
	}
}
