// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that are not ours, not yet ours, or damaged: one clear line, the right
 * code, and the file stays as it was to the last byte.
 */
#include "tests/results_common.h"

#include <sys/stat.h>

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
	/* Our number in the right place does not make it ours. */
	path = file_in("marked");
	memcpy(zeros + 68, "KSIM", 4);
	write_file(path, zeros, sizeof(zeros));
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

/* Copy a file as it is, as a machine that stops would leave it. */
static void copy_file(const char *from, const char *to)
{
	char *bytes;
	size_t size;

	bytes = read_file(from, &size);
	write_file(to, bytes, size);
	free(bytes);
}

/*
 * The number of the newer version may be in the log only, and nobody may be
 * left to put it into the file: then it is not for us to do so.
 */
static void test_newer_in_log(void **state)
{
	char *path = file_in("newer-log.db"), *left = file_in("left.db");
	char *before, *after;
	size_t size_before, size_after;
	struct store s;
	sqlite3 *db;
	int mode;

	(void)state;
	make_store(path, 3);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL,
				      NULL), SQLITE_OK);
	copy_file(path, left);
	copy_file(file_in("newer-log.db-wal"), file_in("left.db-wal"));
	sqlite3_close(db);
	before = read_file(file_in("left.db-wal"), &size_before);
	assert_true(size_before > 0);
	for (mode = STORE_READ; mode <= STORE_WRITE; mode++)
		assert_int_equal(store_open(&s, left, mode), STORE_NEWER);
	after = read_file(file_in("left.db-wal"), &size_after);
	assert_int_equal(size_before, size_after);
	assert_memory_equal(before, after, size_before);
	free(before);
	free(after);
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
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
