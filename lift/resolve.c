// SPDX-License-Identifier: GPL-2.0-only
/*
 * What lifted functions use and kvmcore does not have: taken from the tree too,
 * or told.
 *
 * Names that kvmcore's headers have are kvmcore's; so the compiler is asked, and
 * asked again with what was missing, until it is content or nothing helps.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "clang.h"

enum { ROUNDS = 16, NOBODY = -1 };

/* Tracing and lock debugging: no run could see them. */
static bool is_noop(const char *name)
{
	return !strncmp(name, "trace_", 6) || !strncmp(name, "lockdep_", 8);
}

static bool add_noop(struct lift *l, const char *name, unsigned int target)
{
	for (unsigned int i = 0; i < l->nr_noops; i++)
		if (l->noop[i].target == target && !strcmp(l->noop[i].name, name))
			return false;
	l->noop = text_realloc(l->noop, (l->nr_noops + 1) * sizeof(*l->noop));
	l->noop[l->nr_noops++] = (struct lift_noop){ text_copy(name, strlen(name)), target };
	return true;
}

/* The target whose lifted text a complaint is about; headers go before @tu. */
static int target_of(const struct lift *l, const struct complaint *c, unsigned int tu)
{
	int found = NOBODY;

	for (unsigned int i = 0; i < l->nr_pieces; i++) {
		const struct lift_piece *p = &l->piece[i];

		if (strcmp(p->from->path, c->file) || c->line < p->def->first ||
		    c->line > p->def->last)
			continue;
		if (p->target == tu)
			return (int)tu;
		found = (int)p->target;
	}
	return found;
}

/* State of the file's own would outlive the run: the world starts anew each time. */
static bool outlives_run(const struct source *s, const struct def *d)
{
	size_t n;
	const char *p = source_lines(s, d->first, d->last, &n);

	return d->kind == 'v' && !memmem(p, n, "const ", 6) && !memmem(p, n, "PER_CPU", 7) &&
	       !memmem(p, n, "STATIC_KEY", 10);
}

/* An enumerator comes with all of its enum. */
static const struct def *whole(const struct source *s, const struct def *d)
{
	for (unsigned int i = 0; d->kind == 'e' && i < s->nr_defs; i++)
		if (s->def[i].kind == 'g' && s->def[i].first <= d->line &&
		    s->def[i].last >= d->line)
			return &s->def[i];
	return d;
}

/* An enum that kvmcore has a part of goes where that part is; NOBODY: it has none. */
static int enum_home(const struct lift *l, const struct source *s, const struct def *d)
{
	for (unsigned int t = 0; d->kind == 'g' && t < l->nr_targets; t++)
		for (unsigned int i = 0; i < l->source[t].nr_defs; i++)
			if (l->source[t].def[i].kind == 'g' &&
			    source_same_enum(s, d, &l->source[t], &l->source[t].def[i]))
				return (int)t;
	return NOBODY;
}

static bool take_def(struct lift *l, const struct source *s, const struct def *d,
		     unsigned int target)
{
	int home = enum_home(l, s, d);

	if (!lift_add_piece(l, s, d, home == NOBODY ? target : (unsigned int)home, NULL))
		return false;
	l->piece[l->nr_pieces - 1].instead = home != NOBODY;
	return true;
}

/* Takes each definition of the name in this file; 1: done, 0: none, -1: told. */
static int take_from(struct lift *l, const struct source *s, const struct complaint *c,
		     unsigned int target)
{
	const struct def *d;
	int got = 0;

	for (unsigned int n = 0; (d = source_find(s, c->name, "fdvegst", n)); n++) {
		if (outlives_run(s, d)) {
			term_error(TERM_EXIT_USAGE, "%s:%u: %s is a variable, which would outlive "
				   "a run: make it const, per-CPU or a member of struct kvm or "
				   "kvm_vcpu", s->path, d->line, c->name);
			return -1;
		}
		if (take_def(l, s, whole(s, d), target))
			got = 1;
	}
	return got;
}

static int take_name(struct lift *l, const struct complaint *c, unsigned int target)
{
	const struct source *own = lift_file(l, c->file);
	int got = own ? take_from(l, own, c, target) : 0;

	if (!got && is_noop(c->name))
		return add_noop(l, c->name, target);
	for (unsigned int f = 0; !got && f < l->nr_files; f++) {
		const char *path = l->file[f].path;

		if (path[strlen(path) - 1] == 'h' && !lift_other_arch(l, path))
			got = take_from(l, &l->file[f], c, target);
	}
	return got;
}

