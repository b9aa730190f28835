/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where two traces part, and how much each side did: in words.
 *
 * One world has room for one side, so the first difference comes about in four
 * steps, with both runs made twice: keys of the one, keys of the other, where they
 * part, then the text of either.
 */
#ifndef FUZZ_DIFF_PRINT_H
#define FUZZ_DIFF_PRINT_H

#include "diff.h"

struct diff_first {
	bool found, has_schedule;
	struct config config;
	struct schedule schedule;
	uint64_t key[2][DIFF_RECORDS];
	uint32_t nr[2], at;		/* records; the first that differs */
	uint32_t step;
	char text[2][DIFF_TEXT], before[DIFF_TEXT];
};

void diff_first_keys(struct diff_first *f, struct diff_side *s, unsigned int side);
void diff_first_find(struct diff_first *f);
void diff_first_text(struct diff_first *f, struct diff_side *s, unsigned int side);

void diff_print_first(const struct diff_first *f, const char *a, const char *b);
/* A line for each rule that was broken, IPIs and cmpxchgs for each call. */
void diff_print_rates(const struct diff_side *a, const struct diff_side *b);

#endif
