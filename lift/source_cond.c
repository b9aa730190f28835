// SPDX-License-Identifier: GPL-2.0-only
/* Which #if's a line stands in. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "source.h"

enum { DEPTH = 32 };

struct open_if {
	unsigned int line;		/* of the #if */
	struct text text;		/* it and the #elif's and #else so far */
};

/* What follows the # of a directive, or NULL. */
static const char *directive(const struct source *s, unsigned int line)
{
	const char *p = s->text.p + s->line[line].at;

	/* A line that continues the one before begins no directive. */
	if (s->line[line].last != '#' || (line > 1 && s->line[line - 1].goes_on))
		return NULL;
	p += strspn(p, " \t");
	if (*p != '#')
		return NULL;
	return p + 1 + strspn(p + 1, " \t");
}

static bool is_word(const char *p, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(p, word, n) && !isalnum((unsigned char)p[n]) && p[n] != '_';
}

/* #ifndef X, then at once #define X, and nothing of the like before. */
static bool is_guard(const struct source *s, unsigned int line)
{
	const char *p = directive(s, line), *q;
	unsigned int next = line + 1;
	size_t n;

	for (unsigned int i = 1; i < line; i++)
		if (s->line[i].last)
			return false;
	while (next < s->nr_lines && !s->line[next].last)
		next++;
	q = next <= s->nr_lines ? directive(s, next) : NULL;
	if (!q || !is_word(p, "ifndef") || !is_word(q, "define"))
		return false;
	p += 6 + strspn(p + 6, " \t");
	q += 6 + strspn(q + 6, " \t");
	n = strcspn(p, " \t\n");
	return !strncmp(p, q, n) && isspace((unsigned char)q[n]);
}

static void add_directive(const struct source *s, unsigned int line, struct text *t)
{
	unsigned int last = line;
	const char *p;
	size_t n;

	while (last < s->nr_lines && s->line[last].goes_on)
		last++;
	p = source_lines(s, line, last, &n);
	text_add(t, p, n);
}

unsigned int source_conditions(const struct source *s, unsigned int at, struct text *opening,
			       unsigned int *outermost)
{
	struct open_if open[DEPTH] = { 0 };
	unsigned int depth = 0, nr = 0;

	for (unsigned int i = 1; i < at; i++) {
		const char *p = directive(s, i);

		if (!p)
			continue;
		if ((is_word(p, "if") || is_word(p, "ifdef") || is_word(p, "ifndef")) &&
		    depth < DEPTH) {
			open[depth].line = i;
			open[depth].text.n = 0;
			if (!is_guard(s, i))
				add_directive(s, i, &open[depth].text);
			depth++;
		} else if (is_word(p, "endif") && depth) {
			depth--;
		} else if ((is_word(p, "else") || is_word(p, "elif")) && depth &&
			   open[depth - 1].text.n) {
			add_directive(s, i, &open[depth - 1].text);
		}
	}
	if (outermost)
		*outermost = at;
	for (unsigned int i = 0; i < depth; i++) {
		if (!open[i].text.n)
			continue;
		if (!nr++ && outermost)
			*outermost = open[i].line;
		if (opening)
			text_add(opening, open[i].text.p, open[i].text.n);
	}
	for (unsigned int i = 0; i < DEPTH; i++)
		text_free(&open[i].text);
	return nr;
}
