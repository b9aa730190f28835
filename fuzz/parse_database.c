// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: results databases; reading one never writes it.
 *
 * Bytes that begin like a database are one.  Others are changes to a good one, for
 * no fuzzer makes up a file with pages, a schema and rows: 3 bytes of place, 1 of
 * length, then what is written there, again and again.
 */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sanitizer/asan_interface.h>
#include <sqlite3.h>
#include "../results/store.h"

enum {
	TEMPLATE_MAX = 1 << 20, PLACE = 3, MAX_LENGTH = 32,
	VERSIONS = 18, ROLLBACK = 1,	/* of the format: says that there is no log beside it */
};

static char path[64];
static int fd;				/* of the file, which holds the template between runs */
static char template[TEMPLATE_MAX];
static ssize_t template_size;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * SQLite allocates a thousand times for each file that it opens, and where it does so
 * says nothing about our code: it gets memory in a row, which begins anew when all is
 * free.  What is free there nobody may touch, nor what is between two pieces.
 */
enum { ARENA_SIZE = 64 << 20, ARENA_ALIGN = 16 };

static struct {
	_Alignas(ARENA_ALIGN) unsigned char data[ARENA_SIZE];
	size_t used, nr;		/* bytes; pieces that are not free */
} arena;

/* Stands before the piece; nobody else looks there. */
#define PRIVATE __attribute__((no_sanitize("address")))

PRIVATE static size_t get_size(const unsigned char *p)
{
	return *(const size_t *)(const void *)(p - ARENA_ALIGN);
}

PRIVATE static void set_size(unsigned char *p, size_t size)
{
	*(size_t *)(void *)(p - ARENA_ALIGN) = size;
}

static int arena_roundup(int n)
{
	return (n + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
}

static void *arena_malloc(int n)
{
	size_t size = (size_t)arena_roundup(n);
	unsigned char *p = arena.data + arena.used + ARENA_ALIGN;

	if (arena.used + ARENA_ALIGN + size > sizeof(arena.data))
		return NULL;
	arena.used += ARENA_ALIGN + size;
	arena.nr++;
	set_size(p, size);
	ASAN_POISON_MEMORY_REGION(p - ARENA_ALIGN, ARENA_ALIGN);
	ASAN_UNPOISON_MEMORY_REGION(p, size);
	return p;
}

static void arena_free(void *p)
{
	if (!p)
		return;
	ASAN_POISON_MEMORY_REGION(p, get_size(p));
	if (!--arena.nr)
		arena.used = 0;
}

static void *arena_realloc(void *old, int n)
{
	void *p;

	if (get_size(old) >= (size_t)n)
		return old;
	p = arena_malloc(n);
	if (!p)
		return NULL;
	memcpy(p, old, get_size(old));
	arena_free(old);
	return p;
}

static int arena_size_of(void *p)
{
	return p ? (int)get_size(p) : 0;
}

static int arena_init(void *arg)
{
	(void)arg;
	return SQLITE_OK;
}

static void arena_shutdown(void *arg)
{
	(void)arg;
}

static void give_sqlite_memory(void)
{
	static const struct sqlite3_mem_methods methods = {
		arena_malloc, arena_free, arena_realloc, arena_size_of, arena_roundup,
		arena_init, arena_shutdown, NULL
	};

	if (sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) ||
	    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) ||
	    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods))
		abort();
}

static void beside(const char *what)
{
	char other[80];

	snprintf(other, sizeof(other), "%s%s", path, what);
	unlink(other);
}

static void leave(void)
{
	beside("");
}

