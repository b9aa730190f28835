// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands' manners: one line for each mistake, help with examples, JSON
 * errors, and where the file and the SQL come from.
 */
#include "tests/results_run.h"

static void test_bad_words(void **state)
{
	(void)state;
	assert_int_equal(run(cmd_query, "findigns", "--db", db, NULL), 2);
	assert_one_line("did you mean findings?");
	assert_int_equal(run(cmd_query, "xyzzy", NULL), 2);
	assert_one_line("no query is called xyzzy;");
	assert_int_equal(run(cmd_query, "SELECT wrong FROM", "--db", db, NULL), 2);
	assert_one_line("the SQL is wrong");
	assert_int_equal(run(cmd_query, "SELECT 1; SELECT 2", "--db", db, NULL), 2);
	assert_one_line("one at a time");
	assert_int_equal(run(cmd_query, "SELECT 1; UPDATE finding SET title = ''",
			     "--db", db, NULL), 2);
	assert_one_line("may only read");
	assert_int_equal(run(cmd_query, "/* nothing */", "--db", db, NULL), 2);
	assert_one_line("no SQL");
	assert_int_equal(run(cmd_query, "SELECT abs(-9223372036854775808)", "--db", db,
			     NULL), 2);
	assert_non_null(strstr(err, "integer overflow"));
	assert_int_equal(run(cmd_query, "a", "b", NULL), 2);
	assert_int_equal(run(cmd_query, "--nonsense", NULL), 2);
	assert_int_equal(run(cmd_query, "--color=maybe", NULL), 2);
	assert_int_equal(run(cmd_query, "findings", "--db", file_in("no.db"), NULL), 4);
	assert_one_line("no such file");
	assert_int_equal(run(cmd_query, "findings", "--db", "/dev/null", NULL), 4);
	assert_one_line("not a file");
}

static void test_help(void **state)
{
	static int (*const commands[])(int argc, char **argv) = {
		cmd_query, cmd_merge, cmd_db,
	};
	const char *example;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(run(commands[i], "-h", NULL), 0);
		assert_string_equal(err, "");
		assert_memory_equal(out, "Usage: kicksim ", 15);
		/* Two examples. */
		example = strstr(out, "\n  kicksim ");
		assert_non_null(example);
		assert_non_null(strstr(example + 1, "\n  kicksim "));
	}
}

static void test_json_error(void **state)
{
	(void)state;
	assert_int_equal(run(cmd_query, "findings", "--json", "--db",
			     file_in("no.db"), NULL), 4);
	assert_memory_equal(out, "{\"schema\":\"kicksim.error/1\",\"exit\":4,", 37);
	assert_int_equal(nr_lines(out), 1);
	assert_int_equal(nr_lines(err), 1);
}

/* A disk that fills while the answer is written is said. */
static int query_to_full(int argc, char **argv)
{
	if (!freopen("/dev/full", "w", stdout))
		return 99;
	return cmd_query(argc, argv);
}

static void test_full_stdout(void **state)
{
	(void)state;
	assert_int_equal(run(query_to_full, "findings", "--db", db, NULL), 4);
	assert_one_line("could not be written");
}

/* $KICKSIM_DB, and the flag above it; SQL from stdin. */
static int query_stdin(int argc, char **argv)
{
	FILE *f = fopen(file_in("in.sql"), "w");

	fputs("-- a comment\nSELECT 6 * 7 AS n;\n", f);
	fclose(f);
	if (!freopen(file_in("in.sql"), "r", stdin))
		return 99;
	return cmd_query(argc, argv);
}

static void test_sources(void **state)
{
	(void)state;
	setenv("KICKSIM_DB", db, 1);
	assert_int_equal(run(cmd_query, "findings", NULL), 0);
	assert_int_equal(run(query_stdin, "-", "--csv", NULL), 0);
	assert_string_equal(out, "n\n42\n");
	setenv("KICKSIM_DB", file_in("no.db"), 1);
	assert_int_equal(run(cmd_query, "findings", NULL), 4);
	assert_int_equal(run(cmd_query, "findings", "--db", db, NULL), 0);
	setenv("KICKSIM_DB", "", 1);
	assert_string_equal(store_path(NULL), STORE_DEFAULT_PATH);
	unsetenv("KICKSIM_DB");
}

static void test_merge_and_db(void **state)
{
	char merged[256], orphan[256];
	sqlite3 *handle;

	(void)state;
	strcpy(merged, file_in("merged.db"));
	assert_int_equal(run(cmd_merge, NULL), 2);
	assert_int_equal(run(cmd_merge, db, NULL), 2);
	/* A wrong name among right ones: nothing is made. */
	assert_int_equal(run(cmd_merge, "-o", merged, db, file_in("no.db"), NULL), 4);
	assert_one_line("no.db");
	assert_int_not_equal(access(merged, F_OK), 0);
	assert_int_equal(run(cmd_merge, "-o", merged, db, db, NULL), 0);
	assert_int_equal(run(cmd_query, "SELECT sum(hits) AS h FROM v_findings",
			     "--csv", "--db", merged, NULL), 0);
	assert_string_equal(out, "h\n30\n");
	/* A file that cannot be joined ends it, at the first. */
	strcpy(orphan, file_in("orphan.db"));
	assert_int_equal(run(cmd_merge, "-o", orphan, db, NULL), 0);
	assert_int_equal(sqlite3_open(orphan, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, "DELETE FROM campaign", NULL, NULL,
				      NULL), SQLITE_OK);
	sqlite3_close(handle);
	assert_int_equal(run(cmd_merge, "-o", file_in("new.db"), orphan, orphan,
			     NULL), 4);
	assert_one_line("orphan.db");
	assert_int_equal(run(cmd_db, "check", orphan, NULL), 4);
	assert_one_line("refers to a missing row of campaign");
	assert_int_equal(run(cmd_db, "check", merged, NULL), 0);
	assert_int_equal(run(cmd_db, "migrate", merged, NULL), 0);
	assert_int_equal(run(cmd_db, "chekc", merged, NULL), 2);
	assert_one_line("did you mean check?");
	assert_int_equal(run(cmd_db, NULL), 2);
	assert_int_equal(run(cmd_db, "check", "/dev/null", NULL), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_words),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_json_error),
		cmocka_unit_test(test_full_stdout),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_merge_and_db),
	};

	return cmocka_run_group_tests(tests, make_db, folder_remove);
}
