// SPDX-License-Identifier: GPL-2.0-only
/*
 * The form of the seed breaks no promise: negative control of the oracles.
 *
 * 200,000 random runs of each scenario on v5.16, on most architectures 20,000, and
 * nothing at or above degraded but what the table allows, with the reason; pCPUs go
 * offline by loose rules and by strict ones.  (Sampling proves nothing; what proves
 * something is the exhaustive search.)
 */
#include "tests/sim_common.h"

enum { MANY_RUNS = 200000, RUNS = 20000, MAX_SCENARIOS = 32 };

static const struct allowed {
	const char *scenario;
	enum oracle oracle;
	const char *reason;
} allowed[] = {
	{ "posted-interrupts", ORACLE_STRANDED_INTERRUPT,
	  "a sender takes ON, which the vCPU sets on its way to sleep, for a notification" },
	{ NULL, 0, NULL }
};

static const char *arch;
static uint64_t nr_runs;
static struct CMUnitTest tests[MAX_SCENARIOS];

static uint32_t allowed_in(const char *scenario)
{
	uint32_t mask = 0;

	for (const struct allowed *a = allowed; a->scenario; a++)
		if (!strcmp(a->scenario, scenario))
			mask |= 1u << a->oracle;
	return mask;
}

static uint32_t serious(void)
{
	uint32_t mask = 0;

	for (int i = 0; i < NR_ORACLES; i++)
		if (oracle_info[i].severity >= SEVERITY_DEGRADED)
			mask |= 1u << i;
	return mask;
}

static void test_hotplug(const struct machine_scenario *s, int strict)
{
	uint32_t forbidden = serious() & ~allowed_in(s->name);
	struct run_result result;
	struct config c;
	struct engine e;
	char text[96], line[SCHEDULE_TEXT];
	struct schedule schedule;

	snprintf(text, sizeof(text), "v5.16 %s arch=%s hotplug-strict=%d", s->name, arch, strict);
	sim_prepare(&c, text);
	assert_true(engine_parse(&e, "random"));
	for (uint64_t seed = 0; seed < nr_runs; seed++) {
		engine_seed(&e, seed);
		run_once(&e.chooser, NULL, &result);
		if (!(result.fired & forbidden))
			continue;
		schedule_of_run(&schedule);
		schedule_print(&schedule, line, sizeof(line));
		fail_msg("%s, seed %d: %s: kicksim run %s --schedule '%s'", text, (int)seed,
			 oracle_info[__builtin_ctz(result.fired & forbidden)].name, s->name,
			 line);
	}
}

static void test_scenario(void **state)
{
	const struct machine_scenario *s = *state;

	for (int strict = 0; strict <= s->max.hotplug_strict; strict++)
		test_hotplug(s, strict);
}

static int run_all(const char *name, uint64_t runs)
{
	struct form *form = form_load("v5.16", name, "");
	size_t n = 0;

	assert(form);
	arch = name;
	nr_runs = runs;
	for (const struct machine_scenario *const *s = form->code->scenarios; *s; s++, n++) {
		assert(n < MAX_SCENARIOS);
		tests[n] = (struct CMUnitTest){
			(*s)->name, test_scenario, NULL, NULL, (void *)*s
		};
	}
	return _cmocka_run_group_tests(name, tests, n, NULL, NULL);
}

int main(void)
{
	int failed;

	if (sim_begin(NULL))
		return 4;
	failed = run_all("x86", MANY_RUNS);
	failed += run_all("arm64", MANY_RUNS);
	failed += run_all("riscv", RUNS);
	failed += run_all("loongarch", RUNS);
	failed += run_all("mips", RUNS);
	failed += run_all("powerpc", RUNS);
	return failed + run_all("s390", RUNS);
}
