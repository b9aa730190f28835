// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that are not ours, not yet ours, damaged, or in a bad place: one clear
 * line, the right code, and the file stays as it was to the last byte.
 */
#include "tests/results_common.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "results/store_priv.h"

#define NOBODY	65534

static void write_file(const char *path, const void *bytes, size_t size)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	assert_int_equal(fclose(f), 0);
}

/* The whole file, to be freed. */
static char *read_file(const char *path, size_t *size)
{
	FILE *f = fopen(path, "r");
	struct stat st;
	char *bytes;

	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	*size = st.st_size;
	bytes = malloc(*size + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, *size, f), *size);
	fclose(f);
	return bytes;
}

static void make_store(const char *path, int nr_findings)
{
	char campaign[STORE_KEY_SIZE];
	struct test_finding t;
	struct store s;
	int i;

	begin(&s, path, "random", campaign);
	for (i = 0; i < nr_findings; i++) {
		make_finding(&t, campaign, i, 1, 30);
		assert_ok(&s, store_finding(&s, &t.f, NULL));
	}
	store_close(&s);
}

/* What sqlite3 would make of @sql in @path. */
static void make_with_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Both modes give @code in one line with the path, and touch nothing. */
static void assert_refused(const char *path, int code)
{
	char *before, *after, beside[512];
	size_t size_before, size_after;
	struct store s;
	int mode;

	before = read_file(path, &size_before);
	for (mode = STORE_READ; mode <= STORE_WRITE; mode++) {
		assert_int_equal(store_open(&s, path, mode), code);
		assert_null(s.db);
		assert_memory_equal(s.err, path, strlen(path));
		assert_null(strchr(s.err, '\n'));
		assert_non_null(strstr(s.err, "--db"));
	}
	assert_int_equal(store_exit_code(code), 4);
	after = read_file(path, &size_after);
	assert_int_equal(size_before, size_after);
	assert_memory_equal(before, after, size_before);
	free(before);
	free(after);
	snprintf(beside, sizeof(beside), "%s-wal", path);
	assert_int_not_equal(access(beside, F_OK), 0);
	snprintf(beside, sizeof(beside), "%s-journal", path);
	assert_int_not_equal(access(beside, F_OK), 0);
}

static void test_foreign(void **state)
{
	char zeros[8192] = { 0 };
	struct store s;
	char *path;

	(void)state;
	path = file_in("notes.txt");
	write_file(path, "SQLite format 3 is a fine format\n", 33);
	assert_refused(path, STORE_FOREIGN);
	path = file_in("zeros");
	write_file(path, zeros, sizeof(zeros));
	assert_refused(path, STORE_FOREIGN);
	path = file_in("short");
	write_file(path, "SQLite format 3", 16);
	assert_refused(path, STORE_FOREIGN);
	path = file_in("plain.db");
	make_with_sql(path, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
	assert_refused(path, STORE_FOREIGN);
	path = file_in("other.db");
	make_with_sql(path, "PRAGMA journal_mode = WAL;"
			    "PRAGMA application_id = 252006673;"
			    "CREATE TABLE t (a)");
	assert_refused(path, STORE_FOREIGN);
	assert_int_equal(store_open(&s, folder, STORE_READ), STORE_FOREIGN);
	assert_int_equal(store_open(&s, "/dev/null", STORE_WRITE), STORE_FOREIGN);
}

/* A log that waits beside somebody else's file must stay there, too. */
static void test_foreign_log(void **state)
{
	char *path = file_in("live.db"), *before, *after, wal[512];
	size_t size_before, size_after;
	struct store s;
	sqlite3 *db;

	(void)state;
	snprintf(wal, sizeof(wal), "%s-wal", path);
	make_with_sql(path, "PRAGMA journal_mode = WAL; CREATE TABLE t (a)");
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "INSERT INTO t VALUES (1)", NULL, NULL,
				      NULL), SQLITE_OK);
	before = read_file(wal, &size_before);
	assert_true(size_before > 0);
	assert_int_equal(store_open(&s, path, STORE_WRITE), STORE_FOREIGN);
	after = read_file(wal, &size_after);
	assert_int_equal(size_before, size_after);
	assert_memory_equal(before, after, size_before);
	free(before);
	free(after);
	sqlite3_close(db);
}

static void test_newer(void **state)
{
	char *path = file_in("newer.db");

	(void)state;
	make_store(path, 3);
	make_with_sql(path, "PRAGMA user_version = 99");
	assert_refused(path, STORE_NEWER);
}

/* The number of the newer version may still be in the log only. */
static void test_newer_in_log(void **state)
{
	char *path = file_in("newer-log.db");
	struct store s;
	sqlite3 *db;

	(void)state;
	make_store(path, 3);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL,
				      NULL), SQLITE_OK);
	assert_int_equal(store_open(&s, path, STORE_WRITE), STORE_NEWER);
	assert_int_equal(store_open(&s, path, STORE_READ), STORE_NEWER);
	sqlite3_close(db);
}

