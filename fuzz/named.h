/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The named form of a schedule survives a rebuild and a change of kernel form.
 *
 * Positions count choices, and one access more or less shifts them all.  So each
 * answer other than 0 is also kept as what it meant: the kind of choice, what
 * was let happen on which pCPU, to which task, at which site
 * ("function:ordinal:op"), and how many times that very alternative had been
 * offered before.  The named chooser looks for the same alternatives again, as
 * soon as they have been offered that often; it passes over those that do not
 * come, and goes on dully everywhere else.
 *
 * named_of_schedule() makes it by a replay in the prepared world;
 * named_print() and named_parse() are its JSON text in databases.
 */
#ifndef FUZZ_NAMED_H
#define FUZZ_NAMED_H

#include "form.h"
#include "schedule.h"

struct named_entry {
	uint8_t kind;			/* enum choice_kind */
	uint8_t what;			/* enum event_kind */
	uint8_t pcpu, answer, bound;
	uint32_t occurrence;
	char task[24], site[104];
};

struct named {
	unsigned int nr;
	struct named_entry entry[SCHEDULE_MAX];
};

enum { NAMED_OFFERS = 4096 };

/* How often each alternative has been offered; a full table stops counting. */
struct offers {
	uint64_t key[NAMED_OFFERS];
	uint32_t nr[NAMED_OFFERS];
};

struct named_chooser {
	struct chooser chooser;
	const struct named *named;
	const struct form *form;
	struct offers offers;
	unsigned int next, skipped;
};

/* False if the schedule does not fit the prepared world. */
bool named_of_schedule(struct named *n, const struct schedule *s, const struct form *f);
/* A JSON array into @buf; returns its length, or 0 if it does not fit. */
size_t named_print(const struct named *n, char *buf, size_t size);
/* 0, or -1: not what named_print() writes. */
int named_parse(struct named *n, const char *json);
void named_chooser_init(struct named_chooser *c, const struct named *n, const struct form *f);
/* After the run: answers that found no place. */
unsigned int named_skipped(const struct named_chooser *c);

#endif
