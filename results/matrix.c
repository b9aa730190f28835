// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matrix.h"
#include "store_priv.h"
#include "term.h"

const char matrix_legend[] =
	"proved: searched exhaustively within the bounds of its scenarios; 0 in N: N schedules"
	" sampled, which proves nothing; -: nobody looked";

/* Who has been looked at, target by target. */
static const char looked_sql[] =
	"WITH part AS ("
	" SELECT t.kernel, t.arch, t.model, t.variant, t.scenario, e.runs, 0 AS proved"
	" FROM effort AS e JOIN target AS t ON t.key = e.target"
	" UNION ALL SELECT kernel, arch, model, variant, scenario, 0, exhausted FROM proof"
	"), whole AS (SELECT kernel, arch, model, variant, scenario, sum(runs) AS runs,"
	" max(proved) AS proved FROM part WHERE ?1 IS NULL OR scenario = ?1"
	" GROUP BY 1, 2, 3, 4, 5)"
	"SELECT kernel, variant, arch, model, sum(runs), (SELECT count(DISTINCT w.scenario)"
	" FROM whole AS w WHERE w.kernel = whole.kernel AND w.arch = whole.arch"
	" AND w.variant = whole.variant), sum(proved) FROM whole GROUP BY 1, 2, 3, 4";

static const char broken_sql[] =
	"SELECT f.kernel, f.variant, f.arch, f.model, f.oracle, count(*)"
	" FROM finding AS f WHERE f.severity IN (SELECT name FROM severity"
	" WHERE rank <= (SELECT rank FROM severity WHERE name = ?2))"
	" AND (?1 IS NULL OR EXISTS (SELECT 1 FROM occurrence AS o"
	" WHERE o.finding = f.key AND o.scenario = ?1))"
	" GROUP BY f.severity, f.kernel, f.variant, f.arch, f.model, f.oracle"
	" ORDER BY (SELECT rank FROM severity WHERE name = f.severity), count(*) DESC, f.oracle";

/* The place of a name in a sorted list, made if need be; -1: no room. */
static int place_of(char *list, size_t size, int *nr, int max, const char *name)
{
	int i, order = 1;

	for (i = 0; i < *nr && order > 0; i += order > 0) {
		order = strverscmp(name, list + (size_t)i * size);
		if (!order)
			return i;
	}
	if (*nr == max)
		return -1;
	memmove(list + (size_t)(i + 1) * size, list + (size_t)i * size,
		(size_t)(*nr - i) * size);
	snprintf(list + (size_t)i * size, size, "%s", name);
	++*nr;
	return i;
}

static void name_row(sqlite3_stmt *stmt, char name[96])
{
	const char *variant = store_text_at(stmt, 1);

	snprintf(name, 96, "%s-%s%s%s", store_text_at(stmt, 0), store_text_at(stmt, 2),
		 *variant ? "+" : "", variant);
}

static void name_column(sqlite3_stmt *stmt, char name[48])
{
	snprintf(name, 48, "%s", store_text_at(stmt, 3));
}

/* Rows and columns first: a cell has its place only when all names are known. */
static bool take_names(struct matrix *m, sqlite3_stmt *stmt)
{
	char name[96];

	name_row(stmt, name);
	if (place_of(m->row[0], sizeof(m->row[0]), &m->nr_rows, MATRIX_ROWS, name) < 0)
		return false;
	name_column(stmt, name);
	return place_of(m->column[0], sizeof(m->column[0]), &m->nr_columns, MATRIX_COLUMNS,
			name) >= 0;
}

static struct matrix_cell *cell_of(struct matrix *m, sqlite3_stmt *stmt)
{
	char row[96], column[48];
	int r = 0, c = 0;

	name_row(stmt, row);
	name_column(stmt, column);
	while (strcmp(m->row[r], row))
		r++;
	while (strcmp(m->column[c], column))
		c++;
	return &m->cell[r][c];
}

