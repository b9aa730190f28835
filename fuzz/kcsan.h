/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A report of the Kernel Concurrency Sanitizer, read back: which two functions
 * raced, and how each of them accessed the word.
 *
 * Read from a file, a mail or dmesg: time stamps and quote marks before the text do
 * not matter.  Nothing is known here of runs.
 */
#ifndef FUZZ_KCSAN_H
#define FUZZ_KCSAN_H

#include <stdbool.h>
#include <stdio.h>

struct kcsan_side {
	bool writes, reads, marked;
	unsigned int size;		/* bytes */
};

struct kcsan_report {
	char function[2][64];		/* in the order of the report's first line */
	struct kcsan_side side[2];
	unsigned int nr_sides;		/* 1 if the other one is of unknown origin */
};

/* The first report in @in.  0, or an exit code and a line on stderr that names @where. */
int kcsan_read(struct kcsan_report *r, FILE *in, const char *where);
/* The same two functions, and accesses that may be the same two. */
bool kcsan_same(const struct kcsan_report *a, const struct kcsan_report *b);

#endif