static void test_older(void **state)
{
	char *path = file_in("older.db");
	struct store s;

	(void)state;
	make_store(path, 3);
	make_with_sql(path, "PRAGMA user_version = 0");
	assert_int_equal(store_open(&s, path, STORE_READ), STORE_OLDER);
	assert_non_null(strstr(s.err, "kicksim db migrate"));
}

static void test_missing(void **state)
{
	struct store s;
	char *path;

	(void)state;
	path = file_in("nowhere.db");
	assert_int_equal(store_open(&s, path, STORE_READ), STORE_MISSING);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(store_open(&s, "", STORE_READ), STORE_INPUT);
	/* No bytes are no foreign file: it can be filled, but not read. */
	path = file_in("empty.db");
	write_file(path, "", 0);
	assert_int_equal(store_open(&s, path, STORE_READ), STORE_MISSING);
	assert_ok(&s, store_open(&s, path, STORE_WRITE));
	store_close(&s);
	assert_ok(&s, store_open(&s, path, STORE_READ));
	store_close(&s);
}

/* Names that mean something else to SQLite. */
static void test_odd_names(void **state)
{
	static const char *const names[] = {
		"a?mode=memory.db", "50%41.db", "a b#c.db", "file:x.db", "ü.db",
	};
	struct store s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_ok(&s, store_open(&s, file_in(names[i]), STORE_WRITE));
		store_close(&s);
		assert_int_equal(access(file_in(names[i]), F_OK), 0);
	}
}

static int see_nothing(const struct store_entry *e, void *arg)
{
	(void)e;
	(void)arg;
	return 0;
}

/* All the ways to ask; no answer is fine, a crash is not. */
static int ask_everything(struct store *s)
{
	char key[STORE_KEY_SIZE];
	struct store_entry e;
	int code;

	code = store_find(s, "@last", key);
	if (code == STORE_OK)
		code = store_load(s, key, &e);
	if (code == STORE_OK) {
		store_entry_free(&e);
		code = store_each(s, NULL, see_nothing, NULL);
	}
	return code == STORE_OK ? store_check(s) : code;
}

/* Damage each page in turn: some question always finds it, and none crashes. */
static void test_corrupt(void **state)
{
	char *path = file_in("corrupt.db"), *bytes, kept[64];
	int code, nr_found = 0;
	size_t size, at;
	struct store s;

	(void)state;
	make_store(path, 200);
	bytes = read_file(path, &size);
	assert_true(size > 20 * 4096);
	for (at = 4096; at < size; at += 4096) {
		memcpy(kept, bytes + at, sizeof(kept));
		memset(bytes + at, 0xa5, sizeof(kept));
		write_file(path, bytes, size);
		memcpy(bytes + at, kept, sizeof(kept));
		code = store_open(&s, path, STORE_READ);
		if (code == STORE_OK) {
			code = ask_everything(&s);
			store_close(&s);
		}
		assert_true(code == STORE_OK || code == STORE_CORRUPT);
		if (code == STORE_CORRUPT)
			assert_non_null(strstr(s.err, ".recover"));
		nr_found += code == STORE_CORRUPT;
	}
	assert_int_equal(nr_found, size / 4096 - 1);
	/* Cut off: the header says there is more. */
	assert_int_equal(truncate(path, 8192), 0);
	assert_int_equal(store_open(&s, path, STORE_WRITE), STORE_CORRUPT);
	free(bytes);
}

/* Run @body in a child that has no right to override permissions. */
static void as_nobody(int (*body)(void))
{
	int status;
	pid_t pid;

	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (geteuid() == 0 && setresuid(NOBODY, NOBODY, NOBODY))
			_exit(99);
		_exit(body());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : 98, 0);
}

/* Each step has its number, which is the child's exit status. */
static int use_read_only(void)
{
	struct store s;

	if (store_open(&s, file_in("ro/file.db"), STORE_WRITE) != STORE_READONLY)
		return 1;
	if (!strstr(s.err, "--db") || strchr(s.err, '\n'))
		return 2;
	/* Neither can a new file be made, nor a folder for one. */
	if (store_open(&s, file_in("ro/new.db"), STORE_WRITE) != STORE_READONLY)
		return 3;
	if (store_open(&s, file_in("ro/a/b.db"), STORE_WRITE) != STORE_READONLY)
		return 4;
	/* Reading works, though no lock file can be made. */
	if (store_open(&s, file_in("ro/file.db"), STORE_READ) != STORE_OK)
		return 5;
	if (ask_everything(&s) != STORE_OK)
		return 6;
	if (store_core(&s, &test_core) != STORE_READONLY)
		return 7;
	store_close(&s);
	if (store_open(&s, file_in("ro/secret.db"), STORE_READ) != STORE_READONLY)
		return 8;
	return 0;
}

static void test_read_only(void **state)
{
	(void)state;
	assert_int_equal(chmod(folder, 0755), 0);
	make_store(file_in("ro/file.db"), 3);
	make_store(file_in("ro/secret.db"), 3);
	assert_int_equal(chmod(file_in("ro/file.db"), 0444), 0);
	assert_int_equal(chmod(file_in("ro/secret.db"), 0), 0);
	assert_int_equal(chmod(file_in("ro"), 0555), 0);
	as_nobody(use_read_only);
	assert_int_equal(chmod(file_in("ro"), 0755), 0);
}

