/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two halves of the columns format share: the layout, which depends on
 * the trace and the terminal's width, and the printer of records.
 *
 * Each pCPU that does anything has a column; as one of them acts at a time, its
 * text may run over those to the right.  If the terminal is too narrow for so
 * many, they become lanes of one sign each, and the text has one column for all
 * of them.  The vCPUs' words stand at the right, or, if there are too many of
 * them, those of the one vCPU that the line is about.
 */
#ifndef FUZZ_SHOW_COLUMNS_H
#define FUZZ_SHOW_COLUMNS_H

#include "show.h"
#include "show_grid.h"
#include "show_state.h"

enum { NUMBER_WIDTH = 5 };

struct columns {
	const struct show_input *in;
	FILE *out;
	unsigned int width;		/* of the terminal */
	unsigned int acting;		/* bitmap of pCPUs */
	unsigned int vcpus;		/* bitmap of those shown */
	bool follow;			/* one set of columns, for whom the line is about */
	unsigned int request_width;
	bool lanes, short_modes;
	unsigned int style, pitch, text_width;
	unsigned int text_end;		/* where the vCPUs' words begin */
	unsigned int number, text;	/* columns of the grid */
	unsigned int pcpu[MAX_PCPUS], vcpu[MAX_VCPUS], who;
	const char *function[MAX_PCPUS];	/* whose name was printed last, or NULL */
	const char *heading;		/* in lanes: the last of all */
	unsigned int heading_pcpu;
	uint32_t step;			/* printed last */
	bool any_step;
	struct show_state state;
	struct show_grid grid;
};

/* Chooses and adds the columns: all but in, out and width are set by it. */
void columns_layout(struct columns *c);
void columns_heading(struct columns *c);

#endif
