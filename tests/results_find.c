// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is stored is found again, by what users type and by filters; and what
 * surrounds findings: campaigns, proofs, and the file's account of itself.
 */
#include "tests/results_common.h"

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
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_campaign),
		cmocka_unit_test(test_proof),
		cmocka_unit_test(test_meta),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
