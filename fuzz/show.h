/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A show is one run put before somebody's eyes: as a table, as the diagram of a
 * commit message, as a KCSAN report, as counts, as JSON.
 *
 * All of them are made from the same input: the trace of a run that has just
 * been made in the current world.  The names of memory come from the world's
 * objects (show_name.h), what the vCPUs were at each record is found by going
 * through the records again (show_state.h).  So a format is one function and
 * one row of show_formats[]; nothing else knows how many there are.
 *
 * Output has no address, no clock and no width but the terminal's: a schedule
 * printed into a file is the same bytes everywhere.
 *
 * The world has to be the one in which the trace was made (run_prepare()), and
 * form_load_lines() has to have been called, or places have no lines.
 */
#ifndef FUZZ_SHOW_H
#define FUZZ_SHOW_H

#include <stdio.h>
#include "run.h"

struct show_input {
	const struct config *config;
	const struct trace *trace;
	const struct schedule *schedule;
	const struct run_result *result;
	const struct report *report;	/* what it is shown for, or NULL */
	const char *id;			/* "k7f3a9c2", or NULL */
	const char *replay_line;	/* what to type to see the run again */
	const char *compare;		/* another kernel form to show it on, or NULL */
};

struct show_format {
	const char *name;
	int (*show)(const struct show_input *in, FILE *out);
	const char *help;		/* half a line */
};

extern const struct show_format show_formats[];		/* ends with a NULL name */

/* Each writes all of its text to @out and returns 0 or an exit code, with a line on stderr. */
int show_columns(const struct show_input *in, FILE *out);
int show_race(const struct show_input *in, FILE *out);
int show_kcsan(const struct show_input *in, FILE *out);
int show_counts(const struct show_input *in, FILE *out);
int show_json(const struct show_input *in, FILE *out);
int show_ftrace(const struct show_input *in, FILE *out);
int show_tracedat(const struct show_input *in, FILE *out);
int show_perfetto(const struct show_input *in, FILE *out);
int show_svg(const struct show_input *in, FILE *out);
int show_html(const struct show_input *in, FILE *out);
int show_litmus(const struct show_input *in, FILE *out);

/*
 * A small picture for a table: lanes and arrows without words, @width pixels
 * wide, a part of an HTML page.  0, or -1 if memory is short.
 */
int show_svg_thumb(const struct show_input *in, int width, FILE *out);

/* "columns, race, ...": the first is the default. */
const char *show_format_names(void);
/* By name; an unknown one is a usage error that says what was perhaps meant. */
int show_as(const char *format, const struct show_input *in, FILE *out);

#endif
