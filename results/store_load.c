// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding, loading and going through what is stored.
 */
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_priv.h"

static const char last_sql[] =
	"SELECT key FROM finding ORDER BY last_us DESC, key LIMIT 1";

/* Hex digits end at 'f', so all keys with a prefix are below prefix + 'g'. */
static const char prefix_sql[] =
	"SELECT key FROM finding WHERE key >= ?1 AND key < ?1 || 'g'"
	" ORDER BY key LIMIT 2";

/* The columns of an entry, in the order in which fill_entry() reads them. */
#define ENTRY_SQL							\
	"SELECT f.key, f.oracle, f.kernel, f.arch, f.model, f.variant,"	\
	" f.places, f.severity, f.title, o.campaign, o.engine,"		\
	" o.scenario, s.config, s.line, s.named, s.trace_hash, s.core,"	\
	" (SELECT sum(hits) FROM occurrence WHERE finding = f.key),"	\
	" o.first_runs, o.first_cpu_ns, o.seed, s.steps, s.nonzero,"	\
	" f.first_us, f.last_us, s.choices, s.id FROM finding AS f"	\
	" JOIN severity AS r ON r.name = f.severity"			\
	" JOIN schedule AS s ON s.id = f.best"				\
	" JOIN occurrence AS o ON o.finding = f.key"			\
	" AND (o.campaign, o.engine, o.scenario) ="			\
	" (SELECT campaign, engine, scenario FROM occurrence"		\
	" WHERE finding = f.key"					\
	" ORDER BY first_us, campaign, engine, scenario LIMIT 1)"

static const char load_sql[] = ENTRY_SQL " WHERE f.key = ?1";

/* A parameter that is NULL asks for nothing: one statement serves all filters. */
static const char each_sql[] = ENTRY_SQL
	" WHERE (?1 IS NULL OR f.severity = ?1)"
	" AND (?2 IS NULL OR f.oracle = ?2)"
	" AND (?3 IS NULL OR f.kernel = ?3)"
	" AND (?4 IS NULL OR f.arch = ?4)"
	" AND (?5 IS NULL OR f.model = ?5)"
	" AND (?6 IS NULL OR f.variant = ?6)"
	" AND (?7 IS NULL OR EXISTS (SELECT 1 FROM occurrence"
	" WHERE finding = f.key AND scenario = ?7))"
	" AND (?8 IS NULL OR EXISTS (SELECT 1 FROM occurrence"
	" WHERE finding = f.key AND campaign = ?8))"
	" AND f.first_us >= ?9"
	" ORDER BY r.rank, f.first_us, f.key"
	" LIMIT iif(?10 > 0, ?10, -1)";

/* The texts of an entry, which store_load() must copy. */
#define NR_TEXTS	16
static void entry_texts(struct store_entry *e, const char **texts[NR_TEXTS])
{
	const char **const all[NR_TEXTS] = {
		&e->f.oracle, &e->f.kernel, &e->f.arch, &e->f.model,
		&e->f.variant, &e->f.places, &e->f.severity, &e->f.title,
		&e->f.campaign, &e->f.engine, &e->f.scenario,
		&e->f.schedule.config, &e->f.schedule.line,
		&e->f.schedule.named, &e->f.schedule.trace_hash,
		&e->f.schedule.core,
	};

	memcpy(texts, all, sizeof(all));
}

/* Let @e point into the row that @stmt is at. */
static void fill_entry(struct store_entry *e, sqlite3_stmt *stmt)
{
	const char **texts[NR_TEXTS];
	unsigned char id[16];
	int i, col = 0;

	memset(e, 0, sizeof(*e));
	snprintf(e->key, sizeof(e->key), "%s", store_text_at(stmt, col++));
	memcpy(e->id, e->key, STORE_ID_SIZE - 1);
	entry_texts(e, texts);
	for (i = 0; i < NR_TEXTS; i++)
		*texts[i] = store_text_at(stmt, col++);
	e->f.hits = sqlite3_column_int64(stmt, col++);
	e->f.first_runs = sqlite3_column_int64(stmt, col++);
	e->f.first_cpu_ns = sqlite3_column_int64(stmt, col++);
	e->f.seed = sqlite3_column_int64(stmt, col++);
	e->f.schedule.steps = sqlite3_column_int64(stmt, col++);
	e->f.schedule.nonzero = sqlite3_column_int64(stmt, col++);
	e->first_us = sqlite3_column_int64(stmt, col++);
	e->last_us = sqlite3_column_int64(stmt, col++);
	e->f.schedule.choices = sqlite3_column_blob(stmt, col);
	e->f.schedule.nr_bytes = sqlite3_column_bytes(stmt, col++);
	store_id_at(stmt, col, id);
	store_hex(e->schedule, 's', id);
}

