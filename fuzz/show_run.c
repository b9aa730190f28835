// SPDX-License-Identifier: GPL-2.0-only
/* A witness's run with all that is shown of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "show_run.h"

enum { MAX_RECORDS = 1 << 16 };

/* The report that the witness is kept for, or else the worst one. */
static const struct report *pick_report(const struct witness *w, const struct run_result *r)
{
	const struct report *best = NULL;
	char signature[512];

	for (unsigned int i = 0; i < r->nr_reports; i++) {
		const struct report *x = &r->report[i];

		if (!strcmp(report_signature(&w->config, x, signature, sizeof(signature)),
			    w->expect))
			return x;
		if (!best || oracle_info[x->oracle].severity > oracle_info[best->oracle].severity)
			best = x;
	}
	return best;
}

/* What to type to see this run again. */
static void replay_line(const struct witness *w, char *buf, size_t size)
{
	char json[1024], text[SCHEDULE_TEXT];

	if (*w->id) {
		snprintf(buf, size, "%s replay %s", program_invocation_name, w->id);
		return;
	}
	config_print_json(&w->config, json, sizeof(json));
	schedule_print(&w->schedule, text, sizeof(text));
	snprintf(buf, size, "%s replay '%s %s'", program_invocation_name, json, text);
}

int show_run_begin(struct show_run *r, struct witness *w)
{
	char why[128];
	int ret = run_confine();

	memset(r, 0, sizeof(*r));
	if (ret)
		return ret;
	r->trace.max = MAX_RECORDS;
	r->trace.rec = calloc(MAX_RECORDS, sizeof(*r->trace.rec));
	if (!r->trace.rec)
		return term_error(TERM_EXIT_SYSTEM, "no memory for the trace");
	run_prepare(&w->config);
	if (!run_schedule(&w->schedule, &r->trace, &r->result, why, sizeof(why))) {
		show_run_end(r);
		return term_error(TERM_EXIT_DIVERGED, "the schedule does not fit: %s", why);
	}
	form_load_lines(w->config.form);
	replay_line(w, r->line, sizeof(r->line));
	r->input = (struct show_input){
		.config = &w->config,
		.trace = &r->trace,
		.schedule = &w->schedule,
		.result = &r->result,
		.report = pick_report(w, &r->result),
		.id = *w->id ? w->id : NULL,
		.replay_line = r->line,
	};
	return 0;
}

void show_run_end(struct show_run *r)
{
	free(r->trace.rec);
	r->trace.rec = NULL;
}
