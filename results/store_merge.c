// SPDX-License-Identifier: GPL-2.0-only
/*
 * Joining two files.  Each statement below is the rule that schema.sql names at
 * its table.  All of them take a least or a greatest over a total order, so the
 * join is commutative, associative and idempotent; no counter is ever added up
 * here, for totals are sums over occurrences, which know their campaign.
 */
#include <stdio.h>
#include <string.h>

#include "store_priv.h"

/* Shorthands of UPSERT: keep the greater, keep the lesser. */
#define GREATER(col) #col " = max(" #col ", excluded." #col ")"
#define LESSER(col) #col " = min(" #col ", excluded." #col ")"
#define TAKE(col) #col " = excluded." #col

#define EARLIER "(excluded.first_runs, excluded.first_cpu_ns, excluded.seed)" \
	" < (first_runs, first_cpu_ns, seed)"

static const char *const join_sql[] = {
	"INSERT INTO meta SELECT * FROM src.meta WHERE true"
	" ON CONFLICT DO UPDATE SET " GREATER(value),

	"INSERT INTO core SELECT * FROM src.core WHERE true"
	" ON CONFLICT DO UPDATE SET " TAKE(tool) ", " TAKE(detail) ", "
	TAKE(first_us) " WHERE (excluded.first_us, excluded.tool,"
	" excluded.detail) < (first_us, tool, detail)",

	"INSERT INTO campaign SELECT * FROM src.campaign WHERE true"
	" ON CONFLICT DO UPDATE SET " TAKE(state) ", " TAKE(last_us) ", "
	TAKE(runs) ", " TAKE(events) ", " TAKE(states) ", " TAKE(cpu_ns)
	" WHERE (instr('running interrupted finished', excluded.state),"
	" excluded.last_us, excluded.runs, excluded.events, excluded.states,"
	" excluded.cpu_ns) >"
	" (instr('running interrupted finished', state),"
	" last_us, runs, events, states, cpu_ns)",

	"INSERT INTO stat_sample SELECT * FROM src.stat_sample WHERE true"
	" ON CONFLICT DO UPDATE SET " GREATER(runs) ", " GREATER(events) ", "
	GREATER(states) ", " GREATER(findings) ", " GREATER(cpu_ns),

	"INSERT INTO target SELECT * FROM src.target WHERE true"
	" ON CONFLICT DO NOTHING",

	"INSERT INTO effort SELECT * FROM src.effort WHERE true"
	" ON CONFLICT DO UPDATE SET " GREATER(runs) ", " GREATER(events),

	"INSERT INTO cov_state SELECT * FROM src.cov_state WHERE true"
	" ON CONFLICT DO UPDATE SET " GREATER(text) ", " GREATER(hits),

	"INSERT INTO cov_point SELECT * FROM src.cov_point WHERE true"
	" ON CONFLICT DO UPDATE SET " GREATER(hits),

	"INSERT INTO schedule SELECT * FROM src.schedule WHERE true"
	" ON CONFLICT DO UPDATE SET " TAKE(trace_hash) ", " TAKE(steps) ", "
	TAKE(nonzero) ", " TAKE(line) ", " TAKE(named)
	" WHERE (excluded.trace_hash, excluded.steps, excluded.nonzero,"
	" excluded.line, excluded.named) <"
	" (trace_hash, steps, nonzero, line, named)",

	"UPDATE finding AS f SET first_us = min(f.first_us, t.first_us)"
	" FROM src.finding AS t WHERE t.key = f.key",

	"INSERT INTO finding SELECT * FROM src.finding WHERE true"
	" ON CONFLICT (key) DO UPDATE SET " TAKE(last_us) ", " TAKE(severity)
	", " TAKE(title)
	" WHERE (excluded.last_us, excluded.severity, excluded.title) >"
	" (last_us, severity, title)",

	"INSERT INTO witness SELECT * FROM src.witness WHERE true"
	" ON CONFLICT DO NOTHING",

	"UPDATE finding SET best = (SELECT s.id FROM witness AS w"
	" JOIN schedule AS s ON s.id = w.schedule WHERE w.finding = finding.key"
	" ORDER BY s.nonzero, s.steps, length(s.choices), s.id LIMIT 1)"
	" WHERE key IN (SELECT key FROM src.finding)",

	"INSERT INTO occurrence SELECT * FROM src.occurrence WHERE true"
	" ON CONFLICT DO UPDATE SET " GREATER(hits) ", " LESSER(first_us) ","
	" seed = iif(" EARLIER ", excluded.seed, seed),"
	" first_cpu_ns = iif(" EARLIER ", excluded.first_cpu_ns, first_cpu_ns),"
	" first_runs = iif(" EARLIER ", excluded.first_runs, first_runs)",

	"INSERT INTO proof SELECT * FROM src.proof WHERE true"
	" ON CONFLICT DO UPDATE SET " TAKE(bounds) ", " TAKE(verdicts) ", "
	TAKE(exhausted) ", " TAKE(states) ", " TAKE(transitions) ", "
	TAKE(depth) ", " TAKE(wall_ms) ", " TAKE(done_us)
	" WHERE (excluded.exhausted, excluded.states, excluded.transitions,"
	" excluded.done_us, excluded.depth, excluded.wall_ms,"
	" excluded.verdicts, excluded.bounds) >"
	" (exhausted, states, transitions, done_us, depth, wall_ms,"
	" verdicts, bounds)",

	"INSERT INTO note SELECT * FROM src.note WHERE true"
	" ON CONFLICT DO UPDATE SET " LESSER(first_us),
};