/* Give @e a copy of its own of all that it points to. */
static void own_entry(struct store_entry *e)
{
	const char **texts[NR_TEXTS];
	size_t size = e->f.schedule.nr_bytes, length;
	char *p;
	int i;

	entry_texts(e, texts);
	for (i = 0; i < NR_TEXTS; i++)
		size += strlen(*texts[i]) + 1;
	e->memory = p = malloc(size);
	assert(p);
	for (i = 0; i < NR_TEXTS; i++) {
		length = strlen(*texts[i]) + 1;
		*texts[i] = memcpy(p, *texts[i], length);
		p += length;
	}
	if (e->f.schedule.nr_bytes)
		memcpy(p, e->f.schedule.choices, e->f.schedule.nr_bytes);
	e->f.schedule.choices = p;
}

/* An id as it is typed, made the beginning of a key; false if it cannot be one. */
static bool prefix_of(const char *word, char prefix[STORE_KEY_SIZE])
{
	int n = 1;

	prefix[0] = 'k';
	if (*word == 'k' || *word == 'K')
		word++;
	if (!*word)
		return false;
	for (; *word; word++) {
		if (!isxdigit((unsigned char)*word) || n == STORE_KEY_SIZE - 1)
			return false;
		prefix[n++] = tolower((unsigned char)*word);
	}
	prefix[n] = '\0';
	return true;
}

/* Show two of them just as far as it takes to tell them apart. */
static int fail_ambiguous(struct store *s, const char *word, const char *a,
			  const char *b)
{
	int same = 0;

	while (a[same] && a[same] == b[same])
		same++;
	return store_fail(s, STORE_AMBIGUOUS,
			  "%s is the beginning of %.*s and of %.*s, perhaps of others;"
			  " give more digits",
			  word, same + 1 > 9 ? same + 1 : 9, a,
			  same + 1 > 9 ? same + 1 : 9, b);
}

int store_find(struct store *s, const char *word, char key[STORE_KEY_SIZE])
{
	bool last = !strcmp(word, "@last");
	char prefix[STORE_KEY_SIZE];
	sqlite3_stmt *stmt;
	int rc, code = STORE_OK;

	if (!last && !prefix_of(word, prefix))
		return store_fail(s, STORE_INPUT,
				  "%s is not an id; ids are k and hex digits, or @last",
				  word);
	stmt = store_prepare(s, last ? last_sql : prefix_sql);
	if (!stmt)
		return store_fail_sql(s);
	if (!last)
		store_bind(stmt, "t", prefix);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		snprintf(key, STORE_KEY_SIZE, "%s", store_text_at(stmt, 0));
		rc = sqlite3_step(stmt);
		if (rc == SQLITE_ROW)
			code = fail_ambiguous(s, word, key,
					      store_text_at(stmt, 0));
	} else if (rc == SQLITE_DONE) {
		code = store_fail(s, STORE_UNKNOWN,
				  "no finding %s; list them with: kicksim query findings",
				  word);
	}
	if (sqlite3_reset(stmt) != SQLITE_OK)
		code = store_fail_sql(s);
	return code;
}

int store_load(struct store *s, const char *key, struct store_entry *e)
{
	sqlite3_stmt *stmt = store_prepare(s, load_sql);
	int rc, code = STORE_OK;

	memset(e, 0, sizeof(*e));
	if (!stmt)
		return store_fail_sql(s);
	store_bind(stmt, "t", key);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		fill_entry(e, stmt);
		own_entry(e);
	} else if (rc == SQLITE_DONE) {
		code = store_fail(s, STORE_UNKNOWN,
				  "no finding %s; list them with: kicksim query findings",
				  key);
	}
	if (sqlite3_reset(stmt) != SQLITE_OK)
		code = store_fail_sql(s);
	return code;
}

void store_entry_free(struct store_entry *e)
{
	free(e->memory);
	e->memory = NULL;
}

int store_each(struct store *s, const struct store_filter *filter,
	       int (*each)(const struct store_entry *e, void *arg), void *arg)
{
	static const struct store_filter any;
	struct store_entry e;
	sqlite3_stmt *stmt;
	int rc, code = STORE_OK;

	if (!filter)
		filter = &any;
	/* Not from the cache: @each may well call this again. */
	if (sqlite3_prepare_v2(s->db, each_sql, -1, &stmt, NULL) != SQLITE_OK)
		return store_fail_sql(s);
	store_bind(stmt, "ttttttttii", filter->severity, filter->oracle,
		   filter->kernel, filter->arch, filter->model, filter->variant,
		   filter->scenario, filter->campaign, filter->since_us,
		   filter->nr_max);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		fill_entry(&e, stmt);
		if (each(&e, arg))
			break;
	}
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		code = store_fail_sql(s);
	sqlite3_finalize(stmt);
	return code;
}
