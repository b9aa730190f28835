// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: inputs of the engines.  Any is a run that its schedule gives again.
 *
 * Half of the inputs come from the engines' own mutator: random bytes ask for dozens
 * of everything, and such runs take a thousand times as long.
 */
#include <stdlib.h>
#include <string.h>
#include "bytes.h"
#include "mutate.h"
#include "run.h"

enum { CHECK_STEPS = 400 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
/* Not every engine has it. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);
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

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	static struct bytes b;
	struct random r;

	random_seed(&r, seed);
	/* What is longer is not read. */
	max = max < BYTES_MAX ? max : BYTES_MAX;
	size = size < max ? size : max;
	if (LLVMFuzzerMutate && random_below(&r, 2))
		return LLVMFuzzerMutate(data, size, max);
	bytes_parse(&b, data, size);
	mutate_swarm(&b, &r);
	return bytes_print(&b, data, max);
}

/* The world is made anew only for other numbers. */
static void prepare(const struct bytes *b)
{
	static struct machine_config last;
	static bool prepared;
	struct config c = mixed;

	bytes_configure(b, &c);
	if (prepared && !memcmp(&last, &c.machine, sizeof(last)))
		return;
	run_prepare(&c);
	last = c.machine;
	prepared = true;
}

static void run_twice(const struct bytes *b)
{
	static struct schedule schedule;
	struct bytes_chooser chooser;
	struct run_result first, again;
	char why[128];

	prepare(b);
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
