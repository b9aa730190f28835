// SPDX-License-Identifier: GPL-2.0-only
/* Lanes: bands, folds, numbered steps with captions, arrows. */
#include <stdlib.h>
#include <string.h>
#include "svg.h"

enum { NEED = 16 };			/* a sign that is no arrow of the run's */

static const struct {
	const char *class, *word;
} fills[NR_FILLS] = {
	[FILL_IDLE] = { "idle", "idle" }, [FILL_OFFLINE] = { "off", "offline" },
	[FILL_HOST] = { "host", "host task" }, [FILL_IRQ] = { "irq", "interrupt handler" },
	[FILL_OUTSIDE] = { "out", "OUTSIDE_GUEST_MODE" },
	[FILL_IN_GUEST] = { "in", "IN_GUEST_MODE" },
	[FILL_EXITING] = { "ex", "EXITING_GUEST_MODE" },
	[FILL_READING] = { "rd", "READING_SHADOW_PAGE_TABLES" },
};

void svg_style(struct svg *s)
{
	fputs("<style>\n"
	      ".tl text{font:11px 'DejaVu Sans',Verdana,sans-serif;fill:#222}\n"
	      ".tl .page{fill:#fff}.tl .h1{font-size:18px;font-weight:bold}\n"
	      ".tl .h2{font-size:13px}.tl .s{font-size:11px;fill:#555}\n"
	      ".tl .m,.tl .mb{font:11px 'DejaVu Sans Mono','Liberation Mono',monospace}\n"
	      ".tl .mb{font-weight:bold}.tl .c{font-size:10px}.tl .w{fill:#555}\n"
	      ".tl .n{font-size:10px}.tl .nk{font-size:10px;fill:#fff;font-weight:bold}\n"
	      ".tl .b{font-weight:bold}.tl .bad{fill:#B34700;font-weight:bold}\n"
	      ".tl .line{stroke:#888;stroke-width:.7;fill:none}\n"
	      ".tl .grid{stroke:#ddd}.tl .fold{fill:#fff;stroke:#999;stroke-dasharray:2 2}\n"
	      ".tl .dot{fill:#fff;stroke:#222}.tl .key{fill:#222;stroke:#222}\n"
	      ".tl .idle{fill:#f4f4f4}.tl .idle2{fill:#ddd}\n"
	      ".tl .host{fill:#d9eefb}.tl .host2{fill:#56B4E9}\n"
	      ".tl .irq{fill:#fbf6c4}.tl .irq2{fill:#cabc00}\n"
	      ".tl .out{fill:#e9edf2}.tl .out2{fill:#9aa9ba}\n"
	      ".tl .in{fill:#bfe8db}.tl .in2{fill:#009E73}\n"
	      ".tl .ex{fill:#fbe2b0}.tl .ex2{fill:#E69F00}\n"
	      ".tl .rd{fill:#f2dae8}.tl .rd2{fill:#CC79A7}\n"
	      ".tl .off{fill:#e2e2e2}.tl .off2{fill:#777}\n"
	      ".tl .pat{stroke:#222;fill:none}\n"
	      ".tl .guest{fill:#222}.tl .val{fill:#fff8e0;stroke:#888;stroke-width:.7}\n"
	      ".tl .ipi{stroke:#444;stroke-width:1.8;fill:none}\n"
	      ".tl .miss{stroke:#D55E00;stroke-width:2.6;fill:none}\n"
	      ".tl .move{stroke:#444;stroke-width:1.4;stroke-dasharray:6 3;fill:none}\n"
	      ".tl .order{stroke:#222;stroke-width:1.2;stroke-dasharray:1.5 2.5;fill:none}\n"
	      ".tl .stale{stroke:#D55E00;stroke-width:2.4;fill:none}\n"
	      ".tl .read{stroke:#D55E00;stroke-dasharray:3 3;fill:none}\n"
	      ".tl .p{fill:#D55E00;fill-opacity:.14}\n"
	      ".tl .pl{stroke:#D55E00;stroke-width:1.8;fill:none}\n"
	      ".tl .hb{fill:#D55E00}.tl .hg{fill:#444}.tl .hk{fill:#222}\n"
	      "</style>\n", s->out);
	fprintf(s->out, "<defs>"
		"<pattern id=\"pi%s\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">"
		"<path d=\"M0 2H4\" class=\"pat\" stroke-width=\"2\"/></pattern>"
		"<pattern id=\"pe%s\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
		"<path d=\"M0 6L6 0\" class=\"pat\" stroke-width=\"1.4\"/></pattern>"
		"<pattern id=\"pr%s\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">"
		"<circle cx=\"2.5\" cy=\"2.5\" r=\"1.2\" class=\"hk\"/></pattern>"
		"<pattern id=\"po%s\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
		"<path d=\"M0 8L8 0M0 0L8 8\" class=\"pat\" stroke-width=\".8\"/></pattern>\n",
		s->suffix, s->suffix, s->suffix, s->suffix);
	for (const char *c = "bgk"; *c; c++)
		fprintf(s->out, "<marker id=\"a%c%s\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" "
			"markerUnits=\"userSpaceOnUse\" markerWidth=\"11\" markerHeight=\"11\" "
			"orient=\"auto\"><path d=\"M0 0L10 5L0 10z\" class=\"h%c\"/></marker>",
			*c, s->suffix, *c);
	fputs("</defs>\n", s->out);
}

