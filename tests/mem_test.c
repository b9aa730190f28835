// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory machine, call by call: what each order keeps in order, and what
 * it leaves free.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/mem.h"

enum { X, Y, LOCK, NR_LOCS };

static struct mem m;

static void start(enum mem_model model, unsigned int quirks)
{
	struct mem_opts opts = {
		.model = model, .nr_cpus = 3, .quirks = quirks,
	};
	unsigned int i;

	mem_init(&m, &opts);
	for (i = 0; i < NR_LOCS; i++)
		mem_loc_init(&m, i, 8, 0);
	mem_check(&m);
}

static uint64_t load(unsigned int cpu, unsigned int loc, unsigned int answer)
{
	uint64_t value = mem_load(&m, cpu, loc, 0, answer, MEM_RELAXED, NULL);

	mem_check(&m);
	return value;
}

static void store(unsigned int cpu, unsigned int loc, uint64_t value)
{
	mem_store(&m, cpu, loc, value, MEM_RELAXED, 0);
	mem_check(&m);
}

static void drain(unsigned int cpu)
{
	while (mem_commit_choices(&m, cpu))
		mem_commit(&m, cpu, 0);
	assert_true(mem_cpu_is_drained(&m, cpu));
	mem_check(&m);
}

static void test_sc(void **state)
{
	(void)state;
	start(MEM_SC, 0);
	store(0, X, 1);
	assert_true(mem_cpu_is_drained(&m, 0));
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 1);
	assert_int_equal(load(1, X, 0), 1);
	assert_true(mem_can_fence(&m, 0, MEM_MB));
	assert_true(mem_can_rmw(&m, 1, X, MEM_FULL));
}

static void test_tso(void **state)
{
	(void)state;
	start(MEM_TSO, 0);
	store(0, X, 1);
	mem_fence(&m, 0, MEM_WMB);
	store(0, Y, 2);
	assert_int_equal(load(0, X, 0), 1);
	assert_int_equal(load(1, X, 0), 0);
	assert_false(mem_can_fence(&m, 0, MEM_MB));
	assert_true(mem_can_fence(&m, 0, MEM_MB_ATOMIC));
	assert_false(mem_can_rmw(&m, 0, LOCK, MEM_RELAXED));
	assert_int_equal(mem_commit_choices(&m, 0), 1);
	assert_int_equal(mem_commit(&m, 0, 0), X);
	assert_int_equal(mem_commit(&m, 0, 0), Y);
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 1);
	assert_true(mem_can_rmw(&m, 0, LOCK, MEM_RELAXED));
}

static void test_stores(void **state)
{
	(void)state;
	start(MEM_WEAK, 0);
	store(0, X, 1);
	store(0, X, 2);
	store(0, Y, 3);
	/* Free to pass X, but one location stays in order. */
	assert_int_equal(mem_commit_choices(&m, 0), 2);
	assert_int_equal(mem_commit_loc(&m, 0, 1), Y);
	mem_commit(&m, 0, 1);
	assert_int_equal(mem_peek(&m, Y), 3);
	mem_fence(&m, 0, MEM_WMB);
	store(0, Y, 4);
	assert_int_equal(mem_commit_choices(&m, 0), 1);
	assert_int_equal(mem_commit_loc(&m, 0, 0), X);
	drain(0);
	store(0, X, 5);
	mem_store(&m, 0, Y, 6, MEM_RELEASE, 0);
	store(0, LOCK, 7);
	assert_int_equal(mem_commit_choices(&m, 0), 2);
	assert_int_equal(mem_commit_loc(&m, 0, 1), LOCK);
}

static void test_full_buffer(void **state)
{
	struct mem_opts opts = {
		.model = MEM_WEAK, .nr_cpus = 1, .pending_max = 4,
	};
	unsigned int i;

	(void)state;
	mem_init(&m, &opts);
	mem_loc_init(&m, X, 4, 0);
	for (i = 0; i < 4; i++) {
		assert_true(mem_can_store(&m, 0));
		store(0, X, i);
	}
	assert_false(mem_can_store(&m, 0));
	assert_false(mem_can_rmw(&m, 0, X, MEM_RELAXED));
	mem_commit(&m, 0, 0);
	assert_true(mem_can_store(&m, 0));
	mem_loc_init(&m, Y, 4, -1);
	assert_int_equal(mem_peek(&m, Y), UINT32_MAX);
}

/* CPU 0 has stored X = 1, then Y = 1, in order for all to see. */
static void start_message(unsigned int quirks)
{
	start(MEM_WEAK, quirks);
	store(0, X, 1);
	drain(0);
	store(0, Y, 1);
	drain(0);
}

