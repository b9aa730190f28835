// SPDX-License-Identifier: GPL-2.0-only
/* Exhaustive searches, and all searches. */
#include <string.h>

#include "report.h"
#include "store_priv.h"

/* A table made of a query: a column whose name begins with # has numbers. */
struct simple {
	int nr;
};

static void simple_head(struct page *r, sqlite3_stmt *stmt)
{
	fputs("<div class=\"wide\"><table><thead><tr>", r->out);
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		const char *name = sqlite3_column_name(stmt, i);

		fprintf(r->out, "<th scope=\"col\"%s>", *name == '#' ? " class=\"num\"" : "");
		report_text(r, *name == '#' ? name + 1 : name);
		fputs("</th>", r->out);
	}
	fputs("</tr></thead><tbody>\n", r->out);
}

static void simple_row(struct page *r, struct sqlite3_stmt *stmt, void *arg)
{
	struct simple *t = arg;

	if (!t->nr++)
		simple_head(r, stmt);
	fputs("<tr>", r->out);
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		bool is_count = sqlite3_column_type(stmt, i) == SQLITE_INTEGER;

		fprintf(r->out, "<td%s>", *sqlite3_column_name(stmt, i) == '#' ?
			" class=\"num\"" : "");
		if (is_count)
			report_count(r, sqlite3_column_int64(stmt, i));
		else
			report_text(r, store_text_at(stmt, i));
		fputs("</td>", r->out);
	}
	fputs("</tr>\n", r->out);
}

/* @all counts what there is, of which @sql may show less; @query names the rest. */
static void simple_table(struct page *r, const char *sql, const char *all, const char *query)
{
	struct simple t = { 0 };
	int64_t nr = report_int(r, all);

	report_each(r, sql, NULL, simple_row, &t);
	fputs(t.nr ? "</tbody></table></div>\n" : "<p>There is none.</p>\n", r->out);
	if (nr > t.nr) {
		fputs("<p>and ", r->out);
		report_count(r, nr - t.nr);
		fputs(" more: ", r->out);
		report_command(r, "%s query %s%s", r->o->program, query, r->file);
		fputs("</p>\n", r->out);
	}
	fputs("</section>\n", r->out);
}

void report_proofs(struct page *r)
{
	report_section(r, "proofs", "Exhaustive searches",
		       "Every reachable state within the scenario's bounds was visited where it says "
		       "exhausted; a rule that is not named was kept in all of them.");
	simple_table(r, "SELECT scenario, kernel || iif(variant = '', '', '+' || variant) AS form,"
		     " arch, model, iif(exhausted, '\u2713 exhausted', 'stopped early') AS verdict,"
		     " coalesce(violated, 'none') AS \"rules broken, benign ones too\","
		     " states AS \"#states\", round(seconds, 2) || ' s' AS \"#time\""
		     " FROM v_proofs ORDER BY kernel, arch, model, scenario LIMIT 200",
		     "SELECT count(*) FROM proof", "proofs");
}

void report_campaigns(struct page *r)
{
	report_section(r, "campaigns", "Searches",
		       "The latest first. A search that was interrupted keeps all that it had found.");
	simple_table(r, "SELECT substr(id, 1, 9) AS search,"
		     " strftime('%Y-%m-%d %H:%M', started_us / 1000000, 'unixepoch') AS started,"
		     " state, engine, jobs AS \"#jobs\", runs AS \"#schedules\","
		     " CAST(runs / nullif(cpu_ns / 1e9, 0) AS INTEGER) AS \"#per second and core\","
		     " round(cpu_ns / 1e9, 1) || ' s' AS \"#cpu time\""
		     " FROM campaign ORDER BY started_us DESC, id LIMIT 50",
		     "SELECT count(*) FROM campaign", "campaigns");
}
