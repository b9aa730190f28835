// SPDX-License-Identifier: GPL-2.0-only
/* The findings, the worst first, each with what reproduces it. */
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "store_priv.h"
#include "term.h"

struct list {
	int nr, nr_full;
	char drawn[REPORT_PICTURES][96];	/* rule and form of those drawn in full */
};

/*
 * The findings themselves first: only those that are shown are looked up.  All rows
 * are read once, in the order in which they lie; by an index it would be one by one.
 */
static const char list_sql[] =
	"WITH top AS (SELECT f.*, r.rank FROM finding AS f NOT INDEXED"
	" JOIN severity AS r ON r.name = f.severity"
	" ORDER BY r.rank, f.first_us, f.key LIMIT 200)"
	"SELECT substr(t.key, 1, 9), t.severity, t.title, t.oracle,"
	" t.kernel || iif(t.variant = '', '', '+' || t.variant), t.arch, t.model,"
	" s.nonzero, s.steps, s.line, t.key,"
	" (SELECT sum(hits) FROM occurrence AS o WHERE o.finding = t.key),"
	" (SELECT count(DISTINCT campaign) FROM occurrence AS o WHERE o.finding = t.key),"
	" (SELECT group_concat(DISTINCT scenario) FROM occurrence AS o WHERE o.finding = t.key),"
	" (SELECT first_runs FROM (SELECT first_runs, count(*) OVER () AS nr,"
	"  row_number() OVER (ORDER BY first_runs) AS n FROM occurrence AS o"
	"  WHERE o.finding = t.key) WHERE n = (nr + 1) / 2),"
	" (SELECT group_concat(text, '; ') FROM note WHERE note.key = t.key)"
	" FROM top AS t JOIN schedule AS s ON s.id = t.best"
	" ORDER BY t.rank, t.first_us, t.key";

/* One drawn witness for each rule and form, as long as there is room. */
static bool is_drawn(struct list *l, sqlite3_stmt *stmt)
{
	char name[96];

	snprintf(name, sizeof(name), "%s %s", store_text_at(stmt, 3), store_text_at(stmt, 4));
	for (int i = 0; i < l->nr_full; i++)
		if (!strcmp(l->drawn[i], name))
			return false;
	if (l->nr_full == REPORT_PICTURES)
		return false;
	strcpy(l->drawn[l->nr_full++], name);
	return true;
}

static void put_details(struct page *r, struct list *l, sqlite3_stmt *stmt)
{
	const char *id = store_text_at(stmt, 0), *note = store_text_at(stmt, 15);

	fprintf(r->out, "<tr class=\"more\" id=\"%s-more\" hidden><td colspan=\"7\">", id);
	if (*note) {
		fputs("<p class=\"note\">", r->out);
		report_text(r, note);
		fputs("</p>", r->out);
	}
	fputs("<p class=\"cmds\">", r->out);
	report_command(r, "%s replay %s%s", r->o->program, id, r->file);
	report_command(r, "%s explain %s%s", r->o->program, id, r->file);
	report_command(r, "%s show %s%s --as race", r->o->program, id, r->file);
	fputs("</p><p>schedule <code>", r->out);
	report_text(r, store_text_at(stmt, 9));
	fputs("</code> \u00b7 scenarios ", r->out);
	report_text(r, store_text_at(stmt, 13));
	fprintf(r->out, " \u00b7 met by %d of the searches</p>\n", sqlite3_column_int(stmt, 12));
	if (r->o->picture && is_drawn(l, stmt)) {
		fputs("<figure>", r->out);
		r->o->picture(store_text_at(stmt, 10), true, r->out, r->o->arg);
		fputs("</figure>", r->out);
	}
	fputs("</td></tr>\n", r->out);
}