/* Store until it fails; what was said to be in is in, and it can be read. */
static int fill(const char *path, int expected, const char *words)
{
	struct store_campaign c = {
		.engine = "random", .core = "c0ffee", .jobs = 1, .config = "{}",
	};
	char campaign[STORE_KEY_SIZE];
	int64_t stored = 0, found;
	struct test_finding t;
	struct store s;
	int code;

	if (store_open(&s, path, STORE_WRITE) || store_core(&s, &test_core) ||
	    store_campaign_begin(&s, &c, campaign))
		return 1;
	for (;;) {
		make_finding(&t, campaign, stored, 1, 30);
		code = store_finding(&s, &t.f, NULL);
		if (code != STORE_OK || stored > 100000)
			break;
		stored++;
	}
	if (code != expected || stored < 10)
		return fprintf(stderr, "%d: %s\n", code, s.err), 2;
	if (!strstr(s.err, words) || strchr(s.err, '\n'))
		return 3;
	if (store_get_int(&s, "SELECT count(*) FROM finding", &found) ||
	    found != stored)
		return 4;
	store_close(&s);
	return 0;
}

static int fill_under_limit(void)
{
	struct rlimit limit = { 600000, 600000 };

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit))
		return 90;
	return fill(file_in("limited.db"), STORE_IO, "limit on file sizes");
}

static void in_child(int (*body)(void))
{
	int status;
	pid_t pid;

	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(body());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : 98, 0);
}

static void test_file_too_large(void **state)
{
	char campaign[STORE_KEY_SIZE];
	struct store s;

	(void)state;
	in_child(fill_under_limit);
	/* With the limit gone the same file goes on. */
	begin(&s, file_in("limited.db"), "random", campaign);
	assert_ok(&s, store_check(&s));
	store_close(&s);
}

/* A mount namespace, for which others than root need a user namespace. */
static bool enter_namespace(void)
{
	char map[32];
	int fd, length = snprintf(map, sizeof(map), "0 %d 1\n", getuid());

	if (unshare(CLONE_NEWNS) == 0)
		return true;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return false;
	fd = open("/proc/self/uid_map", O_WRONLY);
	return fd >= 0 && write(fd, map, length) == length && close(fd) == 0;
}

/* A real full disk, where the system lets us have a small one. */
static int fill_small_disk(void)
{
	struct store s;
	char *path;
	int code;

	if (!enter_namespace())
		return 77;
	if (mkdir(file_in("disk"), 0755) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", file_in("disk"), "tmpfs", 0, "size=1m"))
		return 77;
	path = file_in("disk/full.db");
	code = fill(path, STORE_FULL, "no space");
	if (code)
		return code;
	/* Full as it is, the file opens, is whole, and can be read. */
	if (store_open(&s, path, STORE_READ) || store_check(&s))
		return fprintf(stderr, "%s\n", s.err), 10;
	store_close(&s);
	/* Nor can a new one be made, and then there is a reason, not a wreck. */
	code = store_open(&s, file_in("disk/second.db"), STORE_WRITE);
	if (code != STORE_FULL)
		return fprintf(stderr, "%d: %s\n", code, s.err), 11;
	return 0;
}

static void test_full_disk(void **state)
{
	(void)state;
	in_child(fill_small_disk);
}

/* Each migration is all or nothing, and is done once. */
static void test_migrations(void **state)
{
	static const char *const good[] = {
		"CREATE TABLE a (x)", "CREATE TABLE b (x)",
		"INSERT INTO b VALUES (1); CREATE TABLE c (x)",
	};
	static const char *const bad[] = {
		"CREATE TABLE a (x)",
		"CREATE TABLE b (x); INSERT INTO missing VALUES (1)",
	};
	struct store s = { .mode = STORE_WRITE, .path = "migrated" };
	int64_t n;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &s.db), SQLITE_OK);
	assert_int_not_equal(store_migrate(&s, bad, 2), STORE_OK);
	assert_ok(&s, store_get_int(&s, "PRAGMA user_version", &n));
	assert_int_equal(n, 1);
	assert_ok(&s, store_get_int(&s, "SELECT count(*) FROM sqlite_schema", &n));
	assert_int_equal(n, 1);
	assert_ok(&s, store_migrate(&s, good, 3));
	assert_ok(&s, store_migrate(&s, good, 3));
	assert_ok(&s, store_get_int(&s, "SELECT count(*) FROM b", &n));
	assert_int_equal(n, 1);
	assert_ok(&s, store_get_int(&s, "PRAGMA user_version", &n));
	assert_int_equal(n, 3);
	assert_ok(&s, store_get_int(&s, "PRAGMA application_id", &n));
	assert_int_equal(n, STORE_APPLICATION_ID);
	store_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_foreign_log),
		cmocka_unit_test(test_newer),
		cmocka_unit_test(test_newer_in_log),
		cmocka_unit_test(test_older),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_odd_names),
		cmocka_unit_test(test_corrupt),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_file_too_large),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_migrations),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