/* With a row in most tables. */
static void fill(struct store *s)
{
	struct store_core core = { "c0de", "kicksim", "" };
	struct store_campaign campaign = { "random", "{\"seed\":1}", "c0de", 1 };
	struct store_sample sample = { 5, 100, 4000, 20, 1, 1000000 };
	struct store_finding f = {
		.oracle = "lost-kick", .kernel = "v5.15", .arch = "x86", .model = "sc",
		.variant = "", .places = "a:1:b", .severity = "degraded", .title = "lost",
		.engine = "random", .scenario = "kick-vs-migrate", .hits = 1,
		.first_runs = 1, .first_cpu_ns = 1, .seed = 1,
		.schedule = { "{\"kernel\":\"v5.15\"}", "1:1/4e", "\1", 1,
			      "[]", "0123456789abcdef", "c0de", 40, 1 },
	};
	char id[STORE_KEY_SIZE];

	if (store_core(s, &core) || store_campaign_begin(s, &campaign, id))
		goto out;
	f.campaign = id;
	if (!store_campaign_sample(s, id, &sample) && !store_finding(s, &f, NULL) &&
	    !store_campaign_end(s, id, true, &sample))
		return;
out:
	fprintf(stderr, "%s: %s\n", path, s->err);
	exit(4);
}

static void put(const void *data, size_t size, off_t at)
{
	if (pwrite(fd, data, size, at) != (ssize_t)size)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static struct store s;

	(void)argc;
	(void)argv;
	give_sqlite_memory();
	snprintf(path, sizeof(path), "/dev/shm/kicksim-parse-%d.db", getpid());
	leave();
	if (store_open(&s, path, STORE_WRITE)) {
		fprintf(stderr, "%s: %s\n", path, s.err);
		exit(4);
	}
	atexit(leave);
	fill(&s);
	store_close(&s);
	fd = open(path, O_RDWR);
	template_size = read(fd, template, sizeof(template));
	assert(template_size > 0 && template_size < TEMPLATE_MAX);
	/* To make a log for each run takes longer than all else; changes may ask for it. */
	template[VERSIONS] = template[VERSIONS + 1] = ROLLBACK;
	put(template, (size_t)template_size, 0);
	return 0;
}

/* The changes, or, if @undo, what was there before. */
static void change(const uint8_t *data, size_t size, bool undo)
{
	while (size > PLACE + 1) {
		off_t at = (data[0] | data[1] << 8 | data[2] << 16) % (template_size - MAX_LENGTH);
		size_t n = data[PLACE] % MAX_LENGTH + 1;

		data += PLACE + 1;
		size -= PLACE + 1;
		n = n < size ? n : size;
		put(undo ? (const uint8_t *)template + at : data, n, at);
		data += n;
		size -= n;
	}
}

static void put_file(const void *data, size_t size)
{
	if (ftruncate(fd, 0))
		abort();
	put(data, size, 0);
}

static int touch(const struct store_entry *e, void *arg)
{
	size_t *n = arg;

	for (const char *p = e->f.title; *p; p++)
		++*n;
	return *n > 1 << 16;
}

static void read_all(void)
{
	static struct store s;
	char key[STORE_KEY_SIZE];
	struct store_entry e;
	struct stat before, after;
	size_t n = 0;

	if (fstat(fd, &before))
		abort();
	if (!store_open(&s, path, STORE_READ)) {
		store_check(&s);
		store_each(&s, NULL, touch, &n);
		if (!store_find(&s, "@last", key) && !store_load(&s, key, &e))
			store_entry_free(&e);
		store_close(&s);
	}
	assert(!fstat(fd, &after));
	assert(before.st_size == after.st_size &&
	       !memcmp(&before.st_mtim, &after.st_mtim, sizeof(after.st_mtim)));
	/* A log that SQLite left there would be read with the next file. */
	beside("-wal");
	beside("-shm");
	beside("-journal");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char magic[] = "SQLite";
	bool whole = size >= strlen(magic) && !memcmp(data, magic, strlen(magic));

	if (whole)
		put_file(data, size);
	else
		change(data, size, false);
	read_all();
	if (whole)
		put_file(template, (size_t)template_size);
	else
		change(data, size, true);
	return 0;
}
