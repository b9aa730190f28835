// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz target: litmus tests.  What parses runs, within a small bound. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "litmus.h"
#include "litmus_judge.h"

enum { MAX_STATES = 2000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mem_opts weak = { .model = MEM_WEAK };
	char *text = malloc(size + 1);
	struct litmus_result r;
	struct litmus *t;

	memcpy(text, data, size);
	text[size] = '\0';
	t = litmus_parse(text, size);
	assert(t);
	if (t->error == LITMUS_FINE) {
		litmus_explore(t, &weak, MAX_STATES, &r);
		litmus_result_free(&r);
	}
	litmus_free(t);
	free(text);
	return 0;
}
