// SPDX-License-Identifier: GPL-2.0-only
/* Arrows over the lanes; below them strips, buffers and the curve. */
#include <stdlib.h>
#include "svg.h"

/* From one mark's right to another's left, past the captions below them. */
static void arrow_path(struct svg *s, int x0, int y0, int x1, int y1, int gap, const char *class,
		       char head)
{
	int bend;

	x0 += gap;
	x1 -= gap;
	bend = x1 - x0 < 40 ? 20 : (x1 - x0) / 2 > 120 ? 120 : (x1 - x0) / 2;
	fprintf(s->out, "<path d=\"M%d %dC%d %d %d %d %d %d\" class=\"%s\" "
		"marker-end=\"url(#a%c%s)\"/>\n", x0, y0, x0 + bend, y0, x1 - bend, y1, x1, y1,
		class, head, s->suffix);
}

static void cross(struct svg *s, int x, int y)
{
	fprintf(s->out, "<path d=\"M%d %dl10 10m0 -10l-10 10\" class=\"stale\"/>\n", x - 5, y - 5);
}

static void arrow(struct svg *s, const struct timeline_arrow *a)
{
	int x0 = timeline_x(s->t, a->from), x1 = timeline_x(s->t, a->to);
	int y0 = s->lane[a->from_pcpu] + SVG_MARK, y1 = s->lane[a->to_pcpu] + SVG_MARK;

	switch (a->kind) {
	case ARROW_MOVE:
		arrow_path(s, x0, y0, x1, y1, 7, "move", 'g');
		break;
	case ARROW_HIT:
	case ARROW_FLYING:
		arrow_path(s, x0, y0, x1, y1, 13, "ipi", 'g');
		break;
	case ARROW_MISS:
		arrow_path(s, x0, y0, x1, y1, 13, "miss", 'b');
		cross(s, x1 + 15, y1);
		break;
	case ARROW_DROPPED:
		/* It ends at the lane's edge: nobody takes it. */
		y1 = y1 > y0 ? s->lane[a->to_pcpu] - 2 : s->lane[a->to_pcpu] + SVG_LANE + 2;
		y0 += y1 > y0 ? 13 : -13;
		fprintf(s->out, "<path d=\"M%d %dV%dm-9 0h18\" class=\"miss\"/>\n", x0, y0, y1);
		cross(s, x0 + 17, y1 + (y1 > y0 ? -8 : 8));
		break;
	}
}

static void badge(struct svg *s, int x, int y, unsigned int need)
{
	fprintf(s->out, "<rect x=\"%d\" y=\"%d\" width=\"15\" height=\"14\" rx=\"3\" "
		"class=\"key\"/>\n", x - 7, y - 7);
	svg_text(s, x, y + 4, "nk", "middle", "%c", svg_letter(need));
}

/* How many needs before @need have their badge at the same mark. */
static int badges_at(const struct explain *x, unsigned int need, uint32_t rec)
{
	int nr = 0;

	for (unsigned int i = 0; i < need; i++)
		nr += x->need[i].a == rec || x->need[i].b == rec;
	return nr;
}

/* Each side of an order bears its letter, and the two are joined. */
static void need(struct svg *s, unsigned int i)
{
	const struct explain *x = s->t->explain;
	const struct explain_need *n = &x->need[i];
	uint32_t side[2] = { n->a, n->b };
	int at[2][2];

	for (unsigned int k = 0; k < 2; k++) {
		at[k][0] = timeline_x(s->t, side[k]);
		at[k][1] = svg_y(s, side[k]);
	}
	if (explain_is_order(n) && n->a < n->b)
		arrow_path(s, at[0][0], at[0][1], at[1][0], at[1][1], 12, "order", 'k');
	for (unsigned int k = 0; k < (explain_is_order(n) ? 2u : 1u); k++)
		badge(s, at[k][0] + 17 + 17 * badges_at(x, i, side[k]), at[k][1] - 13, i);
}

void svg_arrows(struct svg *s)
{
	for (unsigned int i = 0; s->t->explain && i < s->t->explain->nr; i++)
		need(s, i);
	for (unsigned int i = 0; i < s->t->nr_arrows; i++)
		arrow(s, &s->t->arrow[i]);
}

static void value(struct svg *s, const struct timeline_value *v, int y)
{
	if (v->width <= 0)
		return;
	fprintf(s->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"val\"/>\n",
		v->x, y, v->width, SVG_STRIP);
	if (timeline_text_width(v->text, 11) + 8 <= v->width)
		svg_text(s, v->x + 5, y + 15, "v", "", "%s", v->text);
}

