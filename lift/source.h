/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A source is one C file, by lines, with what Universal Ctags finds in it.
 *
 * Ctags says which name is defined in which line and where a body ends.  What it
 * does not say comes from reading the file as the preprocessor would, comments
 * and strings passed over: in which line a definition begins (the return type may
 * stand above the name), and which #if's it stands in.  Lines count from 1.
 *
 * source_load() takes several files at once, because starting ctags costs more
 * than its work.  A file that does not exist is a source with no lines.  Nothing
 * here knows what is being looked for, or why.
 */
#ifndef LIFT_SOURCE_H
#define LIFT_SOURCE_H

#include "text.h"

struct def {
	char *name, *scope;		/* scope: "kvm_vcpu" of a member, else "" */
	char kind;			/* ctags's letter: f p d m v e g s t */
	unsigned int line;		/* of the name */
	unsigned int first, last;	/* all of it, without comments above */
};

struct line {
	size_t at;			/* where in the text it begins */
	char last;			/* last character of code, '#' for directives, or '\0' */
	bool goes_on;			/* a directive that continues in the next line */
};

struct source {
	const char *path;		/* as places in traces name it */
	bool found;
	struct text text;
	struct line *line;		/* [1..nr_lines], and one more that begins at the end */
	unsigned int nr_lines;
	struct def *def;
	unsigned int nr_defs;
};

/* Fills in @s[i] for path[i] under @root; an exit code. */
int source_load(struct source *s, const char *const *path, unsigned int nr, const char *root);
void source_free(struct source *s);

/* The @n-th definition (from 0) of one of @kinds, or NULL. */
const struct def *source_find(const struct source *s, const char *name, const char *kinds,
			      unsigned int n);
const struct def *source_member(const struct source *s, const char *scope, const char *name);
/* Whether the two enums have a name in common. */
bool source_same_enum(const struct source *a, const struct def *x, const struct source *b,
		      const struct def *y);
/* The innermost function that has the line, or NULL. */
const struct def *source_function_at(const struct source *s, unsigned int line);
/* Lines @first to @last with their ends. */
const char *source_lines(const struct source *s, unsigned int first, unsigned int last, size_t *n);
/*
 * The directives that open what line @at stands in, outermost first: of an #if
 * whose #else it is in both.  An include guard is not among them.  Returns how
 * many #endif's end them; @outermost, if not NULL, gets the first one's line.
 */
unsigned int source_conditions(const struct source *s, unsigned int at, struct text *opening,
			       unsigned int *outermost);

#endif
