/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file that a user names for an answer, and that is whole or as it was before.
 *
 * It is written beside its place and takes it when it is complete.  What is no
 * plain file (a device, a pipe, a link) is written to as it stands: it is not ours
 * to replace or to remove.  "-" is stdout.
 */
#ifndef RESULTS_OUTFILE_H
#define RESULTS_OUTFILE_H

#include <limits.h>
#include <stdio.h>

struct outfile {
	FILE *out;
	const char *path;		/* as the user wrote it */
	char part[PATH_MAX];		/* "": written to in its place */
};

/* @path has to last as long.  0, or an exit code and a line on stderr. */
int outfile_open(struct outfile *o, const char *path);
/*
 * @ret: how the writing went.  If that is 0 the file takes its place; or else what
 * was there before stays.  @ret, or an exit code and a line on stderr.
 */
int outfile_close(struct outfile *o, int ret);

#endif
