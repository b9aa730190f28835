// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each planted bug is found: positive controls of the oracles.
 *
 * A patch under kvmcore/variants says in its header which oracle, scenario and
 * memory model show it.  Three engines take turns, one run each, with the same
 * seeds on every machine: the oracle has to speak within MAX_RUNS runs, and of
 * something that the form without the patch does not do in as many.  What sampling
 * is too unlikely to meet has a witness in the corpus, whose test replays it.
 */
#include <dirent.h>
#include <unistd.h>
#include "fuzz/variant.h"
#include "tests/sim_common.h"

enum { MAX_RUNS = 60000, MAX_VARIANTS = 128, MAX_KNOWN = 64 };

static struct variant variants[MAX_VARIANTS];
static struct CMUnitTest tests[MAX_VARIANTS];

static void prepare(struct config *c, const struct variant *v, bool patched)
{
	assert_int_equal(variant_config(v, patched, c), 0);
	sim_catch();
	run_prepare(c);
}

/* What the correct form is known to do: "data-race in A / B" and the like. */
static char known[MAX_KNOWN][160];
static unsigned int nr_known;

static bool is_known(const char *title)
{
	for (unsigned int i = 0; i < nr_known; i++)
		if (!strcmp(known[i], title))
			return true;
	return false;
}

/* Whether the run broke @oracle's rule, or with -1 any serious one, in a new way. */
static bool is_new(const struct config *c, const struct run_result *r, int oracle, bool learn)
{
	char title[160];

	for (unsigned int i = 0; i < r->nr_reports; i++) {
		int which = r->report[i].oracle;

		if (oracle < 0 ? oracle_info[which].severity < SEVERITY_DEGRADED : which != oracle)
			continue;
		report_title(c, &r->report[i], title, sizeof(title));
		if (is_known(title))
			continue;
		if (!learn)
			return true;
		assert_true(nr_known < MAX_KNOWN);
		strcpy(known[nr_known++], title);
	}
	return false;
}

/* The number of runs until there is something new, or 0 if there never is. */
static unsigned int search(const struct config *c, int oracle, bool learn)
{
	static const char *const names[] = { "random", "pct:3", "pos" };
	struct engine engines[3];
	struct run_result result;

	for (int i = 0; i < 3; i++)
		assert_true(engine_parse(&engines[i], names[i]));
	for (unsigned int i = 0; i < MAX_RUNS; i++) {
		struct engine *e = &engines[i % 3];

		engine_seed(e, i);
		run_once(&e->chooser, NULL, &result);
		engine_done(e);
		if (is_new(c, &result, oracle, learn))
			return i + 1;
	}
	return 0;
}

static void test_variant(void **state)
{
	const struct variant *v = *state;
	bool harmless = !strcmp(v->oracle, "none");
	int oracle = oracle_find(v->oracle);
	struct config c;
	unsigned int runs;

	if (oracle < 0 && !harmless)
		fail_msg("no oracle '%s'", v->oracle);
	if (*v->witness) {
		assert_int_equal(access(v->witness, R_OK), 0);
		return;
	}
	nr_known = 0;
	prepare(&c, v, false);
	search(&c, oracle, true);
	/* Only what is less than degraded may happen in a correct form. */
	if (nr_known && (oracle < 0 || oracle_info[oracle].severity >= SEVERITY_DEGRADED))
		fail_msg("without the bug: %s", known[0]);
	/* Of IPIs in vain a buggy form has more, not others. */
	if (oracle >= 0 && oracle_info[oracle].severity == SEVERITY_BENIGN)
		nr_known = 0;
	prepare(&c, v, true);
	runs = search(&c, oracle, false);
	if (harmless && runs)
		fail_msg("run %u of %s is not harmless", runs, v->scenario);
	if (!harmless && !runs)
		fail_msg("%s is silent in %d runs of %s", v->oracle, MAX_RUNS, v->scenario);
}

static int is_patch(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 6 && !strcmp(d->d_name + n - 6, ".patch");
}

int main(void)
{
	struct dirent **names;
	int n = scandir("kvmcore/variants", &names, is_patch, alphasort);

	if (n <= 0 || n > MAX_VARIANTS) {
		printf("not ok - variants # %d patches in kvmcore/variants\n", n);
		return 1;
	}
	for (int i = 0; i < n; i++) {
		char path[300];

		snprintf(path, sizeof(path), "kvmcore/variants/%s", names[i]->d_name);
		if (!variant_read(&variants[i], path)) {
			printf("not ok - %s # cannot be read\n", path);
			return 1;
		}
		tests[i] = (struct CMUnitTest){
			variants[i].name, test_variant, NULL, NULL, &variants[i]
		};
	}
	return _cmocka_run_group_tests("variants", tests, (size_t)n, sim_begin, NULL);
}