/* A pattern on the stripe, for who sees no colours. */
static char pattern_of(unsigned int fill)
{
	switch (fill) {
	case FILL_IN_GUEST:
		return 'i';
	case FILL_EXITING:
		return 'e';
	case FILL_READING:
		return 'r';
	case FILL_OFFLINE:
		return 'o';
	default:
		return 0;
	}
}

static void swatch(struct svg *s, unsigned int fill, int x, int y, int width, int height)
{
	fprintf(s->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"%s2\"/>\n", x,
		y, width, height, fills[fill].class);
	if (pattern_of(fill))
		fprintf(s->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
			"fill=\"url(#p%c%s)\"/>\n", x, y, width, height, pattern_of(fill),
			s->suffix);
}

/* Where the next item of the legend goes; a new line if there is no room. */
static void next_item(struct svg *s, const char *word, int *x, int *y, int *next)
{
	int width = 40 + timeline_text_width(word, 11);

	if (*next + width > s->width - SVG_MARGIN) {
		*next = SVG_MARGIN;
		*y += 18;
	}
	*x = *next;
	*next += width;
}

static const struct {
	const char *path, *class, *word;
	unsigned int arrows;		/* bitmap of those that it stands for */
} signs[] = {
	{ "m0 0h18v5h-18z", "guest", "hardware runs the guest", 0 },
	{ "m0 2h16", "ipi\" marker-end=\"url(#ag", "IPI", 1 << ARROW_HIT | 1 << ARROW_FLYING },
	{ "m0 2h16", "miss\" marker-end=\"url(#ab", "IPI that misses", 1 << ARROW_MISS },
	{ "m0 2h14m0 -5v10", "miss", "IPI that is dropped", 1 << ARROW_DROPPED },
	{ "m0 2h16", "move\" marker-end=\"url(#ag", "task moves", 1 << ARROW_MOVE },
	{ "m0 2h16", "order\" marker-end=\"url(#ak", "order that the bug needs", 1 << NEED },
};

static unsigned int signs_used(const struct timeline *t)
{
	unsigned int used = t->explain && t->explain->nr ? 1 << NEED : 0;

	for (unsigned int i = 0; i < t->nr_arrows; i++)
		used |= 1u << t->arrow[i].kind;
	return used;
}

int svg_legend(struct svg *s, int y, bool measure)
{
	int x, next = SVG_MARGIN;
	bool used[NR_FILLS] = { false };

	for (unsigned int i = 0; i < s->t->nr_bands; i++)
		used[s->t->band[i].fill] = true;
	for (unsigned int f = 0; f < NR_FILLS; f++) {
		if (!used[f])
			continue;
		next_item(s, fills[f].word, &x, &y, &next);
		if (measure)
			continue;
		fprintf(s->out, "<rect x=\"%d\" y=\"%d\" width=\"18\" height=\"13\" "
			"class=\"%s\"/>\n", x, y - 10, fills[f].class);
		swatch(s, f, x, y - 10, 18, 6);
		svg_text(s, x + 23, y, "s", "", "%s", fills[f].word);
	}
	for (unsigned int i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		bool has_marker = strstr(signs[i].class, "url") != NULL;

		if (signs[i].arrows && !(signs[i].arrows & signs_used(s->t)))
			continue;
		next_item(s, signs[i].word, &x, &y, &next);
		if (measure)
			continue;
		fprintf(s->out, "<path d=\"M%d %d%s\" class=\"%s%s%s\"/>\n", x, y - 6,
			signs[i].path, signs[i].class, has_marker ? s->suffix : "",
			has_marker ? ")" : "");
		svg_text(s, x + 23, y, "s", "", "%s", signs[i].word);
	}
	return y + 16;
}

