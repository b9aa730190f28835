// SPDX-License-Identifier: GPL-2.0-only
/* The shape of a run, as small as a word. */
#include "show.h"
#include "svg.h"

enum { LANE = 9, GAP = 2 };

struct thumb {
	const struct timeline *t;
	FILE *out;
	int width, lane[MAX_PCPUS];
};

static int scaled(const struct thumb *p, int x)
{
	return (int)((int64_t)x * p->width / (p->t->width ? p->t->width : 1));
}

static void thumb_band(const struct thumb *p, const struct timeline_band *b)
{
	static const char *const color[NR_FILLS] = {
		[FILL_IDLE] = "#e6e6e6", [FILL_OFFLINE] = "#777777", [FILL_HOST] = "#56B4E9",
		[FILL_IRQ] = "#cabc00", [FILL_OUTSIDE] = "#9aa9ba", [FILL_IN_GUEST] = "#009E73",
		[FILL_EXITING] = "#E69F00", [FILL_READING] = "#CC79A7",
	};
	int x = scaled(p, b->x), width = scaled(p, b->x + b->width) - x;

	if (width > 0)
		fprintf(p->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>", x,
			p->lane[b->pcpu], width, LANE, color[b->fill]);
}

static void thumb_arrow(const struct thumb *p, const struct timeline_arrow *a)
{
	bool is_bad = a->kind == ARROW_MISS || a->kind == ARROW_DROPPED;
	int x0 = scaled(p, timeline_x(p->t, a->from)), x1 = scaled(p, timeline_x(p->t, a->to));
	int y0 = p->lane[a->from_pcpu] + LANE / 2, y1 = p->lane[a->to_pcpu] + LANE / 2;

	fprintf(p->out, "<path d=\"M%d %dL%d %d\" fill=\"none\" stroke=\"%s\" "
		"stroke-width=\"%s\"%s/>", x0, y0, x1, y1, is_bad ? "#D55E00" : "#222",
		is_bad ? "2" : "1", a->kind == ARROW_MOVE ? " stroke-dasharray=\"2 2\"" : "");
	if (is_bad)
		fprintf(p->out, "<path d=\"M%d %dl5 5m0 -5l-5 5\" stroke=\"#D55E00\" "
			"stroke-width=\"1.6\"/>", x1 - 2, y1 - 2);
}

int show_svg_thumb(const struct show_input *in, int width, FILE *out)
{
	struct timeline *t = timeline_make(in, NULL, false, 0);
	struct thumb p = { .t = t, .out = out, .width = width };
	int y = 1;

	if (!t)
		return -1;
	for (unsigned int i = 0; i < MAX_PCPUS; i++) {
		p.lane[i] = y;
		y += t->pcpus >> i & 1 ? LANE + GAP : 0;
	}
	fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" aria-hidden=\"true\">", width, y, width, y);
	for (unsigned int i = 0; i < t->nr_bands; i++)
		thumb_band(&p, &t->band[i]);
	for (unsigned int i = 0; i < t->nr_arrows; i++)
		thumb_arrow(&p, &t->arrow[i]);
	fputs("</svg>", out);
	timeline_free(t);
	return 0;
}
