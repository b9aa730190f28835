// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much was run of what: totals only grow, a file of version 1 is brought up
 * without a loss, and each verdict of the matrix follows from its rows.
 */
#include "tests/results_common.h"

#include "results/matrix.h"

static struct matrix matrix;

static const struct matrix_cell *cell(const char *row, const char *column)
{
	for (int r = 0; r < matrix.nr_rows; r++)
		for (int c = 0; c < matrix.nr_columns; c++)
			if (!strcmp(matrix.row[r], row) && !strcmp(matrix.column[c], column))
				return &matrix.cell[r][c];
	fail_msg("no cell %s, %s", row, column);
	return NULL;
}

static void assert_cell(const char *row, const char *column, const char *text)
{
	char buf[160];

	assert_string_equal(matrix_text(cell(row, column), buf), text);
}

static void prove(struct store *s, const char *kernel, const char *scenario, bool exhausted)
{
	struct store_proof p = {
		.kernel = kernel, .arch = "x86", .model = "sc", .variant = "",
		.scenario = scenario, .bounds = "{}", .verdicts = "{}", .core = "c0ffee",
		.exhausted = exhausted, .states = 7,
	};
	char key[STORE_KEY_SIZE], config[64];

	snprintf(config, sizeof(config), "{\"k\":\"%s\",\"s\":\"%s\"}", kernel, scenario);
	p.config = config;
	assert_ok(s, store_proof(s, &p, key));
}

static void run(struct store *s, const char *campaign, const char *kernel, const char *model,
		const char *scenario, int64_t runs)
{
	const struct store_target t = { kernel, "x86", model, "", scenario };

	assert_ok(s, store_effort(s, campaign, &t, runs, runs * 40, NULL, 0));
}

static void test_verdicts(void **state)
{
	char campaign[STORE_KEY_SIZE];
	struct test_finding t;
	struct store s;

	(void)state;
	begin(&s, file_in("verdicts.db"), "random", campaign);
	run(&s, campaign, "v5.9", "sc", "pair", 1200);
	run(&s, campaign, "v5.16", "tso", "pair", 1200);
	run(&s, campaign, "v5.16", "tso", "hotplug", 1000000);
	prove(&s, "v5.16", "pair", true);
	prove(&s, "v5.16", "hotplug", true);
	prove(&s, "v5.17", "pair", true);
	prove(&s, "v5.17", "hotplug", false);
	run(&s, campaign, "v5.17", "sc", "hotplug", 300);
	assert_ok(&s, matrix_load(&s, "degraded", NULL, &matrix));
	assert_int_equal(matrix.nr_rows, 3);
	/* As versions go, not as letters do. */
	assert_string_equal(matrix.row[0], "v5.9-x86");
	assert_string_equal(matrix.row[2], "v5.17-x86");
	assert_cell("v5.9-x86", "sc", "0 in 1200");
	assert_cell("v5.16-x86", "sc", "proved");
	assert_cell("v5.16-x86", "tso", "0 in 1.0M");
	assert_cell("v5.17-x86", "sc", "1/2 proved, 0 in 300");
	assert_cell("v5.17-x86", "tso", "-");
	/* A finding is stronger than any number of schedules, and than a proof. */
	make_finding(&t, campaign, 1, 1, 20);
	t.f.kernel = "v5.16";
	t.f.arch = "x86";
	t.f.model = "sc";
	t.f.variant = "";
	t.f.scenario = "pair";
	t.f.severity = "harmful";
	assert_ok(&s, store_finding(&s, &t.f, NULL));
	assert_ok(&s, matrix_load(&s, "degraded", NULL, &matrix));
	assert_cell("v5.16-x86", "sc", t.f.oracle);
	assert_ok(&s, matrix_load(&s, "degraded", "hotplug", &matrix));
	assert_cell("v5.16-x86", "sc", "proved");
	assert_ok(&s, matrix_load(&s, "degraded", "nosuch", &matrix));
	assert_int_equal(matrix.nr_rows, 0);
	store_close(&s);
}

