/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A witness is a configuration with a schedule, and what the run is to show:
 * the trace hash and the signature that it had when it was kept.
 *
 * It comes from three places and is the same thing in all of them: a finding of
 * a results database, a file under corpus/ (or one that kicksim wrote), or a
 * string on the command line, '{"kernel":"v5.15",...} 3:1/4e'.  The file is four
 * lines that a person can read and mail:
 *
 *	# what it shows, in one line
 *	config {"kernel":"v5.15",...}
 *	schedule 3:1/4e 17:2/3m
 *	expect 0123456789abcdef lost-kick v5.15 x86 sc - ...
 */
#ifndef FUZZ_WITNESS_H
#define FUZZ_WITNESS_H

#include <argp.h>
#include "run.h"

struct witness {
	struct config config;		/* loaded */
	struct schedule schedule;
	char id[16];			/* "k7f3a9c2", a file name's end, or "" */
	char note[256];
	char expect[512];		/* signature, or "" */
	uint64_t hash;
	bool has_hash;
	char *names;			/* JSON of named.h from the database, or NULL */
	unsigned int skipped;		/* answers that witness_refit() found no place for */
};

/*
 * @word: an id or unique prefix, @last, a file, "-" or a string.  0, or an exit
 * code and a line on stderr.
 */
int witness_load(struct witness *w, const char *word, const char *db);
void witness_free(struct witness *w);

/* What commands about one finding are given: witness_load()'s words. */
struct witness_words {
	const char *word, *db;
};

extern const struct argp witness_argp;	/* its input is struct witness_words * */

/* Reads text of the file format; @where names it in messages. */
int witness_parse(struct witness *w, char *text, const char *where);
/*
 * Fits the schedule to another kernel form, or (NULL) to another build of its
 * own, by the names of its answers.  After run_init().  0, or an exit code.
 */
int witness_refit(struct witness *w, const char *kernel);
void witness_write(const struct witness *w, FILE *out);

#endif
