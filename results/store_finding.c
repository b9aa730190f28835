// SPDX-License-Identifier: GPL-2.0-only
/*
 * Storing a finding: one transaction that takes the schedule if it is the best
 * so far, and counts the hits of the campaign that met it.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "store_priv.h"

#define HASH_SIZE	16

/* Bytes are counted from the choices themselves, so they need no column. */
static const char best_sql[] =
	"SELECT s.nonzero, s.steps, length(s.choices), s.id FROM finding AS f"
	" JOIN schedule AS s ON s.id = f.best WHERE f.key = ?1";

static const char known_sql[] =
	"SELECT trace_hash FROM schedule WHERE id = ?1";

static const char schedule_sql[] =
	"INSERT INTO schedule (id, core, config, line, choices, named,"
	" trace_hash, steps, nonzero) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
	" ON CONFLICT (id) DO NOTHING";

static const char finding_sql[] =
	"INSERT INTO finding (key, oracle, kernel, arch, model, variant, places,"
	" severity, title, best, first_us, last_us)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)"
	" ON CONFLICT (key) DO UPDATE SET severity = excluded.severity,"
	" title = excluded.title, best = excluded.best,"
	" last_us = max(last_us, excluded.last_us)";

static const char witness_sql[] =
	"INSERT INTO witness (finding, schedule) VALUES (?1, ?2)"
	" ON CONFLICT DO NOTHING";

/* Jobs of one campaign can report out of order: the earliest hit stays. */
#define EARLIER "(excluded.first_runs, excluded.first_cpu_ns, excluded.seed)" \
	" < (first_runs, first_cpu_ns, seed)"
static const char occurrence_sql[] =
	"INSERT INTO occurrence (finding, campaign, engine, scenario, hits,"
	" first_runs, first_cpu_ns, seed, first_us)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
	" ON CONFLICT DO UPDATE SET hits = hits + excluded.hits,"
	" seed = iif(" EARLIER ", excluded.seed, seed),"
	" first_cpu_ns = iif(" EARLIER ", excluded.first_cpu_ns, first_cpu_ns),"
	" first_runs = iif(" EARLIER ", excluded.first_runs, first_runs)";

static const char hits_sql[] =
	"SELECT sum(hits) FROM occurrence WHERE finding = ?1";

/* A witness's place in the order in which less is better; @id breaks ties. */
struct witness {
	int64_t nonzero;
	int64_t steps;
	int64_t nr_bytes;
	unsigned char id[HASH_SIZE];
};

void store_hash(const char *const *texts, int nr_texts, const void *bytes,
		size_t size, unsigned char id[16])
{
	XXH3_state_t *state = XXH3_createState();
	XXH128_canonical_t canonical;
	int i;

	assert(state);
	XXH3_128bits_reset(state);
	for (i = 0; i < nr_texts; i++)
		XXH3_128bits_update(state, texts[i], strlen(texts[i]) + 1);
	if (size)
		XXH3_128bits_update(state, bytes, size);
	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
	XXH3_freeState(state);
	memcpy(id, canonical.digest, HASH_SIZE);
}

void store_hex(char key[STORE_KEY_SIZE], char letter, const unsigned char id[16])
{
	int i;

	*key++ = letter;
	for (i = 0; i < HASH_SIZE; i++, key += 2)
		sprintf(key, "%02x", id[i]);
}

