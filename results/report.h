/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A report is one page of HTML about a results file, complete in itself: no
 * network, no script that it could not do without, the same bytes each time.
 *
 * report_write() asks the file and writes the page from top to bottom: tiles, the
 * matrix, findings, plots, the grid of places against modes, proofs, campaigns.
 * Everything is summed up by SQL, and lists are cut at a number with "and N more",
 * so a file of a million findings takes seconds and gives a page of the same size.
 *
 * What a run looks like is not known here: the caller gives a function that draws
 * a finding's witness, small beside its row or in full below it.
 */
#ifndef RESULTS_REPORT_H
#define RESULTS_REPORT_H

#include <stdio.h>

#include "store.h"

struct sqlite3_stmt;

enum { REPORT_ROWS = 200, REPORT_PICTURES = 24 };

struct report_options {
	const char *program;		/* how kicksim is called: "out/kicksim" */
	const char *version;
	const char *db;			/* its name, for people and for --db */
	const char *title;		/* or NULL */
	/*
	 * Draws the witness of @key (a finding's whole key): HTML or SVG in place.
	 * @full: below the row, else beside it.  False: nothing was written.  May be
	 * NULL.
	 */
	bool (*picture)(const char *key, bool full, FILE *out, void *arg);
	void *arg;
};

/* An enum store_code, with s->err.  Errors of writing stay in @out. */
int report_write(struct store *s, const struct report_options *o, FILE *out);

/* What its parts share. */
struct page {
	struct store *s;
	const struct report_options *o;
	FILE *out;
	int code;			/* the first enum store_code that is not STORE_OK */
	char file[4200];		/* " --db FILE", or "" */
};

/* Calls @row for each row of @sql, whose one parameter, if any, is @bind. */
void report_each(struct page *r, const char *sql, const char *bind,
		 void (*row)(struct page *r, struct sqlite3_stmt *stmt, void *arg), void *arg);
int64_t report_int(struct page *r, const char *sql);
/* The first column of a row into *(int64_t *)@arg. */
void report_take_int(struct page *r, struct sqlite3_stmt *stmt, void *arg);
/* Text with &, <, > and quotes escaped. */
void report_text(struct page *r, const char *text);
/* A number as people read it, with the exact one in its title. */
void report_count(struct page *r, int64_t n);
/* A command to be copied by a click. */
__attribute__((format(printf, 2, 3)))
void report_command(struct page *r, const char *format, ...);
/* "harmful" with its sign and colour. */
void report_severity(struct page *r, const char *severity);
/* Begins a section with a heading and one sentence on how to read it. */
void report_section(struct page *r, const char *id, const char *heading, const char *how);

void report_tiles(struct page *r);
void report_matrix(struct page *r);
void report_findings(struct page *r);
void report_plots(struct page *r);
void report_grid(struct page *r);
void report_proofs(struct page *r);
void report_campaigns(struct page *r);

/* How full a place on a logarithmic axis from 1 to @max is, 0 to 1. */
double report_log(double value, double max);

#endif
