// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening and closing.  The first hundred bytes decide whether a file is ours
 * before SQLite looks at it, because SQLite would roll back a journal or empty
 * a write-ahead log that lies beside somebody else's database.
 */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store_priv.h"

#define HEADER_SIZE		100
#define HEADER_MAGIC		"SQLite format 3"
#define HEADER_USER_VERSION	60
#define HEADER_APPLICATION_ID	68

extern const char store_schema_1[], store_schema_2[];

static const char *const schema_steps[STORE_VERSION] = { store_schema_1, store_schema_2 };

const char *store_path(const char *flag)
{
	const char *env = getenv("KICKSIM_DB");

	if (flag)
		return flag;
	return env && *env ? env : STORE_DEFAULT_PATH;
}

void store_option(const char *path, char *buf, size_t size)
{
	if (strcmp(path, store_path(NULL)))
		snprintf(buf, size, " --db %s", path);
	else
		*buf = 0;
}

int store_exit_code(int code)
{
	switch (code) {
	case STORE_OK:
		return 0;
	case STORE_INPUT:
	case STORE_UNKNOWN:
	case STORE_AMBIGUOUS:
		return 2;
	case STORE_DIVERGED:
		return 3;
	default:
		return 4;
	}
}

int64_t store_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000ll + t.tv_nsec / 1000;
}

void store_uri(char uri[STORE_URI_SIZE], const char *path, const char *mode,
	       bool immutable)
{
	char *p = uri + sprintf(uri, "file:");

	assert(strlen(path) < PATH_MAX);
	for (; *path; path++) {
		if (isalnum((unsigned char)*path) || strchr("/._-", *path))
			*p++ = *path;
		else
			p += sprintf(p, "%%%02x", (unsigned char)*path);
	}
	sprintf(p, "?mode=%s%s", mode, immutable ? "&immutable=1" : "");
}

static int fail_place(struct store *s, const char *what)
{
	return store_fail(s, errno == ENOSPC ? STORE_FULL : STORE_READONLY,
			  "%s: %s; change the permissions, or " STORE_ELSEWHERE,
			  what, strerror(errno));
}

/*
 * Make the folder of the file, and those above it, and see that a file can be
 * made there: SQLite does not keep the reason why one cannot.
 */
static int make_folder(struct store *s)
{
	char folder[PATH_MAX + 2], *p;

	snprintf(folder, sizeof(folder), "%s%s", *s->path == '/' ? "" : "./",
		 s->path);
	for (p = folder + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(folder, 0777) && errno != EEXIST)
			return fail_place(s, "cannot make its folder");
		*p = '/';
	}
	*strrchr(folder, '/') = '\0';
	if (faccessat(AT_FDCWD, *folder ? folder : "/", W_OK | X_OK, AT_EACCESS))
		return fail_place(s, "cannot make it");
	return STORE_OK;
}

/* Is there something to open, as far as the file system can say? */
static int check_path(struct store *s)
{
	struct stat st;

	if (stat(s->path, &st) == 0) {
		if (!S_ISREG(st.st_mode))
			return store_fail(s, STORE_FOREIGN,
					  "not a file; name a results file with --db");
		if (faccessat(AT_FDCWD, s->path, R_OK, AT_EACCESS))
			return fail_place(s, "cannot read it");
		return STORE_OK;
	}
	if (errno == ENOENT && s->mode == STORE_WRITE)
		return make_folder(s);
	if (errno == ENOENT)
		return store_fail(s, STORE_MISSING,
				  "no such file; a campaign makes one, or name another with --db");
	return store_fail(s, STORE_IO, "%s; " STORE_ELSEWHERE,
			  strerror(errno));
}