static void band(struct svg *s, const struct timeline_band *b)
{
	int y = s->lane[b->pcpu];

	if (b->width <= 0)
		return;
	fprintf(s->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"%s\"/>\n", b->x,
		y, b->width, SVG_LANE, fills[b->fill].class);
	swatch(s, b->fill, b->x, y, b->width, 7);
	if (b->guest)
		fprintf(s->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"5\" "
			"class=\"guest\"/>\n", b->x, y + SVG_LANE - 5, b->width);
	fprintf(s->out, "<path d=\"M%d %dV%d\" class=\"line\"/>\n", b->x, y, y + SVG_LANE);
}

static void band_label(struct svg *s, const struct timeline_band *b)
{
	const char *label;
	int x;

	label = timeline_label(s->t, b, &x);
	if (label)
		svg_text(s, x + 5, s->lane[b->pcpu] + 20, "b", "", "%s", label);
}

/* Between the lanes' top and bottom: what is not drawn step by step. */
static void fold(struct svg *s, const struct timeline_column *c, int top)
{
	int x = c->x + c->width / 2 + 4, y = (top + s->lanes_end) / 2;

	fprintf(s->out, "<g class=\"foldg\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		"class=\"fold\" fill-opacity=\".72\"/>\n", c->x + 1, top - 4, c->width - 2,
		s->lanes_end - top + 8);
	if (c->steps)
		fprintf(s->out, "<text transform=\"rotate(-90 %d %d)\" x=\"%d\" y=\"%d\" "
			"class=\"c w\" text-anchor=\"middle\">\xe2\x8b\xaf %u step%s</text>\n", x, y,
			x, y, c->steps, c->steps > 1 ? "s" : "");
	fputs("</g>\n", s->out);
}

static void mark(struct svg *s, const struct timeline_column *c)
{
	const struct timeline *t = s->t;
	const struct trace_rec *r = &t->in->trace->rec[c->from];
	bool key = t->explain && explain_is_side(t->explain, c->from);
	int x = c->x + c->width / 2, y = svg_y(s, c->from);

	if (c->is_step) {
		fprintf(s->out, "<circle cx=\"%d\" cy=\"%d\" r=\"%d\" class=\"%s\"/>\n", x, y,
			r->step > 99 ? 12 : 10, key ? "key" : "dot");
		svg_text(s, x, y + 4, key ? "nk" : "n", "middle", "%u", r->step);
		svg_text(s, x, s->axis, "s", "middle", "%u", r->step);
	} else {
		fprintf(s->out, "<path d=\"M%d %dl6 6l-6 6l-6 -6z\" class=\"%s\"/>\n", x, y - 6,
			key ? "key" : "dot");
	}
	svg_text(s, x, y + 22, "c", "middle", "%s", c->caption[0]);
	svg_text(s, x, y + 33, "c", "middle", "%s", c->caption[1]);
}

void svg_lanes(struct svg *s)
{
	const struct timeline *t = s->t;
	int top = s->axis + 8;

	svg_text(s, t->left - 10, s->axis, "s lab", "end", "step");
	for (unsigned int p = 0; p < MAX_PCPUS; p++)
		if (t->pcpus >> p & 1)
			svg_text(s, t->left - 10, s->lane[p] + 46, "b lab", "end", "pCPU %u", p);
	for (unsigned int i = 0; i < t->nr_bands; i++)
		band(s, &t->band[i]);
	for (unsigned int p = 0; p < MAX_PCPUS; p++)
		if (t->pcpus >> p & 1)
			fprintf(s->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
				"class=\"line\"/>\n", t->left, s->lane[p], t->width, SVG_LANE);
	for (unsigned int i = 0; i < t->nr_columns; i++)
		if (t->column[i].is_fold)
			fold(s, &t->column[i], top);
	for (unsigned int i = 0; i < t->nr_bands; i++)
		band_label(s, &t->band[i]);
}

void svg_marks(struct svg *s)
{
	const struct timeline *t = s->t;

	for (unsigned int i = 0; i < t->nr_columns; i++)
		if (!t->column[i].is_fold)
			mark(s, &t->column[i]);
}