static int compare_int(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* Below 0 if @a is smaller as a person would see it, 0 if just as small. */
static int witness_compare(const struct witness *a, const struct witness *b)
{
	int order = compare_int(a->nonzero, b->nonzero);

	if (!order)
		order = compare_int(a->steps, b->steps);
	if (!order)
		order = compare_int(a->nr_bytes, b->nr_bytes);
	return order;
}

/* The signature's texts end in '\0', so no two signatures run together. */
void store_finding_key(const struct store_finding *f, char key[STORE_KEY_SIZE])
{
	const char *const parts[] = {
		f->oracle, f->kernel, f->arch, f->model, f->variant, f->places,
	};
	unsigned char id[HASH_SIZE];

	store_hash(parts, 6, NULL, 0, id);
	store_hex(key, 'k', id);
}

/* Core, configuration and choices decide the run, so they name the schedule. */
static struct witness witness_of(const struct store_schedule *p)
{
	const char *const parts[] = { p->core, p->config };
	struct witness w = {
		.nonzero = p->nonzero,
		.steps = p->steps,
		.nr_bytes = p->nr_bytes,
	};

	store_hash(parts, 2, p->choices, p->nr_bytes, w.id);
	return w;
}

/* The witness that the file has for @key, and whether it has one. */
static int get_best(struct store *s, const char *key, struct witness *w,
		    bool *found)
{
	sqlite3_stmt *stmt = store_prepare(s, best_sql);
	int rc;

	if (!stmt)
		return store_fail_sql(s);
	store_bind(stmt, "t", key);
	rc = sqlite3_step(stmt);
	*found = rc == SQLITE_ROW;
	if (*found) {
		w->nonzero = sqlite3_column_int64(stmt, 0);
		w->steps = sqlite3_column_int64(stmt, 1);
		w->nr_bytes = sqlite3_column_int64(stmt, 2);
		store_id_at(stmt, 3, w->id);
	}
	rc = sqlite3_reset(stmt);
	return rc == SQLITE_OK ? STORE_OK : store_fail_sql(s);
}

/* The file may know this very run already; then it must have gone the same way. */
static int check_known(struct store *s, const struct witness *w,
		       const struct store_schedule *p)
{
	sqlite3_stmt *stmt = store_prepare(s, known_sql);
	char key[STORE_KEY_SIZE];
	const char *was;
	int rc, code = STORE_OK;

	if (!stmt)
		return store_fail_sql(s);
	store_bind(stmt, "b", w->id, (size_t)HASH_SIZE);
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		was = store_text_at(stmt, 0);
		store_hex(key, 's', w->id);
		if (strcmp(was, p->trace_hash))
			code = store_fail(s, STORE_DIVERGED,
					  "schedule %s gave trace %s and then %s on one build;"
					  " this is a bug of kicksim, please report it",
					  key, was, p->trace_hash);
	}
	rc = sqlite3_reset(stmt);
	return rc == SQLITE_OK ? code : store_fail_sql(s);
}

static int put_schedule(struct store *s, const struct witness *w,
			const struct store_schedule *p)
{
	return store_run(s, schedule_sql, "btttbttii", w->id, (size_t)HASH_SIZE,
			 p->core, p->config, p->line, p->choices, p->nr_bytes,
			 p->named, p->trace_hash, p->steps, p->nonzero);
}

static int put_occurrence(struct store *s, const struct store_finding *f,
			  const char *key, int64_t now_us)
{
	return store_run(s, occurrence_sql, "ttttiiiii", key, f->campaign,
			 f->engine, f->scenario, f->hits, f->first_runs,
			 f->first_cpu_ns, (int64_t)f->seed, now_us);
}

static int get_hits(struct store *s, const char *key, int64_t *hits)
{
	sqlite3_stmt *stmt = store_prepare(s, hits_sql);
	int rc;

	if (!stmt)
		return store_fail_sql(s);
	store_bind(stmt, "t", key);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		*hits = sqlite3_column_int64(stmt, 0);
	rc = sqlite3_reset(stmt);
	return rc == SQLITE_OK ? STORE_OK : store_fail_sql(s);
}

/*
 * All of it inside the caller's transaction: what is read here cannot change
 * before it is written, whoever else is at work.
 */
static int put_finding(struct store *s, const struct store_finding *f,
		       struct store_stored *out)
{
	struct witness w = witness_of(&f->schedule), had;
	int64_t now_us = store_now_us();
	int code, size_order;
	bool found = false;

	code = get_best(s, out->key, &had, &found);
	if (code == STORE_OK)
		code = check_known(s, &w, &f->schedule);
	if (code != STORE_OK)
		return code;
	size_order = found ? witness_compare(&w, &had) : -1;
	out->is_new = !found;
	out->is_better = found && size_order < 0;
	/* Equally good ones must not depend on the order of arrival either. */
	if (size_order < 0 ||
	    (size_order == 0 && memcmp(w.id, had.id, HASH_SIZE) < 0)) {
		code = put_schedule(s, &w, &f->schedule);
		had = w;
	}
	if (code == STORE_OK)
		code = store_run(s, finding_sql, "tttttttttbi", out->key,
				 f->oracle, f->kernel, f->arch, f->model,
				 f->variant, f->places, f->severity, f->title,
				 had.id, (size_t)HASH_SIZE, now_us);
	if (code == STORE_OK)
		code = store_run(s, witness_sql, "tb", out->key, had.id,
				 (size_t)HASH_SIZE);
	if (code == STORE_OK)
		code = put_occurrence(s, f, out->key, now_us);
	if (code == STORE_OK)
		code = get_hits(s, out->key, &out->hits);
	store_hex(out->schedule, 's', had.id);
	return code;
}

int store_finding(struct store *s, const struct store_finding *f,
		  struct store_stored *out)
{
	struct store_stored unwanted;
	int code;

	if (!out)
		out = &unwanted;
	memset(out, 0, sizeof(*out));
	store_finding_key(f, out->key);
	memcpy(out->id, out->key, STORE_ID_SIZE - 1);
	code = store_begin(s);
	if (code != STORE_OK)
		return code;
	return store_end(s, put_finding(s, f, out));
}