static void test_severity(void **state)
{
	char campaign[STORE_KEY_SIZE];
	struct test_finding t;
	struct store s;

	(void)state;
	begin(&s, file_in("severity.db"), "random", campaign);
	run(&s, campaign, "v5.16", "sc", "pair", 50);
	make_finding(&t, campaign, 1, 1, 20);
	t.f.kernel = "v5.16";
	t.f.arch = "x86";
	t.f.model = "sc";
	t.f.variant = "";
	t.f.severity = "race";
	assert_ok(&s, store_finding(&s, &t.f, NULL));
	assert_ok(&s, matrix_load(&s, "degraded", NULL, &matrix));
	assert_cell("v5.16-x86", "sc", "0 in 50");
	assert_ok(&s, matrix_load(&s, "race", NULL, &matrix));
	assert_cell("v5.16-x86", "sc", t.f.oracle);
	store_close(&s);
}

static void test_totals(void **state)
{
	const struct store_target t = { "v5.16", "x86", "sc", "", "pair" };
	struct store_cover c[] = {
		{ .is_state = true, .state = 5, .text = "in guest, cpu here", .hits = 3 },
		{ .text = "kvm_vcpu_kick:2:read4", .mode = "outside", .hits = 0 },
	};
	char campaign[STORE_KEY_SIZE];
	struct store s;

	(void)state;
	begin(&s, file_in("totals.db"), "random", campaign);
	assert_ok(&s, store_effort(&s, campaign, &t, 10, 400, c, 2));
	assert_ok(&s, store_effort(&s, campaign, &t, 7, 300, c, 2));
	assert_int_equal(count(&s, "SELECT runs FROM v_effort"), 10);
	assert_int_equal(count(&s, "SELECT hits FROM v_states WHERE state = 5"), 3);
	assert_int_equal(count(&s, "SELECT count(*) FROM v_coverage WHERE hits = 0"
			       " AND function = 'kvm_vcpu_kick'"), 1);
	assert_int_equal(count(&s, "SELECT runs FROM v_targets WHERE worst IS NULL"), 10);
	/* A state that was met zero times was not met. */
	c[0].hits = 0;
	assert_int_not_equal(store_effort(&s, campaign, &t, 20, 800, c, 2), STORE_OK);
	assert_int_equal(count(&s, "SELECT runs FROM v_effort"), 10);
	store_close(&s);
}

/* A file as version 1 made it, with what it had. */
static void test_old_file(void **state)
{
	char *sql = NULL, *path = file_in("old.db"), campaign[STORE_KEY_SIZE];
	struct test_finding t;
	FILE *in = fopen("results/schema.sql", "r");
	struct store s;
	sqlite3 *db;
	size_t size = 0;

	(void)state;
	assert_non_null(in);
	assert_true(getdelim(&sql, &size, '\0', in) > 0);
	fclose(in);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA application_id = 0x4B53494D;"
		"PRAGMA user_version = 1; INSERT INTO note VALUES ('k1', 'kept', 5)",
		NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	free(sql);
	assert_int_equal(store_open(&s, path, STORE_READ), STORE_OLDER);
	assert_non_null(strstr(s.err, "db migrate"));
	begin(&s, path, "random", campaign);
	make_finding(&t, campaign, 1, 1, 20);
	assert_ok(&s, store_finding(&s, &t.f, NULL));
	assert_int_equal(count(&s, "PRAGMA user_version"), STORE_VERSION);
	assert_int_equal(count(&s, "SELECT count(*) FROM note WHERE text = 'kept'"), 1);
	run(&s, campaign, "v5.16", "sc", "pair", 1);
	assert_int_equal(count(&s, "SELECT count(*) FROM v_effort"), 1);
	assert_ok(&s, store_check(&s));
	store_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_severity),
		cmocka_unit_test(test_totals),
		cmocka_unit_test(test_old_file),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
