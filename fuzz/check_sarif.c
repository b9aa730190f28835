// SPDX-License-Identifier: GPL-2.0-only
/*
 * SARIF 2.1.0.  The interleaving is a code flow with a thread flow for each
 * pCPU, whose locations carry the order over all of them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../results/json.h"
#include "../results/term.h"
#include "check_format.h"
#include "show_name.h"
#include "show_state.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static void put_message(struct json *j, const char *key, const char *text)
{
	json_object(j, key);
	json_text(j, "text", text);
	json_end(j);
}

/* Rules of one run stand in the order of their number: ruleIndex. */
static void put_rules(struct json *j)
{
	json_array(j, "rules");
	for (int o = 0; o < NR_ORACLES; o++) {
		int severity = (int)oracle_info[o].severity;

		json_object(j, NULL);
		json_text(j, "id", oracle_info[o].name);
		json_text(j, "name", oracle_info[o].name);
		put_message(j, "shortDescription", oracle_info[o].name);
		put_message(j, "fullDescription", oracle_info[o].sentence);
		json_object(j, "help");
		json_text(j, "text", oracle_info[o].sentence);
		json_text(j, "markdown", oracle_info[o].sentence);
		json_end(j);
		json_object(j, "defaultConfiguration");
		json_text(j, "level", severity >= SEVERITY_DEGRADED ? "error" :
			  severity >= SEVERITY_WARN ? "warning" : "note");
		json_end(j);
		json_object(j, "properties");
		json_array(j, "tags");
		json_text(j, NULL, severity_name[severity]);
		json_text(j, NULL, "concurrency");
		json_end(j);
		json_end(j);
		json_end(j);
	}
	json_end(j);
}

static void put_physical(struct json *j, const char *file, unsigned int line)
{
	json_object(j, "physicalLocation");
	json_object(j, "artifactLocation");
	json_text(j, "uri", file);
	/* Only what lies below a root is relative to one. */
	if (*file != '/')
		json_text(j, "uriBaseId", "SRCROOT");
	json_end(j);
	json_object(j, "region");
	json_int(j, "startLine", line ? line : 1);
	json_end(j);
	json_end(j);
}

static void put_step(struct json *j, const struct check_view *v, const struct show_state *s,
		     uint32_t i)
{
	const struct trace_rec *r = &v->trace.rec[i];
	struct form *form = v->in.config->form;
	struct show_place place;
	char text[SHOW_TEXT];

	json_object(j, NULL);
	json_int(j, "executionOrder", i + 1);
	json_object(j, "location");
	if (show_place(form, r, &place) && place.file) {
		put_physical(j, place.file, place.line);
		json_array(j, "logicalLocations");
		json_object(j, NULL);
		json_text(j, "fullyQualifiedName", place.function);
		json_text(j, "kind", "function");
		json_end(j);
		json_end(j);
	}
	put_message(j, "message", show_text(s, r, 0, &form->sites, text));
	json_end(j);
	json_end(j);
}

static int put_flows(struct json *j, const struct check_view *v)
{
	struct show_state *s = malloc(sizeof(*s));

	if (!s)
		return term_error(TERM_EXIT_SYSTEM, "no memory for --format sarif");
	json_array(j, "codeFlows");
	json_object(j, NULL);
	json_array(j, "threadFlows");
	for (int cpu = 0; cpu < v->in.config->machine.nr_pcpus; cpu++) {
		char id[16];
		bool any = false;

		for (uint32_t i = 0; i < v->trace.nr; i++)
			any |= v->trace.rec[i].pcpu == cpu;
		if (!any)
			continue;
		json_object(j, NULL);
		snprintf(id, sizeof(id), "pCPU%d", cpu);
		json_text(j, "id", id);
		json_array(j, "locations");
		show_state_begin(s);
		for (uint32_t i = 0; i < v->trace.nr; i++) {
			if (v->trace.rec[i].pcpu == cpu)
				put_step(j, v, s, i);
			show_state_apply(s, &v->trace.rec[i]);
		}
		json_end(j);
		json_end(j);
	}
	json_end(j);
	json_end(j);
	json_end(j);
	free(s);
	return 0;
}

