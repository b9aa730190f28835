/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A format is one way to write a check down, for people or for machines that
 * know nothing of kicksim: KTAP, JUnit XML, SARIF, GitHub's annotations.
 *
 * Each is one function over the cases of a finished check.  What has to show a
 * run (its steps, its places) takes a view, which makes the run again in this
 * process and keeps its trace.  check_artifacts() writes a view of each new
 * finding in those formats of show.h that are worth a file.
 */
#ifndef FUZZ_CHECK_FORMAT_H
#define FUZZ_CHECK_FORMAT_H

#include <stdio.h>
#include "check.h"
#include "show.h"

struct check_format {
	const char *name;
	bool needs_file;		/* "junit=FILE": a document of its own */
	bool is_answer;			/* says how the check went: stdout needs no other */
	int (*write)(const struct check *c, FILE *out);
};

extern const struct check_format check_formats[];	/* ends with a NULL name */

/* 0, or an exit code and a line on stderr. */
int check_plain(const struct check *c, FILE *out);
int check_ktap(const struct check *c, FILE *out);
int check_junit(const struct check *c, FILE *out);
int check_sarif(const struct check *c, FILE *out);
int check_github(const struct check *c, FILE *out);
int check_json(const struct check *c, FILE *out);

/* One .sched, .txt and so on for each new finding, at c->artifacts. */
int check_artifacts(const struct check *c);

/* The new findings, into c->db.  After run_init(). */
int check_store(const struct check *c);

struct check_view {
	struct trace trace;
	struct run_result result;
	struct show_input in;
	char line[SCHEDULE_TEXT + 1200];
};

/* 0, or an exit code.  After run_init(). */
int check_view_open(struct check_view *v, const struct check *c, const struct check_found *f);
void check_view_close(struct check_view *v);
/* File and line where @f's rule was broken: the innermost place of KVM's own. */
bool check_view_place(const struct check_view *v, const char **file, unsigned int *line);

/* The words of the last line: "1 failed, 129 passed, 0 skipped". */
const char *check_counts(const struct check *c, char *buf, size_t size);
/* "v5.16-x86 against v5.15-x86". */
const char *check_what(const struct check *c, char *buf, size_t size);

#endif
