// SPDX-License-Identifier: GPL-2.0-only
/*
 * Named queries and SQL: each has its rows, in ours and in plain sqlite3, the
 * numbers are right, and nothing but reading passes.
 */
#include "tests/results_run.h"

#include <dirent.h>

#include "results/query.h"

static void test_list(void **state)
{
	const struct query *q;
	char about[256];

	(void)state;
	assert_int_equal(run(cmd_query, NULL), 0);
	for (q = query_list; q->name; q++) {
		assert_non_null(strstr(out, q->name));
		assert_non_null(strstr(out, query_about(q, about)));
		/* One sentence. */
		assert_ptr_equal(strchr(about, '.'), about + strlen(about) - 1);
	}
	assert_int_equal(nr_lines(out), 1 + (q - query_list));
}

/* Every file of results/sql/ is a query, and every query has rows here. */
static void test_all_named(void **state)
{
	char path[256], name[64];
	const struct query *q;
	struct dirent *entry;
	int nr_files = 0;
	DIR *dir;

	(void)state;
	for (q = query_list; q->name; q++) {
		snprintf(path, sizeof(path), "results/sql/%s.sql", q->name);
		assert_int_equal(access(path, R_OK), 0);
		assert_int_equal(run(cmd_query, q->name, "--db", db, NULL), 0);
		assert_string_equal(err, "");
		if (nr_lines(out) < 2)
			fail_msg("%s has no rows", q->name);
		assert_int_equal(run(cmd_query, q->name, "--json", "--db", db, NULL), 0);
		assert_memory_equal(out, "{\"schema\":\"kicksim.query/1\",", 28);
	}
	dir = opendir("results/sql");
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (sscanf(entry->d_name, "%63[^.].sql", name) != 1)
			continue;
		nr_files++;
		if (!query_find(name))
			fail_msg("results/queries.def lacks %s", name);
	}
	closedir(dir);
	assert_int_equal(nr_files, q - query_list);
}

/* The files run in plain sqlite3 with the same rows. */
static void test_plain_sqlite3(void **state)
{
	char command[512], ours[sizeof(out)];
	const struct query *q;

	(void)state;
	if (system("command -v sqlite3 >/dev/null 2>&1"))
		skip();
	for (q = query_list; q->name; q++) {
		assert_int_equal(run(cmd_query, q->name, "--csv", "--db", db, NULL), 0);
		memcpy(ours, out, sizeof(out));
		snprintf(command, sizeof(command),
			 "sqlite3 -csv -header %s < results/sql/%s.sql | tr -d '\\r' > %s",
			 db, q->name, file_in("theirs"));
		assert_int_equal(system(command), 0);
		slurp(file_in("theirs"), out, sizeof(out));
		/* Texts with a space are quoted by one and not by the other. */
		assert_int_equal(nr_lines(ours), nr_lines(out));
		assert_int_equal(strcspn(ours, "\n"), strcspn(out, "\n"));
	}
}

/* The numbers of the fixture, worked out by hand. */
static void test_numbers(void **state)
{
	(void)state;
	assert_int_equal(run(cmd_query, "SELECT count(*) AS n, sum(hits) AS h,"
			     " max(campaigns) AS c FROM v_findings", "--csv", "--db",
			     db, NULL), 0);
	assert_string_equal(out, "n,h,c\n5,30,5\n");
	/* Finding i is met by 5 - i of 5: medians of fewer than 3 are open. */
	assert_int_equal(run(cmd_query, "SELECT found, reps, median_runs, min_runs,"
			     " max_runs FROM v_ttf ORDER BY found DESC", "--csv",
			     "--db", db, NULL), 0);
	assert_string_equal(out, "found,reps,median_runs,min_runs,max_runs\n"
			    "5,5,102,100,104\n4,5,203,201,204\n3,5,304,302,304\n"
			    "2,5,,403,404\n1,5,,504,504\n");
	/* The latest campaign alone met the last finding. */
	assert_int_equal(run(cmd_query, "new-since", "--json", "--db", db, NULL), 0);
	assert_int_equal(nr_lines(out), 1);
	assert_non_null(strstr(out, "\"severity\":\"harmful\""));
	assert_int_equal(run(cmd_query, "harmful", "--csv", "--db", db, NULL), 0);
	assert_int_equal(nr_lines(out), 3);
	assert_non_null(strstr(out, "kicksim replay k"));
	assert_int_equal(run(cmd_query, "SELECT oracle, kernel, verdict, findings,"
			     " searches_held FROM v_matrix ORDER BY 1, 2", "--csv",
			     "--db", db, NULL), 0);
	assert_string_equal(out, "oracle,kernel,verdict,findings,searches_held\n"
			    "lost-kick,v5.15,broken,5,0\n"
			    "lost-kick,v5.16,held,0,1\n"
			    "lost-request,v5.16,broken,0,0\n");
	assert_int_equal(run(cmd_query, "severity-by-kernel", "--csv", "--db", db,
			     NULL), 0);
	assert_non_null(strstr(out, "v5.15,,2,0,1,0,0,2,0\n"));
}

static void test_reads_only(void **state)
{
	static const char *const writes[] = {
		"UPDATE finding SET title = 'x'",
		"DELETE FROM finding",
		"INSERT INTO meta VALUES ('a', 'b')",
		"DROP VIEW v_findings",
		"CREATE TABLE t (a)",
		"CREATE TEMP TABLE t (a)",
		"BEGIN IMMEDIATE",
		"VACUUM",
		"REINDEX",
		"ANALYZE",
		"PRAGMA user_version = 7",
		"PRAGMA journal_mode = DELETE",
		"PRAGMA writable_schema = 1",
		"PRAGMA wal_checkpoint",
		"WITH x AS (SELECT 1) DELETE FROM finding",
	};
	char sql[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(writes) / sizeof(*writes); i++) {
		assert_int_equal(run(cmd_query, writes[i], "--db", db, NULL), 2);
		assert_one_line("may only read");
	}
	assert_int_equal(run(cmd_query, "SELECT load_extension('x.so')", "--db", db,
			     NULL), 2);
	assert_one_line("not authorized");
	/* Nor may it make or open another file. */
	snprintf(sql, sizeof(sql), "ATTACH '%s' AS x", file_in("attached.db"));
	assert_int_equal(run(cmd_query, sql, "--db", db, NULL), 2);
	snprintf(sql, sizeof(sql), "VACUUM INTO '%s'", file_in("attached.db"));
	assert_int_equal(run(cmd_query, sql, "--db", db, NULL), 2);
	assert_int_not_equal(access(file_in("attached.db"), F_OK), 0);
	/* What only looks like writing passes. */
	assert_int_equal(run(cmd_query, "SELECT 'DELETE FROM finding' AS t", "--csv",
			     "--db", db, NULL), 0);
	assert_string_equal(out, "t\nDELETE FROM finding\n");
	assert_int_equal(run(cmd_query, "PRAGMA table_info(v_findings)", "--db", db,
			     NULL), 0);
	assert_int_equal(run(cmd_query, "PRAGMA user_version", "--db", db, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_all_named),
		cmocka_unit_test(test_plain_sqlite3),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_reads_only),
	};

	return cmocka_run_group_tests(tests, make_db, folder_remove);
}
