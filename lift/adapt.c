// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the tree's interfaces differ from those that kvmcore's own code knows.
 *
 * Functions that have gained parameters are called by kvmcore with zeros for them;
 * that is what a caller passes who wants what it had before.  A struct's member
 * that a patch changes cannot be taken over: run loops and oracles know kvmcore's.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "../results/term.h"
#include "lift.h"

/* Parameters of the definition that begins at @p; -1: it does not look like one. */
static int count_parameters(const char *p, size_t n)
{
	const char *end = p + n, *open = memchr(p, '(', n);
	int depth = 0, nr = 1;

	if (!open)
		return -1;
	for (const char *q = open; q < end; q++) {
		if (*q == '(') {
			depth++;
		} else if (*q == ')' && !--depth) {
			open++;
			while (open < q && isspace((unsigned char)*open))
				open++;
			return open == q || !strncmp(open, "void)", 5) ? 0 : nr;
		} else if (*q == ',' && depth == 1) {
			nr++;
		}
	}
	return -1;
}

static int parameters_of(const struct source *s, const struct def *d)
{
	size_t n;
	const char *p = source_lines(s, d->first, d->last, &n);
	const char *name = memmem(p, n, d->name, strlen(d->name));

	return name ? count_parameters(name, n - (size_t)(name - p)) : -1;
}

/* How many the target's own function has; @like if it has one with so many. */
static int own_parameters(const struct source *s, const char *name, int like)
{
	const struct def *d;
	int own = -1;

	for (unsigned int n = 0; own != like && (d = source_find(s, name, "f", n)); n++)
		own = parameters_of(s, d);
	return own;
}

void lift_adapt(struct lift *l)
{
	for (unsigned int i = 0; i < l->nr_pieces && l->nr_adapted < LIFT_STAYED; i++) {
		const struct lift_piece *p = &l->piece[i];
		int nr, own;

		if (p->def->kind != 'f' || p->helper || p->scope || lift_adapted(l, p->def->name))
			continue;
		nr = parameters_of(p->from, p->def);
		own = own_parameters(&l->source[p->target], p->def->name, nr);
		if (own >= 0 && nr > own)
			l->adapted[l->nr_adapted++] = (struct lift_adapted){
				.name = p->def->name, .own = (unsigned int)own,
				.extra = (unsigned int)(nr - own),
			};
	}
}

const struct lift_adapted *lift_adapted(const struct lift *l, const char *name)
{
	for (unsigned int i = 0; i < l->nr_adapted; i++)
		if (!strcmp(l->adapted[i].name, name))
			return &l->adapted[i];
	return NULL;
}

void lift_add_call(const struct lift *l, const char *name, struct text *t)
{
	const struct lift_adapted *a = lift_adapted(l, name);

	if (!a)
		return;
	text_printf(t, "#undef %s\n#define %s(...) %s(", name, name, name);
	text_printf(t, a->own ? "__VA_ARGS__" : "0");
	for (unsigned int i = !a->own; i < a->extra; i++)
		text_printf(t, ", 0");
	text_printf(t, ")\n");
}

/* The tree's own text calls it as it is. */
void lift_hide_calls(const struct lift *l, const char *but, bool hide, struct text *t)
{
	for (unsigned int i = 0; i < l->nr_adapted; i++) {
		const char *name = l->adapted[i].name;

		if (!strcmp(name, but))
			continue;
		if (hide)
			text_printf(t, "#pragma push_macro(\"%s\")\n#undef %s\n", name, name);
		else
			text_printf(t, "#pragma pop_macro(\"%s\")\n", name);
	}
}

/* Up to the semicolon, blanks aside. */
static bool same_member(const struct source *a, const struct def *x, const struct source *b,
			const struct def *y)
{
	size_t n, m;
	const char *p = source_lines(a, x->first, x->last, &n);
	const char *q = source_lines(b, y->first, y->last, &m);
	const char *end_p = p + n, *end_q = q + m;

	for (;; p++, q++) {
		while (p < end_p && isspace((unsigned char)*p))
			p++;
		while (q < end_q && isspace((unsigned char)*q))
			q++;
		if (p == end_p || q == end_q)
			return p == end_p && q == end_q;
		if (*p != *q)
			return false;
		if (*p == ';')
			return true;
	}
}

static int check_member(const struct lift *l, const struct def *own)
{
	for (unsigned int f = 0; f < l->nr_files; f++) {
		const struct source *a = &l->before[f], *b = &l->file[f];
		const struct def *was = source_member(a, own->scope, own->name);
		const struct def *is = source_member(b, own->scope, own->name);
		const struct def *in = source_find(b, own->scope, "s", 0);

		if (was && !is && in)
			return term_error(TERM_EXIT_USAGE, "%s:%u: struct %s has lost '%s', which "
					  "kvmcore's run loops use: change kvmcore/%s, too",
					  b->path, in->line, own->scope, own->name, b->path);
		if (was && is && !same_member(a, was, b, is))
			return term_error(TERM_EXIT_USAGE, "%s:%u: '%s' of struct %s changes its "
					  "type, which kvmcore's run loops use: change kvmcore/%s, "
					  "too", b->path, is->line, own->name, own->scope,
					  b->path);
	}
	return 0;
}

int lift_check_members(const struct lift *l)
{
	int ret = 0;

	for (unsigned int t = 0; t < l->nr_targets; t++)
		for (unsigned int i = 0; i < l->source[t].nr_defs && !ret; i++)
			if (l->source[t].def[i].kind == 'm')
				ret = check_member(l, &l->source[t].def[i]);
	return ret;
}
