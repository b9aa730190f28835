/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A page's run: its pictures, and for each record what is said of it and what the
 * machine is after it.
 *
 * The state is a list of named facts in words (where each vCPU is, who runs on
 * each pCPU, which stores nobody sees yet), the same names at each record, so that
 * the page can tell what a record has changed without knowing what any fact means.
 */
#ifndef FUZZ_HTML_H
#define FUZZ_HTML_H

#include "show_run.h"
#include "timeline.h"

struct json;

struct html_run {
	const struct show_input *input;
	FILE *body, *panes;		/* pictures; state and steps below them */
	unsigned int number;
	bool failed;
	struct timeline *folded, *unfolded;
	uint32_t nr;
	char **key;			/* [nr]: equal where two runs do the same */
};

/* One object of the page's "runs".  0, or -1 if memory is short. */
int html_records(struct html_run *h, struct json *j);
void html_run_free(struct html_run *h);

#endif
