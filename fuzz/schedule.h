/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A schedule is the answers of one run; with its configuration it is the run.
 *
 * Only answers other than 0 are kept, each with the kind and bound of its
 * choice: a replay refuses a schedule that no longer fits and says where.  As
 * text it is one line fit for an e-mail, "position:answer/bound" and the kind's
 * letter, such as "3:1/4e 17:2/3m"; the empty schedule is "-".
 */
#ifndef FUZZ_SCHEDULE_H
#define FUZZ_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "../sim/choice.h"

enum { SCHEDULE_MAX = 1024 };		/* answers other than 0 */

struct schedule_entry {
	uint32_t position;		/* counts all choices of the run, from 0 */
	uint8_t kind, bound, answer;
};

struct schedule {
	unsigned int nr;
	struct schedule_entry entry[SCHEDULE_MAX];
};

/* From the world's last run; false if it has more entries than fit. */
bool schedule_of_run(struct schedule *s);
/* Returns the length; @buf of SCHEDULE_TEXT bytes holds every schedule. */
enum { SCHEDULE_TEXT = SCHEDULE_MAX * 20 + 2 };
extern const char *const choice_kind_name[NR_CHOICE_KINDS];
size_t schedule_print(const struct schedule *s, char *buf, size_t size);
/* All answers up to the last one other than 0, a byte each; returns how many. */
size_t schedule_bytes(const struct schedule *s, unsigned char *buf, size_t size);
/*
 * 0, or -1 with *error pointing at the first character that does not fit and
 * *expected saying what belongs there.
 */
int schedule_parse(struct schedule *s, const char *text, const char **error,
		   const char **expected);

/* Answers from a schedule, then dully. */
struct replay_chooser {
	struct chooser chooser;
	const struct schedule *schedule;
	unsigned int next;		/* entry */
	uint32_t position;
	bool lenient;
	/* The plain chooser, for one that stands before it. */
	uint32_t (*fallback)(struct chooser *c, const struct choice_point *point);
	/* Where it did not fit: */
	uint32_t refused_position;
	uint8_t refused_kind, refused_bound;
	bool refused;
};

/* @lenient: answers that do not fit are dull instead of refused. */
void replay_chooser_init(struct replay_chooser *r, const struct schedule *s, bool lenient);
/* "choice 14 was event/3, is migrate/2", or "the run ends after 9 choices, ..." */
const char *replay_why(const struct replay_chooser *r, char *buf, size_t size);

#endif
