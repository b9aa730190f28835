// SPDX-License-Identifier: GPL-2.0-only
/* Layout of a picture from top to bottom, and its text. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "show_head.h"
#include "show_state.h"
#include "svg.h"

void svg_escape(FILE *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			/* XML has no way to say other control characters. */
			fputc((unsigned char)*text < 0x20 ? ' ' : *text, out);
		}
}

void svg_text(struct svg *s, int x, int y, const char *class, const char *anchor,
	      const char *format, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	fprintf(s->out, "<text x=\"%d\" y=\"%d\" class=\"%s\"", x, y, class);
	if (*anchor)
		fprintf(s->out, " text-anchor=\"%s\"", anchor);
	fputc('>', s->out);
	svg_escape(s->out, text);
	fputs("</text>\n", s->out);
}

/* The bytes of @text that fit into @width, broken behind a blank or a comma. */
static size_t fit(const char *text, int width, int size)
{
	char part[1024];
	size_t best = 0;

	for (size_t n = 1; n < sizeof(part) && text[n - 1]; n++) {
		bool may_end = !text[n] || text[n] == ' ' || text[n - 1] == ',' ||
			       text[n - 1] == '|';

		memcpy(part, text, n);
		part[n] = '\0';
		if (timeline_text_width(part, size) > width)
			return best ? best : n > 1 ? n - 1 : 1;
		if (may_end)
			best = n;
	}
	return best ? best : strlen(text);
}

int svg_paragraph(struct svg *s, int x, int y, int width, const char *class, int size,
		  const char *text, bool measure)
{
	while (*text) {
		size_t n = fit(text, width, size);

		if (!measure)
			svg_text(s, x, y, class, "", "%.*s", (int)n, text);
		y += size + 5;
		text += n + strspn(text + n, " ");
	}
	return y;
}

char svg_letter(unsigned int need)
{
	return need < 26 ? (char)('A' + need) : '+';
}

int svg_y(const struct svg *s, uint32_t rec)
{
	return s->lane[s->t->in->trace->rec[rec].pcpu] + SVG_MARK;
}

static int rows_of_buffer(const struct timeline *t, unsigned int pcpu)
{
	int rows = 0;

	for (unsigned int i = 0; i < t->nr_waits; i++)
		if (t->wait[i].pcpu == pcpu && t->wait[i].row >= rows)
			rows = t->wait[i].row + 1;
	return rows;
}

/* The width: of the lanes with all that hangs over, or of the listing. */
static void measure_width(struct svg *s)
{
	const struct timeline *t = s->t;
	int right = t->left + t->width;

	for (unsigned int i = 0; i < t->nr_waits; i++) {
		int x = timeline_x(t, t->wait[i].to) + 16 +
			timeline_text_width(t->wait[i].text, 10);

		if (x > right)
			right = x;
	}
	s->width = right + SVG_MARGIN;
	if (s->width < 860)
		s->width = 860;
}

static void place(struct svg *s, bool whole)
{
	const struct timeline *t = s->t;
	int y = whole ? svg_head(s, true) : SVG_MARGIN;

	s->axis = y + 12;
	y += 22;
	for (unsigned int p = 0; p < MAX_PCPUS; p++) {
		s->lane[p] = y;
		if (t->pcpus >> p & 1)
			y += SVG_LANE + SVG_LANE_GAP;
	}
	s->lanes_end = y - SVG_LANE_GAP;
	for (unsigned int n = 0; n < t->nr_strips; n++) {
		s->strip[n] = y;
		y += SVG_STRIP + 8;
		for (unsigned int i = 0; t->strip[n].watch == WATCH_CPU && i < t->nr_stales; i++)
			y += t->stale[i].vcpu == t->strip[n].vcpu ? 20 : 0;
	}
	for (unsigned int p = 0; p < MAX_PCPUS; p++) {
		int rows = rows_of_buffer(t, p);

		s->buffer[p] = y;
		y += rows ? rows * 18 + 8 : 0;
	}
	s->curve = y + 16;
	if (t->explain)
		y = s->curve + SVG_CURVE + 12;
	s->list = y + 20;
	s->foot = whole ? s->list + (int)s->list_rows * SVG_ROW + 12 : y + 8;
	s->height = (whole ? svg_foot(s, true) : s->foot) + SVG_MARGIN / 2;
}