static unsigned int get_be32(const unsigned char *p)
{
	return (unsigned int)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static int fail_newer(struct store *s, int64_t version)
{
	return store_fail(s, STORE_NEWER,
			  "made by a newer kicksim (schema %lld, this one knows %d);"
			  " use that one, or another --db",
			  (long long)version, STORE_VERSION);
}

/*
 * Read the header by SQLite's own file, for a second one of ours would, when
 * closed, drop the locks that this process holds through other stores.
 * *@size is 0 for a file that is still to be filled.
 */
static int check_header(struct store *s, sqlite3_int64 *size)
{
	unsigned char head[HEADER_SIZE];
	sqlite3_file *file;
	unsigned int version;

	sqlite3_file_control(s->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	if (file->pMethods->xFileSize(file, size) != SQLITE_OK)
		return store_fail(s, STORE_IO, "cannot be read; " STORE_ELSEWHERE);
	if (*size == 0)
		return STORE_OK;
	if (*size < HEADER_SIZE ||
	    file->pMethods->xRead(file, head, HEADER_SIZE, 0) != SQLITE_OK ||
	    memcmp(head, HEADER_MAGIC, sizeof(HEADER_MAGIC)) ||
	    get_be32(head + HEADER_APPLICATION_ID) != STORE_APPLICATION_ID)
		return store_fail(s, STORE_FOREIGN,
				  "not a kicksim results file; name another with --db");
	version = get_be32(head + HEADER_USER_VERSION);
	if (version > STORE_VERSION)
		return fail_newer(s, version);
	return STORE_OK;
}

static int migrate_one(struct store *s, const char *step, int version)
{
	char pragmas[96];
	int64_t found;
	int code;

	code = store_begin(s);
	if (code != STORE_OK)
		return code;
	/* Another process may have done it while this one waited for the lock. */
	code = store_get_int(s, "PRAGMA user_version", &found);
	if (code == STORE_OK && found < version) {
		snprintf(pragmas, sizeof(pragmas),
			 "PRAGMA application_id = %d; PRAGMA user_version = %d",
			 STORE_APPLICATION_ID, version);
		code = store_exec(s, step);
		if (code == STORE_OK)
			code = store_exec(s, pragmas);
	}
	return store_end(s, code);
}

int store_migrate(struct store *s, const char *const *steps, int nr_steps)
{
	int64_t version;
	int code;

	code = store_get_int(s, "PRAGMA user_version", &version);
	for (; code == STORE_OK && version < nr_steps; version++)
		code = migrate_one(s, steps[version], version + 1);
	return code;
}

/*
 * A new file is made with a plain journal and only then turned to WAL, so the
 * header in the main file has carried our name from the first byte on.
 */
static int make_ready_to_write(struct store *s)
{
	int code, tries;

	if (sqlite3_db_readonly(s->db, "main"))
		return store_fail(s, STORE_READONLY,
				  "not writable; change its permissions, or "
				  STORE_ELSEWHERE);
	code = store_migrate(s, schema_steps, STORE_VERSION);
	if (code != STORE_OK)
		return code;
	/*
	 * Of two that turn a file to WAL at once, one is told at once that it is
	 * busy, without the wait that other statements get: both hold the file to
	 * read it, and neither could ever go on.
	 */
	for (tries = 0; tries < STORE_BUSY_MS / 10; tries++) {
		code = store_exec(s, "PRAGMA journal_mode = WAL");
		if (code != STORE_BUSY)
			break;
		usleep(10 * 1000);
	}
	if (code != STORE_OK)
		return code;
	return store_exec(s, "PRAGMA synchronous = NORMAL;"
			     "PRAGMA foreign_keys = ON");
}

static int check_version(struct store *s)
{
	int64_t version;
	int code;

	code = store_get_int(s, "PRAGMA user_version", &version);
	if (code != STORE_OK)
		return code;
	/* The header can lag behind the log, so this may be the first to know. */
	if (version > STORE_VERSION)
		return fail_newer(s, version);
	if (s->mode == STORE_READ && version < STORE_VERSION)
		return store_fail(s, STORE_OLDER,
				  "made by an older kicksim (schema %d, this one reads %d);"
				  " first run: kicksim db migrate FILE",
				  (int)version, STORE_VERSION);
	/* Reads the whole schema, and so meets damage there. */
	return store_exec(s, "SELECT count(*) FROM sqlite_schema");
}

static int open_file(struct store *s)
{
	const int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
		(s->mode == STORE_READ ? SQLITE_OPEN_READONLY :
		 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	char uri[STORE_URI_SIZE];
	int rc;

	store_uri(uri, s->path, s->mode == STORE_READ ? "ro" : "rwc",
		  s->immutable);
	rc = sqlite3_open_v2(uri, &s->db, flags, NULL);
	if (rc != SQLITE_OK && !s->db)
		return store_fail(s, STORE_IO, "%s", sqlite3_errstr(rc));
	if (rc != SQLITE_OK)
		return store_fail_sql(s);
	sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return STORE_OK;
}

static int open_and_check(struct store *s)
{
	sqlite3_int64 size;
	int code;

	code = open_file(s);
	if (code != STORE_OK)
		return code;
	/* Closing must not tidy up a file that turns out not to be ours. */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	code = check_header(s, &size);
	if (code != STORE_OK)
		return code;
	if (size == 0 && s->mode == STORE_READ)
		return store_fail(s, STORE_MISSING,
				  "empty, no campaign has written to it; name another with --db");
	if (size > 0)
		code = check_version(s);
	if (code == STORE_OK && s->mode == STORE_WRITE)
		code = make_ready_to_write(s);
	if (code == STORE_OK)
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	return code;
}

/*
 * To read a WAL file SQLite makes a file beside it.  Where it cannot, as on a
 * read-only medium, and no log is waiting, nobody is writing either.
 */
static bool may_be_immutable(const struct store *s, int code)
{
	char wal[PATH_MAX + 8];
	struct stat st;

	if (s->mode != STORE_READ || (code != STORE_READONLY && code != STORE_IO))
		return false;
	snprintf(wal, sizeof(wal), "%s-wal", s->path);
	return stat(wal, &st) != 0 || st.st_size == 0;
}

int store_open(struct store *s, const char *path, enum store_mode mode)
{
	int code;

	memset(s, 0, sizeof(*s));
	s->mode = mode;
	if (!*path || strlen(path) >= sizeof(s->path))
		return store_fail(s, STORE_INPUT,
				  "this cannot be the path of a results file");
	strcpy(s->path, path);
	code = check_path(s);
	if (code != STORE_OK)
		return code;
	code = open_and_check(s);
	if (may_be_immutable(s, code)) {
		store_close(s);
		s->immutable = true;
		code = open_and_check(s);
	}
	if (code != STORE_OK)
		store_close(s);
	return code;
}

void store_close(struct store *s)
{
	int i;

	for (i = 0; i < s->nr_cached; i++)
		sqlite3_finalize(s->cache[i].stmt);
	s->nr_cached = 0;
	sqlite3_close(s->db);
	s->db = NULL;
}
