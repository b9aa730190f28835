// SPDX-License-Identifier: GPL-2.0-only
/*
 * What goes into a store comes out again, the best witness stays, and what is
 * not fit to store is refused without a trace.
 */
#include "tests/results_common.h"
#include "results/store_priv.h"

static int64_t count(struct store *s, const char *sql)
{
	int64_t n = -1;

	assert_ok(s, store_get_int(s, sql, &n));
	return n;
}

static void test_round_trip(void **state)
{
	char campaign[STORE_KEY_SIZE];
	struct store_stored got;
	struct store_entry e;
	struct test_finding t;
	struct store s;

	(void)state;
	begin(&s, file_in("round.db"), "random", campaign);
	make_finding(&t, campaign, 1, 2, 30);
	t.f.seed = STORE_SEED_MAX;
	t.f.title = "ein Stoß geht \"verloren\"\n";
	assert_ok(&s, store_finding(&s, &t.f, &got));
	assert_true(got.is_new);
	assert_false(got.is_better);
	assert_int_equal(got.hits, 1);
	assert_int_equal(strlen(got.id), 9);
	assert_memory_equal(got.id, got.key, 9);
	store_close(&s);

	assert_ok(&s, store_open(&s, file_in("round.db"), STORE_READ));
	assert_ok(&s, store_load(&s, got.key, &e));
	store_close(&s);
	assert_string_equal(e.id, got.id);
	assert_string_equal(e.schedule, got.schedule);
	assert_string_equal(e.f.oracle, t.f.oracle);
	assert_string_equal(e.f.kernel, t.f.kernel);
	assert_string_equal(e.f.arch, t.f.arch);
	assert_string_equal(e.f.model, t.f.model);
	assert_string_equal(e.f.variant, t.f.variant);
	assert_string_equal(e.f.places, t.f.places);
	assert_string_equal(e.f.severity, t.f.severity);
	assert_string_equal(e.f.title, t.f.title);
	assert_string_equal(e.f.campaign, campaign);
	assert_string_equal(e.f.engine, t.f.engine);
	assert_string_equal(e.f.scenario, t.f.scenario);
	assert_true(e.f.seed == STORE_SEED_MAX);
	assert_int_equal(e.f.first_runs, 100);
	assert_int_equal(e.f.first_cpu_ns, 1000);
	assert_string_equal(e.f.schedule.config, t.f.schedule.config);
	assert_string_equal(e.f.schedule.line, t.f.schedule.line);
	assert_string_equal(e.f.schedule.named, t.f.schedule.named);
	assert_string_equal(e.f.schedule.trace_hash, t.f.schedule.trace_hash);
	assert_string_equal(e.f.schedule.core, t.f.schedule.core);
	assert_int_equal(e.f.schedule.steps, 30);
	assert_int_equal(e.f.schedule.nonzero, 2);
	assert_int_equal(e.f.schedule.nr_bytes, 8);
	assert_memory_equal(e.f.schedule.choices, t.choices, 8);
	assert_true(e.first_us > 0 && e.last_us >= e.first_us);
	store_entry_free(&e);
}

static void test_best_stays(void **state)
{
	/* nonzero, steps; is it better than all before it? */
	static const struct { int nonzero, steps; bool better; } tries[] = {
		{ 5, 50, false }, { 5, 60, false }, { 5, 40, true },
		{ 6, 10, false }, { 4, 99, true }, { 4, 99, false },
		{ 3, 70, true }, { 3, 71, false },
	};
	char campaign[STORE_KEY_SIZE];
	struct store_stored got;
	struct store_entry e;
	struct test_finding t;
	struct store s;
	size_t i;

	(void)state;
	begin(&s, file_in("best.db"), "random", campaign);
	for (i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		make_finding(&t, campaign, 1, tries[i].nonzero, tries[i].steps);
		t.f.hits = i + 1;
		assert_ok(&s, store_finding(&s, &t.f, &got));
		assert_int_equal(got.is_new, i == 0);
		assert_int_equal(got.is_better, tries[i].better);
		assert_int_equal(got.hits, (i + 1) * (i + 2) / 2);
	}
	assert_ok(&s, store_load(&s, got.key, &e));
	assert_int_equal(e.f.schedule.nonzero, 3);
	assert_int_equal(e.f.schedule.steps, 70);
	assert_int_equal(e.f.hits, 36);
	store_entry_free(&e);
	/* The first and the three improvements; the others leave nothing. */
	assert_int_equal(count(&s, "SELECT count(*) FROM schedule"), 4);
	assert_int_equal(count(&s, "SELECT count(*) FROM witness"), 4);
	store_close(&s);
}

