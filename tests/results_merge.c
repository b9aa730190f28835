// SPDX-License-Identifier: GPL-2.0-only
/*
 * Joining files is a join: any order and any repetition gives the same bytes in
 * an ordered dump, and nothing that one of the files knew is lost.
 */
#include "tests/results_common.h"

#include <xxhash.h>

#define NR_FILES	6

static const char *const names[NR_FILES] = {
	"0.db", "1.db", "2.db", "3.db", "4.db", "5.db",
};

/* A small generator of its own, so that a failure comes again. */
static unsigned int next_random(unsigned int *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

static void copy_file(const char *from, const char *to)
{
	char bytes[65536];
	size_t n;
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");

	assert_non_null(in);
	assert_non_null(out);
	while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0)
		assert_int_equal(fwrite(bytes, 1, n, out), n);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

/* Some findings of ten signatures, a proof, a note, and samples. */
static void add_some(struct store *s, const char *campaign, unsigned int *random)
{
	struct store_sample sample = { .t_ms = 1000 };
	struct store_proof proof = {
		.kernel = "v5.16", .arch = "x86", .model = "sc", .variant = "",
		.scenario = "pair", .bounds = "{}", .verdicts = "{}",
		.core = "c0ffee", .exhausted = true,
	};
	const struct store_target target = { "v5.16", "x86", "sc", "", "pair" };
	struct store_cover cover[2] = {
		{ .is_state = true, .text = "outside, cpu here" },
		{ .text = "kvm_vcpu_kick:2:read4", .mode = "in guest" },
	};
	char key[STORE_KEY_SIZE], config[32];
	struct test_finding t;
	int i, n;

	for (i = 0; i < 30; i++) {
		n = next_random(random) % 10;
		make_finding(&t, campaign, n, 1 + next_random(random) % 4,
			     20 + next_random(random) % 4);
		t.f.first_runs = next_random(random) % 1000;
		t.f.seed = next_random(random);
		t.f.title = next_random(random) % 2 ? "one way" : "another";
		t.f.scenario = next_random(random) % 2 ? "pair" : "hotplug";
		assert_ok(s, store_finding(s, &t.f, NULL));
	}
	for (i = 0; i < 5; i++) {
		sample.t_ms += 1000;
		sample.runs += next_random(random);
		assert_ok(s, store_campaign_sample(s, campaign, &sample));
		snprintf(config, sizeof(config), "{\"n\":%u}", next_random(random) % 4);
		proof.config = config;
		proof.states = next_random(random) % 100;
		assert_ok(s, store_proof(s, &proof, key));
		assert_ok(s, store_note(s, key, config));
		cover[0].state = next_random(random) % 8;
		cover[0].hits = 1 + next_random(random) % 100;
		cover[1].hits = next_random(random) % 100;
		assert_ok(s, store_effort(s, campaign, &target, next_random(random),
					  next_random(random), cover, 2));
	}
}

/*
 * Rows of which the copy says more, and rows of which the original does: the
 * second kind stands for copies that were taken before.
 */
static const char went_on[] =
	"UPDATE occurrence SET hits = hits + seed % 5 - (hits > 2) * 2 + 1,"
	" first_us = first_us + seed % 7 - 3;"
	"UPDATE stat_sample SET runs = runs + t_ms / 1000 % 3 - 1;"
	"UPDATE campaign SET last_us = last_us + runs % 3 - 1,"
	" state = iif(runs % 2, 'finished', state);"
	"UPDATE core SET first_us = first_us - 1, detail = 'earlier';"
	"UPDATE note SET first_us = first_us + length(key || text) % 3 - 1;"
	"UPDATE finding SET first_us = first_us - 5;"
	"UPDATE effort SET runs = runs + runs % 3 - 1;"
	"UPDATE cov_state SET hits = hits + state % 3;"
	"UPDATE cov_point SET hits = hits + 1;";

/*
 * Files as they come to be: the first three apart, the others copies of those
 * that then went on, so that rows of one campaign are there in two versions.
 */
static void make_files(void)
{
	char campaign[STORE_KEY_SIZE];
	unsigned int random = 1;
	struct store s;
	int i;

	for (i = 0; i < NR_FILES; i++) {
		if (i < 3) {
			begin(&s, file_in(names[i]), i ? "pct" : "random", campaign);
		} else {
			copy_file(file_in(names[i - 3]), file_in(names[i]));
			assert_ok(&s, store_open(&s, file_in(names[i]), STORE_WRITE));
			/* The copied campaign goes on, and another one begins. */
			assert_ok(&s, store_exec(&s, went_on));
			store_close(&s);
			begin(&s, file_in(names[i]), "pos", campaign);
		}
		assert_ok(&s, store_meta(&s, "tool", names[i]));
		add_some(&s, campaign, &random);
		store_close(&s);
	}
}

static void add_to_hash(XXH3_state_t *hash, sqlite3_stmt *stmt)
{
	int i, type;

	for (i = 0; i < sqlite3_column_count(stmt); i++) {
		type = sqlite3_column_type(stmt, i);
		XXH3_64bits_update(hash, &type, sizeof(type));
		XXH3_64bits_update(hash, sqlite3_column_blob(stmt, i),
				   sqlite3_column_bytes(stmt, i));
	}
}

/* Hash of all rows of all tables, as they lie in the file, and of the schema. */
static uint64_t dump_hash(const char *path)
{
	XXH3_state_t *hash = XXH3_createState();
	sqlite3_stmt *tables, *rows;
	uint64_t result;
	struct store s;
	char sql[128];
	int nr = 0;

	XXH3_64bits_reset(hash);
	assert_ok(&s, store_open(&s, path, STORE_READ));
	assert_ok(&s, store_check(&s));
	assert_int_equal(sqlite3_prepare_v2(s.db, "SELECT name, sql FROM"
		" sqlite_schema ORDER BY name", -1, &tables, NULL), SQLITE_OK);
	while (sqlite3_step(tables) == SQLITE_ROW) {
		add_to_hash(hash, tables);
		snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\"",
			 sqlite3_column_text(tables, 0));
		if (sqlite3_prepare_v2(s.db, sql, -1, &rows, NULL) != SQLITE_OK)
			continue;	/* an index */
		for (; sqlite3_step(rows) == SQLITE_ROW; nr++)
			add_to_hash(hash, rows);
		sqlite3_finalize(rows);
	}
	sqlite3_finalize(tables);
	store_close(&s);
	/* A dump without rows would equal any other. */
	assert_true(nr > 100);
	result = XXH3_64bits_digest(hash);
	XXH3_freeState(hash);
	return result;
}

