// SPDX-License-Identifier: GPL-2.0-only
/* The table of formats, and the two that are lines. */
#include <string.h>
#include "../results/json.h"
#include "../results/term.h"
#include "check_format.h"

const struct check_format check_formats[] = {
	{ "plain", false, true, check_plain },
	{ "ktap", false, true, check_ktap },
	{ "github", false, false, check_github },
	{ "json", false, true, check_json },
	{ "junit", true, false, check_junit },
	{ "sarif", true, false, check_sarif },
	{ NULL, false, false, NULL }
};

/* What ends a workflow command, and in a property what ends that. */
static void put_escaped(FILE *out, const char *text, bool in_property)
{
	for (; *text; text++) {
		if (*text == '%' || *text == '\r' || *text == '\n' ||
		    (in_property && (*text == ':' || *text == ',')))
			fprintf(out, "%%%02X", (unsigned char)*text);
		else
			fputc(*text, out);
	}
}

static int put_annotation(const struct check *c, const struct check_found *f, FILE *out)
{
	static struct check_view v;
	const char *file;
	unsigned int line;
	int ret = check_view_open(&v, c, f);

	if (ret)
		return ret;
	fputs("::error ", out);
	if (check_view_place(&v, &file, &line)) {
		fputs("file=", out);
		put_escaped(out, file, true);
		fprintf(out, ",line=%u,", line);
	}
	fputs("title=", out);
	put_escaped(out, f->title, true);
	fputs("::", out);
	put_escaped(out, oracle_info[f->report.oracle].sentence, false);
	fputs("%0A", out);
	put_escaped(out, f->why, false);
	fputs("%0Areplay: ", out);
	put_escaped(out, v.line, false);
	fputc('\n', out);
	check_view_close(&v);
	return 0;
}

int check_github(const struct check *c, FILE *out)
{
	int ret = 0;

	for (unsigned int i = 0; i < c->nr_cases; i++) {
		const struct check_case *k = &c->cases[i];

		for (const struct check_found *f = NULL; !ret && (f = check_next(k, f));)
			if (!f->is_known && check_is_first(c, f, f->id))
				ret = put_annotation(c, f, out);
		if (k->status == CHECK_MISSED) {
			fputs("::error title=canary missed::", out);
			put_escaped(out, k->why, false);
			fputc('\n', out);
		}
	}
	return ret;
}

static void put_found(const struct check *c, struct json *j, const struct check_found *f)
{
	static char text[SCHEDULE_TEXT + 1200];
	char config[1024];

	json_object(j, NULL);
	json_text(j, "id", f->id);
	json_text(j, "severity", severity_name[oracle_info[f->report.oracle].severity]);
	json_text(j, "title", f->title);
	json_text(j, "signature", f->signature);
	json_bool(j, "known", f->is_known);
	json_text(j, "why", f->why);
	json_int(j, "hits", (int64_t)f->hits);
	json_int(j, "steps", f->steps);
	json_int(j, "answers", f->schedule.nr);
	config_print_json(&f->config, config, sizeof(config));
	json_raw(j, "config", config);
	schedule_print(&f->schedule, text, sizeof(text));
	json_text(j, "schedule", text);
	json_text(j, "replay", check_replay_line(c, f, text, sizeof(text)));
	json_end(j);
}

int check_json(const struct check *c, FILE *out)
{
	static const char *const status[] = { "passed", "failed", "skipped", "canary-missed" };
	struct json j;

	for (unsigned int i = 0; i < c->nr_cases; i++) {
		const struct check_case *k = &c->cases[i];

		json_open(&j, out, "kicksim.check-case/1");
		json_text(&j, "group", k->group);
		json_text(&j, "name", k->name);
		json_text(&j, "status", status[k->status]);
		json_text(&j, "why", k->why);
		json_array(&j, "found");
		for (const struct check_found *f = NULL; (f = check_next(k, f));)
			put_found(c, &j, f);
		json_end(&j);
		json_close(&j);
	}
	json_open(&j, out, "kicksim.check/1");
	json_text(&j, "kernel", c->kernel.form->id);
	json_text(&j, "base", c->has_base ? c->base.form->id : NULL);
	json_text(&j, "profile", c->profile);
	json_seed(&j, "seed", c->seed);
	json_int(&j, "passed", c->nr[CHECK_PASS]);
	json_int(&j, "failed", c->nr[CHECK_FAIL] + c->nr[CHECK_MISSED]);
	json_int(&j, "skipped", c->nr[CHECK_SKIP]);
	json_int(&j, "schedules", (int64_t)c->shared->runs);
	json_int(&j, "exit_code", check_verdict(c));
	json_close(&j);
	return 0;
}
