// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernels break no promise but those that are known: negative control of the oracles.
 *
 * Every form under every memory model is sampled on all its scenarios, that of the
 * seed on x86 most; nothing at or above degraded may come but what the table allows,
 * with the reason.  pCPUs go offline by loose rules and by strict ones.  (Sampling
 * proves nothing; what proves something is the exhaustive search.)
 *
 *   out/tests/clean [TIMES [FORM..]]	as many times the runs, on these forms only
 */
#include <fnmatch.h>
#include <unistd.h>
#include "sim/mem.h"
#include "tests/sim_common.h"

enum { RUNS = 1200, MANY = 10, MAX_FORMS = 128 };

#define ORACLE(name)	(1u << ORACLE_##name)

/* A row holds for its model and for weaker ones.  Forms and scenarios are patterns. */
static const struct allowed {
	const char *form;
	enum mem_model model;
	const char *scenario;
	uint32_t oracles;
	const char *reason;
} allowed[] = {
	{ "@(v4.11|v5.15)-*", MEM_SC, "@(kick-vs-migrate|dirty-log-sync|cpu-offline|mixed)",
	  ORACLE(LOST_KICK), "vcpu->cpu is read before the mode: what the seed mends" },
	{ "@(v4.11|v5.15)-*", MEM_SC, "@(two-senders|request-mask|mixed)",
	  ORACLE(LOST_REQUEST), "so the first sender's IPI goes astray, and the second relies on it" },
	{ "v5.15-*", MEM_WEAK, "*", ORACLE(LOST_REQUEST) | ORACLE(MISSED_ACK),
	  "the early read of vcpu->cpu passes the request" },
	{ "@(v5.16|v5.17|v6.1)-riscv", MEM_WEAK, "@(kick-vs-migrate|cpu-offline|mixed)",
	  ORACLE(LOST_KICK), "the mode is seen before the cpu (Q3)" },
	{ "@(v5.1[67]|v6.*)-@(arm64|riscv|mips)", MEM_WEAK, "@(two-senders|request-mask|mixed)",
	  ORACLE(LOST_REQUEST), "the same, and a second sender relies on the first" },
	{ "v6.*", MEM_WEAK, "gfn-cache", ORACLE(LOST_KICK) | ORACLE(MISSED_LEAVE),
	  "the same: no pCPU to ask, and the request leaves no bit" },
	{ "*-mips", MEM_TSO, "*", ORACLE(LOST_REQUEST),
	  "who enters again takes its interrupts before its barrier" },
	{ "*-x86", MEM_SC, "posted-interrupts", ORACLE(STRANDED_INTERRUPT),
	  "a sender takes ON, which the vCPU sets on its way to sleep, for a notification" },
	{ "*-x86", MEM_WEAK, "posted-interrupts", ORACLE(CPU_CONSISTENCY),
	  "mode and cpu are loaded plainly, in this order: no matter on x86" },
	{ "v6.12-x86", MEM_SC, "waiting-kick", ORACLE(MISSED_ACK),
	  "its kick does not wait yet (309d28576f0a)" },
	{ "v6.16-*", MEM_SC, "waiting-kick", ORACLE(MISSED_ACK),
	  "nor does one that finds EXITING_GUEST_MODE (M30)" },
};

static const char *const engines[] = { "random", "pct:3", "pos" };
static uint64_t times = 1;
static struct CMUnitTest tests[MAX_FORMS];
static size_t nr_tests;

static uint32_t serious(void)
{
	uint32_t mask = 0;

	for (int i = 0; i < NR_ORACLES; i++)
		if (oracle_info[i].severity >= SEVERITY_DEGRADED)
			mask |= 1u << i;
	return mask;
}

static uint32_t allowed_in(const char *form, enum mem_model model, const char *scenario)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		const struct allowed *a = &allowed[i];

		if (model >= a->model && !fnmatch(a->form, form, FNM_EXTMATCH) &&
		    !fnmatch(a->scenario, scenario, FNM_EXTMATCH))
			mask |= a->oracles;
	}
	return mask;
}

static void fail_run(const char *text, uint32_t broken)
{
	static char line[SCHEDULE_TEXT];
	struct schedule schedule;

	schedule_of_run(&schedule);
	schedule_print(&schedule, line, sizeof(line));
	fail_msg("%s: %s: schedule %s", text, oracle_info[__builtin_ctz(broken)].name, line);
}

static void sample(const char *text, const char *name, uint64_t runs, uint32_t forbidden)
{
	struct run_result result;
	struct config c;
	struct engine e;

	sim_prepare(&c, text);
	assert_true(engine_parse(&e, name));
	for (uint64_t seed = 0; seed < runs; seed++) {
		engine_seed(&e, seed);
		run_once(&e.chooser, NULL, &result);
		engine_done(&e);
		if (result.fired & forbidden)
			fail_run(text, result.fired & forbidden);
	}
}

static void test_model(const char *form, enum mem_model model,
		       const struct machine_scenario *const *scenario)
{
	static const char *const names[] = { "sc", "tso", "weak" };
	const char *arch = strrchr(form, '-') + 1;
	uint64_t runs = RUNS * times;
	char text[160];

	if (!strcmp(form, "v5.16-x86") && model == MEM_SC)
		runs *= MANY;
	for (; *scenario; scenario++) {
		uint32_t forbidden = serious() & ~allowed_in(form, model, (*scenario)->name);

		for (int strict = 0; strict <= (*scenario)->max.hotplug_strict; strict++) {
			snprintf(text, sizeof(text), "%.*s %s arch=%s model=%s hotplug-strict=%d",
				 (int)(arch - 1 - form), form, (*scenario)->name, arch,
				 names[model], strict);
			for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++)
				sample(text, engines[i], runs / 3, forbidden);
		}
	}
}

static void test_form(void **state)
{
	const char *id = *state;
	char kernel[64];
	struct form *form;

	snprintf(kernel, sizeof(kernel), "%.*s", (int)(strrchr(id, '-') - id), id);
	form = form_load(kernel, strrchr(id, '-') + 1, "");
	assert_non_null(form);
	for (enum mem_model model = MEM_SC; model <= MEM_WEAK; model++)
		test_model(id, model, form->code->scenarios);
}

static void add_test(const char *id)
{
	assert(nr_tests < MAX_FORMS && strchr(id, '-'));
	tests[nr_tests].name = strdup(id);
	tests[nr_tests].test_func = test_form;
	tests[nr_tests].initial_state = (void *)tests[nr_tests].name;
	nr_tests++;
}

/* Planted bugs are no kernel's, and what users lift here is not ours. */
static int add_form(const char *id, const char *path, void *arg)
{
	char note[4096];

	(void)arg;
	snprintf(note, sizeof(note), "%.*slift", (int)strlen(path) - 2, path);
	if (strchr(id, '+') || !access(note, F_OK))
		return 0;
	add_test(id);
	return 0;
}

int main(int argc, char **argv)
{
	if (sim_begin(NULL))
		return 4;
	if (argc > 1)
		times = strtoull(argv[1], NULL, 10);
	for (int i = 2; i < argc; i++)
		add_test(argv[i]);
	if (argc <= 2 && form_each(add_form, NULL))
		return 4;
	assert(nr_tests);
	return _cmocka_run_group_tests("clean", tests, nr_tests, NULL, NULL);
}
