// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz target: headers of planted bugs' patches. */
#include <stdlib.h>
#include <string.h>
#include "variant.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct variant v;
	struct config c;

	memcpy(text, data, size);
	text[size] = '\0';
	variant_parse(&v, text);
	assert(strlen(v.scenario) < sizeof(v.scenario) && strlen(v.name) < sizeof(v.name));
	/* Of the many that fail most do so before a form is looked for. */
	variant_config(&v, false, &c);
	free(text);
	return 0;
}
