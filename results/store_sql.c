// SPDX-License-Identifier: GPL-2.0-only
/*
 * Talking to SQLite, and what to tell the user when it fails.
 */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "store_priv.h"

int store_fail(struct store *s, int code, const char *fmt, ...)
{
	size_t used;
	va_list ap;
	char *p;

	assert(code != STORE_OK);
	used = snprintf(s->err, sizeof(s->err), "%s: ", s->path);
	if (used >= sizeof(s->err))
		used = sizeof(s->err) - 1;
	va_start(ap, fmt);
	vsnprintf(s->err + used, sizeof(s->err) - used, fmt, ap);
	va_end(ap);
	/* One line, whatever name or text found its way into it. */
	for (p = s->err; *p; p++)
		if (*p == '\n' || *p == '\r')
			*p = ' ';
	return code;
}

static int fail_no_space(struct store *s)
{
	return store_fail(s, STORE_FULL,
			  "no space left to store results; free some, or "
			  STORE_ELSEWHERE);
}

/* The operating system's word on it, where SQLite has kept one. */
static int fail_io(struct store *s)
{
	int err = sqlite3_system_errno(s->db);
	int rc = sqlite3_extended_errcode(s->db);

	switch (err) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return fail_no_space(s);
	case EACCES:
	case EPERM:
	case EROFS:
		return store_fail(s, STORE_READONLY,
				  "%s; change its permissions, or " STORE_ELSEWHERE,
				  strerror(err));
	}
	/* No space has a code of its own; SQLite forgets why other writes fail. */
	if (rc == SQLITE_IOERR_WRITE)
		return store_fail(s, STORE_IO,
				  "a write failed, by a limit on file sizes or a bad disk; "
				  STORE_ELSEWHERE);
	return store_fail(s, STORE_IO, "%s (%s); " STORE_ELSEWHERE,
			  sqlite3_errmsg(s->db),
			  err ? strerror(err) : sqlite3_errstr(rc));
}

int store_fail_sql(struct store *s)
{
	switch (sqlite3_extended_errcode(s->db) & 0xff) {
	case SQLITE_FULL:
		return fail_no_space(s);
	case SQLITE_READONLY:
		return store_fail(s, STORE_READONLY,
				  "not writable; change its permissions, or "
				  STORE_ELSEWHERE);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return store_fail(s, STORE_BUSY,
				  "locked by another process for too long;"
				  " wait for it to end and try again");
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_ERROR:	/* our SQL is right, so the tables are not */
		return store_fail(s, STORE_CORRUPT,
				  "damaged (%s); " STORE_RECOVER,
				  sqlite3_errmsg(s->db));
	case SQLITE_CONSTRAINT:
	case SQLITE_TOOBIG:
	case SQLITE_MISMATCH:
		return store_fail(s, STORE_INPUT, "cannot store this: %s",
				  sqlite3_errmsg(s->db));
	default:
		return fail_io(s);
	}
}

/* For the few statements of a connection's life; the others are prepared. */
int store_exec(struct store *s, const char *sql)
{
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail_sql(s);
	return STORE_OK;
}

/*
 * To compile a statement takes longer than to run it, and a campaign runs the
 * same ten over and over.  There are so few that a walk finds them fast enough.
 */
sqlite3_stmt *store_prepare(struct store *s, const char *sql)
{
	sqlite3_stmt *stmt;
	int i;

	for (i = 0; i < s->nr_cached; i++)
		if (s->cache[i].sql == sql) {
			assert(!sqlite3_stmt_busy(s->cache[i].stmt));
			return s->cache[i].stmt;
		}
	if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
			       &stmt, NULL) != SQLITE_OK) {
		store_fail_sql(s);
		return NULL;
	}
	assert(s->nr_cached < STORE_STMT_MAX);
	s->cache[s->nr_cached].sql = sql;
	s->cache[s->nr_cached++].stmt = stmt;
	return stmt;
}

/*
 * Texts are bound as they are, without a copy: every caller runs the statement
 * before its strings can go, and store_run() forgets them right after.
 */
static void bind_all(sqlite3_stmt *stmt, const char *types, va_list *ap)
{
	const void *blob;
	int i, rc;

	assert((int)strlen(types) == sqlite3_bind_parameter_count(stmt));
	for (i = 1; *types; types++, i++) {
		switch (*types) {
		case 't':
			rc = sqlite3_bind_text(stmt, i, va_arg(*ap, const char *),
					       -1, SQLITE_STATIC);
			break;
		case 'i':
			rc = sqlite3_bind_int64(stmt, i, va_arg(*ap, int64_t));
			break;
		default:
			assert(*types == 'b');
			/* A NULL address would bind NULL, not no bytes. */
			blob = va_arg(*ap, const void *);
			rc = sqlite3_bind_blob64(stmt, i, blob ? blob : "",
						 va_arg(*ap, size_t), SQLITE_STATIC);
		}
		/* The rest is out of memory or too long: the step reports it. */
		assert(rc != SQLITE_MISUSE && rc != SQLITE_RANGE);
	}
}

void store_bind(sqlite3_stmt *stmt, const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	bind_all(stmt, types, &ap);
	va_end(ap);
}

int store_run(struct store *s, const char *sql, const char *types, ...)
{
	sqlite3_stmt *stmt = store_prepare(s, sql);
	int rc, code = STORE_OK;
	va_list ap;

	if (!stmt)
		return store_fail_sql(s);
	va_start(ap, types);
	bind_all(stmt, types, &ap);
	va_end(ap);
	do {
		rc = sqlite3_step(stmt);
	} while (rc == SQLITE_ROW);
	if (rc != SQLITE_DONE)
		code = store_fail_sql(s);
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return code;
}

const char *store_text_at(sqlite3_stmt *stmt, int column)
{
	const unsigned char *text = sqlite3_column_text(stmt, column);

	return text ? (const char *)text : "";
}

void store_id_at(sqlite3_stmt *stmt, int column, unsigned char id[16])
{
	const void *blob = sqlite3_column_blob(stmt, column);

	memset(id, 0, 16);
	if (blob && sqlite3_column_bytes(stmt, column) == 16)
		memcpy(id, blob, 16);
}

int store_get_int(struct store *s, const char *sql, int64_t *value)
{
	sqlite3_stmt *stmt;
	int code = STORE_OK;

	if (sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return store_fail_sql(s);
	switch (sqlite3_step(stmt)) {
	case SQLITE_ROW:
		*value = sqlite3_column_int64(stmt, 0);
		break;
	case SQLITE_DONE:
		*value = 0;
		break;
	default:
		code = store_fail_sql(s);
	}
	sqlite3_finalize(stmt);
	return code;
}

/*
 * IMMEDIATE takes the right to write at once.  A transaction that begins as a
 * reader and then wants to write fails without a wait if another one has
 * written meanwhile, and all its work would have to be done again.
 */
int store_begin(struct store *s)
{
	if (s->mode == STORE_READ)
		return store_fail(s, STORE_READONLY, "opened to be read only");
	return store_exec(s, "BEGIN IMMEDIATE");
}

int store_end(struct store *s, int code)
{
	if (code == STORE_OK)
		code = store_exec(s, "COMMIT");
	/* Some failures have rolled back already, and then this must not speak. */
	if (code != STORE_OK && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return code;
}
