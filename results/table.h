/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of cells, printed as an aligned table, as CSV or as JSON Lines.
 *
 * table_open(), table_column() for each column, then one cell after another,
 * row by row, then table_close().  A row ends with its last column, so whoever
 * fills a table does not know how it will look.
 *
 * An aligned table is printed at table_close(), for its widths depend on all
 * rows; the other two as they come.  Numbers stand right, NULL is "-", an empty
 * CSV field or null.  Errors of writing stay in the FILE.
 */
#ifndef RESULTS_TABLE_H
#define RESULTS_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "json.h"

#define TABLE_COLUMN_MAX	2000	/* SQLite's own limit */

enum table_format {
	TABLE_ALIGNED,
	TABLE_CSV,		/* RFC 4180, with \n for lines */
	TABLE_JSON,
};

struct table_column {
	char *name;
	int width;
	bool is_number;		/* of all its cells that are not NULL */
};

struct table {
	FILE *out;
	enum table_format format;
	const char *schema;	/* first key of each JSON line, or NULL */
	struct table_column *columns;
	int nr_columns;
	int next;		/* column of the next cell */
	int64_t nr_rows;	/* complete ones */
	char **cells;		/* TABLE_ALIGNED: all of them */
	size_t nr_cells;
	size_t nr_cells_max;
	struct json json;	/* TABLE_JSON: of the row that is open */
};

void table_open(struct table *t, FILE *out, enum table_format format,
		const char *schema);
void table_column(struct table *t, const char *name);

void table_text(struct table *t, const char *value);	/* NULL: no value */
void table_int(struct table *t, int64_t value);
void table_real(struct table *t, double value);

void table_close(struct table *t);

#endif
