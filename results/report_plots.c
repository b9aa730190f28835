// SPDX-License-Identifier: GPL-2.0-only
/* How the searches went: when each finding was first met, and states over runs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "store_priv.h"
#include "term.h"

enum {
	MAX_FINDINGS = 12, MAX_ENGINES = 6, MAX_DOTS = 4096, MAX_CURVES = 8, MAX_POINTS = 400,
	WIDTH = 580, STRIP_WIDTH = 1180, LEFT = 400, RIGHT = 20, ROW = 24, TOP = 34, TITLE = 60,
	PLOT_HEIGHT = 240, PLOT_LEFT = 52, PLOT_BOTTOM = 34,
};

struct dot {
	int finding, engine;
	double runs;
};

struct dots {
	struct dot dot[MAX_DOTS];
	int nr, nr_findings, nr_engines;
	char engine[MAX_ENGINES][32], finding[MAX_FINDINGS][STORE_KEY_SIZE];
	char title[MAX_FINDINGS][128];
	double max;
};

/* Of those that matter: a campaign's and engine's first meeting. */
static const char dots_sql[] =
	"WITH top AS (SELECT f.key, f.title, f.kernel, r.rank, f.first_us FROM finding AS f"
	" NOT INDEXED JOIN severity AS r ON r.name = f.severity WHERE r.rank <= 3"
	" ORDER BY r.rank, f.first_us, f.key LIMIT 12)"
	"SELECT t.key, t.title || ', ' || t.kernel, o.engine, min(o.first_runs)"
	" FROM top AS t JOIN occurrence AS o ON o.finding = t.key WHERE o.engine <> 'prove'"
	" GROUP BY t.key, o.campaign, o.engine ORDER BY t.rank, t.first_us, t.key, o.engine"
	" LIMIT 4096";

static int index_of(char *list, size_t size, int *nr, int max, const char *name)
{
	int i = 0;

	while (i < *nr && strcmp(list + (size_t)i * size, name))
		i++;
	if (i == max)
		return -1;
	if (i == *nr)
		snprintf(list + (size_t)(*nr)++ * size, size, "%s", name);
	return i;
}

static void take_dot(struct page *r, struct sqlite3_stmt *stmt, void *arg)
{
	struct dots *d = arg;
	struct dot *x = &d->dot[d->nr];

	(void)r;
	x->finding = index_of(d->finding[0], sizeof(d->finding[0]), &d->nr_findings,
			      MAX_FINDINGS, store_text_at(stmt, 0));
	x->engine = index_of(d->engine[0], sizeof(d->engine[0]), &d->nr_engines, MAX_ENGINES,
			     store_text_at(stmt, 2));
	x->runs = (double)sqlite3_column_int64(stmt, 3);
	if (x->finding < 0 || x->engine < 0 || d->nr == MAX_DOTS - 1)
		return;
	snprintf(d->title[x->finding], sizeof(d->title[0]), "%s", store_text_at(stmt, 1));
	if (x->runs > d->max)
		d->max = x->runs;
	d->nr++;
}

static void put_mark(struct page *r, int engine, double x, double y)
{
	static const char *const shape[] = {
		"M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0", "M-3.6-3.6h7.2v7.2h-7.2z", "M0-4.8L4.6 3.4h-9.2z",
		"M0-5L5 0L0 5L-5 0z", "M-4-4L4 4M4-4L-4 4", "M0-5V5M-5 0H5",
	};

	fprintf(r->out, "<path class=\"e%d\" d=\"%s\" transform=\"translate(%.1f %.1f)\"/>", engine,
		shape[engine % 6], x, y);
}

/* Powers of ten from 1 up to @max, as far as there is something. */
static void put_log_axis(struct page *r, double max, int left, int width, int top, int bottom)
{
	for (double v = 1; v <= max * 1.0001; v *= 10) {
		double x = left + width * report_log(v, max);
		char text[16];

		fprintf(r->out, "<path class=\"grid\" d=\"M%.1f %dV%d\"/><text class=\"tick\" x=\"%.1f\" "
			"y=\"%d\" text-anchor=\"middle\">%s</text>", x, top, bottom, x, top - 8,
			term_count(text, (uint64_t)v));
	}
}

static void put_legend(struct page *r, const struct dots *d)
{
	fputs("<p class=\"legend\">", r->out);
	for (int i = 0; i < d->nr_engines; i++) {
		fputs("<span><svg width=\"14\" height=\"14\" aria-hidden=\"true\">", r->out);
		put_mark(r, i, 7, 7);
		fputs("</svg> ", r->out);
		report_text(r, d->engine[i]);
		fputs("</span> ", r->out);
	}
	fputs("</p>", r->out);
}

/* The next power of ten, so that the last tick closes the plot. */
static double axis_end(double max)
{
	double end = 10;

	while (end < max)
		end *= 10;
	return end;
}

