// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands on results files as a user sees them: exit code, stdout, stderr.
 * Each runs in a child, for a usage error ends the process.
 */
#include "tests/results_common.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "results/cmd.h"
#include "results/query.h"
#include "results/store_priv.h"

#define WORDS_MAX	8

/* The file that make_db() fills. */
static char db[256];

/* What the last command gave. */
static char out[65536], err[8192];

static void slurp(const char *path, char *buf, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(buf, 1, size - 1, f);
	buf[n] = '\0';
	fclose(f);
}

/* Run @command with the words after it, ended by NULL.  Its exit code. */
static int run(int (*command)(int argc, char **argv), ...)
{
	char *argv[WORDS_MAX + 2] = { "command" };
	int argc = 1, status;
	va_list ap;
	pid_t pid;

	va_start(ap, command);
	while ((argv[argc] = va_arg(ap, char *))) {
		assert_true(argc < WORDS_MAX);
		argc++;
	}
	va_end(ap);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (!freopen(file_in("stdout"), "w", stdout) ||
		    !freopen(file_in("stderr"), "w", stderr))
			_exit(99);
		exit(command(argc, argv));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	slurp(file_in("stdout"), out, sizeof(out));
	slurp(file_in("stderr"), err, sizeof(err));
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int nr_lines(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += *s == '\n';
	return n;
}

/* Exactly one line of error with @words in it, and nothing on stdout. */
static void assert_one_line(const char *words)
{
	assert_int_equal(nr_lines(err), 1);
	if (!strstr(err, words))
		fail_msg("no \"%s\" in: %s", words, err);
	assert_string_equal(out, "");
}

static int make_db(void **state)
{
	static const char *const severities[] = { "benign", "harmful", "degraded" };
	struct store_sample sample = { .t_ms = 1000, .runs = 1000, .events = 16000,
		.states = 40, .findings = 2, .cpu_ns = 1000000000 };
	struct store_proof proof = {
		.config = "{}", .kernel = "v5.16", .arch = "x86", .model = "sc",
		.variant = "", .scenario = "pair", .bounds = "{\"preemptions\":2}",
		.verdicts = "{\"lost-kick\":0,\"lost-request\":2}",
		.core = "c0ffee", .states = 10, .exhausted = true,
	};
	char campaign[STORE_KEY_SIZE], key[STORE_KEY_SIZE];
	struct test_finding t;
	struct store s;
	int i, c;

	if (folder_make(state))
		return -1;
	strcpy(db, file_in("q.db"));
	for (c = 0; c < 5; c++) {
		begin(&s, db, "pct", campaign);
		/* Campaign c meets the findings 0 to c, the first ones sooner. */
		for (i = 0; i <= c; i++) {
			make_finding(&t, campaign, i, 1 + i, 30);
			t.f.severity = severities[i % 3];
			t.f.engine = "pct";
			t.f.first_runs = 100 * (i + 1) + c;
			assert_ok(&s, store_finding(&s, &t.f, NULL));
			usleep(2);
		}
		assert_ok(&s, store_campaign_sample(&s, campaign, &sample));
		sample.t_ms = 2000;
		assert_ok(&s, store_campaign_end(&s, campaign, true, &sample));
		assert_ok(&s, store_proof(&s, &proof, key));
		store_close(&s);
	}
	return 0;
}

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
	assert_string_equal(out, "n,h,c\n5,15,5\n");
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
	char merged[256];

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
	assert_string_equal(out, "h\n15\n");
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
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_all_named),
		cmocka_unit_test(test_plain_sqlite3),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_reads_only),
		cmocka_unit_test(test_bad_words),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_json_error),
		cmocka_unit_test(test_full_stdout),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_merge_and_db),
	};

	return cmocka_run_group_tests(tests, make_db, folder_remove);
}
