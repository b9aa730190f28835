// SPDX-License-Identifier: GPL-2.0-only
/*
 * Several processes write one file at once, and some are killed at a bad time:
 * nothing that a call has reported is lost, and nothing is counted twice.
 */
#include "tests/results_common.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define NR_WRITERS	2
#define NR_EACH		5000
#define NR_SHARED	2500	/* signatures that both of them meet */
#define NR_KILLS	25

/* Wait until the parent closes its end: all writers start at one moment. */
static void wait_for_start(int fd)
{
	char c;

	while (read(fd, &c, 1) > 0)
		;
}

/* Exits with 0 if each finding was stored; nothing of cmocka in a child. */
static void write_many(const char *path, int writer, int start)
{
	struct store_campaign c = {
		.engine = "random", .core = "c0ffee", .jobs = 1, .config = "{}",
	};
	char campaign[STORE_KEY_SIZE];
	struct test_finding t;
	struct store s;
	int i, n;

	wait_for_start(start);
	if (store_open(&s, path, STORE_WRITE) || store_core(&s, &test_core) ||
	    store_campaign_begin(&s, &c, campaign))
		goto fail;
	for (i = 0; i < NR_EACH; i++) {
		n = i < NR_SHARED ? i : writer * NR_EACH + i;
		make_finding(&t, campaign, n, 1 + (i + writer) % 5, 30);
		if (store_finding(&s, &t.f, NULL))
			goto fail;
	}
	store_close(&s);
	_exit(0);
fail:
	fprintf(stderr, "writer %d: %s\n", writer, s.err);
	_exit(1);
}

