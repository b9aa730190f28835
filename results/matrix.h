/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A matrix is what a results file knows of each kernel form on each architecture
 * under each memory model: a cell is broken, proved, sampled without a finding, or
 * never looked at.
 *
 * A row is a kernel form with its architecture (and variant), a column a model.  A
 * cell is broken if any finding at or above a severity is of it; it is proved if
 * all scenarios that the file knows of that form have an exhausted search in it;
 * else it says how many schedules met nothing, which proves nothing.
 *
 * matrix_load() once; the cells are then plain numbers and words.
 */
#ifndef RESULTS_MATRIX_H
#define RESULTS_MATRIX_H

#include <stdio.h>

#include "store.h"

enum { MATRIX_ROWS = 512, MATRIX_COLUMNS = 8, MATRIX_RULES = 4, MATRIX_TEXT = 160 };

enum matrix_verdict { MATRIX_NOTHING, MATRIX_BROKEN, MATRIX_PROVED, MATRIX_SAMPLED };

struct matrix_cell {
	int64_t runs;			/* schedules sampled */
	int64_t findings;		/* at or above the severity */
	int scenarios;			/* that anybody looked at, under any model */
	int proved;			/* of them, by an exhausted search */
	int nr_rules;			/* broken */
	char rule[MATRIX_RULES][32];	/* the worst of them, the worst first */
};

struct matrix {
	char row[MATRIX_ROWS][96];	/* "v5.16-x86" or "v5.16-x86+variant", by version */
	char column[MATRIX_COLUMNS][48];	/* "sc" */
	int nr_rows, nr_columns;
	struct matrix_cell cell[MATRIX_ROWS][MATRIX_COLUMNS];
};

/* @severity: the least that counts; @scenario: only it, or NULL.  An enum store_code. */
int matrix_load(struct store *s, const char *severity, const char *scenario,
		struct matrix *m);
enum matrix_verdict matrix_verdict(const struct matrix_cell *c);
/* "lost-request, lost-kick", "proved", "3/11 proved, 0 in 4.4M", "0 in 1.2M", "-". */
const char *matrix_text(const struct matrix_cell *c, char buf[MATRIX_TEXT]);
/* What the verdicts mean, one sentence. */
extern const char matrix_legend[];

#endif
