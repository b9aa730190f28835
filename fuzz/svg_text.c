// SPDX-License-Identifier: GPL-2.0-only
/* Above the lanes: what it is.  Below: each step, what is needed, how to replay it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "show_head.h"
#include "show_state.h"
#include "svg.h"

/* Schedules' answers other than 0, and what of the run is drawn. */
static void ratio(const struct svg *s, char *buf, size_t size)
{
	const struct show_input *in = s->t->in;
	unsigned int drawn = 0;

	for (unsigned int i = 0; i < s->t->nr_columns; i++)
		drawn += s->t->column[i].is_step;
	snprintf(buf, size, "%u of %u choices are not the dull one; %u steps, %u drawn; a fold "
		 "stands for the others", in->schedule->nr, in->result->nr_choices,
		 in->result->steps, drawn);
}

int svg_head(struct svg *s, bool measure)
{
	const struct show_input *in = s->t->in;
	int width = s->width - 2 * SVG_MARGIN, y = 32;
	char text[1024];

	show_headline(in, text, sizeof(text));
	y = svg_paragraph(s, SVG_MARGIN, y, width, "h1", 19, text, measure);
	if (in->report)
		y = svg_paragraph(s, SVG_MARGIN, y - 2, width, "h2", 14,
				  oracle_info[in->report->oracle].sentence, measure);
	y = svg_paragraph(s, SVG_MARGIN, y, width, "s", 11,
			  show_config(in->config, text, sizeof(text)), measure);
	ratio(s, text, sizeof(text));
	if (in->id)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "; replay: %s",
			 in->replay_line);
	y = svg_paragraph(s, SVG_MARGIN, y, width, "s", 11, text, measure);
	return svg_legend(s, y + 6, measure);
}

static const char *doer(const struct trace_rec *r)
{
	if (r->kind == TRACE_VISIBLE)
		return "buffer";
	return r->task < WORLD->fix.nr_tasks ? show_task(r->task) : "idle";
}

/* " 28  pCPU1 kicker0  cpu = vcpu0->cpu (0)  v5.15.c:119 kvm_vcpu_kick()" */
static void row(const struct svg *s, const struct timeline_column *c, char *buf, size_t size)
{
	const struct trace_rec *r = &s->t->in->trace->rec[c->from];
	struct show_place place;
	char letters[16] = "", number[16];
	const struct explain *x = s->t->explain;
	size_t n = 0;

	for (unsigned int i = 0; x && i < x->nr && n < 4; i++)
		if (x->need[i].a == c->from || x->need[i].b == c->from)
			letters[n++] = svg_letter(i);
	letters[n] = '\0';
	snprintf(number, sizeof(number), c->is_step ? "%u " : "%u+", r->step);
	n = (size_t)snprintf(buf, size, "%4s %5s pCPU%u %-8s %-*s", letters, number, r->pcpu,
			     doer(r), (int)s->text_width, s->text[c->from]);
	if (n < size && show_place(s->t->in->config->form, r, &place))
		snprintf(buf + n, size - n, "  %s:%u %s()", show_file(&place), place.line,
			 place.function);
}

void svg_list_measure(struct svg *s)
{
	const struct timeline *t = s->t;
	unsigned int nr = 0;
	size_t longest = 0, n;
	char text[1024];

	for (unsigned int i = 0; i < t->nr_columns; i++) {
		n = t->column[i].is_fold ? 0 : strlen(s->text[t->column[i].from]);
		s->text_width = n > s->text_width ? (unsigned int)n : s->text_width;
	}
	for (unsigned int i = 0; i < t->nr_columns; i++) {
		if (t->column[i].is_fold)
			continue;
		row(s, &t->column[i], text, sizeof(text));
		if (strlen(text) > longest)
			longest = strlen(text);
		nr++;
	}
	s->list_width = (int)longest * SVG_MONO + 24;
	if (s->width < s->list_width + 2 * SVG_MARGIN)
		s->width = s->list_width + 2 * SVG_MARGIN;
	s->list_columns = nr > 8 && s->width >= 2 * s->list_width + 2 * SVG_MARGIN ? 2 : 1;
	s->list_rows = (nr + s->list_columns - 1) / s->list_columns;
}

void svg_list(struct svg *s)
{
	const struct timeline *t = s->t;
	unsigned int n = 0;
	char text[1024];

	for (unsigned int i = 0; i < t->nr_columns; i++) {
		const struct timeline_column *c = &t->column[i];
		bool key = t->explain && explain_is_side(t->explain, c->from);

		if (c->is_fold)
			continue;
		row(s, c, text, sizeof(text));
		fprintf(s->out, "<text xml:space=\"preserve\" x=\"%d\" y=\"%d\" class=\"%s\">",
			SVG_MARGIN + (int)(n / s->list_rows) * s->list_width,
			s->list + (int)(n % s->list_rows) * SVG_ROW, key ? "mb" : "m");
		svg_escape(s->out, text);
		fputs("</text>\n", s->out);
		n++;
	}
}

void svg_need_text(const struct show_input *in, const struct explain *x, unsigned int i,
		   char *buf, size_t size)
{
	const struct explain_need *n = &x->need[i];
	const struct trace_rec *a = &in->trace->rec[n->a], *b = &in->trace->rec[n->b];

	switch (n->kind) {
	case EXPLAIN_ORDER:
		snprintf(buf, size, "%c  step %u (%s) before step %u (%s)", svg_letter(i), a->step,
			 doer(a), b->step, doer(b));
		break;
	case EXPLAIN_STALE:
		snprintf(buf, size, "%c  step %u (%s) does not see the store of step %u (%s)",
			 svg_letter(i), a->step, show_task(a->task), b->step, doer(b));
		break;
	case EXPLAIN_MOVE:
		snprintf(buf, size, "%c  %s moves from pCPU%u to pCPU%u after step %u",
			 svg_letter(i), show_task(a->task), a->pcpu, a->off, a->step);
		break;
	case EXPLAIN_EXIT:
		snprintf(buf, size, "%c  the guest of %s exits by itself after step %u",
			 svg_letter(i), show_task(a->task), a->step);
		break;
	}
}

int svg_foot(struct svg *s, bool measure)
{
	const struct explain *x = s->t->explain;
	int y = s->foot, width = s->width - 2 * SVG_MARGIN;
	static char text[SCHEDULE_TEXT + 1400];

	if (x && x->nr) {
		snprintf(text, sizeof(text), "It needs these; with any one of them the other way "
			 "round it never happens in %u runs:", x->runs);
		y = svg_paragraph(s, SVG_MARGIN, y + 6, width, "b", 12, text, measure);
		for (unsigned int i = 0; i < x->nr; i++) {
			svg_need_text(s->t->in, x, i, text, sizeof(text));
			y = svg_paragraph(s, SVG_MARGIN + 8, y, width, "v", 11, text, measure);
		}
	}
	snprintf(text, sizeof(text), "replay: %s", s->t->in->replay_line);
	return svg_paragraph(s, SVG_MARGIN, y + 6, width, "m", 11, text, measure);
}
