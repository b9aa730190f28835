// SPDX-License-Identifier: GPL-2.0-only
/*
 * Branches: a run that goes on from another's mark is what it would be from its
 * beginning: trace, reports, schedule, and, with the root's, its features.  One that is
 * said to repeat the root's does.
 */
#include "tests/sim_common.h"
#include "fuzz/branch.h"

enum { ROOTS = 40, BRANCHES = 40, GROWTH = 12 };

static volatile uint8_t of_root[FEATURE_MAP_SIZE], of_branch[FEATURE_MAP_SIZE],
	of_run[FEATURE_MAP_SIZE];

static void forget(volatile uint8_t *map)
{
	memset((void *)map, 0, FEATURE_MAP_SIZE);
}

/* From the beginning, by the chooser that everybody else has. */
static void run_plain(const struct bytes *b, struct run_result *r)
{
	static struct bytes_chooser chooser;
	static struct feature_chooser feature;

	bytes_chooser_init(&chooser, b);
	feature_chooser_init(&feature, &chooser.chooser);
	forget(of_run);
	feature_into(of_run);
	run_once(&feature.chooser, NULL, r);
}

static void assert_same(const struct run_result *a, const struct run_result *b)
{
	assert_int_equal(a->end, b->end);
	assert_true(a->hash == b->hash);
	assert_int_equal(a->now, b->now);
	assert_int_equal(a->steps, b->steps);
	assert_int_equal(a->nr_choices, b->nr_choices);
	assert_int_equal(a->fired, b->fired);
	assert_int_equal(a->nr_reports, b->nr_reports);
	for (unsigned int i = 0; i < a->nr_reports; i++)
		assert_memory_equal(&a->report[i], &b->report[i], sizeof(a->report[i]));
}

/* What the root has, too, is no news; all else is the same. */
static void assert_same_features(void)
{
	for (unsigned int i = 0; i < FEATURE_MAP_SIZE; i++)
		assert_int_equal(of_root[i] | of_branch[i], of_root[i] | of_run[i]);
}

struct counts {
	unsigned int repeats, shared, fired;
};

static void check_branch(const struct bytes *b, const struct run_result *root, struct counts *n)
{
	static struct schedule made, wanted;
	struct run_result branch, plain;
	uint32_t skipped;
	bool ran;

	forget(of_branch);
	feature_into(of_branch);
	ran = branch_run(b, &branch, &skipped);
	schedule_of_run(&made);
	run_plain(b, &plain);
	if (!ran) {
		assert_same(root, &plain);
		n->repeats++;
		return;
	}
	schedule_of_run(&wanted);
	assert_same(&branch, &plain);
	assert_int_equal(made.nr, wanted.nr);
	assert_memory_equal(made.entry, wanted.entry, wanted.nr * sizeof(wanted.entry[0]));
	assert_same_features();
	assert_true(skipped < branch.steps || !skipped);
	n->shared += skipped > 0;
	n->fired += branch.fired != 0;
}

/* Roots that grow: with no segments, with few, with more than have a mark. */
static void check_target(const struct config *c, uint64_t seed, struct counts *n)
{
	static struct bytes root, b;
	struct run_result r, plain;
	struct random random;

	run_prepare(c);
	feature_watch(of_run, FEATURE_ALL, NULL);
	random_seed(&random, seed);
	for (unsigned int i = 0; i < ROOTS; i++) {
		root.nr_segments = 0;
		for (unsigned int grown = 0; grown < i * GROWTH / ROOTS; grown++)
			mutate(&root, &random);
		forget(of_root);
		feature_into(of_root);
		branch_root(&root, NULL, true, true, &r);
		assert_true(r.end != RUN_GOES_ON);
		for (unsigned int j = 1; j < BRANCHES; j++) {
			mutate_batch(&b, &root, j);
			check_branch(&b, &r, n);
		}
		run_plain(&root, &plain);
		assert_same(&r, &plain);
	}
}

static void check(const char *words, unsigned int shared, unsigned int repeats)
{
	struct counts n = { 0 };
	struct config c;

	sim_prepare(&c, words);
	check_target(&c, shared + repeats, &n);
	assert_in_range(n.shared, shared, ROOTS * BRANCHES);
	assert_in_range(n.repeats, repeats, ROOTS * BRANCHES);
}

static void test_sc(void **state)
{
	(void)state;
	check("v5.16 kick-vs-migrate", 150, 100);
	check("v5.15 two-senders", 150, 100);
	check("v6.12 mixed", 150, 100);
	check("v6.1 posted-interrupts", 150, 100);
}

/* Buffered stores and stale loads come along. */
static void test_weaker(void **state)
{
	(void)state;
	check("v5.15 request-mask model=tso", 150, 100);
	check("v5.16 two-senders arch=arm64 model=weak", 150, 50);
	check("v6.1 halt-guest arch=arm64 model=weak", 150, 50);
}

/* Runs that are cut, and code under test that faults on the way. */
static void test_ends(void **state)
{
	(void)state;
	sim_catch();
	check("v5.15 two-senders steps=30", 100, 100);
	check("v5.16 kick-vs-migrate variant=kick-trusts-running-vcpu", 150, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sc),
		cmocka_unit_test(test_weaker),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests(tests, sim_begin, NULL);
}