/* What each drawn record says, as the run was before it. */
static int tell(struct svg *s)
{
	static struct show_state state;
	const struct trace *trace = s->t->in->trace;

	s->text = calloc(trace->nr + 1u, sizeof(*s->text));
	if (!s->text)
		return -1;
	_Static_assert(sizeof(*s->text) == SHOW_TEXT, "a record's text fits");
	show_state_begin(&state);
	for (uint32_t i = 0; i < trace->nr; i++) {
		const struct trace_rec *r = &trace->rec[i];

		show_text(&state, r, 0, &s->t->in->config->form->sites, s->text[i]);
		show_state_apply(&state, r);
	}
	return 0;
}

/* For who hears the picture: what is broken, and what it needs. */
static void describe(struct svg *s)
{
	const struct show_input *in = s->t->in;
	const struct explain *x = s->t->explain;
	char title[512], verdict[1024];

	fprintf(s->out, "<title id=\"t%s\">", s->suffix);
	snprintf(verdict, sizeof(verdict), "%s%s%s", in->id ? in->id : "", in->id ? ": " : "",
		 in->report ? report_title(in->config, in->report, title, sizeof(title)) :
			      "a run that breaks no rule");
	svg_escape(s->out, verdict);
	fprintf(s->out, "</title>\n<desc id=\"d%s\">Steps of a run from left to right, a lane for "
		"each pCPU. ", s->suffix);
	if (in->report)
		svg_escape(s->out, oracle_info[in->report->oracle].sentence);
	for (unsigned int i = 0; x && i < x->nr; i++) {
		snprintf(verdict, sizeof(verdict), "%s step %u, %.200s%s%.200s", i ? ";" :
			 ". It needs", in->trace->rec[x->need[i].a].step, s->text[x->need[i].a],
			 !explain_is_order(&x->need[i]) ? "" :
			 x->need[i].kind == EXPLAIN_STALE ? ", does not see " : ", before ",
			 explain_is_order(&x->need[i]) ? s->text[x->need[i].b] : "");
		svg_escape(s->out, verdict);
	}
	fputs("</desc>\n", s->out);
}

static void write_all(struct svg *s, bool whole)
{
	fprintf(s->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"tl\" width=\"%d\" "
		"height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"t%s d%s\">\n",
		s->width, s->height, s->width, s->height, s->suffix, s->suffix);
	describe(s);
	svg_style(s);
	fprintf(s->out, "<rect class=\"page\" width=\"%d\" height=\"%d\"/>\n", s->width,
		s->height);
	if (whole)
		svg_head(s, false);
	svg_lanes(s);
	svg_strips(s);
	if (s->t->explain)
		svg_curve(s);
	svg_arrows(s);
	svg_marks(s);
	if (whole) {
		svg_list(s);
		svg_foot(s, false);
	}
	fputs("</svg>\n", s->out);
}

int svg_write(FILE *out, const struct timeline *t, const char *suffix, bool whole)
{
	struct svg *s = calloc(1, sizeof(*s));
	bool has_utf8 = term_has_utf8();

	if (!s)
		return -1;
	s->out = out;
	s->t = t;
	s->suffix = suffix;
	term_set_ascii(true);
	if (tell(s)) {
		free(s);
		return -1;
	}
	measure_width(s);
	if (whole)
		svg_list_measure(s);
	place(s, whole);
	write_all(s, whole);
	term_set_ascii(!has_utf8);
	free(s->text);
	free(s);
	return 0;
}