static const char diverged_sql[] =
	"SELECT 's' || lower(hex(id)), a.trace_hash, b.trace_hash"
	" FROM schedule AS a JOIN src.schedule AS b USING (id)"
	" WHERE a.trace_hash <> b.trace_hash ORDER BY id LIMIT 1";

static const char check_sql[] =
	"SELECT * FROM (SELECT integrity_check AS what FROM pragma_integrity_check"
	" WHERE integrity_check <> 'ok' UNION ALL"
	" SELECT 'a row of ' || \"table\" || ' refers to a missing row of ' || parent"
	" FROM pragma_foreign_key_check) LIMIT 1";

/*
 * Step @sql to its first row; *@stmt stays to be read and finalized by the
 * caller, and is NULL if there is no row or a failure.
 */
static int first_row(struct store *s, const char *sql, sqlite3_stmt **stmt)
{
	int rc;

	if (sqlite3_prepare_v2(s->db, sql, -1, stmt, NULL) != SQLITE_OK)
		return store_fail_sql(s);
	rc = sqlite3_step(*stmt);
	if (rc == SQLITE_ROW)
		return STORE_OK;
	rc = sqlite3_finalize(*stmt);
	*stmt = NULL;
	return rc == SQLITE_OK ? STORE_OK : store_fail_sql(s);
}

int store_check(struct store *s)
{
	sqlite3_stmt *stmt;
	int code;

	code = first_row(s, check_sql, &stmt);
	if (code != STORE_OK || !stmt)
		return code;
	code = store_fail(s, STORE_CORRUPT,
			  "damaged (%s); " STORE_RECOVER,
			  store_text_at(stmt, 0));
	sqlite3_finalize(stmt);
	return code;
}

/* Sets *@diverged and s->err if the files disagree about the trace of a run. */
static int find_diverged(struct store *s, const char *path, bool *diverged)
{
	sqlite3_stmt *stmt;
	int code;

	code = first_row(s, diverged_sql, &stmt);
	*diverged = code == STORE_OK && stmt;
	if (!*diverged)
		return code;
	store_fail(s, STORE_DIVERGED,
		   "schedule %s has trace %s here and %s in %s on one build;"
		   " this is a bug of kicksim, please report it",
		   store_text_at(stmt, 0), store_text_at(stmt, 1),
		   store_text_at(stmt, 2), path);
	sqlite3_finalize(stmt);
	return STORE_OK;
}

/* Either file can be the cause of these, and SQLite does not say which. */
static int fail_join(struct store *s, const char *path, int code)
{
	if (code != STORE_INPUT && code != STORE_CORRUPT)
		return code;
	return store_fail(s, STORE_CORRUPT,
			  "cannot join %s: %s; look at both files with: kicksim db check",
			  path, sqlite3_errmsg(s->db));
}

static int join_attached(struct store *s, const char *path, bool *diverged)
{
	size_t i;
	int code;

	code = store_begin(s);
	if (code != STORE_OK)
		return code;
	code = find_diverged(s, path, diverged);
	for (i = 0; code == STORE_OK && i < sizeof(join_sql) / sizeof(*join_sql); i++)
		code = store_exec(s, join_sql[i]);
	if (code != STORE_OK)
		code = fail_join(s, path, code);
	return store_end(s, code);
}

/* Refuse what is not fit to be joined, in the words of store_open(). */
static int check_source(struct store *s, const char *path, bool *immutable)
{
	struct store src;
	int code;

	code = store_open(&src, path, STORE_READ);
	if (code != STORE_OK) {
		memcpy(s->err, src.err, sizeof(s->err));
		return code;
	}
	*immutable = src.immutable;
	store_close(&src);
	return STORE_OK;
}

int store_merge(struct store *s, const char *path)
{
	char uri[STORE_URI_SIZE];
	bool immutable, diverged = false;
	int code;

	code = check_source(s, path, &immutable);
	if (code != STORE_OK)
		return code;
	store_uri(uri, path, "ro", immutable);
	code = store_run(s, "ATTACH ?1 AS src", "t", uri);
	if (code != STORE_OK)
		return code;
	code = join_attached(s, path, &diverged);
	if (store_exec(s, "DETACH src") != STORE_OK && code == STORE_OK)
		code = STORE_IO;
	return code == STORE_OK && diverged ? STORE_DIVERGED : code;
}