static void test_many_writers(void **state)
{
	char *path = file_in("many.db");
	int start[2], status, i;
	pid_t pid[NR_WRITERS];
	struct store s;

	(void)state;
	assert_int_equal(pipe(start), 0);
	for (i = 0; i < NR_WRITERS; i++) {
		pid[i] = fork();
		assert_true(pid[i] >= 0);
		if (pid[i] == 0) {
			close(start[1]);
			write_many(path, i, start[0]);
		}
	}
	close(start[0]);
	close(start[1]);
	for (i = 0; i < NR_WRITERS; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	assert_ok(&s, store_open(&s, path, STORE_READ));
	assert_ok(&s, store_check(&s));
	assert_int_equal(count(&s, "SELECT count(*) FROM finding"),
			 NR_SHARED + NR_WRITERS * (NR_EACH - NR_SHARED));
	assert_int_equal(count(&s, "SELECT sum(hits) FROM v_findings"),
			 NR_WRITERS * NR_EACH);
	/* Of what both met, the better witness: (i % 5, (i + 1) % 5) + 1. */
	assert_int_equal(count(&s, "SELECT count(*) FROM v_findings"
			       " WHERE campaigns = 2 AND nonzero ="
			       " 1 + min(substr(places, 6, instr(places, ':read') - 6) % 5,"
			       " (substr(places, 6, instr(places, ':read') - 6) + 1) % 5)"),
			 NR_SHARED);
	store_close(&s);
}

/* Several at once make a file that was not there. */
static void test_many_makers(void **state)
{
	int round, i, status;
	char name[32], *path;
	struct store s;
	pid_t pid[8];

	(void)state;
	for (round = 0; round < 60; round++) {
		snprintf(name, sizeof(name), "make%d/new.db", round);
		path = file_in(name);
		for (i = 0; i < 8; i++) {
			pid[i] = fork();
			assert_true(pid[i] >= 0);
			if (pid[i] == 0) {
				if (store_open(&s, path, STORE_WRITE) ||
				    store_core(&s, &test_core)) {
					fprintf(stderr, "%s\n", s.err);
					_exit(1);
				}
				store_close(&s);
				_exit(0);
			}
		}
		for (i = 0; i < 8; i++) {
			assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
			assert_int_equal(status, 0);
		}
		assert_ok(&s, store_open(&s, path, STORE_READ));
		assert_ok(&s, store_check(&s));
		assert_int_equal(count(&s, "SELECT count(*) FROM core"), 1);
		store_close(&s);
	}
}

/* Store for ever, and say each id to @report once the store has said it is in. */
static void write_until_killed(const char *path, int round, int report)
{
	struct store_campaign c = {
		.engine = "random", .core = "c0ffee", .jobs = 1, .config = "{}",
	};
	char campaign[STORE_KEY_SIZE];
	struct store_stored got;
	struct test_finding t;
	struct store s;
	int i;

	if (store_open(&s, path, STORE_WRITE) || store_core(&s, &test_core) ||
	    store_campaign_begin(&s, &c, campaign))
		goto fail;
	for (i = 0; ; i++) {
		make_finding(&t, campaign, round * 1000000 + i, 1, 30);
		if (store_finding(&s, &t.f, &got))
			goto fail;
		if (write(report, got.key, STORE_KEY_SIZE) != STORE_KEY_SIZE)
			_exit(1);
	}
fail:
	fprintf(stderr, "round %d: %s\n", round, s.err);
	_exit(1);
}

/* Kill a writer after @us; add what it has reported to @keys. */
static int kill_one(const char *path, int round, long us,
		    char keys[][STORE_KEY_SIZE], int nr_max)
{
	struct timespec nap = { 0, us * 1000 };
	int report[2], status, n = 0;
	pid_t pid;

	assert_int_equal(pipe(report), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(report[0]);
		write_until_killed(path, round, report[1]);
	}
	close(report[1]);
	nanosleep(&nap, NULL);
	assert_int_equal(kill(pid, SIGKILL), 0);
	while (n < nr_max &&
	       read(report[0], keys[n], STORE_KEY_SIZE) == STORE_KEY_SIZE)
		n++;
	close(report[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* It ran until the kill: it had not given up before. */
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	return n;
}

static void test_killed_writers(void **state)
{
	static char keys[NR_KILLS * 2000][STORE_KEY_SIZE];
	char *path = file_in("killed.db"), key[STORE_KEY_SIZE];
	int round, i, n = 0;
	struct store s;

	(void)state;
	for (round = 0; round < NR_KILLS; round++) {
		/* From "is making the file" to "has stored many". */
		n += kill_one(path, round, 300 + 40 * round * round, keys + n,
			      NR_KILLS * 2000 - n);
		/* The next one opens what the last one left, unless it left none. */
		if (access(path, F_OK) == 0) {
			assert_ok(&s, store_open(&s, path, STORE_WRITE));
			assert_ok(&s, store_check(&s));
			store_close(&s);
		}
	}
	assert_true(n > 100);
	assert_ok(&s, store_open(&s, path, STORE_READ));
	for (i = 0; i < n; i++)
		assert_ok(&s, store_find(&s, keys[i], key));
	/* At most one more than reported for each kill: stored, not yet said. */
	assert_in_range(count(&s, "SELECT count(*) FROM finding"), n, n + NR_KILLS);
	store_close(&s);
}

/* Another process holds the lock and does not let go. */
static void test_busy(void **state)
{
	char campaign[STORE_KEY_SIZE];
	struct store a, b;

	(void)state;
	begin(&a, file_in("busy.db"), "random", campaign);
	assert_ok(&b, store_open(&b, file_in("busy.db"), STORE_WRITE));
	assert_ok(&a, store_begin(&a));
	sqlite3_busy_timeout(b.db, 50);
	assert_int_equal(store_core(&b, &(struct store_core) {
		.hash = "ab", .tool = "", .detail = "" }), STORE_BUSY);
	assert_int_equal(store_exit_code(STORE_BUSY), 4);
	assert_ok(&a, store_end(&a, STORE_OK));
	assert_ok(&b, store_core(&b, &test_core));
	store_close(&b);
	store_close(&a);
}

/* Somebody reads while a file is still to be turned to WAL: that waits. */
static void test_reader_while_opening(void **state)
{
	struct timespec nap = { 0, 200 * 1000 * 1000 };
	char *path = file_in("reader.db"), c;
	int ready[2], status;
	struct store s;
	sqlite3 *db;
	pid_t pid;

	(void)state;
	assert_ok(&s, store_open(&s, path, STORE_WRITE));
	assert_ok(&s, store_exec(&s, "PRAGMA journal_mode = DELETE"));
	store_close(&s);
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (sqlite3_open(path, &db) ||
		    sqlite3_exec(db, "BEGIN; SELECT * FROM meta", NULL, NULL, NULL) ||
		    write(ready[1], "!", 1) != 1)
			_exit(1);
		nanosleep(&nap, NULL);
		_exit(sqlite3_close(db));
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_ok(&s, store_open(&s, path, STORE_WRITE));
	assert_ok(&s, store_core(&s, &test_core));
	store_close(&s);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(ready[0]);
	close(ready[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_makers),
		cmocka_unit_test(test_many_writers),
		cmocka_unit_test(test_killed_writers),
		cmocka_unit_test(test_busy),
		cmocka_unit_test(test_reader_while_opening),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
