/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A text is a growing string, a file's or one that is made up.
 *
 * It begins as { 0 } and always ends with a '\0' that is not counted.  Memory
 * that is not there ends the process with one line: a lift that has no memory
 * for some source files has nothing to undo.  text_read() and text_write() say
 * what went wrong by errno, and the message is the caller's.
 *
 * paths: text_path() joins two, text_mkdirs() makes all folders above a file.
 */
#ifndef LIFT_TEXT_H
#define LIFT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
	char *p;
	size_t n, max;
};

void text_add(struct text *t, const char *bytes, size_t n);
void text_printf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_free(struct text *t);
/* The whole file after what is there; 0 or -1. */
int text_read(struct text *t, const char *path);
int text_write(const struct text *t, const char *path);
/* "a/b", allocated; a NULL or empty @a gives @b. */
char *text_path(const char *a, const char *b);
char *text_copy(const char *s, size_t n);
int text_mkdirs(const char *file);

/* Memory or the end of the process. */
void *text_realloc(void *p, size_t n);

#endif
