// SPDX-License-Identifier: GPL-2.0-only
/*
 * Places where nothing can be written, or nothing more: what was stored stays,
 * reading goes on, and the reason is said in one line.
 */
#include "tests/results_common.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define NOBODY	65534

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
	/* That files can be made beside it does not make the file writable. */
	if (store_open(&s, file_in("rw/file.db"), STORE_WRITE) != STORE_READONLY)
		return 9;
	return 0;
}

static void test_read_only(void **state)
{
	(void)state;
	assert_int_equal(chmod(folder, 0755), 0);
	make_store(file_in("ro/file.db"), 3);
	make_store(file_in("ro/secret.db"), 3);
	make_store(file_in("rw/file.db"), 3);
	assert_int_equal(chmod(file_in("rw/file.db"), 0444), 0);
	assert_int_equal(chmod(file_in("rw"), 0777), 0);
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

static bool tell(const char *path, const char *text)
{
	ssize_t length = strlen(text);
	int fd = open(path, O_WRONLY);

	return fd >= 0 && write(fd, text, length) == length && close(fd) == 0;
}

/* A mount namespace, for which others than root need a user namespace. */
static bool enter_namespace(void)
{
	char uids[32], gids[32];

	snprintf(uids, sizeof(uids), "0 %d 1\n", geteuid());
	snprintf(gids, sizeof(gids), "0 %d 1\n", getegid());
	if (unshare(CLONE_NEWNS) == 0)
		return true;
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
		tell("/proc/self/setgroups", "deny") &&
		tell("/proc/self/uid_map", uids) &&
		tell("/proc/self/gid_map", gids);
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
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_file_too_large),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_migrations),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