/* A member that the tree's struct has and kvmcore's lacks is added to it. */
static int take_member(struct lift *l, const struct complaint *c)
{
	int got = 0;

	for (unsigned int t = 0; t < l->nr_targets && !got; t++) {
		if (!source_find(&l->source[t], c->scope, "s", 0))
			continue;
		for (unsigned int f = 0; f < l->nr_files && !got; f++) {
			const struct def *d = source_member(&l->file[f], c->scope, c->name);

			if (d && !lift_other_arch(l, l->file[f].path))
				got = lift_add_piece(l, &l->file[f], d, t, d->scope);
		}
	}
	return got;
}

/* Where a name that is missing would go: the header that the kernel has it in. */
static void header_of(const struct lift *l, const struct complaint *c, char *buf, size_t size)
{
	const char *path = "include/linux/kvm_host.h";

	for (unsigned int f = 0; f < l->nr_files; f++)
		if (!lift_other_arch(l, l->file[f].path) &&
		    source_find(&l->file[f], c->name, "pfd", 0) &&
		    strstr(l->file[f].path, "include/"))
			path = l->file[f].path;
	if (strstr(path, "/include/asm/"))
		snprintf(buf, size, "kvmcore/include/asm/kvm_%s.h", l->arch);
	else
		snprintf(buf, size, "kvmcore/%s", path);
}

static void tell(struct lift *l, const struct complaint *c)
{
	const struct source *s = lift_file(l, c->file);
	const struct def *in = s ? source_function_at(s, c->line) : NULL;
	char header[128];

	header_of(l, c, header, sizeof(header));
	if (c->kind == COMPLAINT_NAME)
		term_error(TERM_EXIT_USAGE, "%s:%u: %s%suses %s, which kvmcore/include does not "
			   "have: add it to %s", c->file, c->line, in ? in->name : "",
			   in ? "() " : "", c->name, header);
	else if (c->kind == COMPLAINT_MEMBER)
		term_error(TERM_EXIT_USAGE, "%s:%u: %s%suses '%s' of struct %s, which kvmcore's "
			   "has not: add it to %s", c->file, c->line, in ? in->name : "",
			   in ? "() " : "", c->name, c->scope, header);
	else
		term_error(TERM_EXIT_USAGE, "%s:%u: %s", c->file, c->line, c->what);
}

/* What is wrong in the tree's text; only if nothing is, what is wrong around it. */
static void tell_all(struct lift *l, const struct complaints *all, const unsigned int *tu)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < all->nr; i++)
		if (target_of(l, &all->c[i], tu[i]) != NOBODY && ++nr)
			tell(l, &all->c[i]);
	for (unsigned int i = 0; i < all->nr && !nr; i++)
		tell(l, &all->c[i]);
}

/* 1: something was taken, ask again; 0: no more to take; -1: told. */
static int answer(struct lift *l, struct complaints *all, const unsigned int *tu)
{
	int got = 0;

	for (unsigned int i = 0; i < all->nr && got >= 0; i++) {
		const struct complaint *c = &all->c[i];
		int target = target_of(l, c, tu[i]), more = 0;

		if (c->kind == COMPLAINT_NAME && target != NOBODY)
			more = take_name(l, c, (unsigned int)target);
		else if (c->kind == COMPLAINT_MEMBER)
			more = take_member(l, c);
		got = more < 0 ? -1 : got | more;
	}
	return got;
}

static int ask(struct lift *l, struct complaints *all, unsigned int **tu)
{
	int ret = lift_splice(l);

	for (unsigned int t = 0; t < l->nr_targets && !ret; t++) {
		const char *path = l->source[t].path;
		unsigned int before = all->nr;

		if (path[strlen(path) - 1] != 'c')
			continue;
		ret = clang_check(l, t, all);
		*tu = text_realloc(*tu, (all->nr + 1) * sizeof(**tu));
		for (unsigned int i = before; i < all->nr; i++)
			(*tu)[i] = t;
	}
	return ret;
}

int lift_resolve(struct lift *l)
{
	unsigned int *tu = NULL;
	int ret, got = 1;

	for (int i = 0; i < ROUNDS && got > 0; i++) {
		struct complaints all = { 0 };

		ret = ask(l, &all, &tu);
		got = ret || !all.nr ? 0 : answer(l, &all, tu);
		if (!got && !ret)
			tell_all(l, &all, tu);
		if (!ret && all.nr && got <= 0)
			ret = TERM_EXIT_USAGE;
		free(all.c);
		if (ret)
			got = 0;
	}
	free(tu);
	return ret;
}