/* A row for each finding, a mark for each search and engine that met it. */
static void put_strip(struct page *r, const struct dots *d)
{
	int height = TOP + ROW * d->nr_findings + 8, width = STRIP_WIDTH - LEFT - RIGHT;
	double end = axis_end(d->max);

	fprintf(r->out, "<figure class=\"whole\"><figcaption>Schedules until it was met, in each search"
		"</figcaption>"
		"<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Schedules until "
		"each finding was met, by engine, on a logarithmic axis\">", STRIP_WIDTH, height);
	put_log_axis(r, end, LEFT, width, TOP - 6, height - 6);
	for (int i = 0; i < d->nr_findings; i++) {
		double y = TOP + ROW * (i + 0.5);

		fprintf(r->out, "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text class=\"row\" x=\"%d\" "
			"y=\"%.1f\" text-anchor=\"end\"><title>", LEFT, y, STRIP_WIDTH - RIGHT,
			LEFT - 10, y + 4);
		report_text(r, d->title[i]);
		fputs("</title>", r->out);
		/* As much of it as the margin holds; the whole is in its title. */
		for (int n = 0, c; d->title[i][n] && n < TITLE; n += c) {
			char one[8] = "";

			c = 1;
			while ((d->title[i][n + c] & 0xc0) == 0x80)
				c++;
			memcpy(one, &d->title[i][n], (size_t)(c < 7 ? c : 7));
			report_text(r, one);
		}
		fputs(strlen(d->title[i]) > TITLE ? "\u2026</text>" : "</text>", r->out);
	}
	for (int i = 0; i < d->nr; i++)
		put_mark(r, d->dot[i].engine, LEFT + width * report_log(d->dot[i].runs, end),
			 TOP + ROW * (d->dot[i].finding + 0.5));
	fputs("</svg>", r->out);
	put_legend(r, d);
	fputs("</figure>\n", r->out);
}

static int compare_dots(const void *a, const void *b)
{
	const struct dot *x = a, *y = b;

	if (x->engine != y->engine)
		return x->engine - y->engine;
	return (x->runs > y->runs) - (x->runs < y->runs);
}

/* Searches that had the engine, alone or among others. */
static int64_t searches_of(struct page *r, const char *engine)
{
	char list[40];
	int64_t nr = 0;

	snprintf(list, sizeof(list), ",%s,", engine);
	report_each(r, "SELECT count(*) FROM campaign WHERE instr(',' || engine || ',', ?1)",
		    list, report_take_int, &nr);
	return nr ? nr : 1;
}

/* Of all (search, finding) pairs, how many each engine had been first to meet by then. */
static void put_curves(struct page *r, struct dots *d)
{
	double end = axis_end(d->max);
	int width = WIDTH - PLOT_LEFT - RIGHT, bottom = PLOT_HEIGHT - 12, height = bottom - TOP;

	qsort(d->dot, (size_t)d->nr, sizeof(d->dot[0]), compare_dots);
	fprintf(r->out, "<figure><figcaption>Share of these findings that an engine met first, by N schedules</figcaption>"
		"<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Share of the "
		"findings that each engine has met, over schedules\">", WIDTH, PLOT_HEIGHT);
	put_log_axis(r, end, PLOT_LEFT, width, TOP - 6, bottom);
	for (int i = 0; i <= 4; i++)
		fprintf(r->out, "<path class=\"grid\" d=\"M%d %dH%d\"/><text class=\"tick\" x=\"%d\" "
			"y=\"%d\" text-anchor=\"end\">%d %%</text>", PLOT_LEFT, bottom - height * i / 4,
			WIDTH - RIGHT, PLOT_LEFT - 6, bottom - height * i / 4 + 4, 25 * i);
	for (int i = 0; i < d->nr;) {
		int engine = d->dot[i].engine, nr = 0;
		double all = (double)(searches_of(r, d->engine[engine]) * d->nr_findings);

		fprintf(r->out, "<path class=\"curve e%d\" d=\"M%d %d", engine, PLOT_LEFT, bottom);
		for (; i < d->nr && d->dot[i].engine == engine; i++)
			fprintf(r->out, "H%.1fV%.1f", PLOT_LEFT + width * report_log(d->dot[i].runs, end),
				bottom - height * (++nr / all));
		/* Searches that never met it keep the curve below the top, to the end. */
		fprintf(r->out, "H%d\"/>", WIDTH - RIGHT);
	}
	fputs("</svg>", r->out);
	put_legend(r, d);
	fputs("</figure>\n", r->out);
}

struct growth {
	const struct dots *dots;	/* whose engines have colours */
	char id[MAX_CURVES][STORE_KEY_SIZE];
	int nr_ids;
	int64_t max_states;
	double max_runs;
	int nr_points, width, height, bottom;
	char last[STORE_KEY_SIZE];
};

