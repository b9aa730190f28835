// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "kcsan.h"

static const char title[] = "BUG: KCSAN: ";

/* A function's name up to its offset, a blank or the end. */
static const char *take_function(char to[64], const char *s)
{
	size_t n = strcspn(s, "+ \t\r\n");

	snprintf(to, 64, "%.*s", (int)n, s);
	return s + n + strcspn(s + n, "/\n");
}

static int take_title(struct kcsan_report *r, const char *s, const char *where)
{
	static const char race[] = "data-race in ";

	if (strncmp(s, race, strlen(race)))
		return term_error(TERM_EXIT_USAGE, "%s: a KCSAN report of '%.*s', not of a data race",
				  where, (int)strcspn(s, "\r\n"), s);
	s = take_function(r->function[0], s + strlen(race));
	if (*s == '/' && s[1] == ' ')
		take_function(r->function[1], s + 2);
	else
		strcpy(r->function[1], r->function[0]);
	return 0;
}

/* "write (marked) to 0xffff... of 4 bytes by task 201 on cpu 2:" */
static bool take_side(struct kcsan_side *side, const char *line)
{
	static const struct {
		const char *text;
		bool reads, writes;
	} kinds[] = {
		{ "read-write", true, true }, { "read", true, false }, { "write", false, true },
	};
	const char *to = strstr(line, " to 0x"), *of = strstr(line, " of ");

	if (!to || !of || !strstr(of, " bytes by "))
		return false;
	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *at = strstr(line, kinds[i].text);

		if (!at || at > to)
			continue;
		*side = (struct kcsan_side){
			.reads = kinds[i].reads, .writes = kinds[i].writes,
			.marked = strstr(line, "(marked)") && strstr(line, "(marked)") < to,
			.size = (unsigned int)strtoul(of + 4, NULL, 10),
		};
		return true;
	}
	return false;
}

int kcsan_read(struct kcsan_report *r, FILE *in, const char *where)
{
	char line[1024];
	bool begun = false;

	*r = (struct kcsan_report){ .nr_sides = 0 };
	while (r->nr_sides < 2 && fgets(line, sizeof(line), in)) {
		const char *at = strstr(line, title);

		if (at && begun)
			break;
		if (at) {
			int ret = take_title(r, at + strlen(title), where);

			if (ret)
				return ret;
			begun = true;
		} else if (begun && take_side(&r->side[r->nr_sides], line)) {
			r->nr_sides++;
		}
	}
	if (!begun)
		return term_error(TERM_EXIT_USAGE, "%s: no line 'BUG: KCSAN: data-race in ...': "
				  "is it a KCSAN report?", where);
	if (!r->nr_sides)
		return term_error(TERM_EXIT_USAGE, "%s: no line says which access raced "
				  "('read to 0x... of 4 bytes by task ...')", where);
	return 0;
}

static bool same_side(const struct kcsan_side *a, const struct kcsan_side *b)
{
	return a->reads == b->reads && a->writes == b->writes && a->marked == b->marked &&
	       a->size == b->size;
}

static bool has_side(const struct kcsan_report *r, const struct kcsan_side *s)
{
	for (unsigned int i = 0; i < r->nr_sides; i++)
		if (same_side(&r->side[i], s))
			return true;
	return false;
}

bool kcsan_same(const struct kcsan_report *a, const struct kcsan_report *b)
{
	bool straight = !strcmp(a->function[0], b->function[0]) &&
			!strcmp(a->function[1], b->function[1]);
	bool crossed = !strcmp(a->function[0], b->function[1]) &&
		       !strcmp(a->function[1], b->function[0]);

	if (!straight && !crossed)
		return false;
	for (unsigned int i = 0; i < a->nr_sides; i++)
		if (!has_side(b, &a->side[i]))
			return false;
	return true;
}
