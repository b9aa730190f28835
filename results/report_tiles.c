// SPDX-License-Identifier: GPL-2.0-only
/* What is to be known first, and the matrix. */
#include <string.h>

#include "matrix.h"
#include "report.h"
#include "store_priv.h"
#include "term.h"

enum { MAX_FORMS = 3 };

static void open_tile(struct page *r, const char *class)
{
	fprintf(r->out, "<div class=\"tile %s\"><span class=\"n\">", class);
}

static void close_tile(struct page *r, const char *what)
{
	fputs("</span><span class=\"what\">", r->out);
	report_text(r, what);
	fputs("</span></div>\n", r->out);
}

/* A kernel form and how many ways there are in which it is broken. */
static void form_tile(struct page *r, struct sqlite3_stmt *stmt, void *arg)
{
	int64_t n = sqlite3_column_int64(stmt, 1);
	int *nr = arg;
	char what[200];

	if (++*nr > MAX_FORMS)
		return;
	open_tile(r, n ? "bad" : "good");
	fprintf(r->out, "<span aria-hidden=\"true\">%s</span> ", n ? "\u2717" : "\u2713");
	report_count(r, n);
	snprintf(what, sizeof(what), "harmful in %s",
		 store_text_at(stmt, 0));
	close_tile(r, what);
}

static void count_tile(struct page *r, const char *sql, const char *what)
{
	open_tile(r, "");
	report_count(r, report_int(r, sql));
	close_tile(r, what);
}

void report_tiles(struct page *r)
{
	int nr_forms = 0;

	fputs("<div class=\"tiles\">\n", r->out);
	report_each(r, "WITH bad AS (SELECT kernel, variant, count(*) AS nr FROM finding"
		    " WHERE severity IN ('harmful', 'oops') GROUP BY kernel, variant),"
		    " form AS (SELECT kernel, variant FROM target UNION"
		    " SELECT kernel, variant FROM proof UNION SELECT kernel, variant FROM bad)"
		    "SELECT kernel || iif(variant = '', '', '+' || variant), coalesce(nr, 0) AS nr"
		    " FROM form LEFT JOIN bad USING (kernel, variant)"
		    " ORDER BY nr DESC, kernel, variant",
		    NULL, form_tile, &nr_forms);
	if (nr_forms > MAX_FORMS) {
		open_tile(r, "");
		fprintf(r->out, "+%d", nr_forms - MAX_FORMS);
		close_tile(r, "more forms in the matrix");
	}
	count_tile(r, "SELECT count(*) FROM finding", "findings, benign ones too");
	count_tile(r, "SELECT coalesce(sum(runs), 0) FROM campaign", "schedules run");
	count_tile(r, "SELECT coalesce(CAST(sum(runs) / nullif(sum(cpu_ns) / 1e9, 0) AS INTEGER),"
		   " 0) FROM campaign", "schedules per second and core");
	count_tile(r, "SELECT count(DISTINCT state) FROM cov_state", "abstract states of a vCPU met");
	count_tile(r, "SELECT count(*) FROM proof WHERE exhausted", "searches exhausted");
	fputs("</div>\n", r->out);
}

static void matrix_cell(struct page *r, const struct matrix_cell *c)
{
	static const char *const class[] = { "none", "bad", "good", "some" };
	static const char *const sign[] = { "", "\u2717 ", "\u2713 ", "" };
	enum matrix_verdict v = matrix_verdict(c);
	char text[MATRIX_TEXT];

	fprintf(r->out, "<td class=\"%s\" title=\"%lld schedules, %d of %d scenarios proved, "
		"%lld findings\">%s", class[v], (long long)c->runs, c->proved, c->scenarios,
		(long long)c->findings, sign[v]);
	report_text(r, matrix_text(c, text));
	fputs("</td>", r->out);
}

void report_matrix(struct page *r)
{
	static struct matrix m;

	if (r->code == STORE_OK)
		r->code = matrix_load(r->s, "degraded", NULL, &m);
	if (r->code != STORE_OK)
		return;
	report_section(r, "matrix", "Forms, architectures, models",
		       "The rules that are broken, degraded or worse. <b>0 in N</b>: N schedules "
		       "were sampled and met nothing, which proves nothing. <b>proved</b>: every "
		       "scenario was searched exhaustively within its bounds.");
	fputs("<div class=\"wide\"><table class=\"matrix\"><thead><tr><th scope=\"col\">form</th>",
	      r->out);
	for (int c = 0; c < m.nr_columns; c++) {
		fputs("<th scope=\"col\">", r->out);
		report_text(r, m.column[c]);
		fputs("</th>", r->out);
	}
	fputs("</tr></thead><tbody>\n", r->out);
	for (int i = 0; i < m.nr_rows; i++) {
		fputs("<tr><th scope=\"row\">", r->out);
		report_text(r, m.row[i]);
		fputs("</th>", r->out);
		for (int c = 0; c < m.nr_columns; c++)
			matrix_cell(r, &m.cell[i][c]);
		fputs("</tr>\n", r->out);
	}
	fputs("</tbody></table></div></section>\n", r->out);
}