/* Bytes decide between equal steps, and the id between equal bytes. */
static void test_ties(void **state)
{
	char campaign[STORE_KEY_SIZE], first[2][STORE_KEY_SIZE];
	struct store_stored got;
	struct test_finding t;
	struct store s;
	int order, i;

	(void)state;
	for (order = 0; order < 2; order++) {
		begin(&s, file_in(order ? "tie1.db" : "tie0.db"), "pct", campaign);
		for (i = 0; i < 2; i++) {
			make_finding(&t, campaign, 1, 2, 30);
			t.choices[2] = i ^ order;
			assert_ok(&s, store_finding(&s, &t.f, &got));
			assert_false(got.is_better);
		}
		strcpy(first[order], got.schedule);
		t.f.schedule.nr_bytes = 7;
		assert_ok(&s, store_finding(&s, &t.f, &got));
		assert_true(got.is_better);
		store_close(&s);
	}
	assert_string_equal(first[0], first[1]);
}

static void test_signature(void **state)
{
	static const size_t parts[] = {
		offsetof(struct store_finding, oracle),
		offsetof(struct store_finding, kernel),
		offsetof(struct store_finding, arch),
		offsetof(struct store_finding, model),
		offsetof(struct store_finding, variant),
		offsetof(struct store_finding, places),
	};
	char campaign[STORE_KEY_SIZE];
	struct store_stored got, again;
	struct test_finding t;
	struct store s;
	size_t i;

	(void)state;
	begin(&s, file_in("signature.db"), "random", campaign);
	make_finding(&t, campaign, 1, 2, 30);
	assert_ok(&s, store_finding(&s, &t.f, &got));
	/* Each part of the signature makes another finding. */
	for (i = 0; i < 6; i++) {
		make_finding(&t, campaign, 1, 2, 30);
		*(const char **)((char *)&t.f + parts[i]) = "other";
		assert_ok(&s, store_finding(&s, &t.f, &again));
		assert_true(again.is_new);
		assert_string_not_equal(again.key, got.key);
	}
	/* The scenario, the engine and the title do not. */
	make_finding(&t, campaign, 1, 2, 30);
	t.f.scenario = "other";
	t.f.engine = "other";
	t.f.title = "other";
	t.f.severity = "harmful";
	assert_ok(&s, store_finding(&s, &t.f, &again));
	assert_false(again.is_new);
	assert_string_equal(again.key, got.key);
	assert_int_equal(count(&s, "SELECT count(*) FROM finding"), 7);
	assert_int_equal(count(&s, "SELECT count(*) FROM occurrence"), 8);
	store_close(&s);
}

/* Two jobs report late what they met early. */
static void test_earliest_hit(void **state)
{
	static const int64_t runs[] = { 500, 90, 300, 90 };
	char campaign[STORE_KEY_SIZE];
	struct store_stored got;
	struct test_finding t;
	struct store_entry e;
	struct store s;
	int i;

	(void)state;
	begin(&s, file_in("earliest.db"), "random", campaign);
	for (i = 0; i < 4; i++) {
		make_finding(&t, campaign, 1, 2, 30);
		t.f.first_runs = runs[i];
		t.f.first_cpu_ns = 1000 + i;
		t.f.seed = 10 + i;
		assert_ok(&s, store_finding(&s, &t.f, &got));
	}
	assert_ok(&s, store_load(&s, got.key, &e));
	assert_int_equal(e.f.first_runs, 90);
	assert_int_equal(e.f.first_cpu_ns, 1001);
	assert_int_equal(e.f.seed, 11);
	assert_int_equal(e.f.hits, 4);
	store_entry_free(&e);
	store_close(&s);
}

