// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading litmus tests: the traps of the format, errors with their place, what
 * is refused with its reason, and that no input, cut or garbled, does harm.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fuzz/litmus_judge.h"

#define P0 "C t\n{}\nP0(int *x, int *y) {\n"

static void assert_error(const char *text, enum litmus_error error,
			 unsigned int line, const char *words)
{
	struct litmus *t = litmus_parse(text, strlen(text));

	assert_int_equal(t->error, error);
	assert_int_equal(t->error_line, line);
	assert_non_null(strstr(t->error_text, words));
	litmus_free(t);
}

static void test_syntax(void **state)
{
	(void)state;
	assert_error("", LITMUS_SYNTAX, 1, "expected \"C\"");
	assert_error("C t\n", LITMUS_SYNTAX, 2, "initial state");
	assert_error("C t\n{}\n", LITMUS_SYNTAX, 3, "process P0()");
	assert_error("C t\n{}\nP1(int *x) {}\nexists (x=0)\n", LITMUS_SYNTAX, 3,
		     "P0() first");
	assert_error(P0 "\tint r0\n}\nexists (x=0)\n", LITMUS_SYNTAX, 5,
		     "expected \";\"");
	assert_error(P0 "\tsmp_mb;\n}\nexists (x=0)\n", LITMUS_SYNTAX, 4,
		     "\"(\" after the name of a primitive");
	assert_error(P0 "}\nexists (x=)\n", LITMUS_SYNTAX, 5, "a number");
	assert_error(P0 "}\nexists (3:r0=1)\n", LITMUS_SYNTAX, 5, "a process");
	assert_error(P0 "}\nexists (x=0) or else\n", LITMUS_SYNTAX, 5,
		     "the end of the file");
	assert_error("C t\n(* never\n", LITMUS_SYNTAX, 2, "close this comment");
	assert_error(P0 "\tr0 = smp_mb();\n}\nexists (x=0)\n", LITMUS_SYNTAX, 4,
		     "something that has a value");
}

static void test_refused(void **state)
{
	(void)state;
	assert_error("PPC t\n{}\n", LITMUS_SKIP, 1, "written for PPC");
	assert_error(P0 "\twhile (1) ;\n}\nexists (x=0)\n", LITMUS_SKIP, 4,
		     "\"while\" statements");
	assert_error(P0 "\tsrcu_read_lock(x);\n}\nexists (x=0)\n", LITMUS_SKIP,
		     4, "srcu_read_lock() is not a primitive");
	assert_error(P0 "\tatomic_add_acquire(1, x);\n}\nexists (x=0)\n",
		     LITMUS_SKIP, 4, "atomic_add_acquire()");
	assert_error(P0 "\tx->next = 1;\n}\nexists (x=0)\n", LITMUS_SKIP, 4,
		     "structures");
	assert_error("C t\n{}\nP0(int x) {}\nexists (x=0)\n", LITMUS_SKIP, 3,
		     "no pointer");
}

/* The traps that real files set, all in one. */
static void test_traps(void **state)
{
	static const char text[] =
		"C t (* a comment with { and exists *)\n"
		"\"a doc string {\"\nOrig=Some Key\n"
		"(* Result: Never (* nested *) *)\n"
		"{ int *p = &x; int x = 1; y = x; 0:r7=-2; int a[3] = {4,5}; }"
		"P0(int **p, int *x, atomic_t *v)\n{\n"
		"  int r0 = READ_ONCE(*x); (* a comment *) // another\n"
		"  int *r1 = (int *)READ_ONCE(*p); /* and (* one more */\n"
		"  r2 = READ_ONCE(*v);\n"
		"  if (READ_ONCE(*(x + (r0 & 0))) == 1 && !r2) r3 = a[1];\n"
		"  else { r3 = 9; }\n"
		"  r4 = r1 == x ? r7 : 0x10;\n"
		"}(*glued*)\n"
		"locations [0:r3; [a[0]]; y]\n"
		"exists (0:r1=x /\\ ~(0:r4=1) /\\ y=x /\\ 0:r7=-2\n"
		"\t/\\ 0:r3=5 /\\ 0:r4=-2) (* end *)";
	struct mem_opts opts = { .model = MEM_WEAK };
	struct litmus *t = litmus_parse(text, strlen(text));
	struct litmus_result r;

	(void)state;
	assert_string_equal(t->error_text, "");
	assert_string_equal(t->name, "t");
	assert_string_equal(t->condition_text, "(0:r1=x /\\ ~(0:r4=1) /\\ y=x "
			    "/\\ 0:r7=-2 /\\ 0:r3=5 /\\ 0:r4=-2)");
	litmus_explore(t, &opts, 0, &r);
	assert_int_equal(r.stop, LITMUS_EXHAUSTED);
	assert_int_equal(r.nr_finals, 1);
	assert_int_equal(r.nr_positive, 1);
	litmus_result_free(&r);
	litmus_free(t);
}

