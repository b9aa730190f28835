// SPDX-License-Identifier: GPL-2.0-only
/*
 * Batches and leads: an engine is told of a batch's first run alone, and what the
 * others find that is new comes out of the mutator, each as an input that shows it.
 */
#include <unistd.h>
#include "tests/sim_common.h"
#include "fuzz/harness.h"

static volatile uint8_t map[FEATURE_MAP_SIZE];

/* The map of one execution, as the engines' mains have it. */
static void execute(const struct bytes *b)
{
	uint8_t data[BYTES_MAX];

	memset((void *)map, 0, sizeof(map));
	harness_run(data, bytes_print(b, data, sizeof(data)), map);
}

static unsigned int add_map(uint8_t *to)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < FEATURE_MAP_SIZE; i++) {
		nr += map[i] && !to[i];
		to[i] |= map[i];
	}
	return nr;
}

static void begin_harness(void)
{
	char *argv[] = {
		(char *)"lead", (char *)"--kernel=v5.15", (char *)"--scenario=two-senders",
		(char *)"--min-severity=tool-error", NULL
	};
	int argc = 4;

	assert_int_equal(harness_init(&argc, argv, 6), 0);
	assert_int_equal(argc, 1);
}

static void test_leads_are_new(void **state)
{
	static uint8_t seen[FEATURE_MAP_SIZE];
	static struct bytes base, lead;
	uint8_t alone[FEATURE_MAP_SIZE];
	unsigned int nr = 0;

	(void)state;
	begin_harness();
	assert_false(harness_lead(&lead));
	base.target = harness.tag[0];
	base.nr_segments = 2;
	base.segment[1].length = 9;
	execute(&base);
	memcpy(alone, (void *)map, sizeof(alone));
	base.batch_shift = 6;
	execute(&base);
	assert_memory_equal(alone, (void *)map, sizeof(alone));
	add_map(seen);
	while (harness_lead(&lead)) {
		assert_int_equal(lead.batch_shift, 0);
		execute(&lead);
		assert_true(add_map(seen) > 0);
		nr++;
	}
	assert_in_range(nr, 3, 63);
	/* The same batch once more: all of it has been seen. */
	execute(&base);
	assert_false(harness_lead(&lead));
}

/* What the mutator makes next is the lead, for the runs that are usual. */
static void test_leads_come_first(void **state)
{
	static struct bytes base, lead, made;
	uint8_t data[BYTES_MAX];
	size_t n;

	(void)state;
	begin_harness();
	base.target = harness.tag[0];
	base.nr_segments = 20;
	base.batch_shift = 6;
	for (unsigned int i = 0; i < 20; i++)
		base.segment[i] = (struct bytes_segment){ 3, (uint8_t)(8 * i), (uint8_t)i };
	execute(&base);
	assert_true(harness_lead(&lead));
	lead_leave(leads_open(&(bool){ false }), &lead);
	for (unsigned int i = 0; i < LEADS; i++) {
		n = harness_mutate(data, sizeof(data), NULL, 0, NULL, 0, i);
		bytes_parse(&made, data, n);
		assert_int_equal(made.batch_shift, 6);
		if (made.nr_segments == lead.nr_segments &&
		    !memcmp(made.segment, lead.segment, made.nr_segments * sizeof(made.segment[0])))
			return;
	}
	fail_msg("%s", "a lead got lost");
}

static void test_ring(void **state)
{
	static struct bytes b;
	struct leads *mine = leads_share(), *other;
	bool shared;

	(void)state;
	assert_non_null(mine);
	other = leads_open(&shared);
	assert_true(shared && other != mine);
	for (unsigned int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < LEADS + 5 + round; i++) {
			b.nr_segments = (uint16_t)i;
			lead_leave(other, &b);
		}
		for (unsigned int i = 0; i < LEADS; i++) {
			assert_true(lead_take(mine, &b));
			assert_int_equal(b.nr_segments, i);
		}
		assert_false(lead_take(other, &b));
	}
	/* A descriptor that is something else's is left alone. */
	setenv("KICKSIM_LEADS", "0", 1);
	assert_non_null(leads_open(&shared));
	assert_false(shared);
	unsetenv("KICKSIM_LEADS");
}

/* Batches double when nothing has been new for long, and are small again when it is. */
static void test_growth(void **state)
{
	static struct leads l;
	static struct bytes b;
	uint8_t seen[FEATURE_MAP_SIZE] = { 1 };

	(void)state;
	leads_see(&l, seen);
	for (unsigned int i = 1; i <= 1u << LEADS_QUIETER; i++) {
		assert_int_equal(leads_batch(&l, 3), i > 1u << LEADS_QUIET ? 4 : 3);
		leads_see(&l, seen);
	}
	assert_int_equal(leads_batch(&l, 3), 5);
	assert_int_equal(leads_batch(&l, BYTES_BATCH_SHIFT - 1), BYTES_BATCH_SHIFT);
	seen[FEATURE_MAP_SIZE - 1] = 1;
	leads_see(&l, seen);
	assert_int_equal(leads_batch(&l, 3), 3);
	l.quiet = 1u << LEADS_QUIETER;
	lead_leave(&l, &b);
	assert_int_equal(leads_batch(&l, 3), 3);
}

static void test_memo(void **state)
{
	static struct mutate_states states = { 3, { 5, 6, 7 } };
	static struct bytes a, b;

	(void)state;
	a.nr_segments = b.nr_segments = 2;
	a.batch_shift = 6;
	assert_true(memo_key(&a) == memo_key(&b));
	b.segment[1].with = 1;
	assert_true(memo_key(&a) != memo_key(&b));
	assert_null(memo_find(memo_key(&a)));
	memo_keep(memo_key(&a), &states);
	assert_null(memo_find(memo_key(&b)));
	assert_int_equal(memo_find(memo_key(&a))->nr, 3);
	assert_int_equal(memo_find(memo_key(&a))->state[2], 7);
}

/* From the memo or from a run: the states of an input are the same. */
static void test_states(void **state)
{
	static struct mutate_states first;
	static struct bytes b;

	(void)state;
	begin_harness();
	b.target = harness.tag[0];
	b.nr_segments = 6;
	for (unsigned int i = 0; i < 6; i++)
		b.segment[i] = (struct bytes_segment){ 4, (uint8_t)(8 * i), 0 };
	execute(&b);
	first = *harness_states(&b);
	assert_in_range(first.nr, 2, 6);
	assert_memory_equal(&first, harness_states(&b), 4 * (1 + first.nr));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leads_are_new),
		cmocka_unit_test(test_leads_come_first),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_memo),
		cmocka_unit_test(test_states),
	};

	return cmocka_run_group_tests(tests, sim_begin, NULL);
}
