// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "show_grid.h"

unsigned int show_width(FILE *out)
{
	const char *env = getenv("COLUMNS");
	long n = env ? strtol(env, NULL, 10) : 0;
	struct winsize w;

	if (n <= 0 && isatty(fileno(out)) && !ioctl(fileno(out), TIOCGWINSZ, &w))
		n = w.ws_col;
	if (n <= 0)
		return 80;
	return n < 40 ? 40 : n > 300 ? 300 : (unsigned int)n;
}

static size_t next_char(const char *text, size_t i)
{
	do
		i++;
	while (((unsigned char)text[i] & 0xc0) == 0x80);
	return i;
}

/* Names are long: if no blank is near, a line may end behind a part of one. */
size_t show_wrap(const char *text, unsigned int width)
{
	size_t i = 0, blank = 0, part = 0, indent = strspn(text, " ");

	for (unsigned int n = 0; text[i] && n < width; n++) {
		i = next_char(text, i);
		if (text[i] == ' ' && i > indent)
			blank = i;
		else if (strchr("_|,>", text[i - 1]))
			part = i;
	}
	if (!text[i])
		return i;
	if (blank > width / 2)
		return blank;
	return part > 1 ? part : blank ? blank : i;
}

static unsigned int chars_of(const char *text)
{
	return (unsigned int)term_width(text);
}

void show_grid_begin(struct show_grid *g, FILE *out, unsigned int indent)
{
	memset(g, 0, sizeof(*g));
	g->out = out;
	g->end = indent;
	g->arrow_from = g->arrow_to = -1;
}

unsigned int show_grid_column(struct show_grid *g, unsigned int width, bool dotted)
{
	assert(g->nr < GRID_COLUMNS && width && width <= GRID_WIDTH);
	g->start[g->nr] = g->end;
	g->width[g->nr] = width;
	g->dotted[g->nr] = dotted;
	g->end += width + 1;
	return g->nr++;
}

void show_grid_spill(struct show_grid *g, unsigned int column, enum term_ink ink,
		     unsigned int hang, unsigned int end, const char *text)
{
	struct show_cell *c = &g->cell[column];
	unsigned int indent = 0, width = end - g->start[column];

	assert(column < g->nr && end > g->start[column] + hang);
	if (width > GRID_WIDTH)
		width = GRID_WIDTH;
	while (*text && c->nr < GRID_LINES) {
		size_t n = show_wrap(text, width - indent);

		snprintf(c->text[c->nr], GRID_BYTES, "%*s%.*s", (int)indent, "", (int)n, text);
		c->ink[c->nr++] = ink;
		text += n + strspn(text + n, " ");
		indent = hang;
	}
	if (*text && width > 3)
		strcpy(c->text[GRID_LINES - 1] + width - 4, "...");
}

void show_grid_put(struct show_grid *g, unsigned int column, enum term_ink ink,
		   unsigned int hang, const char *text)
{
	show_grid_spill(g, column, ink, hang, g->start[column] + g->width[column], text);
}

static void repeat(FILE *out, const char *s, unsigned int n)
{
	while (n--)
		fputs(s, out);
}

struct cursor {
	unsigned int at;		/* characters printed in this line */
};

static void move_to(struct show_grid *g, struct cursor *c, unsigned int column)
{
	if (column > c->at) {
		repeat(g->out, " ", column - c->at);
		c->at = column;
	}
}

/* From behind the text of the arrow's cell to the column that it points at. */
static void arrow_right(struct show_grid *g, struct cursor *c)
{
	unsigned int to = g->start[g->arrow_to];

	if (to < c->at + 3)
		return;
	move_to(g, c, c->at + 1);
	repeat(g->out, term_has_utf8() ? "─" : "-", to - c->at - 1);
	fputs(term_has_utf8() ? "►" : ">", g->out);
	c->at = to;
}

static void arrow_left(struct show_grid *g, struct cursor *c)
{
	unsigned int from = g->start[g->arrow_from];

	if (from < g->start[g->arrow_to] + 3)
		return;
	move_to(g, c, g->start[g->arrow_to]);
	fputs(term_has_utf8() ? "◄" : "<", g->out);
	repeat(g->out, term_has_utf8() ? "─" : "-", from - c->at - 2);
	c->at = from - 1;
}

/* Whether column @i lies under the arrow of this row. */
static bool under_arrow(const struct show_grid *g, unsigned int i)
{
	int a = g->arrow_from, b = g->arrow_to, k = (int)i;

	return a >= 0 && ((a < k && k <= b) || (b <= k && k < a));
}

static void put_cell(struct show_grid *g, struct cursor *c, unsigned int i, unsigned int line)
{
	const struct show_cell *cell = &g->cell[i];
	bool is_bare = cell->nr == 0 && line == 0 && g->dotted[i];

	/* Text that has run over this cell leaves no room for a dot. */
	if (line < cell->nr) {
		move_to(g, c, g->start[i]);
		fprintf(g->out, "%s%s%s", cell->ink[line] ? term_ink(g->out, cell->ink[line]) : "",
			cell->text[line],
			cell->ink[line] ? term_ink(g->out, TERM_PLAIN) : "");
		c->at += chars_of(cell->text[line]);
	} else if (is_bare && !under_arrow(g, i) && c->at < g->start[i]) {
		move_to(g, c, g->start[i]);
		fputs(term_has_utf8() ? "·" : ".", g->out);
		c->at++;
	}
	if ((int)i == g->arrow_from && g->arrow_to > g->arrow_from && line + 1 == cell->nr)
		arrow_right(g, c);
}

void show_grid_row(struct show_grid *g)
{
	unsigned int lines = 1;

	for (unsigned int i = 0; i < g->nr; i++)
		if (g->cell[i].nr > lines)
			lines = g->cell[i].nr;
	for (unsigned int line = 0; line < lines; line++) {
		struct cursor c = { 0 };

		for (unsigned int i = 0; i < g->nr; i++) {
			if (!line && (int)i == g->arrow_to && g->arrow_to < g->arrow_from)
				arrow_left(g, &c);
			put_cell(g, &c, i, line);
		}
		fputc('\n', g->out);
	}
	for (unsigned int i = 0; i < g->nr; i++)
		g->cell[i].nr = 0;
	g->arrow_from = g->arrow_to = -1;
}

void show_paragraph(FILE *out, unsigned int indent, unsigned int width, enum term_ink ink,
		    const char *text)
{
	assert(width > indent);
	while (*text) {
		size_t n = show_wrap(text, width - indent);

		fprintf(out, "%*s%s%.*s%s\n", (int)indent, "", ink ? term_ink(out, ink) : "",
			(int)n, text, ink ? term_ink(out, TERM_PLAIN) : "");
		text += n + strspn(text + n, " ");
	}
}