static void merge_into(const char *out, const char *const *in, int nr)
{
	struct store s;
	int i;

	assert_ok(&s, store_open(&s, file_in(out), STORE_WRITE));
	for (i = 0; i < nr; i++)
		assert_ok(&s, store_merge(&s, file_in(in[i])));
	store_close(&s);
}

static void test_any_order(void **state)
{
	const char *order[2 * NR_FILES], *swap;
	unsigned int random = 5;
	int round, i, j, nr;
	uint64_t first;
	char out[32];

	(void)state;
	merge_into("sorted.db", names, NR_FILES);
	first = dump_hash(file_in("sorted.db"));
	for (round = 0; round < 12; round++) {
		/* Each at least once, and up to as many again, shuffled. */
		nr = NR_FILES + next_random(&random) % (NR_FILES + 1);
		for (i = 0; i < nr; i++)
			order[i] = names[i < NR_FILES ? i :
					 (int)(next_random(&random) % NR_FILES)];
		for (i = nr - 1; i > 0; i--) {
			j = next_random(&random) % (i + 1);
			swap = order[i];
			order[i] = order[j];
			order[j] = swap;
		}
		snprintf(out, sizeof(out), "out%d.db", round);
		merge_into(out, order, nr);
		assert_true(dump_hash(file_in(out)) == first);
	}
	/* The dump can differ at all: one file less is another result. */
	merge_into("fewer.db", names, NR_FILES - 1);
	assert_false(dump_hash(file_in("fewer.db")) == first);
}

/* (a + b) + (c + d) is a + b + c + d, and so is a merge into one of them. */
static void test_grouping(void **state)
{
	const char *const halves[] = { "left.db", "right.db" };

	(void)state;
	merge_into("left.db", names, 3);
	merge_into("right.db", names + 3, 3);
	merge_into("halves.db", halves, 2);
	merge_into("all.db", names, NR_FILES);
	assert_true(dump_hash(file_in("halves.db")) == dump_hash(file_in("all.db")));
	merge_into("left.db", halves, 2);
	assert_true(dump_hash(file_in("left.db")) == dump_hash(file_in("all.db")));
}

