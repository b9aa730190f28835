/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A variant is a planted bug: a patch under kvmcore/variants whose header says
 * what it is and which rule, scenario and memory model show it.
 *
 * The header is lines of "Key: value" up to a line "---"; keys that nobody asks
 * for here are for people.  A value that is too long is cut.
 */
#ifndef FUZZ_VARIANT_H
#define FUZZ_VARIANT_H

#include "config.h"

struct variant {
	char name[64], oracle[64], scenario[128], base[16], arch[16], model[8];
	char witness[64];		/* under corpus/, of what sampling seldom meets */
	char mutant[24];		/* its number in the catalogue: "M05" */
	char fixes[32];			/* the rule that the form breaks without it */
};

/* From the text of a patch; what it does not say is "". */
void variant_parse(struct variant *v, const char *text);
/* The patch @path; false: it cannot be read. */
bool variant_read(struct variant *v, const char *path);
/*
 * What shows it, loaded; with @patched false the form that the bug is planted in.
 * 0, or an exit code and a line on stderr.
 */
int variant_config(const struct variant *v, bool patched, struct config *c);

#endif
