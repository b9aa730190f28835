// SPDX-License-Identifier: GPL-2.0-only
/* kicksim as a target of AFL++: afl-fuzz -i corpus/seeds -o out/afl -- out/fuzz/kick_afl */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "afl_map.h"
#include "harness.h"

enum { EXECUTIONS = 1000000 };

__AFL_FUZZ_INIT();

/* Instrumented, as main() is not: a program without any edge gets the largest map. */
static __attribute__((noinline)) void execute(const unsigned char *data, size_t size)
{
	static volatile uint8_t features[FEATURE_MAP_SIZE];

	memset((void *)features, 0, sizeof(features));
	harness_run(data, size, features);
	afl_map_set((const uint8_t *)features);
}

int main(int argc, char **argv)
{
	const unsigned char *data;
	int ret = harness_init(&argc, argv, HARNESS_AFL_BATCH);

	if (ret)
		return ret;
	__AFL_INIT();
	run_watch();
	data = __AFL_FUZZ_TESTCASE_BUF;
	while (__AFL_LOOP(EXECUTIONS))
		execute(data, (size_t)__AFL_FUZZ_TESTCASE_LEN);
	return 0;
}