static void test_old_loads(void **state)
{
	uint32_t dep;

	(void)state;
	start_message(0);
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 2);
	assert_int_equal(mem_load(&m, 1, Y, 0, 0, MEM_RELAXED, &dep), 1);
	/* Seeing Y alone binds no other load, but what depends on it. */
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 2);
	assert_int_equal(mem_load_choices(&m, 1, X, dep), 1);
	assert_int_equal(mem_load_peek(&m, 1, X, 0, 1), 0);
	assert_int_equal(load(1, X, 0), 1);
	/* Having seen it, the CPU cannot go back. */
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 1);
}

static void test_load_orders(void **state)
{
	(void)state;
	start_message(0);
	assert_int_equal(load(1, Y, 0), 1);
	mem_fence(&m, 1, MEM_WMB);
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 2);
	mem_fence(&m, 1, MEM_RMB);
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 1);

	start_message(0);
	mem_load(&m, 1, Y, 0, 0, MEM_ACQUIRE, NULL);
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 1);

	start_message(0);
	load(1, Y, 0);
	mem_fence(&m, 1, MEM_MB_ATOMIC);
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 1);

	start_message(MEM_ALLDEP);
	load(1, Y, 0);
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 1);
}

static void test_forward(void **state)
{
	uint32_t dep;

	(void)state;
	start_message(0);
	/* A store of what derives from Y carries Y's instant to who reads it. */
	mem_load(&m, 1, Y, 0, 0, MEM_RELAXED, &dep);
	mem_store(&m, 1, LOCK, 1, MEM_RELAXED, dep);
	mem_load(&m, 1, LOCK, 0, 0, MEM_RELAXED, &dep);
	assert_int_equal(mem_load_choices(&m, 1, X, dep), 1);
	/* An own store that waits is no reason for anything to be late. */
	store(1, LOCK, 2);
	mem_load(&m, 1, LOCK, 0, 0, MEM_RELAXED, &dep);
	assert_int_equal(mem_load_choices(&m, 1, X, dep), 2);
}

static void test_ring(void **state)
{
	unsigned int i;

	(void)state;
	start(MEM_WEAK, 0);
	for (i = 1; i <= 20; i++) {
		store(0, X, i);
		drain(0);
	}
	assert_int_equal(mem_load_choices(&m, 1, X, 0), MEM_RING_MAX);
	assert_int_equal(load(1, X, MEM_RING_MAX - 1), 20 - MEM_RING_MAX + 1);
	assert_int_equal(mem_load_choices(&m, 0, X, 0), 1);
}

static void test_rmw(void **state)
{
	(void)state;
	start(MEM_WEAK, 0);
	store(1, X, 9);
	assert_int_equal(mem_rmw_read(&m, 0, X, 0, MEM_RELAXED, NULL), 0);
	mem_rmw_write(&m, 0, X, 1, MEM_RELAXED, 0);
	mem_check(&m);
	/* Reserved: others see the old value and have to wait. */
	assert_int_equal(load(1, X, 0), 9);
	assert_int_equal(load(2, X, 0), 0);
	assert_int_equal(mem_commit_choices(&m, 1), 0);
	assert_false(mem_can_rmw(&m, 2, X, MEM_RELAXED));
	assert_false(mem_can_store_now(&m, 2, X));
	drain(0);
	assert_true(mem_can_rmw(&m, 2, X, MEM_RELAXED));
	assert_int_equal(mem_commit_choices(&m, 1), 1);
	/* A full one waits for all, a relaxed one for what fences demand. */
	assert_false(mem_can_rmw(&m, 1, Y, MEM_FULL));
	assert_false(mem_can_rmw(&m, 1, Y, MEM_RELEASE));
	assert_true(mem_can_rmw(&m, 1, Y, MEM_ACQUIRE));
	mem_fence(&m, 1, MEM_WMB);
	assert_false(mem_can_rmw(&m, 1, Y, MEM_ACQUIRE));
}

static void test_noreturn(void **state)
{
	(void)state;
	start_message(0);
	mem_rmw_read(&m, 1, Y, 0, MEM_NORETURN, NULL);
	mem_rmw_write(&m, 1, Y, 2, MEM_NORETURN, 0);
	mem_fence(&m, 1, MEM_RMB);
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 2);
	start_message(MEM_NORETURN_FULL);
	mem_rmw_read(&m, 1, Y, 0, MEM_NORETURN, NULL);
	mem_rmw_write(&m, 1, Y, 2, MEM_NORETURN, 0);
	assert_true(mem_cpu_is_drained(&m, 1));
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 1);
}