/* The latest searches, thinned out to what can be seen. */
static const char growth_sql[] =
	"WITH c AS (SELECT id, engine FROM campaign WHERE runs > 0 AND engine <> 'prove' ORDER BY started_us DESC, id LIMIT 8),"
	" p AS (SELECT s.campaign, c.engine, s.runs, s.states, row_number() OVER w AS n,"
	" count(*) OVER (PARTITION BY s.campaign) AS nr FROM c"
	" JOIN stat_sample AS s ON s.campaign = c.id"
	" WINDOW w AS (PARTITION BY s.campaign ORDER BY s.t_ms))"
	"SELECT campaign, runs, states, engine FROM p WHERE n % (nr / 200 + 1) = 0 OR n = nr"
	" ORDER BY campaign, n";

static void measure_growth(struct page *r, struct sqlite3_stmt *stmt, void *arg)
{
	struct growth *g = arg;

	(void)r;
	index_of(g->id[0], sizeof(g->id[0]), &g->nr_ids, MAX_CURVES, store_text_at(stmt, 0));
	if (sqlite3_column_int64(stmt, 2) > g->max_states)
		g->max_states = sqlite3_column_int64(stmt, 2);
	if (sqlite3_column_double(stmt, 1) > g->max_runs)
		g->max_runs = sqlite3_column_double(stmt, 1);
	g->nr_points++;
}

static void put_growth_point(struct page *r, struct sqlite3_stmt *stmt, void *arg)
{
	struct growth *g = arg;
	double x = PLOT_LEFT + g->width * sqlite3_column_double(stmt, 1) / g->max_runs;
	double y = g->bottom - (double)g->height * sqlite3_column_double(stmt, 2) /
		   (double)g->max_states;

	if (strcmp(g->last, store_text_at(stmt, 0))) {
		int n = 0;

		/* One that mixes engines has the colour of none. */
		while (n < g->dots->nr_engines &&
		       strcmp(g->dots->engine[n], store_text_at(stmt, 3)))
			n++;
		fprintf(r->out, "%s<path class=\"curve e%d\" d=\"M%d %d", *g->last ? "\"/>" : "",
			n < g->dots->nr_engines ? n : MAX_ENGINES - 1, PLOT_LEFT, g->bottom);
		snprintf(g->last, sizeof(g->last), "%s", store_text_at(stmt, 0));
	}
	fprintf(r->out, "L%.1f %.1f", x, y);
}

static void put_growth(struct page *r, const struct dots *d)
{
	struct growth g = { .dots = d, .width = WIDTH - PLOT_LEFT - RIGHT,
			    .bottom = PLOT_HEIGHT - PLOT_BOTTOM,
			    .height = PLOT_HEIGHT - PLOT_BOTTOM - 12 };
	char text[16];

	report_each(r, growth_sql, NULL, measure_growth, &g);
	if (g.nr_points < 2 || !g.max_states)
		return;
	fprintf(r->out, "<figure><figcaption>Protocol states reached over schedules, %d latest "
		"searches</figcaption><svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" "
		"aria-label=\"Distinct protocol states over schedules: %lld at the most\">", g.nr_ids,
		WIDTH, PLOT_HEIGHT, (long long)g.max_states);
	for (int i = 0; i <= 4; i++) {
		int y = g.bottom - g.height * i / 4, x = PLOT_LEFT + g.width * i / 4;

		fprintf(r->out, "<path class=\"grid\" d=\"M%d %dH%d\"/><text class=\"tick\" x=\"%d\" "
			"y=\"%d\" text-anchor=\"end\">%s</text>", PLOT_LEFT, y, WIDTH - RIGHT,
			PLOT_LEFT - 6, y + 4, term_count(text, (uint64_t)(g.max_states * i / 4)));
		fprintf(r->out, "<text class=\"tick\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
			x, g.bottom + 18, term_count(text, (uint64_t)(g.max_runs * i / 4)));
	}
	report_each(r, growth_sql, NULL, put_growth_point, &g);
	fputs("\"/></svg>", r->out);
	put_legend(r, d);
	fputs("</figure>\n", r->out);
}

void report_plots(struct page *r)
{
	static struct dots d;

	memset(&d, 0, sizeof(d));
	d.max = 1;
	report_each(r, dots_sql, NULL, take_dot, &d);
	report_section(r, "plots", "How the search went",
		       "A mark far to the left is a bug that is met at once. Only findings that are "
		       "degraded or worse are shown, the worst twelve.");
	fputs("<div class=\"plots\">\n", r->out);
	if (d.nr) {
		put_strip(r, &d);
		put_curves(r, &d);
	}
	put_growth(r, &d);
	fputs("</div>\n</section>\n", r->out);
}
