/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Another program, run to its end: ctags, patch, the compiler.
 *
 * No shell comes between, so no word of the user's is ever read as one.  What
 * the program says on stdout and stderr comes back as one text; on stdin it has
 * nothing.  It speaks the C locale, because its messages are read.
 */
#ifndef LIFT_PROC_H
#define LIFT_PROC_H

#include "text.h"

/*
 * @argv ends with NULL, @dir NULL is here.  The exit status, 127 with a line on
 * stderr if there is no such program, or -1 with a line for anything else.
 */
int proc_run(const char *const argv[], const char *dir, struct text *said);


/* A program's words, one after the other; w ends with NULL. */
enum { WORDS_MAX = 64 };

struct words {
	char *w[WORDS_MAX + 1];
	unsigned int n;
};

void words_add(struct words *words, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void words_free(struct words *words);

#endif
