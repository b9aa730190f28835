// SPDX-License-Identifier: GPL-2.0-only
/* The page's frame, and what its parts share. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "report.h"
#include "store_priv.h"
#include "term.h"

extern const char report_css[], report_js[];

void report_each(struct page *r, const char *sql, const char *bind,
		 void (*row)(struct page *r, struct sqlite3_stmt *stmt, void *arg), void *arg)
{
	sqlite3_stmt *stmt;
	int rc = SQLITE_OK;

	if (r->code != STORE_OK)
		return;
	/* Not from the cache: a row may well ask this again. */
	if (sqlite3_prepare_v2(r->s->db, sql, -1, &stmt, NULL) != SQLITE_OK) {
		r->code = store_fail_sql(r->s);
		return;
	}
	if (bind)
		sqlite3_bind_text(stmt, 1, bind, -1, SQLITE_STATIC);
	while (r->code == STORE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		row(r, stmt, arg);
	if (r->code == STORE_OK && rc != SQLITE_DONE)
		r->code = store_fail_sql(r->s);
	sqlite3_finalize(stmt);
}

void report_take_int(struct page *r, struct sqlite3_stmt *stmt, void *arg)
{
	(void)r;
	*(int64_t *)arg = sqlite3_column_int64(stmt, 0);
}

int64_t report_int(struct page *r, const char *sql)
{
	int64_t value = 0;

	report_each(r, sql, NULL, report_take_int, &value);
	return value;
}

void report_text(struct page *r, const char *text)
{
	while (*text) {
		int n = json_utf8_length(text);
		const char *entity = *text == '&' ? "&amp;" : *text == '<' ? "&lt;" :
				     *text == '>' ? "&gt;" : *text == '"' ? "&quot;" :
				     *text == '\'' ? "&#39;" : NULL;

		if (entity)
			fputs(entity, r->out);
		else if (!n || ((unsigned char)*text < ' ' && *text != '\n' && *text != '\t'))
			fputs("&#xfffd;", r->out);
		else
			fwrite(text, 1, (size_t)n, r->out);
		text += n ? n : 1;
	}
}

void report_count(struct page *r, int64_t n)
{
	char text[16];

	term_count(text, n < 0 ? 0 : (uint64_t)n);
	if (n < 10000)
		fprintf(r->out, "%s", text);
	else
		fprintf(r->out, "<span title=\"%lld\">%s</span>", (long long)n, text);
}

void report_command(struct page *r, const char *format, ...)
{
	char text[8192];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fputs("<button type=\"button\" class=\"cmd\" title=\"copy\"><code>", r->out);
	report_text(r, text);
	fputs("</code></button>", r->out);
}

void report_severity(struct page *r, const char *severity)
{
	bool is_bad = !strcmp(severity, "harmful") || !strcmp(severity, "oops") ||
		      !strcmp(severity, "degraded") || !strcmp(severity, "tool-error");

	fprintf(r->out, "<span class=\"sev sev-");
	report_text(r, severity);
	fprintf(r->out, "\"><span aria-hidden=\"true\">%s</span> ", is_bad ? "\u2717" : "\u2022");
	report_text(r, severity);
	fputs("</span>", r->out);
}

void report_section(struct page *r, const char *id, const char *heading, const char *how)
{
	fprintf(r->out, "<section id=\"%s\" aria-labelledby=\"h-%s\"><h2 id=\"h-%s\">%s</h2>\n"
		"<p class=\"how\">%s</p>\n", id, id, id, heading, how);
}

double report_log(double value, double max)
{
	if (value < 1)
		value = 1;
	return max > 1 ? log10(value) / log10(max) : 0;
}

static void when(struct page *r, struct sqlite3_stmt *stmt, void *arg)
{
	const char *first = store_text_at(stmt, 0), *last = store_text_at(stmt, 1);

	(void)arg;
	if (!*first)
		return;
	fputs(" \u00b7 ", r->out);
	report_text(r, first);
	if (strcmp(first, last)) {
		fputs(" to ", r->out);
		report_text(r, last);
	}
}

static void head(struct page *r)
{
	const char *title = r->o->title ? r->o->title : r->o->db;

	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>kicksim: ", r->out);
	report_text(r, title);
	/* An icon of no bytes: without one a browser asks the place the page is from. */
	fprintf(r->out, "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n%s</style></head>\n"
		"<body>\n<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n"
		"<header><h1>kicksim <code>", report_css);
	report_text(r, title);
	fputs("</code></h1>\n<p class=\"sub\">", r->out);
	report_count(r, report_int(r, "SELECT count(*) FROM campaign WHERE engine <> 'prove'"));
	fputs(" searches \u00b7 ", r->out);
	report_count(r, report_int(r, "SELECT count(*) FROM proof"));
	fputs(" exhaustive ones \u00b7 ", r->out);
	report_count(r, report_int(r, "SELECT count(DISTINCT core) FROM campaign"));
	fputs(" builds", r->out);
	report_each(r, "SELECT strftime('%Y-%m-%d %H:%M', min(started_us) / 1000000, 'unixepoch'),"
		    " strftime('%Y-%m-%d %H:%M UTC', max(last_us) / 1000000, 'unixepoch')"
		    " FROM campaign", NULL, when, NULL);
	fputs(" \u00b7 every finding below replays with one command</p>\n"
	      "<nav aria-label=\"Sections\"><a href=\"#matrix\">Matrix</a><a href=\"#findings\">"
	      "Findings</a><a href=\"#plots\">Search</a><a href=\"#grid\">Places</a>"
	      "<a href=\"#proofs\">Proofs</a><a href=\"#campaigns\">Campaigns</a>"
	      "<button type=\"button\" id=\"theme\" class=\"quiet\">dark / light</button>"
	      "<button type=\"button\" id=\"keys\" class=\"quiet\">keys ?</button></nav></header>\n"
	      "<main>\n", r->out);
}

static void foot(struct page *r)
{
	fputs("</main>\n<footer><p>Sampling is not proof: what was not found is not excluded. "
	      "Made by kicksim ", r->out);
	report_text(r, r->o->version);
	fputs(" from what ", r->out);
	report_command(r, "%s query meta%s", r->o->program, r->file);
	fprintf(r->out, " describes.</p></footer>\n<div id=\"toast\" role=\"status\" "
		"aria-live=\"polite\"></div>\n<script>\n%s</script>\n</body></html>\n", report_js);
}

int report_write(struct store *s, const struct report_options *o, FILE *out)
{
	static void (*const parts[])(struct page *r) = {
		head, report_tiles, report_matrix, report_findings, report_plots, report_grid,
		report_proofs, report_campaigns, foot,
	};
	struct page r = { .s = s, .o = o, .out = out };

	/* Large files are read from end to end: without a copy of each page. */
	r.code = store_exec(s, "PRAGMA mmap_size = 4294967296; PRAGMA temp_store = MEMORY");
	if (strcmp(o->db, STORE_DEFAULT_PATH))
		snprintf(r.file, sizeof(r.file), " --db %s", o->db);
	for (size_t i = 0; r.code == STORE_OK && i < sizeof(parts) / sizeof(parts[0]); i++)
		parts[i](&r);
	return r.code;
}
