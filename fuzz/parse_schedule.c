// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz target: schedules as text, and files of them.  What is printed reads back. */
#include <stdlib.h>
#include <string.h>
#include "named.h"
#include "witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void schedule_text(const char *text)
{
	static char printed[SCHEDULE_TEXT], again[SCHEDULE_TEXT];
	static struct schedule s;
	const char *error = text, *expected = "";

	if (schedule_parse(&s, text, &error, &expected)) {
		assert(error >= text && error <= text + strlen(text) && *expected);
		return;
	}
	schedule_print(&s, printed, sizeof(printed));
	assert(!schedule_parse(&s, printed, &error, &expected));
	schedule_print(&s, again, sizeof(again));
	assert(!strcmp(printed, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct named named;
	static struct witness w;
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	schedule_text(text);
	/* SQLite reads the JSON in both, which takes its time. */
	if (*text == '[')
		named_parse(&named, text);
	if (strstr(text, "config ")) {
		witness_parse(&w, text, "input");
		witness_free(&w);
	}
	free(text);
	return 0;
}
