// SPDX-License-Identifier: GPL-2.0-only
/*
 * Searching a litmus test: the set of final states, races, and the ways in
 * which a search ends without a verdict.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fuzz/litmus.h"

static struct litmus_result r;

static void run(const char *text, enum mem_model model, uint64_t max_states)
{
	struct mem_opts opts = { .model = model };
	struct litmus *t = litmus_parse(text, strlen(text));

	assert_string_equal(t->error_text, "");
	litmus_result_free(&r);
	litmus_explore(t, &opts, max_states, &r);
	litmus_free(t);
}

static void assert_verdict(size_t positive, size_t negative, bool race)
{
	assert_int_equal(r.stop, LITMUS_EXHAUSTED);
	assert_int_equal(r.nr_positive, positive);
	assert_int_equal(r.nr_negative, negative);
	assert_int_equal(r.race, race);
}

static void test_finals(void **state)
{
	static const char text[] = "C t\n{ y=3; }\n"
		"P0(int *x) { WRITE_ONCE(*x, 1); WRITE_ONCE(*x, 2); }\n"
		"P1(int *x, int *y) { int r0 = READ_ONCE(*x);\n"
		"\tatomic_add(r0, y); }\n"
		"exists (1:r0=1 /\\ y=4)\n";

	(void)state;
	run(text, MEM_SC, 0);
	assert_verdict(1, 2, false);
	/* Rows are sorted: 1:r0, then y. */
	assert_int_equal(r.finals[0], 0);
	assert_int_equal(r.finals[1], 3);
	assert_int_equal(r.finals[2], 1);
	assert_int_equal(r.finals[3], 4);
	assert_int_equal(r.finals[5], 5);
}

static void test_cap(void **state)
{
	static const char text[] = "C t\n{}\n"
		"P0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); }\n"
		"P1(int *x, int *y) { int r0 = READ_ONCE(*x);\n"
		"\tint r1 = READ_ONCE(*y); }\n"
		"exists (1:r0=7)\n";

	(void)state;
	run(text, MEM_WEAK, 4);
	assert_int_equal(r.stop, LITMUS_CAPPED);
	run(text, MEM_WEAK, 0);
	assert_verdict(0, 2, false);
}

static void test_fault(void **state)
{
	(void)state;
	run("C t\n{}\nP0(int **p) {\n\tint *r0 = READ_ONCE(*p);\n"
	    "\tWRITE_ONCE(*r0, 1);\n}\nexists (p=1)\n", MEM_WEAK, 0);
	assert_int_equal(r.stop, LITMUS_FAULT);
	assert_int_equal(r.fault_line, 5);
	run("C t\n{}\nP0(int *x) {\n\tint r0 = 1 / READ_ONCE(*x);\n}\n"
	    "exists (x=1)\n", MEM_WEAK, 0);
	assert_int_equal(r.stop, LITMUS_FAULT);
	assert_int_equal(r.fault_line, 4);
	run("C t\n{ int a[2]; }\nP0(int *a) {\n"
	    "\tWRITE_ONCE(a[2], 1);\n}\nexists (a=1)\n", MEM_WEAK, 0);
	assert_int_equal(r.stop, LITMUS_FAULT);
	/* Not where no run comes. */
	run("C t\n{}\nP0(int **p) {\n\tint *r0 = READ_ONCE(*p);\n"
	    "\tif (r0) WRITE_ONCE(*r0, 1);\n}\nexists (p=1)\n", MEM_WEAK, 0);
	assert_verdict(0, 1, false);
}

static void test_deadlock(void **state)
{
	static const char text[] = "C t\n{}\n"
		"P0(spinlock_t *s) { spin_lock(s); spin_lock(s); }\n"
		"exists (s=1)\n";

	(void)state;
	run(text, MEM_WEAK, 0);
	assert_int_equal(r.nr_finals, 0);
	assert_int_equal(r.nr_deadlocks, 1);
}

static void test_expressions(void **state)
{
	static const char text[] = "C t\n{ x=6; 0:r9=-8; }\n"
		"P0(int *x) { int r0; int r1; int r2; int r3; int r4;\n"
		"\tr0 = 1 + 2 * 3 - 8 / 2 % 3;\n"
		"\tr1 = (1 << 4 | 3) ^ 0xff & ~1;\n"
		"\tr2 = 3 > 2 && 2 >= 2 || 1 / 0;\n"
		"\tr3 = r9 >> 1 < -3 ? !5 : -r0;\n"
		"\tr4 = 10; r4 += r4; r4--; r4 ^= 1;\n"
		"\tif (0) ; else if (r0 == 6) *x += 1; else *x = 0;\n"
		"\tx[0]++;\n}\n"
		"exists (0:r0=6 /\\ 0:r1=237 /\\ 0:r2=1 /\\ 0:r3=0 /\\\n"
		"0:r4=18 /\\ x=8)\n";

	(void)state;
	run(text, MEM_WEAK, 0);
	assert_verdict(1, 0, false);
}

