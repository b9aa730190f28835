// SPDX-License-Identifier: GPL-2.0-only
/*
 * What guided engines stand on: any bytes are a run that an ordinary schedule
 * gives again, features depend on the run alone, and the mutator makes nothing
 * but what reads back as it was written.
 */
#include "tests/sim_common.h"
#include "fuzz/bytes.h"
#include "fuzz/feature.h"
#include "fuzz/mutate.h"

static const char *const targets[] = {
	"v5.15 kick-vs-migrate", "v5.15 two-senders", "v5.16 lockless-walk",
	"v5.16 request-and-kick model=weak", "v5.16 mixed",
};

enum { NR_TARGETS = sizeof(targets) / sizeof(targets[0]), INPUTS = 300 / SLOW };

static size_t draw_bytes(struct random *r, uint8_t *data)
{
	size_t n = random_below(r, 1 + (1u << random_below(r, 9)));

	for (size_t i = 0; i < n; i++)
		data[i] = (uint8_t)random_below(r, 256);
	/* Few of what has numbers: most of them are large configurations. */
	if (n > 4 && random_below(r, 4))
		data[4] &= 0xf0;
	return n;
}

static void run_bytes(const struct bytes *b, struct run_result *result)
{
	struct bytes_chooser chooser;

	bytes_chooser_init(&chooser, b);
	run_once(&chooser.chooser, NULL, result);
}

static void one_input(const char *target, struct random *r)
{
	static char text[SCHEDULE_TEXT];
	static struct schedule schedule;
	const char *error, *expected;
	struct run_result first, again;
	uint8_t data[BYTES_MAX];
	struct config c;
	struct bytes b;
	char why[128];

	bytes_parse(&b, data, draw_bytes(r, data));
	sim_prepare(&c, target);
	bytes_configure(&b, &c);
	run_prepare(&c);
	run_bytes(&b, &first);
	assert_int_not_equal(first.end, RUN_REFUSED);
	if (!schedule_of_run(&schedule))
		return;
	run_bytes(&b, &again);
	assert_true(first.hash == again.hash);
	schedule_print(&schedule, text, sizeof(text));
	assert_int_equal(schedule_parse(&schedule, text, &error, &expected), 0);
	assert_true(run_schedule(&schedule, NULL, &again, why, sizeof(why)));
	assert_true(first.hash == again.hash);
	assert_int_equal(first.steps, again.steps);
}

static void test_any_bytes(void **state)
{
	struct random r;

	(void)state;
	random_seed(&r, 1);
	for (unsigned int t = 0; t < NR_TARGETS; t++)
		for (unsigned int i = 0; i < INPUTS; i++)
			one_input(targets[t], &r);
}

static void test_empty_is_dull(void **state)
{
	static struct schedule schedule;
	static const uint8_t zeros[40];
	struct run_result result;
	unsigned int switches = 0;
	struct config c;
	struct bytes b;

	(void)state;
	sim_prepare(&c, targets[0]);
	bytes_parse(&b, zeros, sizeof(zeros) / 8);
	run_bytes(&b, &result);
	assert_true(schedule_of_run(&schedule));
	assert_int_equal(schedule.nr, 0);
	/* A switch is one answer that is not dull, and zeros behind it are none. */
	b.nr_segments = 1;
	b.segment[0] = (struct bytes_segment){ 3, 0, 0 };
	for (unsigned int pcpu = 0; pcpu < 3; pcpu++) {
		b.segment[0].next = (uint8_t)EVENT_ID(pcpu, EVENT_STEP);
		run_bytes(&b, &result);
		assert_true(schedule_of_run(&schedule));
		switches += schedule.nr;
		assert_true(schedule.nr <= 1);
	}
	assert_in_range(switches, 1, 2);
}

static bool is_same(const struct bytes *a, const struct bytes *b)
{
	return a->target == b->target && a->batch_shift == b->batch_shift &&
	       a->nr_numbers == b->nr_numbers && a->nr_segments == b->nr_segments &&
	       !memcmp(a->number, b->number, a->nr_numbers * sizeof(a->number[0])) &&
	       !memcmp(a->segment, b->segment, a->nr_segments * sizeof(a->segment[0]));
}

static void check_reads_back(const struct bytes *b)
{
	uint8_t data[BYTES_MAX];
	struct bytes again;

	bytes_parse(&again, data, bytes_print(b, data, sizeof(data)));
	assert_true(is_same(b, &again));
}