static void test_cas(void **state)
{
	struct mem_cas cas = { .expect = 1, .value = 2, .order = MEM_FULL };

	(void)state;
	start_message(0);
	/* The newest value would do; the older one makes it fail. */
	assert_int_equal(mem_cas_choices(&m, 1, X, &cas), 2);
	assert_int_equal(mem_cas(&m, 1, X, &cas, 1, NULL), 0);
	assert_int_equal(mem_peek(&m, X), 1);
	store(1, Y, 5);
	/* Success has to wait for Y = 5, failure has not. */
	assert_false(mem_can_cas(&m, 1, X, &cas));
	assert_int_equal(mem_cas_choices(&m, 1, X, &cas), 1);
	drain(1);
	assert_int_equal(mem_cas(&m, 1, X, &cas, 0, NULL), 1);
	assert_int_equal(mem_peek(&m, X), 2);
	assert_int_equal(mem_cas_choices(&m, 1, X, &cas), 1);
	assert_int_equal(mem_cas(&m, 1, X, &cas, 0, NULL), 2);
	mem_check(&m);

	start_message(MEM_CASFAIL_MB_BEFORE);
	load(1, Y, 0);
	store(1, LOCK, 1);
	assert_int_equal(mem_cas_choices(&m, 1, X, &cas), 0);
	drain(1);
	assert_int_equal(mem_cas_choices(&m, 1, X, &cas), 1);
}

static void test_lock(void **state)
{
	(void)state;
	start_message(0);
	mem_lock(&m, 1, LOCK);
	assert_false(mem_can_lock(&m, 2, LOCK));
	drain(1);
	assert_false(mem_can_lock(&m, 2, LOCK));
	load(1, Y, 0);
	store(1, X, 3);
	mem_unlock(&m, 1, LOCK);
	assert_int_equal(mem_commit_choices(&m, 1), 1);
	assert_int_equal(mem_commit_loc(&m, 1, 0), X);
	/* A lock after an own unlock waits for it, and orders the load of Y. */
	assert_false(mem_can_lock(&m, 1, LOCK));
	drain(1);
	store(0, Y, 2);
	drain(0);
	assert_int_equal(mem_load_choices(&m, 1, Y, 0), 2);
	mem_lock(&m, 1, LOCK);
	assert_int_equal(load(1, Y, 1), 1);
	mem_check(&m);
}

static void test_outside(void **state)
{
	(void)state;
	start_message(0);
	mem_irq_enter(&m, 1);
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 1);
	store(2, X, 4);
	assert_false(mem_can_ipi(&m, 2));
	drain(2);
	mem_ipi_send(&m, 2);
	assert_int_equal(mem_load_choices(&m, 2, Y, 0), 1);
	mem_switch_out(&m, 2);
	store(0, Y, 3);
	drain(0);
	mem_switch_in(&m, 2);
	assert_int_equal(mem_load_choices(&m, 2, Y, 0), 1);

	start_message(MEM_IPI_OVERTAKES);
	store(2, X, 4);
	assert_true(mem_can_ipi(&m, 2));
	mem_ipi_send(&m, 2);
	assert_int_equal(mem_load_choices(&m, 2, Y, 0), 2);
}

static void test_rcu(void **state)
{
	(void)state;
	start(MEM_WEAK, 0);
	mem_rcu_lock(&m, 1, 0);
	assert_int_equal(load(1, Y, 0), 0);
	store(0, X, 1);
	drain(0);
	mem_rcu_sync(&m, 0);
	/* The reader looked before the start: it has to end first. */
	assert_false(mem_can_rcu_synced(&m, 0));
	store(1, Y, 2);
	mem_rcu_unlock(&m, 1);
	assert_false(mem_can_rcu_synced(&m, 0));
	drain(1);
	assert_true(mem_can_rcu_synced(&m, 0));
	mem_rcu_synced(&m, 0);
	/* A later reader is held to the time after the start. */
	assert_int_equal(mem_load_choices(&m, 2, X, 0), 2);
	mem_rcu_lock(&m, 2, 0);
	assert_int_equal(mem_load_choices(&m, 2, X, 0), 1);
	mem_check(&m);

	/* One that chose to follow is not waited for, another is if it looks
	 * at the past. */
	start_message(0);
	mem_fence(&m, 0, MEM_MB);
	mem_rcu_sync(&m, 0);
	assert_int_equal(mem_rcu_lock_choices(&m, 1), 2);
	mem_rcu_lock(&m, 1, 1);
	assert_int_equal(mem_load_choices(&m, 1, X, 0), 1);
	load(1, X, 0);
	mem_rcu_lock(&m, 2, 0);
	assert_true(mem_can_rcu_synced(&m, 0));
	load(2, X, 1);
	assert_false(mem_can_rcu_synced(&m, 0));
	mem_rcu_unlock(&m, 2);
	mem_rcu_synced(&m, 0);
	mem_check(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sc),
		cmocka_unit_test(test_tso),
		cmocka_unit_test(test_stores),
		cmocka_unit_test(test_full_buffer),
		cmocka_unit_test(test_old_loads),
		cmocka_unit_test(test_load_orders),
		cmocka_unit_test(test_forward),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_rmw),
		cmocka_unit_test(test_noreturn),
		cmocka_unit_test(test_cas),
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_rcu),
	};

	return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