static void test_diverged(void **state)
{
	char campaign[STORE_KEY_SIZE];
	struct test_finding t;
	struct store s;

	(void)state;
	begin(&s, file_in("diverged.db"), "random", campaign);
	make_finding(&t, campaign, 1, 2, 30);
	assert_ok(&s, store_finding(&s, &t.f, NULL));
	t.f.schedule.trace_hash = "0123456789abcdef";
	assert_int_equal(store_finding(&s, &t.f, NULL), STORE_DIVERGED);
	assert_non_null(strstr(s.err, "0123456789abcdef"));
	assert_int_equal(store_exit_code(STORE_DIVERGED), 3);
	/* Refused as a whole, and the store goes on. */
	assert_int_equal(count(&s, "SELECT sum(hits) FROM occurrence"), 1);
	t.f.schedule.trace_hash = t.trace;
	assert_ok(&s, store_finding(&s, &t.f, NULL));
	store_close(&s);
}

static void test_unfit_input(void **state)
{
	char campaign[STORE_KEY_SIZE];
	struct test_finding t;
	struct store s;
	int i;

	(void)state;
	begin(&s, file_in("unfit.db"), "random", campaign);
	for (i = 0; i < 9; i++) {
		make_finding(&t, campaign, 1, 2, 30);
		switch (i) {
		case 0: t.f.schedule.config = "{broken"; break;
		case 1: t.f.schedule.config = "[]"; break;
		case 2: t.f.schedule.named = "{}"; break;
		case 3: t.f.schedule.trace_hash = "0123"; break;
		case 4: t.f.severity = "horrible"; break;
		case 5: t.f.campaign = "c0"; break;
		case 6: t.f.schedule.core = "badc0de"; break;
		case 7: t.f.hits = 0; break;
		case 8: t.f.seed = STORE_SEED_MAX + 1; break;
		}
		assert_int_equal(store_finding(&s, &t.f, NULL), STORE_INPUT);
		assert_null(strchr(s.err, '\n'));
		assert_non_null(strstr(s.err, "unfit.db: "));
	}
	assert_int_equal(count(&s, "SELECT count(*) FROM finding"), 0);
	assert_int_equal(count(&s, "SELECT count(*) FROM schedule"), 0);
	assert_int_equal(count(&s, "SELECT count(*) FROM occurrence"), 0);
	store_close(&s);
}

static void test_find(void **state)
{
	char campaign[STORE_KEY_SIZE], key[STORE_KEY_SIZE], word[STORE_KEY_SIZE];
	struct store_stored got[40];
	struct test_finding t;
	struct store s;
	int i;

	(void)state;
	begin(&s, file_in("find.db"), "random", campaign);
	assert_int_equal(store_find(&s, "@last", key), STORE_UNKNOWN);
	for (i = 0; i < 40; i++) {
		make_finding(&t, campaign, i, 2, 30);
		assert_ok(&s, store_finding(&s, &t.f, &got[i]));
		usleep(2);
	}
	for (i = 0; i < 40; i++) {
		assert_ok(&s, store_find(&s, got[i].key, key));
		assert_string_equal(key, got[i].key);
		assert_ok(&s, store_find(&s, got[i].id, key));
		assert_string_equal(key, got[i].key);
		/* Without its letter and in capitals, as people type. */
		assert_ok(&s, store_find(&s, got[i].id + 1, key));
		assert_string_equal(key, got[i].key);
	}
	assert_ok(&s, store_find(&s, "@last", key));
	assert_string_equal(key, got[39].key);
	/* 40 keys begin with 16 digits, so some digit begins two. */
	for (i = 0; i < 16; i++) {
		snprintf(word, sizeof(word), "k%x", i);
		if (store_find(&s, word, key) == STORE_AMBIGUOUS)
			break;
	}
	assert_true(i < 16);
	assert_non_null(strstr(s.err, "more digits"));
	assert_int_equal(store_find(&s, "kzz", key), STORE_INPUT);
	assert_int_equal(store_find(&s, "k", key), STORE_INPUT);
	assert_int_equal(store_find(&s, "", key), STORE_INPUT);
	snprintf(word, sizeof(word), "%s", got[0].key);
	word[32] = word[32] == '0' ? '1' : '0';
	assert_int_equal(store_find(&s, word, key), STORE_UNKNOWN);
	assert_int_equal(store_exit_code(STORE_UNKNOWN), 2);
	store_close(&s);
}

