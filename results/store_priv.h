/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files behind store.h share: how an SQLite failure becomes a code and
 * a line for the user, and how a statement is prepared, bound and run.
 *
 * A write is store_begin(), then statements, then store_end() with the code so
 * far: that commits STORE_OK and rolls anything else back, so no path leaves a
 * transaction open.  Statements that store_prepare() gives are kept until the
 * store is closed, and found again by the address of their text.
 */
#ifndef RESULTS_STORE_PRIV_H
#define RESULTS_STORE_PRIV_H

#include <sqlite3.h>

#include "store.h"

#define STORE_BUSY_MS	30000

/* The remedies that more than one line ends with. */
#define STORE_ELSEWHERE	"name another place with --db"
#define STORE_RECOVER	"save what is left with: sqlite3 OLD .recover | sqlite3 NEW"
#define STORE_URI_SIZE	(3 * PATH_MAX + 64)

/* Set s->err to "path: text" and return @code. */
int store_fail(struct store *s, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for what SQLite has just complained of; never STORE_OK. */
int store_fail_sql(struct store *s);

/* Run one or more statements that have no parameters and no rows. */
int store_exec(struct store *s, const char *sql);

/* NULL after a failure.  @sql must be a string constant. */
sqlite3_stmt *store_prepare(struct store *s, const char *sql);

/*
 * Bind parameters from 1 on.  @types has a letter for each: t const char *,
 * i int64_t, b const void * and size_t.  Texts must outlive the statement's run.
 */
void store_bind(sqlite3_stmt *stmt, const char *types, ...);

/* Prepare, bind and run to the end a statement whose rows do not matter. */
int store_run(struct store *s, const char *sql, const char *types, ...);

/*
 * A column of the row that @stmt is at.  A crafted file can have anything there:
 * what is no text reads as "", what is no id as zeros.
 */
const char *store_text_at(sqlite3_stmt *stmt, int column);
void store_id_at(sqlite3_stmt *stmt, int column, unsigned char id[16]);

/* One integer from a query without parameters. */
int store_get_int(struct store *s, const char *sql, int64_t *value);

int store_begin(struct store *s);
int store_end(struct store *s, int code);

int64_t store_now_us(void);

/* XXH3-128 of texts, each with its final '\0', and then of @size bytes. */
void store_hash(const char *const *texts, int nr_texts, const void *bytes,
		size_t size, unsigned char id[16]);
/* @letter and 32 hex digits. */
void store_hex(char key[STORE_KEY_SIZE], char letter, const unsigned char id[16]);

/* @mode "ro", "rw" or "rwc". */
void store_uri(char uri[STORE_URI_SIZE], const char *path, const char *mode,
	       bool immutable);

/*
 * Bring the schema up: steps[0] makes version 1 of an empty file, steps[n]
 * makes version n + 1 of version n, each in one transaction with its number.
 */
int store_migrate(struct store *s, const char *const *steps, int nr_steps);

#endif
