/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Learning: the user picks the interleaving, one choice at a time.
 *
 * A lesson is a configuration and something to bring about in it.  A game is the
 * answers given so far; after each the run is made again from its beginning up to
 * the next choice, so undoing is forgetting an answer.  The score is the number
 * of answers other than 0, as everywhere in kicksim, and the best known score is
 * searched for when the lesson begins, not written down here.
 */
#ifndef FUZZ_LEARN_H
#define FUZZ_LEARN_H

#include "run.h"

/* What a lesson wants to see. */
enum learn_goal {
	LEARN_OUTCOMES,			/* a kick's three outcomes, in any number of games */
	LEARN_ORACLE,			/* a rule broken */
	LEARN_FIX,			/* a rule kept, by code that the user writes */
};

struct learn_lesson {
	const char *title, *intro, *task, *hint, *moral;
	const char *kernel, *variant, *scenario;
	const char *numbers[8];		/* "migrations", "1", ..., NULL */
	enum learn_goal goal;
	enum oracle oracle;
};

enum { LEARN_LESSONS = 7, LEARN_OPTIONS = 64, LEARN_OPTION_TEXT = 160 };

extern const struct learn_lesson learn_lessons[LEARN_LESSONS];

/* The choice at which a game stands, in words. */
struct learn_choice {
	struct choice_point point;
	unsigned int nr;		/* options; 0: the run is over */
	char option[LEARN_OPTIONS][LEARN_OPTION_TEXT];
	int pcpu[LEARN_OPTIONS];	/* where it happens, or -1 */
};

/* Fills @c from the world, which stands at @point. */
void learn_describe(struct learn_choice *c, const struct choice_point *point,
		    const struct form *form);

/* Plays lesson @nr (1..) with commands from @in.  An exit code. */
int learn_play(unsigned int nr, FILE *in);
/* Prints the commands that solve lesson @nr.  An exit code. */
int learn_solve(unsigned int nr);
/* Lesson 7: compiles @file, or writes it first, and looks for the bug in it. */
int learn_fix(const struct learn_lesson *l, const char *file);

/* For both: the lesson's configuration, loaded; the shortest way to its goal. */
int learn_config(const struct learn_lesson *l, struct config *c);
bool learn_best(const struct learn_lesson *l, const struct config *c, struct schedule *s);

#endif
