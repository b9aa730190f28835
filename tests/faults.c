// SPDX-License-Identifier: GPL-2.0-only
/*
 * Code under test that faults, stops or never comes back is a verdict on that run
 * and nothing else: the next run is as if nothing had been.
 */
#include "tests/sim_common.h"
#include "sim/snapshot.h"

/* A form made by hand, of one task that goes wrong in one of these ways. */
enum wrong { WRONG_NOTHING, WRONG_NULL, WRONG_WILD, WRONG_DIVIDE, WRONG_LOOP, WRONG_BUG,
	     WRONG_WARN };

static enum wrong wrong;
static volatile int zero, seven = 7, sink;
static int *volatile nowhere;

static void task(void *arg)
{
	(void)arg;
	machine_step("before");
	switch (wrong) {
	case WRONG_NOTHING:
		break;
	case WRONG_NULL:
		*nowhere = 1;
		break;
	case WRONG_WILD:
		sink = *(volatile int *)0x6b6b6b6b6b6b6b6bul;
		break;
	case WRONG_DIVIDE:
		sink = seven / zero;
		break;
	case WRONG_LOOP:
		while (!zero)
			;
		break;
	case WRONG_BUG:
		machine_bug("planted");
	case WRONG_WARN:
		machine_warn("planted");
		break;
	}
	machine_step("after");
}

struct task_struct {
	unsigned int state;
};

static void setup(const struct machine_config *config)
{
	(void)config;
	machine_task(machine_alloc("task", sizeof(struct task_struct), NULL), "task", task, NULL,
		     0);
}

static char percpu[1];
static const struct machine_percpu_var no_vars[] = { { NULL, NULL, 0, 0 } };
static const struct machine_scenario scenario = {
	.name = "wrong", .config = { .nr_pcpus = 1 }, .setup = setup,
};
static const struct machine_scenario *const scenarios[] = { &scenario, NULL };
static const struct machine_form form = {
	.name = "test", .arch = "none", .variant = "", .scenarios = scenarios,
	.percpu_start = percpu, .percpu_end = percpu, .percpu_vars = no_vars,
};
static const struct sites no_sites = { 0 };

enum { NR_RUNS = 20000, NR_FIRST = 500 };

static struct run_result run_wrong(enum wrong how)
{
	const struct world_options options = {
		.form = &form, .scenario = &scenario, .config = scenario.config,
		.sites = &no_sites,
	};
	static const struct schedule dull;
	struct run_result result;
	char why[128];

	sim_catch();
	world_setup(&options);
	wrong = how;
	run_schedule(&dull, NULL, &result, why, sizeof(why));
	return result;
}

static void assert_fired(enum wrong how, enum oracle oracle)
{
	struct run_result good = run_wrong(WRONG_NOTHING), r, again;

	assert_int_equal(good.fired, 0);
	assert_int_equal(good.end, RUN_QUIESCENT);
	r = run_wrong(how);
	assert_int_equal(r.fired, 1u << oracle);
	assert_int_equal(r.end, oracle == ORACLE_WARNING ? RUN_QUIESCENT : RUN_STOPPED);
	again = run_wrong(WRONG_NOTHING);
	assert_true(again.hash == good.hash);
	assert_int_equal(again.end, RUN_QUIESCENT);
}

static void test_faults(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		assert_fired(WRONG_NULL, ORACLE_OOPS);
		assert_fired(WRONG_WILD, ORACLE_OOPS);
		assert_fired(WRONG_DIVIDE, ORACLE_OOPS);
		assert_fired(WRONG_BUG, ORACLE_OOPS);
		assert_fired(WRONG_WARN, ORACLE_WARNING);
	}
}

static void test_loop(void **state)
{
	(void)state;
	assert_fired(WRONG_LOOP, ORACLE_SOFT_LOCKUP);
}

/* The same with real code, and with thousands of good runs around it. */
static void test_variants(void **state)
{
	static const struct { const char *words; enum oracle oracle; } bad[] = {
		{ "v5.16 kick-vs-migrate variant=kick-trusts-running-vcpu", ORACLE_OOPS },
		{ "v5.16 self-kick variant=kick-spins", ORACLE_SOFT_LOCKUP },
	};
	struct run_result result;
	struct engine e;
	struct config c;
	uint64_t first[NR_FIRST];

	(void)state;
	assert_true(engine_parse(&e, "random"));
	for (int i = 0; i < 2; i++) {
		int nr = 0;

		sim_prepare(&c, bad[i].words);
		for (uint64_t seed = 0; seed < NR_RUNS; seed++) {
			engine_seed(&e, seed);
			run_once(&e.chooser, NULL, &result);
			nr += result.fired >> bad[i].oracle & 1;
			if (seed < NR_FIRST)
				first[seed] = result.hash;
		}
		assert_true(nr > 0);
		for (uint64_t seed = 0; seed < NR_FIRST; seed++) {
			engine_seed(&e, seed);
			run_once(&e.chooser, NULL, &result);
			assert_true(result.hash == first[seed]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_loop),
		cmocka_unit_test(test_variants),
	};

	return cmocka_run_group_tests(tests, sim_begin, NULL);
}
