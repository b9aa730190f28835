// SPDX-License-Identifier: GPL-2.0-only
/* From a shrunk finding to the store's row. */
#include <stdio.h>
#include <string.h>
#include "keep.h"
#include "named.h"

enum { SIGNATURE_WORDS = 5 };		/* oracle kernel arch model variant, then places */

int keep_finding(struct store *store, const struct config *c, const struct shrunk *s,
		 const struct keep_origin *origin, struct store_stored *stored)
{
	static char line[SCHEDULE_TEXT], named[1 << 18];
	static unsigned char bytes[MAX_CHOICES];
	static struct named names;
	char signature[512], title[256], json[1024], hash[17], core[40], *places;
	const struct oracle_info *oracle = &oracle_info[s->report.oracle];
	int words = SIGNATURE_WORDS;
	struct store_finding f;

	report_signature(c, &s->report, signature, sizeof(signature));
	for (places = signature; words && *places; places++)
		words -= *places == ' ';
	config_print_json(c, json, sizeof(json));
	schedule_print(&s->schedule, line, sizeof(line));
	if (!named_of_schedule(&names, &s->schedule, c->form) ||
	    !named_print(&names, named, sizeof(named)))
		strcpy(named, "[]");
	snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)s->result.hash);
	f = (struct store_finding){
		.oracle = oracle->name,
		.kernel = c->kernel, .arch = c->arch, .model = c->model, .variant = c->variant,
		.places = places,
		.severity = severity_name[oracle->severity],
		.title = report_title(c, &s->report, title, sizeof(title)),
		.campaign = origin->campaign, .engine = origin->engine,
		.scenario = c->scenario, .hits = 1,
		.first_runs = (int64_t)origin->first_runs,
		.first_cpu_ns = (int64_t)origin->first_cpu_ns, .seed = origin->seed,
		.schedule = {
			.config = json, .line = line, .choices = bytes,
			.nr_bytes = schedule_bytes(&s->schedule, bytes, sizeof(bytes)),
			.named = named, .trace_hash = hash,
			.core = config_core(c, core, sizeof(core)),
			.steps = s->result.steps, .nonzero = s->schedule.nr,
		},
	};
	return store_finding(store, &f, stored);
}
