// SPDX-License-Identifier: GPL-2.0-only
/*
 * NO_COLOR and CLICOLOR_FORCE as their authors specify them: the first counts
 * if it is not empty, the second if it is neither empty nor 0, and a flag of
 * our own is above both.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "term.h"

#define MESSAGE_MAX	4096
#define WORD_MAX	64

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

/* What the user asked for on the command line; the only state here. */
static struct {
	enum when color;
	bool ascii;
	bool json;
} asked;

/* The words stand in the order of enum when. */
bool term_set_color(const char *when)
{
	static const char *const names[] = { "auto", "always", "never" };
	int i;

	for (i = 0; i < 3; i++)
		if (!strcmp(when, names[i])) {
			asked.color = i;
			return true;
		}
	return false;
}

void term_set_ascii(bool ascii)
{
	asked.ascii = ascii;
}

void term_set_json(bool json)
{
	asked.json = json;
}

static bool env_is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

bool term_has_color(FILE *out)
{
	const char *term = getenv("TERM");
	const char *force = getenv("CLICOLOR_FORCE");

	if (asked.color != WHEN_AUTO)
		return asked.color == WHEN_ALWAYS;
	if (env_is_set("NO_COLOR"))
		return false;
	if (force && *force && strcmp(force, "0"))
		return true;
	if (!term || !strcmp(term, "dumb"))
		return false;
	return isatty(fileno(out));
}

/* The variables are read as setlocale() would, so that no one has to call it. */
bool term_has_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value;
	int i;

	if (asked.ascii)
		return false;
	for (i = 0; i < 3; i++) {
		value = getenv(names[i]);
		if (value && *value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}

const char *term_ink(FILE *out, enum term_ink ink)
{
	static const char *const escapes[] = {
		[TERM_PLAIN] = "\033[0m",
		[TERM_BOLD] = "\033[1m",
		[TERM_DIM] = "\033[2m",
		[TERM_RED] = "\033[31m",
		[TERM_GREEN] = "\033[32m",
		[TERM_YELLOW] = "\033[33m",
		[TERM_BLUE] = "\033[34m",
		[TERM_MAGENTA] = "\033[35m",
	};

	assert(ink < sizeof(escapes) / sizeof(*escapes));
	return term_has_color(out) ? escapes[ink] : "";
}

const char *term_sign(enum term_sign sign)
{
	static const char *const signs[TERM_SIGN_MAX][2] = {
		[TERM_BAD] = { "X", "✗" },
		[TERM_GOOD] = { "+", "✓" },
		[TERM_ODD] = { "*", "•" },
		[TERM_ARROW] = { "->", "→" },
		[TERM_DOT] = { "|", "·" },
		[TERM_ELLIPSIS] = { "...", "…" },
	};

	assert(sign < TERM_SIGN_MAX);
	return signs[sign][term_has_utf8()];
}

/* One call to write it, so that lines of several processes do not mix. */
static void put_line(const char *head, enum term_ink ink, const char *message)
{
	fprintf(stderr, "kicksim: %s%s%s%s\n", term_ink(stderr, ink), head,
		term_ink(stderr, TERM_PLAIN), message);
}

static void format(char *buf, const char *fmt, va_list ap)
{
	char *p;

	vsnprintf(buf, MESSAGE_MAX, fmt, ap);
	/* Control characters in a name must neither break lines nor steer a tty. */
	for (p = buf; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
}

void term_warn(const char *fmt, ...)
{
	char message[MESSAGE_MAX];
	va_list ap;

	va_start(ap, fmt);
	format(message, fmt, ap);
	va_end(ap);
	put_line("warning: ", TERM_YELLOW, message);
}

int term_error(int exit_code, const char *fmt, ...)
{
	char message[MESSAGE_MAX];
	struct json j;
	va_list ap;

	va_start(ap, fmt);
	format(message, fmt, ap);
	va_end(ap);
	put_line("error: ", TERM_RED, message);
	if (asked.json) {
		json_open(&j, stdout, "kicksim.error/1");
		json_int(&j, "exit", exit_code);
		json_text(&j, "message", message);
		json_close(&j);
	}
	return exit_code;
}

static int least(int a, int b, int c)
{
	int m = a < b ? a : b;

	return m < c ? m : c;
}

/*
 * Damerau's distance: insertions, deletions, changes, and swaps of neighbours,
 * which are what fingers do.  Three rows of the table are enough.
 */
static int distance(const char *a, const char *b)
{
	int rows[3][WORD_MAX + 1];
	int la = strlen(a), lb = strlen(b);
	int *above2, *above, *row, i, j;

	for (j = 0; j <= lb; j++)
		rows[0][j] = j;
	for (i = 1; i <= la; i++) {
		row = rows[i % 3];
		above = rows[(i + 2) % 3];
		above2 = rows[(i + 1) % 3];
		row[0] = i;
		for (j = 1; j <= lb; j++) {
			row[j] = least(above[j] + 1, row[j - 1] + 1,
				       above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && above2[j - 2] + 1 < row[j])
				row[j] = above2[j - 2] + 1;
		}
	}
	return rows[la % 3][lb];
}

const char *term_suggest(const char *word, const char *const *candidates)
{
	size_t length = strlen(word);
	const char *best = NULL;
	int least_seen = 1 + (length + 1) / 3;	/* a third may be wrong */
	int d;

	if (length == 0 || length > WORD_MAX)
		return NULL;
	for (; *candidates; candidates++) {
		if (strlen(*candidates) > WORD_MAX)
			continue;
		/* Somebody who stopped typing early means the longer word. */
		if (length >= 3 && !strncmp(word, *candidates, length))
			d = 0;
		else
			d = distance(word, *candidates);
		if (d < least_seen) {
			least_seen = d;
			best = *candidates;
		}
	}
	return best;
}

const char *term_did_you_mean(char buf[128], const char *word,
			      const char *const *candidates)
{
	const char *best = term_suggest(word, candidates);

	buf[0] = '\0';
	if (best)
		snprintf(buf, 128, " (did you mean %s?)", best);
	return buf;
}

/*
 * Cut, not rounded: 999,999 must not become 1000.0k, and a counter that is
 * watched must not seem to have passed what it has not.
 */
const char *term_count(char buf[16], uint64_t n)
{
	static const char units[] = "kMGTPE";
	uint64_t unit = 1000;
	int i = 0;

	if (n < 10000) {
		snprintf(buf, 16, "%u", (unsigned int)n);
		return buf;
	}
	while (n / unit >= 1000 && units[i + 1]) {
		unit *= 1000;
		i++;
	}
	snprintf(buf, 16, "%u.%u%c", (unsigned int)(n / unit),
		 (unsigned int)(n % unit / (unit / 10)), units[i]);
	return buf;
}

const char *term_clock(char buf[16], uint64_t seconds)
{
	unsigned int h = seconds / 3600 > 99999 ? 99999 : seconds / 3600;
	unsigned int m = seconds / 60 % 60, sec = seconds % 60;

	if (h)
		snprintf(buf, 16, "%02u:%02u:%02u", h, m, sec);
	else
		snprintf(buf, 16, "%02u:%02u", m, sec);
	return buf;
}

int term_width(const char *text)
{
	int width = 0;

	/* Every byte that is not the tail of a UTF-8 character begins one. */
	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

bool term_flushed(FILE *out)
{
	return fflush(out) == 0 && !ferror(out);
}
