// SPDX-License-Identifier: GPL-2.0-only
/* Where contexts stood still while others went on, by the mode of vCPUs. */
#include <string.h>

#include "report.h"
#include "store_priv.h"
#include "term.h"

enum { MODES = 4, MAX_FORMS = 8 };

static const char *const mode_name[MODES] = { "outside", "in guest", "exiting", "reading" };

struct place {
	char form[96], arch[24], function[104], name[128], scenario[48];
	int64_t hits[MODES], most;
};

struct grid {
	struct place place;		/* that is being put together */
	char form[128], function[104];	/* whose block is open, or "" */
	int nr_forms, nr_places, nr_never;
	double max;
};

/*
 * The scenario with the most hits of a place is the one to ask for a mode that it
 * was never met in: there the place at least is reached.
 */
static const char grid_sql[] =
	"WITH form AS (SELECT t.kernel, t.variant, t.arch, sum(p.hits) AS hits"
	" FROM cov_point AS p JOIN target AS t ON t.key = p.target GROUP BY 1, 2, 3)"
	"SELECT t.kernel || iif(t.variant = '', '', '+' || t.variant) AS form, t.arch,"
	" substr(p.place, 1, instr(p.place, ':') - 1) AS function, p.place, p.mode,"
	" sum(p.hits), t.scenario, max(p.hits)"
	" FROM cov_point AS p JOIN target AS t ON t.key = p.target"
	" JOIN form AS f USING (kernel, variant, arch) GROUP BY form, t.arch, function, p.place, p.mode"
	" ORDER BY f.hits DESC, form, t.arch, function,"
	" CAST(substr(p.place, instr(p.place, ':') + 1) AS INTEGER), p.place, p.mode";

static void close_function(struct page *r, struct grid *g)
{
	if (*g->function)
		fputs("</tbody></table>\n", r->out);
	*g->function = '\0';
}

static void close_form(struct page *r, struct grid *g)
{
	close_function(r, g);
	if (*g->form)
		fputs("</div></details>\n", r->out);
	*g->form = '\0';
}

static void open_form(struct page *r, struct grid *g, const char *form)
{
	close_form(r, g);
	snprintf(g->form, sizeof(g->form), "%s", form);
	fprintf(r->out, "<details%s><summary>", g->nr_forms++ ? "" : " open");
	report_text(r, form);
	fputs("</summary><div class=\"grids\">\n", r->out);
}

static void open_function(struct page *r, struct grid *g, const char *function)
{
	close_function(r, g);
	snprintf(g->function, sizeof(g->function), "%s", function);
	fputs("<table class=\"grid\"><thead><tr><th scope=\"col\">", r->out);
	report_text(r, function);
	fputs("()</th>", r->out);
	for (int m = 0; m < MODES; m++)
		fprintf(r->out, "<th scope=\"col\">%s</th>", mode_name[m]);
	fputs("</tr></thead><tbody>\n", r->out);
}

static void put_never(struct page *r, const struct place *p, int mode)
{
	fputs("<td class=\"never\"><button type=\"button\" class=\"cmd\" data-cmd=\"", r->out);
	report_text(r, r->o->program);
	fputs(" campaign ", r->out);
	report_text(r, p->scenario);
	fprintf(r->out, " --kernel %s --arch %s --engine pct:4,delay:3 --time 1m%s",
		p->form, p->arch, r->file);
	fputs("\" aria-label=\"", r->out);
	report_text(r, p->name);
	fprintf(r->out, ", %s: never; copy a command that looks for it\">\u2013</button></td>",
		mode_name[mode]);
}

static void put_place(struct page *r, struct grid *g)
{
	const struct place *p = &g->place;
	char form[128], count[16];
	const char *rest = strchr(p->name, ':');

	if (!*p->name)
		return;
	snprintf(form, sizeof(form), "%s %s", p->form, p->arch);
	if (strcmp(form, g->form)) {
		if (g->nr_forms == MAX_FORMS)
			return;
		open_form(r, g, form);
	}
	if (strcmp(p->function, g->function))
		open_function(r, g, p->function);
	g->nr_places++;
	fputs("<tr><th scope=\"row\">", r->out);
	report_text(r, rest ? rest + 1 : p->name);
	fputs("</th>", r->out);
	for (int m = 0; m < MODES; m++) {
		if (!p->hits[m]) {
			g->nr_never++;
			put_never(r, p, m);
			continue;
		}
		fprintf(r->out, "<td style=\"--h:%.2f\" title=\"%lld\">%s</td>",
			0.12 + 0.88 * report_log((double)p->hits[m], g->max), (long long)p->hits[m],
			term_count(count, (uint64_t)p->hits[m]));
	}
	fputs("</tr>\n", r->out);
}

static void take(struct page *r, struct sqlite3_stmt *stmt, void *arg)
{
	struct grid *g = arg;
	struct place *p = &g->place;
	const char *form = store_text_at(stmt, 0), *arch = store_text_at(stmt, 1);

	if (strcmp(p->name, store_text_at(stmt, 3)) || strcmp(p->form, form) ||
	    strcmp(p->arch, arch)) {
		put_place(r, g);
		memset(p, 0, sizeof(*p));
		snprintf(p->form, sizeof(p->form), "%s", form);
		snprintf(p->arch, sizeof(p->arch), "%s", arch);
		snprintf(p->function, sizeof(p->function), "%s", store_text_at(stmt, 2));
		snprintf(p->name, sizeof(p->name), "%s", store_text_at(stmt, 3));
	}
	for (int m = 0; m < MODES; m++)
		if (!strcmp(store_text_at(stmt, 4), mode_name[m]))
			p->hits[m] = sqlite3_column_int64(stmt, 5);
	if (sqlite3_column_int64(stmt, 7) >= p->most) {
		p->most = sqlite3_column_int64(stmt, 7);
		snprintf(p->scenario, sizeof(p->scenario), "%s", store_text_at(stmt, 6));
	}
}

void report_grid(struct page *r)
{
	static struct grid g;

	memset(&g, 0, sizeof(g));
	g.max = (double)report_int(r, "SELECT coalesce(max(n), 0) FROM (SELECT sum(p.hits) AS n"
				   " FROM cov_point AS p JOIN target AS t ON t.key = p.target"
				   " GROUP BY t.kernel, t.variant, t.arch, p.place, p.mode)");
	report_section(r, "grid", "Where contexts stood still",
		       "Each place in the code before which a context was held back while others went "
		       "on, against the mode that a vCPU was in then: counted in one run of 64. A dash "
		       "is never, perhaps because it cannot be; click it for a command that looks for "
		       "it.");
	report_each(r, grid_sql, NULL, take, &g);
	put_place(r, &g);
	close_form(r, &g);
	if (!g.nr_places)
		fputs("<p>No search of this file has counted places.</p>\n", r->out);
	else
		fprintf(r->out, "<p>%d places, %d of their %d cells never met.</p>\n", g.nr_places,
			g.nr_never, g.nr_places * MODES);
	fputs("</section>\n", r->out);
}
