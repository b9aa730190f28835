/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words to the user.
 *
 * stdout has the answer, stderr everything else.  A warning or an error is one
 * line that says the place and the remedy: term_warn() goes on, and
 * term_error() gives back the exit code, so a command ends with
 * "return term_error(4, ...)".  Nothing here ends the process.
 *
 * Whether to colour and whether UTF-8 signs may be used is decided here alone:
 * --color, --ascii, NO_COLOR, CLICOLOR_FORCE, TERM, the locale, and whether the
 * stream is a terminal.  Colour never stands alone: a sign or a word says the
 * same.  Callers set the flags once, before they print.
 */
#ifndef RESULTS_TERM_H
#define RESULTS_TERM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Exit codes of every command. */
#define TERM_EXIT_OK		0
#define TERM_EXIT_FINDING	1	/* at or above --fail-on; replay: reproduced */
#define TERM_EXIT_USAGE		2
#define TERM_EXIT_DIVERGED	3	/* or not deterministic, or a canary missed */
#define TERM_EXIT_SYSTEM	4	/* locked, full, newer, missing */

enum term_ink {
	TERM_PLAIN,
	TERM_BOLD,
	TERM_DIM,
	TERM_RED,
	TERM_GREEN,
	TERM_YELLOW,
	TERM_BLUE,
	TERM_MAGENTA,
};

enum term_sign {
	TERM_BAD,	/* a cross */
	TERM_GOOD,	/* a tick */
	TERM_ODD,	/* a bullet */
	TERM_ARROW,
	TERM_DOT,	/* between two facts in a line */
	TERM_ELLIPSIS,
	TERM_SIGN_MAX
};

/* --color=WHEN: "auto", "always" or "never".  False: no such word. */
bool term_set_color(const char *when);
/* --ascii: no sign beyond ASCII, whatever the locale. */
void term_set_ascii(bool ascii);
/* --json: errors go to stdout too, as kicksim.error/1. */
void term_set_json(bool json);

bool term_has_color(FILE *out);
bool term_has_utf8(void);

/* The escape to begin @ink on @out with, and "" if @out has no colour. */
const char *term_ink(FILE *out, enum term_ink ink);
const char *term_sign(enum term_sign sign);

/* "kicksim: warning: ..." on stderr, in one line. */
void term_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* "kicksim: error: ..." on stderr, in one line.  Returns @exit_code. */
int term_error(int exit_code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * What the user may have meant by @word: the nearest of @candidates (ended by
 * NULL), or NULL if none is near.
 */
const char *term_suggest(const char *word, const char *const *candidates);

/* "did you mean X?" in brackets with a space before it, or "". */
const char *term_did_you_mean(char buf[128], const char *word,
			      const char *const *candidates);

/* 12.4M, 65.1k, 2704: at most 5 characters and a '\0'. */
const char *term_count(char buf[16], uint64_t n);

/* 00:03:12 of seconds; the hours only if there are any. */
const char *term_clock(char buf[16], uint64_t seconds);

/* How many columns @text takes: one for each character. */
int term_width(const char *text);

/* Flush @out; false if any write to it has failed. */
bool term_flushed(FILE *out);

#endif
