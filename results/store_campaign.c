// SPDX-License-Identifier: GPL-2.0-only
/*
 * What surrounds findings: builds, campaigns and their progress, proofs, notes.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "store_priv.h"

/* Not written if it says so already: most campaigns change nothing here. */
static const char meta_sql[] =
	"INSERT INTO meta (name, value) VALUES (?1, ?2)"
	" ON CONFLICT (name) DO UPDATE SET value = excluded.value"
	" WHERE value <> excluded.value";

/* One build is told by many campaigns; the first one stays. */
static const char core_sql[] =
	"INSERT INTO core (hash, tool, detail, first_us) VALUES (?1, ?2, ?3, ?4)"
	" ON CONFLICT (hash) DO NOTHING";

static const char campaign_sql[] =
	"INSERT INTO campaign (id, core, engine, config, jobs, state,"
	" started_us, last_us) VALUES (?1, ?2, ?3, ?4, ?5, 'running', ?6, ?6)";

/* Two jobs can report at one millisecond: totals only grow, so take the greater. */
static const char sample_sql[] =
	"INSERT INTO stat_sample (campaign, t_ms, runs, events, states,"
	" findings, cpu_ns) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
	" ON CONFLICT (campaign, t_ms) DO UPDATE SET"
	" runs = max(runs, excluded.runs),"
	" events = max(events, excluded.events),"
	" states = max(states, excluded.states),"
	" findings = max(findings, excluded.findings),"
	" cpu_ns = max(cpu_ns, excluded.cpu_ns)";

static const char totals_sql[] =
	"UPDATE campaign SET state = ?2, last_us = ?3, runs = ?4, events = ?5,"
	" states = ?6, cpu_ns = ?7 WHERE id = ?1";

/* The same order as in a merge, so that it does not matter who came first. */
static const char proof_sql[] =
	"INSERT INTO proof (key, core, config, kernel, arch, model, variant,"
	" scenario, bounds, verdicts, exhausted, states, transitions, depth,"
	" wall_ms, done_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
	" ?11, ?12, ?13, ?14, ?15, ?16)"
	" ON CONFLICT (key) DO UPDATE SET bounds = excluded.bounds,"
	" verdicts = excluded.verdicts, exhausted = excluded.exhausted,"
	" states = excluded.states, transitions = excluded.transitions,"
	" depth = excluded.depth, wall_ms = excluded.wall_ms,"
	" done_us = excluded.done_us"
	" WHERE (excluded.exhausted, excluded.states, excluded.transitions,"
	" excluded.done_us) > (exhausted, states, transitions, done_us)";

static const char target_sql[] =
	"INSERT INTO target (key, kernel, arch, model, variant, scenario)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (key) DO NOTHING";

static const char effort_sql[] =
	"INSERT INTO effort (campaign, target, runs, events) VALUES (?1, ?2, ?3, ?4)"
	" ON CONFLICT (campaign, target) DO UPDATE SET"
	" runs = max(runs, excluded.runs), events = max(events, excluded.events)";

static const char state_sql[] =
	"INSERT INTO cov_state (campaign, target, state, text, hits)"
	" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (campaign, target, state)"
	" DO UPDATE SET hits = max(hits, excluded.hits)";

static const char point_sql[] =
	"INSERT INTO cov_point (campaign, target, place, mode, hits)"
	" VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (campaign, target, place, mode)"
	" DO UPDATE SET hits = max(hits, excluded.hits)";

static const char hits_sql[] =
	"UPDATE occurrence SET hits = max(hits, ?4)"
	" WHERE finding = ?1 AND campaign = ?2 AND scenario = ?3";

static const char note_sql[] =
	"INSERT INTO note (key, text, first_us) VALUES (?1, ?2, ?3)"
	" ON CONFLICT (key, text) DO NOTHING";

int store_meta(struct store *s, const char *name, const char *value)
{
	int code = store_begin(s);

	if (code != STORE_OK)
		return code;
	return store_end(s, store_run(s, meta_sql, "tt", name, value));
}

int store_core(struct store *s, const struct store_core *core)
{
	int code = store_begin(s);

	if (code != STORE_OK)
		return code;
	return store_end(s, store_run(s, core_sql, "ttti", core->hash,
				      core->tool, core->detail, store_now_us()));
}