/* The sums are those of the campaigns, whatever was copied how often. */
static void test_counts(void **state)
{
	struct store s;
	int i;

	(void)state;
	merge_into("counts.db", names, NR_FILES);
	assert_ok(&s, store_open(&s, file_in("counts.db"), STORE_WRITE));
	assert_int_equal(count(&s, "SELECT count(*) FROM campaign"), NR_FILES);
	for (i = 0; i < NR_FILES; i++) {
		assert_ok(&s, store_exec(&s, "CREATE TEMP TABLE IF NOT EXISTS"
			" best (finding, nonzero, steps, bytes)"));
		assert_ok(&s, store_run(&s, "ATTACH ?1 AS src", "t",
					file_in(names[i])));
		/* Nothing that a file knew is missing or counted less. */
		assert_int_equal(count(&s, "SELECT count(*) FROM src.occurrence AS a"
			" LEFT JOIN main.occurrence AS b USING (finding, campaign,"
			" engine, scenario) WHERE b.hits IS NULL OR b.hits < a.hits"), 0);
		assert_int_equal(count(&s, "SELECT count(*) FROM src.schedule"
			" WHERE id NOT IN (SELECT id FROM main.schedule)"), 0);
		assert_ok(&s, store_exec(&s, "INSERT INTO temp.best SELECT f.key,"
			" nonzero, steps, length(choices) FROM src.finding AS f"
			" JOIN src.schedule AS s ON s.id = f.best"));
		assert_ok(&s, store_exec(&s, "DETACH src"));
	}
	/* And the best witness of any file is the best of all. */
	assert_int_equal(count(&s, "SELECT count(*) FROM finding AS f"
		" JOIN schedule AS s ON s.id = f.best WHERE"
		" (nonzero, steps, length(choices)) <> (SELECT b.nonzero, b.steps,"
		" b.bytes FROM temp.best AS b WHERE b.finding = f.key"
		" ORDER BY 1, 2, 3 LIMIT 1)"), 0);
	assert_int_equal(count(&s, "SELECT count(*) FROM finding"), 10);
	store_close(&s);
}

static void test_with_itself(void **state)
{
	uint64_t before;
	struct store s;

	(void)state;
	merge_into("self.db", names, 2);
	before = dump_hash(file_in("self.db"));
	assert_ok(&s, store_open(&s, file_in("self.db"), STORE_WRITE));
	assert_ok(&s, store_merge(&s, file_in("self.db")));
	store_close(&s);
	assert_true(dump_hash(file_in("self.db")) == before);
}

/* One schedule, one build, two traces: said, in both orders, and still joined. */
static void test_diverged(void **state)
{
	char campaign[STORE_KEY_SIZE];
	uint64_t hashes[2];
	struct test_finding t;
	struct store s;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		begin(&s, file_in(i ? "y.db" : "x.db"), "random", campaign);
		make_finding(&t, campaign, 1, 2, 30);
		t.trace[0] = '4' + i;
		assert_ok(&s, store_finding(&s, &t.f, NULL));
		store_close(&s);
	}
	for (i = 0; i < 2; i++) {
		merge_into(i ? "yx.db" : "xy.db", names, 3);
		assert_ok(&s, store_open(&s, file_in(i ? "yx.db" : "xy.db"),
					 STORE_WRITE));
		assert_ok(&s, store_merge(&s, file_in(i ? "y.db" : "x.db")));
		assert_int_equal(store_merge(&s, file_in(i ? "x.db" : "y.db")),
				 STORE_DIVERGED);
		assert_non_null(strstr(s.err, "trace"));
		assert_int_equal(count(&s, "SELECT count(*) FROM schedule"
				       " WHERE trace_hash LIKE '4%'"), 1);
		store_close(&s);
		hashes[i] = dump_hash(file_in(i ? "yx.db" : "xy.db"));
	}
	assert_true(hashes[0] == hashes[1]);
}

/* A file that cannot be joined leaves the other as it was. */
static void test_unfit(void **state)
{
	uint64_t before;
	struct store s;
	sqlite3 *db;

	(void)state;
	merge_into("kept.db", names, 2);
	before = dump_hash(file_in("kept.db"));
	copy_file(file_in(names[4]), file_in("orphan.db"));
	assert_int_equal(sqlite3_open(file_in("orphan.db"), &db), SQLITE_OK);
	/* Rows that refer to nothing, which only a damaged or crafted file has. */
	assert_int_equal(sqlite3_exec(db, "PRAGMA foreign_keys = OFF;"
		"DELETE FROM campaign", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_ok(&s, store_open(&s, file_in("kept.db"), STORE_WRITE));
	assert_int_equal(store_merge(&s, file_in("missing.db")), STORE_MISSING);
	assert_non_null(strstr(s.err, "missing.db"));
	assert_int_equal(store_merge(&s, "/dev/null"), STORE_FOREIGN);
	assert_int_equal(store_merge(&s, file_in("orphan.db")), STORE_CORRUPT);
	assert_non_null(strstr(s.err, "orphan.db"));
	/* And it can still join a good one. */
	assert_ok(&s, store_merge(&s, file_in(names[1])));
	store_close(&s);
	assert_true(dump_hash(file_in("kept.db")) == before);
	assert_ok(&s, store_open(&s, file_in("orphan.db"), STORE_READ));
	assert_int_equal(store_check(&s), STORE_CORRUPT);
	store_close(&s);
}

static int prepare(void **state)
{
	if (folder_make(state))
		return -1;
	make_files();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_grouping),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_with_itself),
		cmocka_unit_test(test_diverged),
		cmocka_unit_test(test_unfit),
	};

	return cmocka_run_group_tests(tests, prepare, folder_remove);
}
