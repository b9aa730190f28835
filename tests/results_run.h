/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands on results files as a user sees them: exit code, stdout and stderr.
 * Each runs in a child, for a usage error ends the process.
 */
#ifndef TESTS_RESULTS_RUN_H
#define TESTS_RESULTS_RUN_H

#include <fcntl.h>
#include <sys/wait.h>

#include "results/cmd.h"
#include "tests/results_common.h"

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
static UNUSED int run(int (*command)(int argc, char **argv), ...)
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

static UNUSED int nr_lines(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += *s == '\n';
	return n;
}

/* Exactly one line of error with @words in it, and nothing on stdout. */
static UNUSED void assert_one_line(const char *words)
{
	assert_int_equal(nr_lines(err), 1);
	if (!strstr(err, words))
		fail_msg("no \"%s\" in: %s", words, err);
	assert_string_equal(out, "");
}

static UNUSED int make_db(void **state)
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
	const struct store_target target = { "v5.15", "x86", "sc", "", "pair" };
	const struct store_cover cover[] = {
		{ .is_state = true, .state = 4, .text = "outside", .hits = 9 },
		{ .text = "kick:0:read4", .mode = "outside", .hits = 3 },
		{ .text = "kick:0:read4", .mode = "reading", .hits = 0 },
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
			t.f.hits = 2;
			t.f.first_runs = 100 * (i + 1) + c;
			assert_ok(&s, store_finding(&s, &t.f, NULL));
			usleep(2);
		}
		assert_ok(&s, store_campaign_sample(&s, campaign, &sample));
		sample.t_ms = 2000;
		assert_ok(&s, store_campaign_end(&s, campaign, true, &sample));
		assert_ok(&s, store_proof(&s, &proof, key));
		assert_ok(&s, store_effort(&s, campaign, &target, 1000, 16000, cover, 3));
		store_close(&s);
	}
	return 0;
}

#endif
