/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A query is a question to a results file: one of those that come with a name,
 * or any SQL that only reads.
 *
 * The named ones are the files of results/sql/, one statement each, which plain
 * sqlite3 runs as well; the first line of each is a comment that says what it
 * answers.  That nothing is written is ensured three times: the file is opened
 * to be read, SQLite must call the statement read-only, and an authorizer lets
 * nothing but reading pass (no ATTACH, no PRAGMA that sets, no extension).
 */
#ifndef RESULTS_QUERY_H
#define RESULTS_QUERY_H

#include <stdio.h>

#include "store.h"
#include "table.h"

struct query {
	const char *name;
	const char *sql;	/* the whole file */
};

/* All of them by name, the last has a NULL name. */
extern const struct query query_list[];

/* NULL if there is none of this name. */
const struct query *query_find(const char *name);

/* What it answers: one sentence, in @buf. */
const char *query_about(const struct query *q, char buf[256]);

/* The nearest name in words for an error, or "". */
const char *query_did_you_mean(const char *name, char buf[128]);

/*
 * Run @sql and print its rows to @out.  STORE_INPUT with one line in s->err: it
 * is wrong, more than one statement, or would write.
 */
int query_run(struct store *s, const char *sql, FILE *out,
	      enum table_format format);

#endif
