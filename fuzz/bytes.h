/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes are a run as a fuzzer has it: any bytes are a run, and always the same.
 *
 * They say the configuration first and the schedule then:
 *
 *	4 bytes		the target, a hash of form, model and scenario; one that
 *			nobody knows stands for the reader's first
 *	1 byte		low half: how many numbers follow; high half: log2 of how
 *			many runs the input stands for (mutate.h)
 *	2 bytes each	a number of the configuration and its value
 *	3 bytes each	a segment: how many events come in timed order, which event
 *			comes then, and what is answered where the run asks
 *			anything else until the next segment
 *
 * An event is named, not counted: "what happens on pCPU 2".  A change before it
 * then leaves its meaning alone, as far as possible.  What is named but cannot
 * happen stands for the nearest that can.  Where the bytes end, the run goes on
 * dully, so the empty input is the timed run.  A byte for each choice, changed by
 * libFuzzer's own mutations, takes 14.0k runs to v5.15's lost request instead of 2598,
 * and 4256 to a planted missed ack instead of 3211 (medians of 12, one run each).
 *
 * A run made from bytes is an ordinary run: schedule_of_run() has its schedule,
 * and that is what replays, is shrunk and is kept.
 */
#ifndef FUZZ_BYTES_H
#define FUZZ_BYTES_H

#include "config.h"

enum {
	BYTES_TARGET = 4,
	BYTES_HEAD = 5,
	BYTES_NUMBERS = 15,		/* at most */
	BYTES_SEGMENT = 3,
	BYTES_SEGMENTS = 256,		/* that are read, at most */
	BYTES_BATCH_SHIFT = 8,		/* 256 runs at most */
	BYTES_MAX = BYTES_HEAD + 2 * BYTES_NUMBERS + BYTES_SEGMENT * BYTES_SEGMENTS,
};

struct bytes_segment {
	uint8_t length, next, with;
};

struct bytes_number {
	uint8_t field, value;
};

/* Input, taken apart; whatever it was.  Segments are last: most are not there. */
struct bytes {
	uint32_t target;
	uint8_t batch_shift;
	uint8_t nr_numbers;
	uint16_t nr_segments;
	struct bytes_number number[BYTES_NUMBERS];
	struct bytes_segment segment[BYTES_SEGMENTS];
};

void bytes_parse(struct bytes *b, const uint8_t *data, size_t size);
/* Returns the length; @data of BYTES_MAX bytes holds all that there can be. */
size_t bytes_print(const struct bytes *b, uint8_t *data, size_t size);

/* Without what lies behind the last segment. */
void bytes_copy(struct bytes *to, const struct bytes *from);

/* What stands for a loaded configuration's form, model and scenario. */
uint32_t bytes_target(const struct config *c);
/* Sets the numbers that nobody gave; each is bent into the scenario's bounds. */
void bytes_configure(const struct bytes *b, struct config *c);
/* The number of field @i, from 0 to nr_config_fields - 1, as a pair for bytes. */
struct bytes_number bytes_number_of(const struct config *c, unsigned int i);

/* Events that come in timed order before the segment's own. */
static inline unsigned int bytes_gap(uint8_t length)
{
	return length < 192 ? length : 192u + (length - 192u) * 8;
}

struct bytes_chooser {
	struct chooser chooser;
	const struct bytes *bytes;
	unsigned int next;		/* segment */
	unsigned int gap;		/* events before it */
	unsigned int nr_asked;		/* other choices since the last segment */
	uint8_t with;
};

/* The answer that @next means at @p, which asks for an event. */
uint32_t bytes_answer(const struct choice_point *p, uint8_t next);
/* @b must stay as it is while runs are made. */
void bytes_chooser_init(struct bytes_chooser *c, const struct bytes *b);

#endif