/* Parse, and run what can be run, a little. */
static enum litmus_error try_text(const char *text, size_t len)
{
	struct mem_opts opts = { .model = MEM_WEAK };
	struct litmus *t = litmus_parse(text, len);
	enum litmus_error error = t->error;
	struct litmus_result r;

	assert_true(error == LITMUS_FINE || t->error_text[0]);
	if (error == LITMUS_FINE) {
		litmus_explore(t, &opts, 200, &r);
		litmus_result_free(&r);
	}
	litmus_free(t);
	return error;
}

static void for_each_fixture(void (*try)(char *text, size_t len))
{
	glob_t found;
	size_t i, len;
	char *text;

	assert_int_equal(glob("tests/litmus/*.litmus", 0, NULL, &found), 0);
	assert_true(found.gl_pathc > 100);
	for (i = 0; i < found.gl_pathc; i += 4) {
		text = litmus_read(found.gl_pathv[i], &len);
		assert_non_null(text);
		assert_int_equal(try_text(text, len), LITMUS_FINE);
		try(text, len);
		free(text);
	}
	globfree(&found);
}

static void try_cut(char *text, size_t len)
{
	char *cut;
	size_t n;

	for (n = 0; n < len; n++) {
		/* An allocation of its own, for the sanitizers to watch. */
		cut = malloc(n + 1);
		assert_non_null(cut);
		memcpy(cut, text, n);
		cut[n] = '\0';
		try_text(cut, n);
		free(cut);
	}
}

static void test_cut(void **state)
{
	(void)state;
	for_each_fixture(try_cut);
}

static void try_garbled(char *text, size_t len)
{
	static const char garbage[] = "(*{}[];=&~/\\0:r\n\"\377\t";
	size_t i;
	char old;

	for (i = 0; i < len; i++) {
		old = text[i];
		text[i] = garbage[(i * 7) % (sizeof(garbage) - 1)];
		try_text(text, len);
		text[i] = old;
	}
}

static void test_garbled(void **state)
{
	(void)state;
	for_each_fixture(try_garbled);
}

/* Whatever is repeated, neither the stack nor a table overflows. */
static void test_deep(void **state)
{
	static const char *const pieces[] = {
		"(", "*", "!", "-", "if (r0) ", "{", "r0 + ", "r0 && ", "~",
		"x[", "r0 ? ", "(* ", "rcu_read_lock();", "int q; ",
		"WRITE_ONCE(*x, 1);", "else ",
	};
	char *text = malloc(200000);
	unsigned int i, j, at;

	(void)state;
	assert_non_null(text);
	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		for (j = 0; j < 2; j++) {
			strcpy(text, j ? "C t\n{}\nP0(int *x) {}\nexists " :
			       "C t\n{}\nP0(int *x) {\nr0 = 0;\n");
			at = strlen(text);
			while (at < 150000)
				at += sprintf(text + at, "%s", pieces[i]);
			assert_int_not_equal(try_text(text, at), LITMUS_FINE);
		}
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_syntax),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_traps),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_garbled),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests_name("litmus_parse", tests, NULL, NULL);
}
