// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each engine promises, on a toy: threads that take a few steps each, of
 * which any that is left may take the next one.  How many orders it has is known
 * by counting, and so is the chance of the one that is the toy's bug.
 */
#include "tests/sim_common.h"

enum { MAX_THREADS = 4, MAX_ORDERS = 4096 };

struct toy {
	unsigned int nr_threads, nr_steps;	/* steps of each thread */
	unsigned int left[MAX_THREADS];
};

/* The order of a run: the thread of each step, two bits each. */
static uint64_t orders[MAX_ORDERS];
static unsigned int nr_orders, times[MAX_ORDERS];

/* Asks as choice_take() does: who could go, and the lowest number is first. */
static unsigned int next_thread(struct toy *t, struct engine *e)
{
	struct world *w = WORLD;
	struct choice_point point = { .kind = CHOICE_EVENT, .first = 64 };
	uint32_t answer;

	for (unsigned int i = t->nr_threads; i--;) {
		if (!t->left[i])
			continue;
		if (point.first < 64)
			point.others |= 1ull << point.first;
		point.first = EVENT_ID(i, EVENT_STEP);
		point.bound++;
	}
	if (point.bound < 2)
		return point.first / NR_EVENT_KINDS;
	answer = e->chooser.take(&e->chooser, &point);
	assert_true(answer < point.bound);
	w->fix.taken[w->live.nr_choices++] = (struct taken){
		.kind = CHOICE_EVENT, .bound = (uint8_t)point.bound, .answer = (uint8_t)answer,
	};
	return choice_event(&point, answer) / NR_EVENT_KINDS;
}

/* All threads store to one word, so that no two steps commute. */
static uint64_t toy_run(struct toy *t, struct engine *e)
{
	uint64_t order = 0;

	WORLD->live.nr_choices = 0;
	WORLD->fix.config.nr_pcpus = (int)t->nr_threads;
	for (unsigned int i = 0; i < t->nr_threads; i++) {
		t->left[i] = t->nr_steps;
		WORLD->live.pcpu[i].acc = (struct access){ .size = 4, .flags = ACC_WRITE };
	}
	e->chooser.begin(&e->chooser);
	for (unsigned int i = 0; i < t->nr_threads * t->nr_steps; i++) {
		unsigned int thread = next_thread(t, e);

		t->left[thread]--;
		order = order << 2 | thread;
	}
	return order;
}

static void count_order(uint64_t order)
{
	unsigned int i;

	for (i = 0; i < nr_orders; i++)
		if (orders[i] == order)
			break;
	if (i == nr_orders) {
		assert_true(nr_orders < MAX_ORDERS);
		orders[nr_orders++] = order;
		times[i] = 0;
	}
	times[i]++;
}

/* (threads * steps)! / steps!^threads */
static unsigned int orders_there_are(const struct toy *t)
{
	double n = 1;

	for (unsigned int i = 0; i < t->nr_threads; i++)
		for (unsigned int j = 1; j <= t->nr_steps; j++)
			n *= (double)(i * t->nr_steps + j) / j;
	return (unsigned int)(n + 0.5);
}

static const struct toy toys[] = {
	{ .nr_threads = 2, .nr_steps = 2 },
	{ .nr_threads = 2, .nr_steps = 6 },
	{ .nr_threads = 3, .nr_steps = 3 },
	{ .nr_threads = 4, .nr_steps = 2 },
};

enum { NR_TOYS = sizeof(toys) / sizeof(toys[0]) };

static unsigned int deviations(void)
{
	unsigned int n = 0;

	for (uint32_t i = 0; i < WORLD->live.nr_choices; i++)
		n += WORLD->fix.taken[i].answer != 0;
	return n;
}

static void test_delay(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < NR_TOYS; i++) {
		struct toy t = toys[i];
		unsigned int level = 0;
		struct engine e;
		uint64_t order;

		nr_orders = 0;
		assert_true(engine_parse(&e, "delay:15"));
		do {
			order = toy_run(&t, &e);
			/* Fewest deviations first; a place that is not there does not count. */
			if (e.next < e.nr)
				continue;
			assert_true(deviations() >= level);
			level = deviations();
			count_order(order);
		} while (engine_done(&e));
		assert_true(e.exhausted);
		assert_int_equal(nr_orders, orders_there_are(&t));
		for (unsigned int j = 0; j < nr_orders; j++)
			assert_int_equal(times[j], 1);
	}
}