struct seen {
	int nr;
	int stop_at;
	char first[STORE_KEY_SIZE];
};

static int see(const struct store_entry *e, void *arg)
{
	struct seen *seen = arg;

	if (seen->nr++ == 0)
		strcpy(seen->first, e->key);
	return seen->nr == seen->stop_at;
}

static int nr_matching(struct store *s, const struct store_filter *filter)
{
	struct seen seen = { 0 };

	assert_ok(s, store_each(s, filter, see, &seen));
	return seen.nr;
}

static void test_each(void **state)
{
	static const char *const severities[] = { "benign", "harmful", "race" };
	struct seen seen = { .stop_at = 4 };
	char campaign[STORE_KEY_SIZE];
	struct store_stored got[9];
	struct test_finding t;
	struct store s;
	int i;

	(void)state;
	begin(&s, file_in("each.db"), "random", campaign);
	for (i = 0; i < 9; i++) {
		make_finding(&t, campaign, i, 2, 30);
		t.f.severity = severities[i % 3];
		t.f.scenario = i < 4 ? "pair" : "hotplug";
		t.f.kernel = i < 2 ? "v5.15" : "v6.16";
		assert_ok(&s, store_finding(&s, &t.f, &got[i]));
		usleep(2);
	}
	assert_int_equal(nr_matching(&s, NULL), 9);
	assert_int_equal(nr_matching(&s, &(struct store_filter) {
		.severity = "race" }), 3);
	assert_int_equal(nr_matching(&s, &(struct store_filter) {
		.scenario = "hotplug", .severity = "harmful" }), 2);
	assert_int_equal(nr_matching(&s, &(struct store_filter) {
		.kernel = "v5.15" }), 2);
	assert_int_equal(nr_matching(&s, &(struct store_filter) {
		.campaign = campaign, .nr_max = 5 }), 5);
	assert_int_equal(nr_matching(&s, &(struct store_filter) {
		.campaign = "c0" }), 0);
	assert_int_equal(nr_matching(&s, &(struct store_filter) {
		.since_us = INT64_MAX }), 0);
	assert_int_equal(nr_matching(&s, &(struct store_filter) {
		.variant = "" }), 9);
	/* Stops when told, and begins with the oldest of the worst. */
	assert_ok(&s, store_each(&s, NULL, see, &seen));
	assert_int_equal(seen.nr, 4);
	assert_string_equal(seen.first, got[1].key);
	store_close(&s);
}

static void test_campaign(void **state)
{
	struct store_sample t = { .t_ms = 1000, .runs = 10, .events = 160,
		.states = 4, .findings = 1, .cpu_ns = 5000 };
	char campaign[STORE_KEY_SIZE];
	struct store s;

	(void)state;
	begin(&s, file_in("campaign.db"), "random", campaign);
	assert_int_equal(count(&s, "SELECT state = 'running' AND runs = 0"
			       " FROM campaign"), 1);
	assert_ok(&s, store_campaign_sample(&s, campaign, &t));
	t.t_ms = 2000;
	t.runs = 30;
	assert_ok(&s, store_campaign_sample(&s, campaign, &t));
	/* A late sample of the same instant must not undo the greater one. */
	t.runs = 29;
	t.states = 5;
	assert_ok(&s, store_campaign_sample(&s, campaign, &t));
	assert_int_equal(count(&s, "SELECT runs * 100 + states FROM stat_sample"
			       " WHERE t_ms = 2000"), 3005);
	t.t_ms = 3000;
	t.runs = 40;
	assert_ok(&s, store_campaign_end(&s, campaign, false, &t));
	assert_int_equal(count(&s, "SELECT state = 'interrupted' AND runs = 40"
			       " AND last_us >= started_us FROM campaign"), 1);
	assert_int_equal(count(&s, "SELECT count(*) FROM stat_sample"), 3);
	assert_int_equal(store_campaign_sample(&s, "c0", &t), STORE_UNKNOWN);
	store_close(&s);
}