/* How long a value was held after it had ceased to be true. */
static void stale(struct svg *s, const struct timeline_stale *v, int strip, int y)
{
	const struct trace_rec *rec = s->t->in->trace->rec;
	int read = timeline_x(s->t, v->read), from = timeline_x(s->t, v->changed);
	int to = timeline_x(s->t, v->used), width;
	char text[160];

	fprintf(s->out, "<path d=\"M%d %dV%d\" class=\"read\"/>\n", read,
		s->lane[v->pcpu] + SVG_LANE, strip + SVG_STRIP);
	fprintf(s->out, "<path d=\"M%d %dV%dM%d %dH%dM%d %dV%d\" class=\"stale\"/>\n", from,
		strip + SVG_STRIP + 2, y + 4, from, y, to, to, y - 4, y + 4);
	snprintf(text, sizeof(text), "%s's %d is out of date for %u steps, then used at step %u",
		 v->task, v->value, rec[v->used].step - rec[v->changed].step, rec[v->used].step);
	width = timeline_text_width(text, 11);
	if (from - width - 8 > s->t->left)
		svg_text(s, from - 8, y + 4, "bad", "end", "%s", text);
	else if (to + 8 + width < s->width)
		svg_text(s, to + 8, y + 4, "bad", "", "%s", text);
	else
		svg_text(s, s->t->left, y + 17, "bad", "", "%s", text);
}

static void strip(struct svg *s, unsigned int n)
{
	const struct timeline_strip *p = &s->t->strip[n];
	int y = s->strip[n] + SVG_STRIP + 10;

	svg_text(s, s->t->left - 10, s->strip[n] + 15, "b lab", "end", "%s", p->name);
	for (unsigned int i = 0; i < p->nr; i++)
		value(s, &p->value[i], s->strip[n]);
	for (unsigned int i = 0; p->watch == WATCH_CPU && i < s->t->nr_stales; i++) {
		if (s->t->stale[i].vcpu != p->vcpu)
			continue;
		stale(s, &s->t->stale[i], s->strip[n], y);
		y += 20;
	}
}

static void waits(struct svg *s, unsigned int pcpu)
{
	const struct timeline *t = s->t;
	bool any = false;

	for (unsigned int i = 0; i < t->nr_waits; i++) {
		const struct timeline_wait *w = &t->wait[i];
		int x = timeline_x(t, w->from), end = timeline_x(t, w->to);
		int y = s->buffer[pcpu] + 18 * w->row;

		if (w->pcpu != pcpu)
			continue;
		if (!any)
			svg_text(s, t->left - 10, s->buffer[pcpu] + 11, "b lab", "end",
				 "pCPU %u buffer", pcpu);
		any = true;
		fprintf(s->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"13\" "
			"class=\"ex\"/><path d=\"M%d %dv13M%d %dv13\" class=\"pat\"/>\n", x, y,
			end - x, x, y, end, y);
		svg_text(s, end + 6, y + 11, "c", "", "%s", w->text);
	}
}

void svg_strips(struct svg *s)
{
	for (unsigned int n = 0; n < s->t->nr_strips; n++)
		strip(s, n);
	for (unsigned int p = 0; p < MAX_PCPUS; p++)
		waits(s, p);
}

static int curve_y(const struct svg *s, uint32_t i)
{
	const struct explain *x = s->t->explain;

	return s->curve + SVG_CURVE -
	       (int)((uint64_t)SVG_CURVE * x->curve[i] / x->curve_runs);
}

static void no_return(struct svg *s)
{
	const struct explain *x = s->t->explain;
	int at = timeline_x(s->t, x->no_return), width;
	char text[64];

	snprintf(text, sizeof(text), "point of no return: step %u",
		 s->t->in->trace->rec[x->no_return].step);
	width = timeline_text_width(text, 11);
	fprintf(s->out, "<path d=\"M%d %dV%d\" class=\"read\"/>\n", at, s->axis + 6,
		s->curve + SVG_CURVE);
	if (at - width - 8 > s->t->left)
		svg_text(s, at - 6, s->curve - 4, "bad", "end", "%s", text);
	else
		svg_text(s, at + 6, s->curve - 4, "bad", "", "%s", text);
}

void svg_curve(struct svg *s)
{
	const struct timeline *t = s->t;
	const struct explain *x = t->explain;
	int bottom = s->curve + SVG_CURVE;

	svg_text(s, t->left - 10, s->curve + 30, "b lab", "end", "P(bug | prefix)");
	svg_text(s, t->left - 10, s->curve + 8, "s lab", "end", "100 %%");
	svg_text(s, t->left - 10, bottom, "s lab", "end", "0");
	svg_text(s, t->left - 10, s->curve + 44, "s lab", "end", "%u suffixes", x->curve_runs);
	fprintf(s->out, "<path d=\"M%d %dH%dM%d %dH%d\" class=\"grid\"/>\n", t->left, s->curve,
		t->left + t->width, t->left, bottom, t->left + t->width);
	for (unsigned int k = 0; k < 2; k++) {
		/* The area, and the line above it. */
		fprintf(s->out, "<path d=\"M%d %d", t->left, k ? curve_y(s, 0) : bottom);
		for (uint32_t i = 0; i < x->nr_records; i++)
			fprintf(s->out, "L%d %d", timeline_x(t, i), curve_y(s, i));
		if (k)
			fprintf(s->out, "H%d\" class=\"pl\"/>\n", t->left + t->width);
		else
			fprintf(s->out, "H%dV%d\" class=\"p\"/>\n", t->left + t->width, bottom);
	}
	if (x->no_return != EXPLAIN_NO_RECORD)
		no_return(s);
}
