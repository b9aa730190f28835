// SPDX-License-Identifier: GPL-2.0-only
/* What was lifted, what the patches changed of it, what is not the tree's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "lift.h"

static bool is_lifted(const struct lift *l, const struct source *s, const struct def *d)
{
	for (unsigned int i = 0; i < l->nr_pieces; i++)
		if (l->piece[i].from == s && !strcmp(l->piece[i].def->name, d->name))
			return true;
	return false;
}

/* Lines of both texts that a shortest difference keeps. */
static unsigned int common_lines(const struct source *a, const struct def *x,
				 const struct source *b, const struct def *y)
{
	unsigned int width = y->last - y->first + 2, *row = calloc(2 * width, sizeof(*row));
	unsigned int *old = row, *new = row ? row + width : NULL, best;

	if (!row)
		return 0;
	for (unsigned int i = x->first; i <= x->last; i++) {
		unsigned int *swap = old;

		for (unsigned int j = y->first; j <= y->last; j++) {
			unsigned int k = j - y->first;
			size_t n, m;
			const char *p = source_lines(a, i, i, &n), *q = source_lines(b, j, j, &m);

			if (n == m && !memcmp(p, q, n))
				new[k + 1] = old[k] + 1;
			else
				new[k + 1] = new[k] > old[k + 1] ? new[k] : old[k + 1];
		}
		old = new;
		new = swap;
	}
	best = old[width - 1];
	free(row);
	return best;
}

static bool same_text(const struct source *a, const struct def *x, const struct source *b,
		      const struct def *y)
{
	size_t n, m;
	const char *p = source_lines(a, x->first, x->last, &n);
	const char *q = source_lines(b, y->first, y->last, &m);

	return n == m && !memcmp(p, q, n);
}

static void say_changed(const struct lift *l, unsigned int file, const struct def *d,
			const struct def *was)
{
	const struct source *s = &l->file[file];
	unsigned int lines = d->last - d->first + 1;
	const char *call = d->kind == 'f' ? "()" : "";

	printf("  changed    %s%s ", d->name, call);
	if (was) {
		unsigned int same = common_lines(&l->before[file], was, s, d);

		printf("-%u +%u", was->last - was->first + 1 - same, lines - same);
	} else {
		printf("is new, %u lines", lines);
	}
	printf("%s\n", is_lifted(l, s, d) ? "" : "; it is not lifted, so nothing here runs it");
}

/* True if a patch has touched something that is lifted. */
static bool say_changes(const struct lift *l)
{
	bool touched = false;

	for (unsigned int f = 0; f < l->nr_files; f++) {
		unsigned int nth = 0;

		for (unsigned int i = 0; i < l->file[f].nr_defs; i++) {
			const struct def *d = &l->file[f].def[i], *was;

			if (d->kind != 'f' && d->kind != 'd')
				continue;
			nth = 0;
			for (unsigned int j = 0; j < i; j++)
				nth += l->file[f].def[j].kind == d->kind &&
				       !strcmp(l->file[f].def[j].name, d->name);
			was = source_find(&l->before[f], d->name, d->kind == 'f' ? "f" : "d", nth);
			if (was && same_text(&l->before[f], was, &l->file[f], d))
				continue;
			say_changed(l, f, d, was);
			touched |= is_lifted(l, &l->file[f], d);
		}
	}
	return touched;
}

static void say_helpers(const struct lift *l)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < l->nr_pieces; i++) {
		const struct lift_piece *p = &l->piece[i];

		if (!p->helper && !p->scope)
			continue;
		printf("%s%s%s%s%s", nr++ ? ", " : "  with them  ", p->scope ? p->scope : "",
		       p->scope ? "." : "", p->def->name, p->def->kind == 'f' ? "()" : "");
	}
	if (nr)
		printf("\n");
}

static void say_adapted(const struct lift *l)
{
	for (unsigned int i = 0; i < l->nr_adapted; i++)
		printf("  calls      %s() has %u parameter%s more than %s's: kvmcore's own calls "
		       "pass 0\n", l->adapted[i].name, l->adapted[i].extra,
		       l->adapted[i].extra == 1 ? "" : "s", l->base);
}

/* An asterisk that neither begins nor ends a comment. */
static bool is_pointer(const char *text, size_t n)
{
	for (size_t i = 1; i + 1 < n; i++)
		if (text[i] == '*' && text[i - 1] != '/' && text[i + 1] != '/')
			return true;
	return false;
}

/* Members that kvmcore's setup knows nothing of are zero; pointers are to be told. */
static void say_pointers(const struct lift *l)
{
	for (unsigned int i = 0; i < l->nr_pieces; i++) {
		const struct lift_piece *p = &l->piece[i];
		size_t n;
		const char *text;

		if (!p->scope)
			continue;
		text = source_lines(p->from, p->def->first, p->def->last, &n);
		if (is_pointer(text, n))
			printf("  zero       %s.%s is a pointer that kvmcore never sets: it is "
			       "NULL until lifted code stores to it\n", p->scope, p->def->name);
	}
}

/* Functions in files that kernels so far do not have them in. */
static void say_moved(const struct lift *l)
{
	for (unsigned int i = 0; i < l->nr_pieces; i++)
		for (unsigned int f = l->nr_usual; f < l->nr_files; f++)
			if (l->piece[i].from == &l->file[f] && !l->piece[i].helper)
				printf("  moved      %s() to %s\n", l->piece[i].def->name,
				       l->file[f].path);
}

/* Functions that the tree does not have, by this name, where kvmcore needs them. */
static void say_stayed(const struct lift *l)
{
	for (unsigned int i = 0; i < l->nr_stayed; i++)
		printf("  not there  %s(): the tree has none of that name, so it is %s's\n",
		       l->stayed[i], l->base);
}

int lift_report(const struct lift *l, double seconds)
{
	unsigned int nr = 0;
	char form[96];

	for (unsigned int i = 0; i < l->nr_pieces; i++)
		nr += l->piece[i].def->kind == 'f';
	snprintf(form, sizeof(form), "%s-%s", l->name, l->arch);
	printf("kernel form %s = %s", form, l->tree);
	if (l->nr_patches)
		printf(" + %u patch%s", l->nr_patches, l->nr_patches == 1 ? "" : "es");
	printf(", on %s (%s)\n", l->base, l->base_why);
	if (l->nr_patches && !say_changes(l))
		term_warn("%s%s touches no lifted function: %s runs what the tree without it runs",
			  l->patch[0], l->nr_patches > 1 ? " (and the others)" : "", form);
	printf("  verbatim   %u functions, %u of them compiled from the tree's text, "
	       "the rest unused or in an #if that does not hold\n", nr, l->nr_compiled);
	say_helpers(l);
	say_adapted(l);
	say_pointers(l);
	say_moved(l);
	say_stayed(l);
	printf("  built in %.1f s: %s\n", seconds, l->out);
	printf("  next       kicksim diff --kernel %s --kernel %s%s%s\n", l->base, l->name,
	       strcmp(l->arch, "x86") ? " --arch " : "", strcmp(l->arch, "x86") ? l->arch : "");
	return term_flushed(stdout) ? 0 : TERM_EXIT_SYSTEM;
}