static void test_proof(void **state)
{
	struct store_proof p = {
		.config = "{\"scenario\":\"pair\"}", .kernel = "v5.16",
		.arch = "x86", .model = "sc", .variant = "", .scenario = "pair",
		.bounds = "{\"preemptions\":2}", .verdicts = "{\"lost-kick\":0}",
		.core = "c0ffee", .states = 100, .transitions = 400,
		.depth = 30, .wall_ms = 12, .exhausted = false,
	};
	char campaign[STORE_KEY_SIZE], a[STORE_KEY_SIZE], b[STORE_KEY_SIZE];
	struct store s;

	(void)state;
	begin(&s, file_in("proof.db"), "exhaustive", campaign);
	assert_ok(&s, store_proof(&s, &p, a));
	p.states = 50;
	p.exhausted = true;
	assert_ok(&s, store_proof(&s, &p, b));
	assert_string_equal(a, b);
	p.states = 5000;
	p.exhausted = false;
	assert_ok(&s, store_proof(&s, &p, b));
	assert_int_equal(count(&s, "SELECT states + 1000 * exhausted FROM proof"),
			 1050);
	assert_int_equal(count(&s, "SELECT count(*) FROM v_matrix"
			       " WHERE verdict = 'held'"), 1);
	p.config = "{\"scenario\":\"other\"}";
	p.verdicts = "{\"lost-kick\":3}";
	assert_ok(&s, store_proof(&s, &p, b));
	assert_string_not_equal(a, b);
	assert_int_equal(count(&s, "SELECT count(*) FROM v_matrix"
			       " WHERE verdict = 'broken'"), 1);
	store_close(&s);
}

/* A database explains itself: no table and no view without its sentence. */
static void test_meta(void **state)
{
	struct store s;

	(void)state;
	assert_ok(&s, store_open(&s, file_in("new/deeper/meta.db"), STORE_WRITE));
	assert_int_equal(count(&s,
		"SELECT count(*) FROM sqlite_schema AS x WHERE type IN ('table', 'view')"
		" AND NOT EXISTS (SELECT 1 FROM meta WHERE meta.name ="
		" x.type || ' ' || x.name)"), 0);
	assert_int_equal(count(&s,
		"SELECT count(*) FROM meta WHERE name LIKE '% %' AND NOT EXISTS"
		" (SELECT 1 FROM sqlite_schema AS x WHERE meta.name ="
		" x.type || ' ' || x.name)"), 0);
	assert_ok(&s, store_meta(&s, "tool", "0.1"));
	assert_ok(&s, store_meta(&s, "tool", "0.2"));
	assert_int_equal(count(&s, "SELECT count(*) FROM meta"
			       " WHERE name = 'tool' AND value = '0.2'"), 1);
	assert_ok(&s, store_note(&s, "k1", "looks bad"));
	assert_ok(&s, store_note(&s, "k1", "looks bad"));
	assert_int_equal(count(&s, "SELECT count(*) FROM note"), 1);
	store_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_best_stays),
		cmocka_unit_test(test_ties),
		cmocka_unit_test(test_signature),
		cmocka_unit_test(test_earliest_hit),
		cmocka_unit_test(test_diverged),
		cmocka_unit_test(test_unfit_input),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_campaign),
		cmocka_unit_test(test_proof),
		cmocka_unit_test(test_meta),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
