/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A timeline is a run laid out from left to right: what a picture of it shows,
 * and where, in whole pixels, but in no picture's format.
 *
 * Its x axis is the order of the trace's records, not time.  A record that
 * matters (a side of what explain found, a line of the race diagram) has a
 * column of its own, wide enough for its captions; the others between two such
 * share a narrow fold.  Each pCPU that does anything has a lane, cut into bands
 * by who runs there and in which mode; a vCPU that it is about has strips with
 * its words' values; with store buffers each pCPU has its stores' waits.
 *
 * Invariant: bands of a lane and values of a strip are without gaps and in
 * order, and a band that is seen outside of folds has room for its label there,
 * unless the band before has the same.
 *
 * It depends on the run alone, never on a font: widths of text are estimated
 * upwards, so what fits here fits in any usual sans-serif font.
 */
#ifndef FUZZ_TIMELINE_H
#define FUZZ_TIMELINE_H

#include "explain.h"
#include "show_name.h"

enum {
	TIMELINE_CAPTION = 28, TIMELINE_LABEL = 56, TIMELINE_LABEL_SIZE = 11, TIMELINE_BANDS = 512,
	TIMELINE_ARROWS = 128, TIMELINE_VALUES = 256, TIMELINE_STRIPS = 2 * MAX_VCPUS,
	TIMELINE_WAITS = 256, TIMELINE_STALES = 32,
};

struct timeline_column {
	uint32_t from, to;		/* records */
	uint32_t steps;			/* of a fold: accesses in it; else 0 */
	bool is_fold, is_step;		/* is_step: an access, or an IPI sent */
	int x, width;
	char caption[2][TIMELINE_CAPTION];
};

enum timeline_fill {
	FILL_IDLE, FILL_OFFLINE, FILL_HOST, FILL_IRQ, FILL_OUTSIDE, FILL_IN_GUEST, FILL_EXITING,
	FILL_READING, NR_FILLS
};

struct timeline_band {
	uint8_t pcpu, fill;
	bool guest;			/* hardware runs the guest */
	bool again;			/* as the band before but for the guest */
	uint32_t from, to;		/* records: the state after @from up to @to */
	int x, width;
	char label[2][TIMELINE_LABEL];	/* the second is shorter */
};

enum timeline_arrow_kind { ARROW_HIT, ARROW_MISS, ARROW_DROPPED, ARROW_FLYING, ARROW_MOVE };

struct timeline_arrow {
	enum timeline_arrow_kind kind;
	uint8_t from_pcpu, to_pcpu;
	uint32_t from, to;		/* records */
};

struct timeline_value {			/* of a strip */
	uint32_t from;			/* record that stored it; 0: from the beginning */
	int x, width;
	char text[TIMELINE_LABEL];
};

struct timeline_strip {
	char name[TIMELINE_LABEL];
	int vcpu;
	enum watch watch;		/* WATCH_CPU or WATCH_REQUESTS */
	unsigned int nr;
	struct timeline_value value[TIMELINE_VALUES];
};

/* A store in a pCPU's buffer. */
struct timeline_wait {
	uint8_t pcpu, row;		/* rows of a pCPU do not overlap */
	uint32_t from, to;		/* made, visible */
	char text[TIMELINE_LABEL];
};

/* A read of vcpu->cpu that was no longer true when it was used. */
struct timeline_stale {
	uint8_t pcpu, vcpu;
	uint32_t read, changed, used;	/* records */
	int value;
	char task[24];
};

struct timeline {
	const struct show_input *in;
	const struct explain *explain;	/* or NULL */
	uint32_t *column_of;		/* [record] */
	unsigned int nr_columns;
	struct timeline_column *column;
	unsigned int pcpus;		/* bitmap of lanes */
	unsigned int vcpus;		/* bitmap of those with strips */
	unsigned int nr_bands, nr_arrows, nr_strips, nr_waits, nr_stales;
	struct timeline_band band[TIMELINE_BANDS];
	struct timeline_arrow arrow[TIMELINE_ARROWS];
	struct timeline_strip strip[TIMELINE_STRIPS];
	struct timeline_wait wait[TIMELINE_WAITS];
	struct timeline_stale stale[TIMELINE_STALES];
	int left, width;		/* of the columns; the picture is wider */
};

/*
 * @explain may be NULL, @unfolded gives each record a column.  @left: where the
 * first column begins.  NULL if memory is short.
 */
struct timeline *timeline_make(const struct show_input *in, const struct explain *explain,
			       bool unfolded, int left);
void timeline_free(struct timeline *t);
/* The middle of a record's place. */
int timeline_x(const struct timeline *t, uint32_t rec);
/* It has a column of its own. */
bool timeline_is_drawn(const struct timeline *t, uint32_t rec);
/* At most so many pixels wide in a sans-serif font of @size pixels. */
int timeline_text_width(const char *text, int size);

/*
 * The label of a band that fits, and where it begins; folds are no place for it.
 * NULL: it lies within a fold.
 */
const char *timeline_label(const struct timeline *t, const struct timeline_band *b, int *at);

/* timeline_state.c */
int timeline_lanes(struct timeline *t);
/* timeline_marks.c */
int timeline_marks(struct timeline *t);

#endif
