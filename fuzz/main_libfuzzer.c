// SPDX-License-Identifier: GPL-2.0-only
/* kicksim as a target of libFuzzer: out/fuzz/kick_libfuzzer corpus/work */
#include <stdlib.h>
#include "harness.h"

/*
 * libFuzzer reads and clears these beside its own counters, of which there are
 * none.  Volatile, or the compiler finds that nobody reads them.
 */
__attribute__((section("__libfuzzer_extra_counters"), used, aligned(64)))
static volatile uint8_t features[FEATURE_MAP_SIZE];

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int ret = harness_init(argc, *argv, HARNESS_LIBFUZZER_BATCH);

	if (ret)
		exit(ret);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	harness_run(data, size, features);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	return harness_mutate(data, max, data, size, NULL, 0, seed);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other,
				 size_t other_size, uint8_t *out, size_t max, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other,
				 size_t other_size, uint8_t *out, size_t max, unsigned int seed)
{
	return harness_mutate(out, max, data, size, other, other_size, seed);
}