int store_campaign_begin(struct store *s, const struct store_campaign *c,
			 char id[STORE_KEY_SIZE])
{
	uint64_t random;
	int code;

	/* Files meet in a merge, so the name must be the only one anywhere. */
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return store_fail(s, STORE_IO, "no random numbers: %s",
				  strerror(errno));
	snprintf(id, STORE_KEY_SIZE, "c%016llx", (unsigned long long)random);
	code = store_begin(s);
	if (code != STORE_OK)
		return code;
	return store_end(s, store_run(s, campaign_sql, "ttttii", id, c->core,
				      c->engine, c->config, (int64_t)c->jobs,
				      store_now_us()));
}

/*
 * The campaign's row always has its latest totals, so one that is killed is
 * known up to its last sample.
 */
static int put_totals(struct store *s, const char *id, const char *state,
		      const struct store_sample *t)
{
	int code = store_begin(s);

	if (code != STORE_OK)
		return code;
	code = store_run(s, totals_sql, "ttiiiii", id, state, store_now_us(),
			 t->runs, t->events, t->states, t->cpu_ns);
	if (code == STORE_OK && sqlite3_changes(s->db) == 0)
		code = store_fail(s, STORE_UNKNOWN, "no campaign %s", id);
	if (code == STORE_OK)
		code = store_run(s, sample_sql, "tiiiiii", id, t->t_ms, t->runs,
				 t->events, t->states, t->findings, t->cpu_ns);
	return store_end(s, code);
}

int store_campaign_sample(struct store *s, const char *id,
			  const struct store_sample *t)
{
	return put_totals(s, id, "running", t);
}

int store_campaign_end(struct store *s, const char *id, bool finished,
		       const struct store_sample *t)
{
	return put_totals(s, id, finished ? "finished" : "interrupted", t);
}

static int put_cover(struct store *s, const char *campaign, const char *target,
		     const struct store_cover *c)
{
	if (c->is_state)
		return store_run(s, state_sql, "ttiti", campaign, target, c->state, c->text,
				 c->hits);
	return store_run(s, point_sql, "tttti", campaign, target, c->text, c->mode, c->hits);
}

int store_effort(struct store *s, const char *campaign, const struct store_target *t,
		 int64_t runs, int64_t events, const struct store_cover *cover, int nr_cover)
{
	const char *const parts[] = { t->kernel, t->arch, t->model, t->variant, t->scenario };
	char key[STORE_KEY_SIZE];
	unsigned char id[16];
	int i, code;

	store_hash(parts, 5, NULL, 0, id);
	store_hex(key, 't', id);
	code = store_begin(s);
	if (code != STORE_OK)
		return code;
	code = store_run(s, target_sql, "tttttt", key, t->kernel, t->arch, t->model,
			 t->variant, t->scenario);
	if (code == STORE_OK)
		code = store_run(s, effort_sql, "ttii", campaign, key, runs, events);
	for (i = 0; code == STORE_OK && i < nr_cover; i++)
		code = put_cover(s, campaign, key, &cover[i]);
	return store_end(s, code);
}

int store_hits(struct store *s, const char *key, const char *campaign, const char *scenario,
	       int64_t hits)
{
	int code = store_begin(s);

	if (code != STORE_OK)
		return code;
	return store_end(s, store_run(s, hits_sql, "ttti", key, campaign, scenario, hits));
}

int store_proof(struct store *s, const struct store_proof *p,
		char key[STORE_KEY_SIZE])
{
	const char *const parts[] = { p->core, p->config };
	unsigned char id[16];
	int code;

	store_hash(parts, 2, NULL, 0, id);
	store_hex(key, 'p', id);
	code = store_begin(s);
	if (code != STORE_OK)
		return code;
	code = store_run(s, proof_sql, "ttttttttttiiiiii", key, p->core,
			 p->config, p->kernel, p->arch, p->model, p->variant,
			 p->scenario, p->bounds, p->verdicts,
			 (int64_t)p->exhausted, p->states, p->transitions,
			 p->depth, p->wall_ms, store_now_us());
	return store_end(s, code);
}

int store_note(struct store *s, const char *key, const char *text)
{
	int code = store_begin(s);

	if (code != STORE_OK)
		return code;
	return store_end(s, store_run(s, note_sql, "tti", key, text,
				      store_now_us()));
}
