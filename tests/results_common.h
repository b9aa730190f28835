/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of results/ share: a folder of their own that goes away at the
 * end, and findings to store.  Everything is static, for each test is a program
 * of one file.
 */
#ifndef TESTS_RESULTS_COMMON_H
#define TESTS_RESULTS_COMMON_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <ftw.h>

#include "results/store_priv.h"

#define UNUSED __attribute__((unused))

static char folder[] = "/tmp/kicksim-test-XXXXXX";

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static UNUSED int folder_make(void **state)
{
	(void)state;
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
	return mkdtemp(folder) ? 0 : -1;
}

static UNUSED int folder_remove(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The path of @name in the folder; good until the eighth call after. */
static UNUSED char *file_in(const char *name)
{
	static char paths[8][256];
	static int next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

/* Fail with the store's own words. */
#define assert_ok(s, call)						\
	do {								\
		int code_ = (call);					\
									\
		if (code_ != STORE_OK)					\
			fail_msg("%s: code %d: %s", #call, code_, (s)->err); \
	} while (0)

/* The integer that @sql gives. */
static UNUSED int64_t count(struct store *s, const char *sql)
{
	int64_t n = -1;

	assert_ok(s, store_get_int(s, sql, &n));
	return n;
}

static const struct store_core test_core = {
	.hash = "c0ffee", .tool = "0.1-test", .detail = "cc -O2",
};

/* Open @path to write and begin a campaign of @engine in it. */
static UNUSED void begin(struct store *s, const char *path, const char *engine,
			 char campaign[STORE_KEY_SIZE])
{
	struct store_campaign c = {
		.engine = engine, .core = "c0ffee", .jobs = 2,
		.config = "{\"kernel\":\"v5.15\",\"seed\":\"1\"}",
	};

	assert_ok(s, store_open(s, path, STORE_WRITE));
	assert_ok(s, store_core(s, &test_core));
	assert_ok(s, store_campaign_begin(s, &c, campaign));
}

/* A finding of signature number @n; texts live in @texts. */
struct test_finding {
	struct store_finding f;
	char places[64];
	char line[64];
	char trace[17];
	unsigned char choices[8];
};

static UNUSED void make_finding(struct test_finding *t, const char *campaign,
				unsigned int n, int nonzero, int steps)
{
	memset(t, 0, sizeof(*t));
	snprintf(t->places, sizeof(t->places), "kick:%u:read load:1:write", n);
	snprintf(t->line, sizeof(t->line), "%d:1 %d:2", nonzero, steps);
	snprintf(t->trace, sizeof(t->trace), "%08x%08x", n, steps * 100 + nonzero);
	t->choices[0] = nonzero;
	t->choices[1] = steps;
	memcpy(t->choices + 4, &n, 4);
	t->f = (struct store_finding) {
		.oracle = "lost-kick", .kernel = "v5.15", .arch = "x86",
		.model = "sc", .variant = "", .places = t->places,
		.severity = "degraded", .title = "a kick is lost",
		.campaign = campaign, .engine = "random", .scenario = "pair",
		.hits = 1, .first_runs = 100, .first_cpu_ns = 1000, .seed = 7,
		.schedule = {
			.config = "{\"kernel\":\"v5.15\"}", .line = t->line,
			.choices = t->choices, .nr_bytes = sizeof(t->choices),
			.named = "[]", .trace_hash = t->trace, .core = "c0ffee",
			.steps = steps, .nonzero = nonzero,
		},
	};
}

/* A whole file with that many findings. */
static UNUSED void make_store(const char *path, int nr_findings)
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

static UNUSED int see_nothing(const struct store_entry *e, void *arg)
{
	(void)e;
	(void)arg;
	return 0;
}

/* All the ways to ask; no answer is fine, a crash is not. */
static UNUSED int ask_everything(struct store *s)
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

#endif
