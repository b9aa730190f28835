/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A claim is what a command found out, as a block of text for an e-mail: the
 * command, its answer without what differs from one machine to the next, and the
 * forms that it ran.  Whoever gets the mail has the command run again and the
 * answers compared.
 *
 *	-- 8< -- kicksim
 *	$ kicksim diff two-senders --kernel v5.15 --kernel v5.16
 *	...
 *	-- >8 --
 *
 * Its words may come from a stranger: the command is one that answers a question,
 * none of its options names a file, and no shell reads it.
 */
#ifndef FUZZ_CLAIM_H
#define FUZZ_CLAIM_H

#include <stdio.h>

enum { CLAIM_WORDS = 48, CLAIM_TEXT = 1 << 16 };

struct claim {
	unsigned int nr_words;
	char *word[CLAIM_WORDS + 4];	/* "diff", "two-senders", ... */
	char said[CLAIM_TEXT];		/* the answer, in lines */
	char forms[CLAIM_TEXT];		/* "form ID HASH", in lines */
};

/* The next word of the command.  0, or an exit code and a line on stderr. */
int claim_word(struct claim *c, const char *word);
/* Runs the command.  0, or an exit code and a line on stderr. */
int claim_run(struct claim *c);
/* @by: who says so, or NULL. */
void claim_print(const struct claim *c, const char *by, FILE *out);
/* From a mail, quoted or not; 0, or an exit code and a line that names @path. */
int claim_read(struct claim *c, FILE *in, const char *path);
void claim_free(struct claim *c);

#endif