static void finding(struct page *r, struct sqlite3_stmt *stmt, void *arg)
{
	const char *id = store_text_at(stmt, 0);
	struct list *l = arg;

	fprintf(r->out, "<tr class=\"f\" id=\"%s\" data-severity=\"%s\" tabindex=\"-1\"><td>", id,
		store_text_at(stmt, 1));
	report_severity(r, store_text_at(stmt, 1));
	fprintf(r->out, "</td><td class=\"title\"><button type=\"button\" class=\"open\" "
		"aria-expanded=\"false\" aria-controls=\"%s-more\">", id);
	report_text(r, store_text_at(stmt, 2));
	fputs("</button><span class=\"id\">", r->out);
	report_command(r, "%s replay %s%s", r->o->program, id, r->file);
	fputs("</span></td><td>", r->out);
	report_text(r, store_text_at(stmt, 4));
	fputs("<span class=\"dim\"> ", r->out);
	report_text(r, store_text_at(stmt, 5));
	fputc(' ', r->out);
	report_text(r, store_text_at(stmt, 6));
	fputs("</span></td><td class=\"num\">", r->out);
	report_count(r, sqlite3_column_int64(stmt, 11));
	fprintf(r->out, "</td><td class=\"num\">%d<span class=\"dim\"> / %d</span></td>"
		"<td class=\"num\">", sqlite3_column_int(stmt, 7), sqlite3_column_int(stmt, 8));
	report_count(r, sqlite3_column_int64(stmt, 14));
	fputs("</td><td class=\"shape\">", r->out);
	if (r->o->picture)
		r->o->picture(store_text_at(stmt, 10), false, r->out, r->o->arg);
	fputs("</td></tr>\n", r->out);
	put_details(r, l, stmt);
	l->nr++;
}

static void chip(struct page *r, struct sqlite3_stmt *stmt, void *arg)
{
	(void)arg;
	fputs("<button type=\"button\" class=\"chip\" aria-pressed=\"false\" data-severity=\"", r->out);
	report_text(r, store_text_at(stmt, 0));
	fputs("\">", r->out);
	report_severity(r, store_text_at(stmt, 0));
	fputc(' ', r->out);
	report_count(r, sqlite3_column_int64(stmt, 1));
	fputs("</button>", r->out);
}

void report_findings(struct page *r)
{
	struct list l = { 0 };
	int64_t nr = report_int(r, "SELECT count(*) FROM finding");

	report_section(r, "findings", "Findings",
		       "One row for each way in which a rule is broken, by the places that met; the "
		       "worst first. Open a row for its shortest witness. <b>answers</b>: choices at "
		       "which the schedule leaves the dull order; fewer is easier to understand.");
	fputs("<div class=\"tools\"><label>filter <input type=\"search\" id=\"filter\" "
	      "placeholder=\"/ rule, function, form\" autocomplete=\"off\"></label>", r->out);
	report_each(r, "SELECT f.severity, count(*) FROM finding AS f GROUP BY f.severity"
		    " ORDER BY (SELECT rank FROM severity WHERE name = f.severity)", NULL, chip, NULL);
	fputs("<span id=\"shown\" role=\"status\"></span></div>\n"
	      "<div class=\"wide\"><table class=\"list\" id=\"list\"><thead><tr>"
	      "<th scope=\"col\">severity</th><th scope=\"col\">finding</th><th scope=\"col\">form</th>"
	      "<th scope=\"col\" class=\"num\">hits</th>"
	      "<th scope=\"col\" class=\"num\">answers / steps</th>"
	      "<th scope=\"col\" class=\"num\">median runs to find</th>"
	      "<th scope=\"col\">shape</th></tr></thead><tbody>\n", r->out);
	report_each(r, list_sql, NULL, finding, &l);
	fputs("</tbody></table></div>\n", r->out);
	if (!l.nr)
		fputs("<p>Nothing was found.</p>\n", r->out);
	if (nr > l.nr) {
		fputs("<p>and ", r->out);
		report_count(r, nr - l.nr);
		fputs(" more: ", r->out);
		report_command(r, "%s query findings%s", r->o->program, r->file);
		fputs("</p>\n", r->out);
	}
	fputs("</section>\n", r->out);
}