static void take_looked(struct matrix_cell *c, sqlite3_stmt *stmt)
{
	c->runs = sqlite3_column_int64(stmt, 4);
	c->scenarios = sqlite3_column_int(stmt, 5);
	c->proved = sqlite3_column_int(stmt, 6);
}

static void take_broken(struct matrix_cell *c, sqlite3_stmt *stmt)
{
	if (c->nr_rules < MATRIX_RULES)
		snprintf(c->rule[c->nr_rules], sizeof(c->rule[0]), "%s", store_text_at(stmt, 4));
	c->nr_rules++;
	c->findings += sqlite3_column_int64(stmt, 5);
}

/* Goes through the rows of @sql: with @take NULL for their names. */
static int go_through(struct store *s, const char *sql, const char *scenario,
		      const char *severity, struct matrix *m,
		      void (*take)(struct matrix_cell *c, sqlite3_stmt *stmt))
{
	sqlite3_stmt *stmt = store_prepare(s, sql);
	int rc, code = STORE_OK;

	if (!stmt)
		return store_fail_sql(s);
	if (sql == broken_sql)
		store_bind(stmt, "tt", scenario, severity);
	else
		store_bind(stmt, "t", scenario);
	while (code == STORE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (take)
			take(cell_of(m, stmt), stmt);
		else if (!take_names(m, stmt))
			code = store_fail(s, STORE_INPUT, "more than %d forms or %d columns:"
					  " ask with kicksim query", MATRIX_ROWS, MATRIX_COLUMNS);
	}
	if (code == STORE_OK && rc != SQLITE_DONE)
		code = store_fail_sql(s);
	sqlite3_clear_bindings(stmt);
	sqlite3_reset(stmt);
	return code;
}

int matrix_load(struct store *s, const char *severity, const char *scenario,
		struct matrix *m)
{
	int code;

	memset(m, 0, sizeof(*m));
	code = go_through(s, looked_sql, scenario, severity, m, NULL);
	if (code == STORE_OK)
		code = go_through(s, broken_sql, scenario, severity, m, NULL);
	if (code == STORE_OK)
		code = go_through(s, looked_sql, scenario, severity, m, take_looked);
	if (code == STORE_OK)
		code = go_through(s, broken_sql, scenario, severity, m, take_broken);
	return code;
}

enum matrix_verdict matrix_verdict(const struct matrix_cell *c)
{
	if (c->nr_rules)
		return MATRIX_BROKEN;
	if (c->proved && c->proved == c->scenarios)
		return MATRIX_PROVED;
	return c->runs || c->proved ? MATRIX_SAMPLED : MATRIX_NOTHING;
}

/* The worst rules by name, the others by their number. */
static void rules_text(const struct matrix_cell *c, char buf[MATRIX_TEXT])
{
	int n = 0, i;

	for (i = 0; i < c->nr_rules && i < MATRIX_RULES; i++)
		n += snprintf(buf + n, (size_t)(MATRIX_TEXT - n), "%s%s", i ? ", " : "", c->rule[i]);
	if (i < c->nr_rules)
		snprintf(buf + n, (size_t)(MATRIX_TEXT - n), " +%d", c->nr_rules - i);
}

const char *matrix_text(const struct matrix_cell *c, char buf[MATRIX_TEXT])
{
	char runs[16];

	term_count(runs, (uint64_t)c->runs);
	switch (matrix_verdict(c)) {
	case MATRIX_BROKEN:
		rules_text(c, buf);
		break;
	case MATRIX_PROVED:
		snprintf(buf, MATRIX_TEXT, "proved");
		break;
	case MATRIX_SAMPLED:
		if (c->proved)
			snprintf(buf, MATRIX_TEXT, "%d/%d proved, 0 in %s", c->proved, c->scenarios,
				 runs);
		else
			snprintf(buf, MATRIX_TEXT, "0 in %s", runs);
		break;
	case MATRIX_NOTHING:
		strcpy(buf, "-");
	}
	return buf;
}
