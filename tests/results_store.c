// SPDX-License-Identifier: GPL-2.0-only
/*
 * What goes into a store comes out again, the best witness stays, and what is
 * not fit to store is refused without a trace.
 */
#include "tests/results_common.h"

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
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
