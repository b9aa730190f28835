// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine keeps its invariants: they are checked whenever an event is asked
 * for and at the end, in random runs of every scenario on both forms, for each
 * memory model.
 */
#include "tests/sim_common.h"

enum { NR_RUNS = 100000, NR_RUNS_MODEL = 5000, MAX_TESTS = 256 };

static struct CMUnitTest tests[MAX_TESTS];
static char words[MAX_TESTS][96];
static size_t nr_tests;

/* Looks at the world before it lets the engine choose. */
struct checking {
	struct chooser chooser;
	struct engine engine;
	uint64_t nr;			/* of checks */
};

static void checking_begin(struct chooser *c)
{
	struct checking *k = (struct checking *)c;

	k->engine.chooser.begin(&k->engine.chooser);
}

static uint32_t checking_take(struct chooser *c, const struct choice_point *point)
{
	struct checking *k = (struct checking *)c;

	/* Other questions come up while something is half done. */
	if (point->kind == CHOICE_EVENT) {
		world_check();
		k->nr++;
	}
	return k->engine.chooser.take(&k->engine.chooser, point);
}

static void test_words(void **state)
{
	const char *text = *state;
	int runs = strstr(text, "model=sc") ? NR_RUNS : NR_RUNS_MODEL;
	struct checking k = { .chooser = { checking_begin, checking_take } };
	struct run_result result;
	struct config c;

	sim_prepare(&c, text);
	for (int i = 0; i < runs; i++) {
		if (i % 1000 == 0)
			assert_true(engine_parse(&k.engine, i % 2000 ? "random" : "pos"));
		engine_seed(&k.engine, (uint64_t)i);
		run_once(&k.chooser, NULL, &result);
		if (result.end == RUN_QUIESCENT) {
			world_check();
			k.nr++;
		}
	}
	assert_true(k.nr >= (uint64_t)runs);
}

static void add_tests(const char *kernel, const char *arch, const char *model)
{
	const struct form *form = form_load(kernel, arch, "");

	assert(form);
	for (const struct machine_scenario *const *s = form->code->scenarios; *s; s++) {
		assert(nr_tests < MAX_TESTS);
		snprintf(words[nr_tests], sizeof(words[0]), "%s %s arch=%s model=%s", kernel,
			 (*s)->name, arch, model);
		tests[nr_tests] = (struct CMUnitTest){
			words[nr_tests], test_words, NULL, NULL, words[nr_tests]
		};
		nr_tests++;
	}
}

int main(void)
{
	static const char *const kernels[] = { "v5.15", "v5.16" };

	for (int i = 0; i < 2; i++) {
		add_tests(kernels[i], "x86", "sc");
		add_tests(kernels[i], "x86", "tso");
		add_tests(kernels[i], "arm64", "weak");
	}
	return _cmocka_run_group_tests("world_check", tests, nr_tests, sim_begin, NULL);
}