static void test_conditional_rmw(void **state)
{
	static const char text[] = "C t\n{}\n"
		"P0(atomic_t *x, spinlock_t *s) {\n"
		"\tint r0 = atomic_add_unless(x, 2, 5);\n"
		"\tint r1 = atomic_add_unless(x, 2, 2);\n"
		"\tint r2 = atomic_inc_not_zero(x);\n"
		"\tint r3 = spin_trylock(s);\n"
		"\tint r4 = spin_trylock(s);\n"
		"\tint r5 = spin_is_locked(s);\n"
		"\tint r6 = atomic_dec_and_test(x);\n"
		"\tint r7 = test_and_set_bit(1, x);\n"
		"}\nexists (0:r0=1 /\\ 0:r1=0 /\\ 0:r2=1 /\\ 0:r3=1 /\\ 0:r4=0\n"
		"/\\ 0:r5=1 /\\ 0:r6=0 /\\ 0:r7=1 /\\ x=2)\n";
	enum mem_model model;

	(void)state;
	for (model = MEM_SC; model <= MEM_WEAK; model++) {
		run(text, model, 0);
		assert_verdict(1, 0, false);
	}
}

/* A message in *x with a flag in *y, by a plain store. */
static void run_message(const char *flag, const char *reader)
{
	char text[500];

	strcpy(text, "C t\n{}\nP0(int *x, int *y) { *x = 1; ");
	strcat(text, flag);
	strcat(text, "}\nP1(int *x, int *y) { int r0; int r1 = 1; ");
	strcat(text, reader);
	strcat(text, "}\nexists (1:r1=0)\n");
	run(text, MEM_WEAK, 0);
}

static void test_races(void **state)
{
	(void)state;
	run_message("smp_store_release(y, 1); ",
		    "r0 = smp_load_acquire(y); if (r0) r1 = *x; ");
	assert_verdict(0, 1, false);
	run_message("smp_store_release(y, 1); ",
		    "r0 = READ_ONCE(*y); if (r0) r1 = *x; ");
	assert_verdict(1, 1, true);
	run_message("WRITE_ONCE(*y, 1); ",
		    "r0 = smp_load_acquire(y); if (r0) r1 = *x; ");
	assert_verdict(1, 1, true);
	/* Nor does a branch hold back a plain store; it holds a marked one. */
	run_message("smp_store_release(y, 1); ",
		    "r0 = READ_ONCE(*y); if (r0) *x = 2; ");
	assert_true(r.race);
	run_message("smp_store_release(y, 1); ",
		    "r0 = READ_ONCE(*y); if (r0) WRITE_ONCE(*x, 2); ");
	assert_false(r.race);
	run_message("smp_store_release(y, 1); ",
		    "r0 = READ_ONCE(*y); smp_rmb(); if (r0) r1 = *x; ");
	assert_false(r.race);
}

/* A plain load may be made again after a later store, unless a fence ends it. */
static void test_race_with_load(void **state)
{
	static const char *const stores[] = {
		"WRITE_ONCE(*y, 1)", "smp_store_release(y, 1)",
	};
	char text[300];
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		strcpy(text, "C t\n{}\nP0(int *x, int *y) { int r0 = *x; ");
		strcat(text, stores[i]);
		strcat(text, "; }\nP1(int *x, int *y) {\n"
		       "\tif (READ_ONCE(*y)) WRITE_ONCE(*x, 1); }\n"
		       "exists (0:r0=1)\n");
		run(text, MEM_WEAK, 0);
		assert_verdict(0, 1, i == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finals),
		cmocka_unit_test(test_cap),
		cmocka_unit_test(test_fault),
		cmocka_unit_test(test_deadlock),
		cmocka_unit_test(test_expressions),
		cmocka_unit_test(test_conditional_rmw),
		cmocka_unit_test(test_races),
		cmocka_unit_test(test_race_with_load),
	};
	int failed = cmocka_run_group_tests_name("litmus_explore", tests, NULL,
						 NULL);

	litmus_result_free(&r);
	return failed;
}
