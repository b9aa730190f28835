// SPDX-License-Identifier: GPL-2.0-only
/* Schedules as values and text, and the chooser that replays them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "schedule.h"

static const char kind_letter[NR_CHOICE_KINDS] = {
#define CHOICE(id, letter, name) [CHOICE_##id] = letter,
	CHOICE_KINDS(CHOICE)
#undef CHOICE
};

const char *const choice_kind_name[NR_CHOICE_KINDS] = {
#define CHOICE(id, letter, name) [CHOICE_##id] = name,
	CHOICE_KINDS(CHOICE)
#undef CHOICE
};

bool schedule_of_run(struct schedule *s)
{
	const struct world *w = WORLD;

	s->nr = 0;
	for (uint32_t i = 0; i < w->live.nr_choices; i++) {
		const struct taken *t = &w->fix.taken[i];

		if (!t->answer)
			continue;
		if (s->nr == SCHEDULE_MAX)
			return false;
		s->entry[s->nr++] = (struct schedule_entry){ i, t->kind, t->bound, t->answer };
	}
	return true;
}

size_t schedule_print(const struct schedule *s, char *buf, size_t size)
{
	size_t n = 0;

	if (!s->nr)
		return (size_t)snprintf(buf, size, "-");
	for (unsigned int i = 0; i < s->nr; i++) {
		const struct schedule_entry *e = &s->entry[i];

		n += (size_t)snprintf(n < size ? buf + n : NULL, n < size ? size - n : 0,
				      "%s%u:%u/%u%c", i ? " " : "", e->position, e->answer,
				      e->bound, kind_letter[e->kind]);
	}
	return n;
}

size_t schedule_bytes(const struct schedule *s, unsigned char *buf, size_t size)
{
	size_t n = s->nr ? s->entry[s->nr - 1].position + 1u : 0;

	assert(n <= size);
	memset(buf, 0, n);
	for (unsigned int i = 0; i < s->nr; i++)
		buf[s->entry[i].position] = s->entry[i].answer;
	return n;
}

/* A decimal number of at most @max; NULL if there is none. */
static const char *parse_number(const char *p, uint32_t max, uint32_t *value)
{
	uint64_t v = 0;
	const char *start = p;

	for (; isdigit((unsigned char)*p) && v <= max; p++)
		v = v * 10 + (uint64_t)(*p - '0');
	*value = (uint32_t)v;
	return p == start || v > max ? NULL : p;
}

static const char *parse_entry(struct schedule_entry *e, const char *p, const char **expected)
{
	uint32_t position, answer, bound;
	const char *q, *letter;

	*expected = "a position";
	q = parse_number(p, MAX_CHOICES - 1, &position);
	if (!q || *q != ':')
		return NULL;
	*expected = "an answer from 1 to 254";
	q = parse_number(q + 1, 254, &answer);
	if (!q || !answer)
		return NULL;
	*expected = "a '/' after the answer, and the bound";
	if (*q != '/')
		return NULL;
	*expected = "a bound above the answer";
	q = parse_number(q + 1, 255, &bound);
	if (!q || bound <= answer)
		return NULL;
	*expected = "the letter of a choice kind (e m w x t c a l s)";
	letter = *q ? memchr(kind_letter, *q, NR_CHOICE_KINDS) : NULL;
	if (!letter || (q[1] && !isspace((unsigned char)q[1])))
		return NULL;
	*e = (struct schedule_entry){ position, (uint8_t)(letter - kind_letter), (uint8_t)bound,
				      (uint8_t)answer };
	return q + 1;
}

int schedule_parse(struct schedule *s, const char *text, const char **error,
		   const char **expected)
{
	const char *p = text, *next;

	s->nr = 0;
	while (isspace((unsigned char)*p))
		p++;
	if (*p == '-' && !p[1 + strspn(p + 1, " \t\r\n")])
		return 0;
	while (*p) {
		struct schedule_entry *e = &s->entry[s->nr];

		*error = p;
		*expected = "at most 1024 entries";
		if (s->nr == SCHEDULE_MAX)
			return -1;
		next = parse_entry(e, p, expected);
		if (!next)
			return -1;
		if (s->nr && e->position <= e[-1].position) {
			*expected = "a position above the one before";
			return -1;
		}
		s->nr++;
		p = next + strspn(next, " \t\r\n");
	}
	return 0;
}

static uint32_t replay_take(struct chooser *c, const struct choice_point *point)
{
	struct replay_chooser *r = (struct replay_chooser *)c;
	const struct schedule_entry *e = &r->schedule->entry[r->next];
	uint32_t position = r->position++;

	if (r->next == r->schedule->nr || e->position != position)
		return 0;
	r->next++;
	if (e->kind == point->kind && e->bound == point->bound)
		return e->answer;
	if (r->lenient)
		return e->kind == point->kind && e->answer < point->bound ? e->answer : 0;
	r->refused = true;
	r->refused_position = position;
	r->refused_kind = (uint8_t)point->kind;
	r->refused_bound = (uint8_t)point->bound;
	return CHOICE_REFUSED;
}

static void replay_begin(struct chooser *c)
{
	struct replay_chooser *r = (struct replay_chooser *)c;

	r->next = 0;
	r->position = 0;
	r->refused = false;
}

void replay_chooser_init(struct replay_chooser *r, const struct schedule *s, bool lenient)
{
	memset(r, 0, sizeof(*r));
	r->chooser.begin = replay_begin;
	r->chooser.take = replay_take;
	r->schedule = s;
	r->lenient = lenient;
}

const char *replay_why(const struct replay_chooser *r, char *buf, size_t size)
{
	const struct schedule_entry *e = &r->schedule->entry[r->next];

	if (r->refused)
		snprintf(buf, size, "choice %u was %s/%u, is %s/%u", r->refused_position,
			 choice_kind_name[e[-1].kind], e[-1].bound,
			 choice_kind_name[r->refused_kind], r->refused_bound);
	else if (r->next < r->schedule->nr)
		snprintf(buf, size, "the run ends after %u choices, the schedule has choice %u",
			 r->position, e->position);
	else
		snprintf(buf, size, "it fits");
	return buf;
}
