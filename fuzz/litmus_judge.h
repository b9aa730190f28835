/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A litmus_case is one file that was run, what was expected of it, and what to
 * think of the two.
 *
 * Expectations come from a VERDICTS.tsv beside the file (name, verdict of the
 * kernel's model, verdict that the weak machine should reach) or else from the
 * file's own "Result:" comment, read by the rules of the kernel's judge.  A
 * machine that observes what the kernel's model forbids is unsound, and that
 * alone is a finding with every model; it may well not observe what is allowed.
 * Races excuse a verdict, since the model promises nothing then.
 *
 * Nothing here runs or prints a test.
 */
#ifndef FUZZ_LITMUS_JUDGE_H
#define FUZZ_LITMUS_JUDGE_H

#include <stdio.h>

#include "litmus.h"

enum litmus_verdict {
	LITMUS_UNKNOWN,
	LITMUS_NEVER,
	LITMUS_SOMETIMES,
	LITMUS_ALWAYS,
	LITMUS_DEADLOCK,	/* no final state at all */
};

enum litmus_outcome {
	LITMUS_O_EXACT,		/* as the table wants it, or as the model */
	LITMUS_O_UNSOUND,	/* observed what is forbidden */
	LITMUS_O_DIFFERS,	/* sound, but not as the table wants it */
	LITMUS_O_NOT_OBSERVED,	/* sound: allowed, but not reached */
	LITMUS_O_FORGIVEN,	/* another verdict, but there is a race */
	LITMUS_O_NO_WORD,	/* nothing was expected */
	LITMUS_O_CAPPED,	/* not exhausted: no verdict */
	LITMUS_O_SKIPPED,
	LITMUS_O_BAD,		/* a syntax error, or no such file */
	LITMUS_O_MAX
};

/* What it would take to observe what the machine does not. */
enum litmus_beyond {
	LITMUS_B_NOTHING,
	LITMUS_B_MCA,		/* stores that CPUs see at different times */
	LITMUS_B_EITHER,	/* that, or stores that pass earlier loads */
	LITMUS_B_WEAKER,	/* a model with fewer orders than this one */
	LITMUS_B_MAX
};

struct litmus_case {
	const char *path;
	struct litmus *t;		/* NULL: the file could not be read */
	struct litmus_result r;
	enum litmus_verdict seen;
	enum litmus_verdict lkmm;	/* expected of the kernel's model */
	enum litmus_verdict machine;	/* expected of the weak machine */
	bool race_expected;
	enum litmus_outcome outcome;
	enum litmus_beyond beyond;
};

/* Fills lkmm, machine and race_expected from @text and from the tables. */
void litmus_expect(struct litmus_case *c, const char *text);
/* Fills seen, outcome and beyond; @model is enum mem_model. */
void litmus_judge(struct litmus_case *c, unsigned int model);

const char *litmus_verdict_name(enum litmus_verdict v);
/* A word for the outcome, and what it means. */
const char *litmus_outcome_name(enum litmus_outcome o);
const char *litmus_outcome_text(enum litmus_outcome o);
const char *litmus_beyond_text(enum litmus_beyond b);

/* The whole file with a NUL after it, or NULL and errno; free() it. */
char *litmus_read(const char *path, size_t *len);

/* litmus_show.c: as herd7 prints, in one line, and as JSON */
void litmus_show(const struct litmus_case *c, FILE *out);
void litmus_show_line(const struct litmus_case *c, FILE *out);
void litmus_show_json(const struct litmus_case *c, const char *model,
		      FILE *out);

#endif
