// SPDX-License-Identifier: GPL-2.0-only
/* JUnit XML, the subset that all readers share. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../results/json.h"
#include "../results/term.h"
#include "check_format.h"

/* Characters that XML 1.0 has no place for become '?', as do bytes that are no UTF-8. */
static void put_text(FILE *out, const char *text)
{
	while (*text) {
		int n = json_utf8_length(text);
		const char *entity = *text == '&' ? "&amp;" : *text == '<' ? "&lt;" :
				     *text == '>' ? "&gt;" : *text == '"' ? "&quot;" : NULL;

		if (entity)
			fputs(entity, out);
		else if (!n || ((unsigned char)*text < ' ' && *text != '\n' && *text != '\t'))
			fputc('?', out);
		else
			fwrite(text, 1, (size_t)n, out);
		text += n ? n : 1;
	}
}

static void put_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	put_text(out, value);
	fputc('"', out);
}

static void put_property(FILE *out, const char *name, const char *value)
{
	fputs("      <property", out);
	put_attribute(out, "name", name);
	put_attribute(out, "value", value);
	fputs("/>\n", out);
}

/* The replay line and the run, step by step. */
static int put_failure(const struct check *c, const struct check_found *f, FILE *out)
{
	static struct check_view v;
	char *text = NULL;
	size_t size;
	FILE *memory;
	int ret = check_view_open(&v, c, f);

	if (ret)
		return ret;
	memory = open_memstream(&text, &size);
	if (!memory)
		ret = term_error(TERM_EXIT_SYSTEM, "no memory for --format junit");
	if (!ret)
		ret = show_columns(&v.in, memory);
	if (memory)
		fclose(memory);
	fputs("      <failure", out);
	put_attribute(out, "type", oracle_info[f->report.oracle].name);
	put_attribute(out, "message", f->title);
	fprintf(out, ">%s", f->why[0] ? "" : "\n");
	put_text(out, f->why);
	fputs("\nreplay: ", out);
	put_text(out, v.line);
	fputs("\n\n", out);
	put_text(out, text ? text : "");
	fputs("</failure>\n", out);
	free(text);
	check_view_close(&v);
	return ret;
}

/* JUnit knows one failure of a case: the first that is new; the rest is output. */
static int put_body(const struct check *c, const struct check_case *k, FILE *out)
{
	const struct check_found *shown = NULL, *f;
	int ret = 0;

	if (k->status == CHECK_SKIP) {
		fputs("      <skipped", out);
		put_attribute(out, "message", k->why);
		fputs("/>\n", out);
	} else if (k->status == CHECK_MISSED) {
		fputs("      <error type=\"canary-missed\"", out);
		put_attribute(out, "message", k->why);
		fputs("/>\n", out);
	}
	for (f = NULL; !shown && (f = check_next(k, f));)
		if (!f->is_known)
			shown = f;
	if (shown)
		ret = put_failure(c, shown, out);
	fputs("      <system-out>", out);
	if (k->status == CHECK_PASS && *k->why) {
		put_text(out, k->why);
		fputc('\n', out);
	}
	for (f = NULL; (f = check_next(k, f));) {
		if (f == shown)
			continue;
		put_text(out, f->title);
		fputs(", ", out);
		put_text(out, f->why);
		fputc('\n', out);
	}
	fputs("</system-out>\n", out);
	return ret;
}

struct totals { unsigned int tests, failures, errors, skipped; uint64_t ms; };

static unsigned int sum(const struct check *c, unsigned int first, bool all, struct totals *t)
{
	unsigned int i;

	*t = (struct totals){ 0 };
	for (i = first; i < c->nr_cases; i++) {
		const struct check_case *k = &c->cases[i];

		if (!all && strcmp(k->group, c->cases[first].group))
			break;
		t->tests++;
		t->failures += k->status == CHECK_FAIL;
		t->errors += k->status == CHECK_MISSED;
		t->skipped += k->status == CHECK_SKIP;
		t->ms += k->ms;
	}
	return i - first;
}

static void put_totals(FILE *out, const struct totals *t)
{
	fprintf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\" time=\"%.3f\"",
		t->tests, t->failures, t->errors, t->skipped, (double)t->ms / 1000);
}

static int put_suite(const struct check *c, unsigned int first, unsigned int nr,
		     const struct totals *t, FILE *out)
{
	char text[256], host[65] = "localhost";
	time_t now = time(NULL);
	struct tm tm;
	int ret = 0;

	gethostname(host, sizeof(host) - 1);
	gmtime_r(&now, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	fputs("  <testsuite", out);
	put_attribute(out, "name", c->cases[first].group);
	put_totals(out, t);
	put_attribute(out, "timestamp", text);
	put_attribute(out, "hostname", host);
	fputs(">\n    <properties>\n", out);
	put_property(out, "kernel", c->kernel.form->id);
	put_property(out, "base", c->has_base ? c->base.form->id : "");
	snprintf(text, sizeof(text), "%llu", (unsigned long long)c->seed);
	put_property(out, "seed", text);
	put_property(out, "kicksim", KICKSIM_VERSION);
	fputs("    </properties>\n", out);
	for (unsigned int i = 0; !ret && i < nr; i++) {
		const struct check_case *k = &c->cases[first + i];

		fputs("    <testcase", out);
		snprintf(text, sizeof(text), "kicksim.%s", k->group);
		put_attribute(out, "classname", text);
		put_attribute(out, "name", k->name);
		fprintf(out, " time=\"%.3f\">\n", (double)k->ms / 1000);
		ret = put_body(c, k, out);
		fputs("    </testcase>\n", out);
	}
	fputs("  </testsuite>\n", out);
	return ret;
}

int check_junit(const struct check *c, FILE *out)
{
	struct totals t;
	unsigned int nr;
	int ret = 0;

	sum(c, 0, true, &t);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"kicksim check\"", out);
	put_totals(out, &t);
	fputs(">\n", out);
	for (unsigned int i = 0; !ret && i < c->nr_cases; i += nr) {
		nr = sum(c, i, false, &t);
		ret = put_suite(c, i, nr, &t, out);
	}
	fputs("</testsuites>\n", out);
	return ret;
}
