/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A picture is a timeline as SVG: lanes with bands and numbered steps, arrows,
 * strips, the curve of P(bug), and below it all steps and what they need.
 *
 * It is laid out first, from top to bottom, and then written; all of it in whole
 * pixels, in ASCII but for a few signs, with classes for colours, so that a page
 * around it can restyle it.  Nothing in it is fetched from anywhere.
 *
 * Colours are Okabe and Ito's, which colour-blind readers can tell apart; each
 * has a pattern and a word of its own, and what is bad also has a cross.
 */
#ifndef FUZZ_SVG_H
#define FUZZ_SVG_H

#include "timeline.h"

enum {
	SVG_MARGIN = 20, SVG_LEFT = 128, SVG_LANE = 84, SVG_LANE_GAP = 12, SVG_STRIP = 22,
	SVG_CURVE = 64, SVG_MONO = 7,	/* pixels of a character of the listing, at 11 px */
	SVG_ROW = 16, SVG_MARK = 43,	/* of a lane's top */
};

struct svg {
	FILE *out;
	const struct timeline *t;
	const char *suffix;		/* of ids, where a page has several */
	int width, height;
	int axis, lane[MAX_PCPUS], lanes_end;
	int strip[TIMELINE_STRIPS], buffer[MAX_PCPUS], curve, list, foot;
	unsigned int list_rows, list_columns;
	int list_width;
	unsigned int text_width;	/* of the listing, characters */
	char (*text)[448];		/* [record]: what the listing says, SHOW_TEXT */
};

/*
 * @suffix: "" or what makes ids unique; @whole: with title and listing.  0, or -1
 * if memory is short.
 */
int svg_write(FILE *out, const struct timeline *t, const char *suffix, bool whole);

/* The parts, in the order of writing. */
void svg_style(struct svg *s);
int svg_head(struct svg *s, bool measure);
/* The colours used; returns y below. */
int svg_legend(struct svg *s, int y, bool measure);
void svg_lanes(struct svg *s);
void svg_marks(struct svg *s);
void svg_arrows(struct svg *s);
void svg_strips(struct svg *s);
void svg_curve(struct svg *s);
void svg_list_measure(struct svg *s);
void svg_list(struct svg *s);
int svg_foot(struct svg *s, bool measure);

/* Characters that mean something to XML are escaped. */
void svg_escape(FILE *out, const char *text);
__attribute__((format(printf, 6, 7)))
void svg_text(struct svg *s, int x, int y, const char *class, const char *anchor,
	      const char *format, ...);
/* @text in lines of at most @width pixels; returns y after the last. */
int svg_paragraph(struct svg *s, int x, int y, int width, const char *class, int size,
		  const char *text, bool measure);
/* The letter of a need: "A". */
char svg_letter(unsigned int need);
/* "A  step 28 (kicker0) before step 41 (vcpu0)" */
void svg_need_text(const struct show_input *in, const struct explain *x, unsigned int need,
		   char *buf, size_t size);
/* The middle of a record's mark in its lane. */
int svg_y(const struct svg *s, uint32_t rec);

#endif
