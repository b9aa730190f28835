// SPDX-License-Identifier: GPL-2.0-only
/* Places in AFL++'s map. */
#include <string.h>
#include "afl_map.h"
#include "feature.h"

extern uint8_t *__afl_area_ptr;
void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop);

static uint32_t places[FEATURE_MAP_SIZE];

/* As the compiler's own constructors do, and after the runtime's. */
__attribute__((constructor(1000))) static void take_places(void)
{
	__sanitizer_cov_trace_pc_guard_init(places, places + FEATURE_MAP_SIZE);
}

void afl_map_set(const uint8_t *features)
{
	uint64_t eight;

	/* Most are not there. */
	for (unsigned int i = 0; i < FEATURE_MAP_SIZE; i += sizeof(eight)) {
		memcpy(&eight, features + i, sizeof(eight));
		for (; eight; eight &= eight - 1) {
			unsigned int j = i + (unsigned int)__builtin_ctzll(eight) / 8;

			__afl_area_ptr[places[j]] = 1;
		}
	}
}
