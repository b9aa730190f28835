// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each planted bug is found: positive controls of the oracles.
 *
 * A patch under kvmcore/variants says in its header which oracle, scenario and
 * memory model show it; zoo_judge() holds it to that.  That it can say no is a
 * test, too.
 */
#include "fuzz/zoo.h"
#include "tests/sim_common.h"

static struct zoo zoo;
static struct CMUnitTest tests[ZOO_MAX + 2];

static void test_variant(void **state)
{
	const struct variant *e = *state;
	struct zoo_result r;

	sim_catch();
	zoo_judge(e, ZOO_RUNS, &r);
	if (!r.ok)
		fail_msg("%s: %s: %s in %llu runs of %s", e->name, e->oracle, r.why,
			 (unsigned long long)r.runs, e->scenario);
}

static const struct variant *find(const char *name)
{
	for (unsigned int i = 0; i < zoo.nr; i++)
		if (!strcmp(zoo.entry[i].name, name))
			return &zoo.entry[i];
	fail_msg("no variant '%s'", name);
	return NULL;
}

/* A bug that is said to be another one, or none, is missed. */
static void test_false_header(void **state)
{
	struct variant e = *find("cpu-before-mode-kick");
	struct zoo_result r;

	(void)state;
	sim_catch();
	strcpy(e.oracle, "deadlock");
	zoo_judge(&e, 3000, &r);
	assert_false(r.ok);
	strcpy(e.oracle, "none");
	zoo_judge(&e, 3000, &r);
	assert_false(r.ok);
	/* Nor does it fix what was never broken. */
	strcpy(e.fixes, "deadlock");
	zoo_judge(&e, 3000, &r);
	assert_false(r.ok);
}

/* A correct form with nothing planted is not taken for a bug. */
static void test_nothing_planted(void **state)
{
	struct variant e = *find("no-self-check-kick");
	struct zoo_result r;

	(void)state;
	sim_catch();
	strcpy(e.oracle, "lost-kick");
	zoo_judge(&e, 3000, &r);
	assert_false(r.ok);
}

int main(void)
{
	unsigned int i;

	if (zoo_read(&zoo, "kvmcore/variants") || !zoo.nr) {
		printf("not ok - variants # no patches in kvmcore/variants\n");
		return 1;
	}
	for (i = 0; i < zoo.nr; i++)
		tests[i] = (struct CMUnitTest){
			zoo.entry[i].name, test_variant, NULL, NULL, &zoo.entry[i]
		};
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(test_false_header);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(test_nothing_planted);
	return _cmocka_run_group_tests("variants", tests, i, sim_begin, NULL);
}