/* With a depth of d the delay engine sees exactly those with d deviations or less. */
static void test_delay_depth(void **state)
{
	struct toy t = toys[1];
	unsigned int wanted[8] = { 0 };
	struct engine e;
	char name[16];

	(void)state;
	assert_true(engine_parse(&e, "delay:15"));
	do {
		toy_run(&t, &e);
		if (e.next == e.nr)
			for (unsigned int d = deviations(); d < 8; d++)
				wanted[d]++;
	} while (engine_done(&e));
	for (unsigned int d = 1; d < 8; d++) {
		unsigned int got = 0;

		snprintf(name, sizeof(name), "delay:%u", d);
		assert_true(engine_parse(&e, name));
		do {
			toy_run(&t, &e);
			got += e.next == e.nr;
		} while (engine_done(&e));
		assert_int_equal(got, wanted[d]);
	}
}

static void reach_all(const char *name, unsigned int nr_runs)
{
	for (unsigned int i = 0; i < NR_TOYS; i++) {
		struct toy t = toys[i];
		struct engine e;

		nr_orders = 0;
		assert_true(engine_parse(&e, name));
		for (unsigned int seed = 0; seed < nr_runs; seed++) {
			engine_seed(&e, seed);
			count_order(toy_run(&t, &e));
			engine_done(&e);
		}
		if (nr_orders != orders_there_are(&t))
			fail_msg("%s: %u of %u orders of toy %u", name, nr_orders,
				 orders_there_are(&t), i);
	}
}

static void test_random_reaches_all(void **state)
{
	(void)state;
	reach_all("random", 1000000);
}

static void test_pos_reaches_all(void **state)
{
	(void)state;
	reach_all("pos", 200000);
}

/* How often PCT finds a bug, beside 1 / (n * k^(d-1)), which it promises. */
static double hit_rate(unsigned int depth, const struct toy *toy, bool (*hit)(uint64_t),
		       double *promise)
{
	const unsigned int nr_runs = 100000;
	unsigned int hits = 0, k = 0;
	struct toy t = *toy;
	struct engine e;
	char name[16];

	snprintf(name, sizeof(name), "pct:%u", depth);
	assert_true(engine_parse(&e, name));
	for (unsigned int seed = 0; seed < nr_runs; seed++) {
		engine_seed(&e, seed);
		hits += hit(toy_run(&t, &e));
		engine_done(&e);
		if (WORLD->live.nr_choices > k)
			k = WORLD->live.nr_choices;
	}
	*promise = 1 / engine_pct_odds(depth, t.nr_threads, k);
	return (double)hits / nr_runs;
}

/*
 * Orders of two threads with three steps each, two bits a step.  Depth 2 is two
 * demands: thread 0 begins, and thread 1 is through before 0 is.  Depth 3 is
 * three: 0 begins, the second step of 1 comes before that of 0, the last one of 0
 * before that of 1.
 */
static bool depth_2(uint64_t order)
{
	return !(order >> 10 & 3) && !(order & 3);
}

static bool depth_3(uint64_t order)
{
	return order == 0x141;
}

static void test_pct_bound(void **state)
{
	static const struct toy two = { .nr_threads = 2, .nr_steps = 3 };
	double promise, rate;

	(void)state;
	rate = hit_rate(2, &two, depth_2, &promise);
	if (rate < promise)
		fail_msg("depth 2: %f instead of at least %f", rate, promise);
	rate = hit_rate(3, &two, depth_3, &promise);
	if (rate < promise)
		fail_msg("depth 3: %f instead of at least %f", rate, promise);
	assert_true(promise > 0.01);
}

static void test_names(void **state)
{
	static const char *const bad[] = {
		"", "rand", "randomly", "pct:", "pct:0", "pct:16", "pct:3x", "pct:-1", ":3",
	};
	struct engine e;

	(void)state;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (engine_parse(&e, bad[i]))
			fail_msg("'%s' is taken for an engine", bad[i]);
	for (int i = 0; i < NR_ENGINES; i++) {
		assert_true(engine_parse(&e, engine_name[i]));
		assert_int_equal(e.kind, i);
	}
	assert_true(engine_parse(&e, "pct:15"));
	assert_int_equal(e.depth, 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delay),
		cmocka_unit_test(test_delay_depth),
		cmocka_unit_test(test_random_reaches_all),
		cmocka_unit_test(test_pos_reaches_all),
		cmocka_unit_test(test_pct_bound),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, sim_begin, NULL);
}