static void put_properties(struct json *j, const struct check *c, const struct check_found *f)
{
	json_object(j, "partialFingerprints");
	json_text(j, "kicksimSignature/v1", f->id);
	json_end(j);
	json_object(j, "properties");
	json_seed(j, "seed", c->seed);
	json_text(j, "replayId", f->id);
	json_text(j, "verdict", severity_name[oracle_info[f->report.oracle].severity]);
	json_int(j, "steps", f->steps);
	json_int(j, "answers", f->schedule.nr);
	json_text(j, "scenario", f->config.scenario);
	json_end(j);
}

static int put_result(struct json *j, const struct check *c, const struct check_found *f)
{
	static struct check_view v;
	static char text[SCHEDULE_TEXT + 2048];
	const char *file;
	unsigned int line;
	int ret = check_view_open(&v, c, f);

	if (ret)
		return ret;
	json_object(j, NULL);
	json_text(j, "ruleId", oracle_info[f->report.oracle].name);
	json_int(j, "ruleIndex", f->report.oracle);
	json_text(j, "level", f->is_known ? "note" : "error");
	json_text(j, "kind", "fail");
	json_text(j, "baselineState", f->is_known ? "unchanged" : "new");
	snprintf(text, sizeof(text), "%s: %s; %s. replay: %s", f->title,
		 oracle_info[f->report.oracle].sentence, f->why, v.line);
	put_message(j, "message", text);
	json_array(j, "locations");
	if (check_view_place(&v, &file, &line)) {
		json_object(j, NULL);
		put_physical(j, file, line);
		json_end(j);
	}
	json_end(j);
	ret = f->is_known ? 0 : put_flows(j, &v);
	put_properties(j, c, f);
	json_end(j);
	check_view_close(&v);
	return ret;
}

static void put_head(struct json *j, const struct check *c)
{
	char text[256];

	json_object(j, "tool");
	json_object(j, "driver");
	json_text(j, "name", "kicksim");
	json_text(j, "semanticVersion", KICKSIM_VERSION);
	put_rules(j);
	json_end(j);
	json_end(j);
	json_object(j, "automationDetails");
	snprintf(text, sizeof(text), "kicksim/%s/", c->kernel.form->id);
	json_text(j, "id", text);
	json_end(j);
	json_array(j, "invocations");
	json_object(j, NULL);
	json_bool(j, "executionSuccessful", check_verdict(c) <= TERM_EXIT_FINDING);
	json_int(j, "exitCode", check_verdict(c));
	snprintf(text, sizeof(text), "%s check %s", program_invocation_name, c->kernel.form->id);
	json_text(j, "commandLine", text);
	json_end(j);
	json_end(j);
	json_object(j, "originalUriBaseIds");
	json_object(j, "SRCROOT");
	put_message(j, "description", "the folder from which the code under test was built");
	json_end(j);
	json_end(j);
}

int check_sarif(const struct check *c, FILE *out)
{
	struct json j;
	int ret = 0;

	json_open(&j, out, NULL);
	json_text(&j, "$schema", SCHEMA);
	json_text(&j, "version", "2.1.0");
	json_array(&j, "runs");
	json_object(&j, NULL);
	put_head(&j, c);
	json_array(&j, "results");
	for (unsigned int i = 0; i < c->nr_cases; i++)
		for (const struct check_found *f = NULL; !ret && (f = check_next(&c->cases[i], f));)
			if (check_is_first(c, f, f->id))
				ret = put_result(&j, c, f);
	if (ret)
		return ret;
	json_end(&j);
	json_end(&j);
	json_end(&j);
	json_close(&j);
	return 0;
}
