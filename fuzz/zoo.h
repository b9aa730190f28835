/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The zoo is the folder of planted bugs, kvmcore/variants.
 *
 * Each patch there says in its header on which form, scenario and memory model
 * it shows, and which oracle has to find it.  Here each header is held to its
 * word: three engines take turns, one run each, with the same seeds on every
 * machine, and the oracle has to speak within so many runs, of something that
 * the form without the patch does not do in as many.  "Oracle: none" says that
 * the patch breaks no rule, and "Fixes:" names a rule that the form breaks and
 * the patched one keeps.  What sampling is too unlikely to meet has a "Witness:",
 * a schedule of the corpus that is replayed instead; that of a fix shows the form
 * without it.
 *
 * Whether a bug is found must not depend on a clock; how long it takes does.
 */
#ifndef FUZZ_ZOO_H
#define FUZZ_ZOO_H

#include "variant.h"

enum { ZOO_MAX = 192, ZOO_RUNS = 60000 };

struct zoo {
	struct variant entry[ZOO_MAX];	/* by name */
	unsigned int nr;
};

struct zoo_result {
	bool ok;
	uint64_t runs;			/* until the oracle spoke, or all of them */
	char why[120];			/* if it is not ok, or harmless */
};

/*
 * Reads all headers of @folder, or, if it is NULL, of the folder that belongs to
 * the program.  0, or an exit code with a line on stderr.
 */
int zoo_read(struct zoo *z, const char *folder);
/* Holds one to its word; run_init() comes before.  What it cannot load is not ok. */
void zoo_judge(const struct variant *e, uint64_t max_runs, struct zoo_result *r);
/* All of them, @jobs at a time, as a table on stdout: 0, or 3 if one is missed. */
int zoo_run(const char *folder, uint64_t max_runs, unsigned int jobs);

#endif