static void test_mutator(void **state)
{
	static struct bytes a, b, first, second;
	unsigned int longer = 0, shorter = 0, same = 0;
	struct random r, s;

	(void)state;
	random_seed(&r, 7);
	for (unsigned int i = 0; i < 20000; i++) {
		first = second = a;
		random_seed(&s, i);
		mutate_swarm(&first, &s);
		random_seed(&s, i);
		mutate_swarm(&second, &s);
		assert_true(is_same(&first, &second));
		check_reads_back(&first);
		mutate_cross(&second, &first, NULL, &b, NULL, &r);
		check_reads_back(&second);
		longer += first.nr_segments > a.nr_segments;
		shorter += first.nr_segments < a.nr_segments;
		same += is_same(&first, &a);
		b = a;
		a = i % 8 ? first : second;
	}
	/* It neither grows nor shrinks for ever, and seldom does nothing. */
	assert_true(longer > 1000 && shorter > 1000 && same < 2000);
}

/* Head and tail meet where both have the same state. */
static void test_cross_at_state(void **state)
{
	static struct mutate_states sa = { 4, { 1, 2, 3, 4 } }, sb = { 4, { 9, 3, 8, 9 } };
	static struct bytes a, b, out;
	struct random r;
	unsigned int met = 0;

	(void)state;
	a.nr_segments = b.nr_segments = 4;
	for (uint8_t i = 0; i < 4; i++) {
		a.segment[i] = (struct bytes_segment){ 1, i, 0 };
		b.segment[i] = (struct bytes_segment){ 1, 10 + i, 0 };
	}
	random_seed(&r, 3);
	for (unsigned int i = 0; i < 100; i++) {
		mutate_cross(&out, &a, &sa, &b, &sb, &r);
		/* Behind a's third segment, of state 3, comes what follows b's second. */
		if (out.nr_segments > 3 && out.segment[2].next == 2 && out.segment[3].next > 3) {
			met++;
			assert_int_equal(out.nr_segments, 5);
			assert_int_equal(out.segment[3].next, 12);
			assert_int_equal(out.segment[4].next, 13);
		}
	}
	assert_true(met > 0);
}

static void test_features(void **state)
{
	static volatile uint8_t map[FEATURE_MAP_SIZE], once[FEATURE_MAP_SIZE];
	unsigned int seen[NR_FEATURES] = { 0 };
	struct feature_chooser feature;
	struct run_result plain, watched;
	struct engine e;
	struct config c;

	(void)state;
	sim_prepare(&c, targets[0]);
	assert_true(engine_parse(&e, "pos"));
	feature_chooser_init(&feature, &e.chooser);
	for (unsigned int i = 0; i < 400; i++) {
		engine_seed(&e, i / 2);
		run_prepare(&c);
		run_once(&e.chooser, NULL, &plain);
		memset((void *)map, 0, sizeof(map));
		feature_watch(map, FEATURE_ALL, NULL);
		engine_seed(&e, i / 2);
		run_once(&feature.chooser, NULL, &watched);
		/* To be watched changes nothing, and one run has one map. */
		assert_true(plain.hash == watched.hash);
		if (i % 2)
			assert_memory_equal((void *)map, (void *)once, sizeof(map));
		memcpy((void *)once, (void *)map, sizeof(map));
		for (unsigned int j = 0; j < FEATURE_MAP_SIZE; j++)
			seen[j / FEATURE_KIND_SIZE] += map[j];
	}
	for (unsigned int k = 0; k < NR_FEATURES; k++)
		assert_true(seen[k] > 0);
	assert_int_equal(feature_parse("rf,state"), 1 << FEATURE_RF | 1 << FEATURE_STATE);
	assert_int_equal(feature_parse("rf,"), -1);
}

/* Batches: run 0 is the input, all others differ from it, and each time alike. */
static void test_batch(void **state)
{
	static struct bytes base, one, two;
	unsigned int differ = 0, salted = 0;

	(void)state;
	base.nr_segments = 3;
	base.batch_shift = 6;
	for (unsigned int i = 0; i < 64; i++) {
		mutate_batch(&one, &base, i);
		mutate_batch(&two, &base, i);
		assert_true(is_same(&one, &two));
		assert_int_equal(one.batch_shift, 0);
		differ += one.nr_segments != 3 || memcmp(one.segment, base.segment, 9);
		mutate_salt = 1 << 8;
		mutate_batch(&two, &base, i);
		mutate_salt = 0;
		salted += !is_same(&one, &two);
	}
	assert_true(differ > 50 && differ < 64);
	/* Another salt, another batch; its first run is the input itself. */
	assert_true(salted > 50 && salted < 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_empty_is_dull),
		cmocka_unit_test(test_mutator),
		cmocka_unit_test(test_cross_at_state),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_batch),
	};

	return cmocka_run_group_tests(tests, sim_begin, NULL);
}
