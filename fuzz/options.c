// SPDX-License-Identifier: GPL-2.0-only
/* Values of options. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../sim/oracle.h"
#include "options.h"

bool option_u64(const char *arg, uint64_t max, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(arg, &end, 0);
	return !errno && end != arg && !*end && *arg != '-' && *value <= max;
}

bool option_duration(const char *arg, uint64_t *ms)
{
	static const struct { const char *unit; uint64_t ms; } units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "", 1000 },
	};
	char *end;
	uint64_t n = strtoull(arg, &end, 10);

	if (end == arg || *arg == '-' || n > 1000000)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(end, units[i].unit)) {
			*ms = n * units[i].ms;
			return *ms > 0;
		}
	return false;
}

bool option_size(const char *arg, uint64_t *bytes)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;
	uint64_t n = strtoull(arg, &end, 10);

	if (end == arg || *arg == '-' || n > 1000000 || !*end || end[1])
		return false;
	unit = strchr(units, *end);
	if (!unit)
		return false;
	*bytes = n << (10 * (unit - units + 1));
	return *bytes > 0;
}

int option_severity(const char *name)
{
	for (int i = 0; i < NR_SEVERITIES; i++)
		if (!strcmp(severity_name[i], name))
			return i;
	return -1;
}
