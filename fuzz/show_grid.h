/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A grid is rows of cells of fixed width; text that is too long for its cell
 * goes on below in the same cell, so that no row ever breaks the columns.
 *
 * Columns are added once, from left to right.  A row is made by show_grid_put()
 * into any of its cells, once or more, and printed by show_grid_row().  Where
 * the cells to the right are empty, show_grid_spill() lets text run over them.
 * An arrow may lead from one cell of the row to another through those between.
 */
#ifndef FUZZ_SHOW_GRID_H
#define FUZZ_SHOW_GRID_H

#include <stdbool.h>
#include <stdio.h>
#include "../results/term.h"

enum { GRID_COLUMNS = 40, GRID_LINES = 16, GRID_WIDTH = 100, GRID_BYTES = 4 * GRID_WIDTH + 1 };

struct show_cell {
	unsigned int nr;		/* lines */
	enum term_ink ink[GRID_LINES];
	char text[GRID_LINES][GRID_BYTES];
};

struct show_grid {
	FILE *out;
	unsigned int nr, end;		/* columns; where the next one begins */
	unsigned int start[GRID_COLUMNS], width[GRID_COLUMNS];
	bool dotted[GRID_COLUMNS];	/* a cell with nothing in it shows a dot */
	int arrow_from, arrow_to;	/* columns, or -1 */
	struct show_cell cell[GRID_COLUMNS];
};

void show_grid_begin(struct show_grid *g, FILE *out, unsigned int indent);
/* @width: 1 to GRID_WIDTH; one blank follows.  Returns the column's number. */
unsigned int show_grid_column(struct show_grid *g, unsigned int width, bool dotted);
/* Lines after the first begin with @hang blanks.  What exceeds GRID_LINES ends in "...". */
void show_grid_put(struct show_grid *g, unsigned int column, enum term_ink ink,
		   unsigned int hang, const char *text);
/* The same, up to the character position @end of the line. */
void show_grid_spill(struct show_grid *g, unsigned int column, enum term_ink ink,
		     unsigned int hang, unsigned int end, const char *text);
void show_grid_row(struct show_grid *g);

/* The bytes of @text that make up one line of at most @width characters. */
size_t show_wrap(const char *text, unsigned int width);
/* A paragraph: @text between the @indent-th and the @width-th column. */
void show_paragraph(FILE *out, unsigned int indent, unsigned int width, enum term_ink ink,
		    const char *text);
/* Of the terminal behind @out; 80 if it is none, unless COLUMNS says otherwise. */
unsigned int show_width(FILE *out);

#endif
