// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "query.h"
#include "store_priv.h"
#include "term.h"

#define QUERY(symbol, name)	extern const char query_##symbol[];
#include "queries.def"
#undef QUERY

const struct query query_list[] = {
#define QUERY(symbol, name)	{ name, query_##symbol },
#include "queries.def"
#undef QUERY
	{ NULL, NULL }
};

static const char *const names[] = {
#define QUERY(symbol, name)	name,
#include "queries.def"
#undef QUERY
	NULL
};

const struct query *query_find(const char *name)
{
	const struct query *q;

	for (q = query_list; q->name; q++)
		if (!strcmp(q->name, name))
			return q;
	return NULL;
}

/* The first line that is a comment and not the licence. */
const char *query_about(const struct query *q, char buf[256])
{
	const char *line = q->sql;
	size_t length;

	while (!strncmp(line, "-- SPDX", 7) && strchr(line, '\n'))
		line = strchr(line, '\n') + 1;
	assert(!strncmp(line, "-- ", 3));
	line += 3;
	length = strcspn(line, "\n");
	assert(length < 256);
	memcpy(buf, line, length);
	buf[length] = '\0';
	return buf;
}

const char *query_did_you_mean(const char *name, char buf[128])
{
	return term_did_you_mean(buf, name, names);
}

/* Pragmas that tell something when they are given no value, or a table's name. */
static int authorize_pragma(const char *name, const char *value)
{
	static const char *const by_table[] = {
		"table_info", "table_xinfo", "index_list", "index_info",
		"foreign_key_list", "table_list", NULL
	};
	static const char *const plain[] = {
		"user_version", "application_id", "journal_mode", "page_count",
		"page_size", "encoding", "table_list", "compile_options", NULL
	};
	const char *const *known = value ? by_table : plain;

	for (; *known; known++)
		if (!strcmp(*known, name))
			return SQLITE_OK;
	return SQLITE_DENY;
}

/*
 * SQLite asks for each thing that a statement is about to do, while it compiles
 * it.  What is not known to be harmless is refused, whatever SQLite may learn.
 */
static int authorize(void *arg, int action, const char *a, const char *b,
		     const char *database, const char *inside)
{
	(void)arg;
	(void)database;
	(void)inside;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return strcmp(b, "load_extension") ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_PRAGMA:
		return authorize_pragma(a, b);
	default:
		return SQLITE_DENY;
	}
}

static int fail_writes(struct store *s)
{
	return store_fail(s, STORE_INPUT,
			  "this SQL does more than read, and a query may only read;"
			  " to change a copy use sqlite3 itself");
}

/*
 * The rest of @sql is compiled too, for SQLite would leave it unread and the
 * user would take half an answer for the whole.
 *
 * NULL, and the code in *@code, if @sql is not one statement that reads.
 */
static sqlite3_stmt *prepare_to_read(struct store *s, const char *sql, int *code)
{
	sqlite3_stmt *stmt, *second = NULL;
	const char *tail;
	int rc;

	rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, &tail);
	if (rc == SQLITE_OK && stmt)
		rc = sqlite3_prepare_v2(s->db, tail, -1, &second, NULL);
	if (rc == SQLITE_AUTH)
		*code = fail_writes(s);
	else if (rc == SQLITE_ERROR)
		*code = store_fail(s, STORE_INPUT, "the SQL is wrong: %s",
				   sqlite3_errmsg(s->db));
	else if (rc != SQLITE_OK)
		*code = store_fail_sql(s);
	else if (!stmt)
		*code = store_fail(s, STORE_INPUT, "there is no SQL in this");
	else if (second)
		*code = store_fail(s, STORE_INPUT,
				   "this is more than one SQL statement; ask one at a time");
	else if (!sqlite3_stmt_readonly(stmt))
		*code = fail_writes(s);
	else
		return stmt;
	sqlite3_finalize(second);
	sqlite3_finalize(stmt);
	return NULL;
}

/* A BLOB has no text of its own: print it as SQL would have it. */
static void put_blob(struct table *t, const unsigned char *bytes, int nr_bytes)
{
	char *hex = malloc(2 * (size_t)nr_bytes + 4), *p = hex;
	int i;

	assert(hex);
	p += sprintf(p, "x'");
	for (i = 0; i < nr_bytes; i++)
		p += sprintf(p, "%02x", bytes[i]);
	strcpy(p, "'");
	table_text(t, hex);
	free(hex);
}

static void put_cell(struct table *t, sqlite3_stmt *stmt, int i)
{
	switch (sqlite3_column_type(stmt, i)) {
	case SQLITE_INTEGER:
		table_int(t, sqlite3_column_int64(stmt, i));
		break;
	case SQLITE_FLOAT:
		table_real(t, sqlite3_column_double(stmt, i));
		break;
	case SQLITE_BLOB:
		put_blob(t, sqlite3_column_blob(stmt, i),
			 sqlite3_column_bytes(stmt, i));
		break;
	default:
		table_text(t, (const char *)sqlite3_column_text(stmt, i));
	}
}

int query_run(struct store *s, const char *sql, FILE *out,
	      enum table_format format)
{
	int i, rc, nr_columns, code = STORE_OK;
	sqlite3_stmt *stmt;
	struct table t;

	/* What declares these tables at their first use is no statement of the user's. */
	sqlite3_exec(s->db, "SELECT 1 FROM json_each('[]'), json_tree('[]')", NULL, NULL, NULL);
	sqlite3_set_authorizer(s->db, authorize, NULL);
	stmt = prepare_to_read(s, sql, &code);
	if (!stmt)
		goto out;
	table_open(&t, out, format, "kicksim.query/1");
	nr_columns = sqlite3_column_count(stmt);
	for (i = 0; i < nr_columns; i++)
		table_column(&t, sqlite3_column_name(stmt, i));
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		for (i = 0; i < nr_columns; i++)
			put_cell(&t, stmt, i);
	if (rc == SQLITE_ERROR)
		code = store_fail(s, STORE_INPUT, "the SQL is wrong: %s",
				  sqlite3_errmsg(s->db));
	else if (rc != SQLITE_DONE)
		code = store_fail_sql(s);
	table_close(&t);
	sqlite3_finalize(stmt);
out:
	sqlite3_set_authorizer(s->db, NULL, NULL);
	return code;
}
