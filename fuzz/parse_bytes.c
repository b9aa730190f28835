// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz target: inputs of the engines.  Any is a run that its schedule gives again. */
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "mutate.h"
#include "run.h"

enum { CHECK_STEPS = 3000 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct config mixed;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	config_init(&mixed);
	strcpy(mixed.scenario, "mixed");
	if (run_init() || config_load(&mixed))
		exit(4);
	/* Some inputs ask for a hundred of everything. */
	mixed.step_limit = CHECK_STEPS;
	return 0;
}

static void run_twice(const struct bytes *b)
{
	static struct schedule schedule;
	struct bytes_chooser chooser;
	struct run_result first, again;
	struct config c = mixed;
	char why[128];

	bytes_configure(b, &c);
	run_prepare(&c);
	bytes_chooser_init(&chooser, b);
	run_once(&chooser.chooser, NULL, &first);
	assert(first.end != RUN_REFUSED);
	if (!schedule_of_run(&schedule))
		return;
	assert(run_schedule(&schedule, NULL, &again, why, sizeof(why)));
	assert(first.hash == again.hash && first.steps == again.steps);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bytes b, again, derived;
	static uint8_t printed[BYTES_MAX], twice[BYTES_MAX];
	size_t n;

	bytes_parse(&b, data, size);
	n = bytes_print(&b, printed, sizeof(printed));
	bytes_parse(&again, printed, n);
	assert(bytes_print(&again, twice, sizeof(twice)) == n && !memcmp(printed, twice, n));
	mutate_batch(&derived, &b, 1);
	run_twice(&b);
	run_twice(&derived);
	return 0;
}
