/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the compiler says about spliced files, one complaint at a time.
 *
 * The compiler is the judge of which names are there.  A complaint has the place
 * as #line gave it, so of the tree's file if it is about lifted code, and the
 * name that is missing if one is.
 */
#ifndef LIFT_CLANG_H
#define LIFT_CLANG_H

#include "lift.h"

enum complaint_kind {
	COMPLAINT_NAME,			/* nothing of this name is declared */
	COMPLAINT_MEMBER,		/* the struct has no such member */
	COMPLAINT_OTHER,
};

struct complaint {
	enum complaint_kind kind;
	char file[256];
	unsigned int line;
	char name[96], scope[96];
	char what[256];			/* the compiler's words */
};

struct complaints {
	struct complaint *c;
	unsigned int nr;
};

/* Reads "file:line:column: error: ..." lines out of @said, which it cuts up. */
void clang_read(struct complaints *all, char *said);
/* Checks the syntax of one target; an exit code, 0 even if there are complaints. */
int clang_check(const struct lift *l, unsigned int target, struct complaints *all);

#endif
