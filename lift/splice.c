// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree's functions in the place of kvmcore's.
 *
 * A text from the tree is never touched.  Around it stand the #if's that it
 * stands in there, so that the preprocessor decides as it does in the kernel, a
 * #line, and an end to a macro of the function's name: kvmcore may have one that
 * tells the machine what a call means.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "lift.h"
#include "proc.h"

bool lift_add_piece(struct lift *l, const struct source *from, const struct def *def,
		    unsigned int target, const char *scope)
{
	for (unsigned int i = 0; i < l->nr_pieces; i++)
		if (l->piece[i].def == def &&
		    (l->piece[i].target == target || !strcmp(from->path, "include/linux/kvm_host.h")))
			return false;
	if (l->nr_pieces == LIFT_PIECES)
		return false;
	l->piece[l->nr_pieces++] = (struct lift_piece){
		.from = from, .def = def, .target = target, .scope = scope,
		.helper = !source_find(&l->source[target], def->name, "f", 0) && !scope,
	};
	return true;
}

static bool take_from_file(struct lift *l, unsigned int target, const char *name,
			   const struct source *s)
{
	const struct def *d;
	unsigned int n;

	for (n = 0; (d = source_find(s, name, "f", n)); n++)
		lift_add_piece(l, s, d, target, NULL);
	return n;
}

/* All definitions of the name: the #if's around them tell them apart. */
static void take_function(struct lift *l, unsigned int target, const char *name)
{
	bool any = false;

	for (unsigned int f = 0; f < l->nr_usual; f++)
		if (lift_has_file(l, target, l->file[f].path))
			any |= take_from_file(l, target, name, &l->file[f]);
	for (unsigned int f = l->nr_usual; f < l->nr_files && !any; f++)
		any = take_from_file(l, target, name, &l->file[f]);
}

int lift_take(struct lift *l)
{
	for (unsigned int t = 0; t < l->nr_targets; t++) {
		for (unsigned int i = 0; i < l->source[t].nr_defs; i++) {
			const struct def *d = &l->source[t].def[i];

			if (d->kind == 'f' && lift_wants(l, t, d->name))
				take_function(l, t, d->name);
		}
	}
	return l->nr_pieces ? 0 : term_error(TERM_EXIT_USAGE, "%s: none of the kick functions is "
					     "there", l->tree);
}

/* The whole definition, or with @head what stands before its body. */
static void add_definition(const struct lift *l, struct text *t, const struct source *from,
			   const struct def *def, bool head)
{
	bool is_function = def->kind == 'f' || def->kind == 'p';
	unsigned int nr;
	const char *p, *body;
	size_t n;

	if (is_function) {
		text_printf(t, "#pragma push_macro(\"%s\")\n#undef %s\n", def->name, def->name);
		lift_hide_calls(l, def->name, true, t);
	}
	nr = source_conditions(from, def->first, t, NULL);
	text_printf(t, "#line %u \"%s\"\n", def->first, from->path);
	p = source_lines(from, def->first, def->last, &n);
	body = head ? memchr(p, '{', n) : NULL;
	text_add(t, p, body ? (size_t)(body - p) : n);
	text_printf(t, "%s%s", body ? ";" : "", body || !n || p[n - 1] != '\n' ? "\n" : "");
	while (nr--)
		text_printf(t, "#endif\n");
	if (is_function) {
		lift_hide_calls(l, def->name, false, t);
		text_printf(t, "#pragma pop_macro(\"%s\")\n", def->name);
	}
}

/* Statistics count in a type of their own, see kvmcore/include/linux/kvm_types.h. */
static void add_member(const struct lift *l, struct text *t, const struct lift_piece *p)
{
	bool is_stat = strstr(p->scope, "_stat") != NULL;

	if (is_stat)
		text_printf(t, "#pragma push_macro(\"u64\")\n#undef u64\n#define u64 kvm_stat_t\n");
	add_definition(l, t, p->from, p->def, false);
	if (is_stat)
		text_printf(t, "#pragma pop_macro(\"u64\")\n");
}

/* What kvmcore declares: as the tree's headers do, or else as the tree defines it. */
static bool add_prototype(const struct lift *l, struct text *t, const char *name)
{
	const struct lift_piece *piece = NULL;
	bool any = false;

	for (unsigned int i = 0; i < l->nr_pieces; i++)
		any |= l->piece[i].def->kind == 'f' && !strcmp(l->piece[i].def->name, name);
	if (!any)
		return false;
	any = false;
	for (unsigned int f = 0; f < l->nr_files; f++) {
		const char *path = l->file[f].path;
		const struct def *d;

		if (path[strlen(path) - 1] != 'h' ||
		    (!strncmp(path, "arch/", 5) && strncmp(path + 5, l->arch, strlen(l->arch))))
			continue;
		for (unsigned int n = 0; (d = source_find(&l->file[f], name, "p", n)); n++) {
			add_definition(l, t, &l->file[f], d, false);
			any = true;
		}
	}
	for (unsigned int i = 0; i < l->nr_pieces && !any; i++) {
		size_t n;
		const char *p;

		piece = &l->piece[i];
		if (strcmp(piece->def->name, name) || piece->def->kind != 'f')
			continue;
		any = true;
		p = source_lines(piece->from, piece->def->first, piece->def->last, &n);
		if (strncmp(p, "static", 6))
			add_definition(l, t, piece->from, piece->def, true);
	}
	return any;
}

static int by_kind(const void *va, const void *vb)
{
	static const char order[] = "dtgsepvf";
	const struct lift_piece *a = *(struct lift_piece *const *)va;
	const struct lift_piece *b = *(struct lift_piece *const *)vb;
	const char *x = strchr(order, a->def->kind), *y = strchr(order, b->def->kind);

	if (x != y)
		return x < y ? -1 : 1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->def->first < b->def->first ? -1 : a->def->first > b->def->first;
}

/* A struct comes with the table that it is defined for. */
static bool is_inside(const struct lift *l, const struct lift_piece *inner)
{
	for (unsigned int i = 0; i < l->nr_pieces; i++) {
		const struct lift_piece *p = &l->piece[i];

		if (p != inner && p->from == inner->from && p->target == inner->target &&
		    p->def->kind == 'v' && p->def->first <= inner->def->first &&
		    p->def->last >= inner->def->last)
			return true;
	}
	return false;
}

/* What goes before the first function: macros, types, declarations, helpers. */
static void add_helpers(const struct lift *l, unsigned int target, struct text *t)
{
	const struct lift_piece *sorted[LIFT_PIECES];
	unsigned int nr = 0;

	for (unsigned int i = 0; i < l->nr_noops; i++)
		if (l->noop[i].target == target)
			text_printf(t, "#define %s(...) ((void)0)\n", l->noop[i].name);
	for (unsigned int i = 0; i < l->nr_pieces; i++)
		if (l->piece[i].target == target && !l->piece[i].scope && !l->piece[i].instead &&
		    !is_inside(l, &l->piece[i]))
			sorted[nr++] = &l->piece[i];
	qsort(sorted, nr, sizeof(sorted[0]), by_kind);
	for (unsigned int i = 0; i < nr; i++)
		if (!strchr("vf", sorted[i]->def->kind))
			add_definition(l, t, sorted[i]->from, sorted[i]->def, false);
	/* Tables may name functions, so functions are declared before them. */
	for (unsigned int i = 0; i < nr; i++)
		if (sorted[i]->def->kind == 'f')
			add_definition(l, t, sorted[i]->from, sorted[i]->def, true);
	for (unsigned int i = 0; i < nr; i++)
		if (sorted[i]->def->kind == 'v')
			add_definition(l, t, sorted[i]->from, sorted[i]->def, false);
	for (unsigned int i = 0; i < nr; i++)
		if (sorted[i]->def->kind == 'f' && sorted[i]->helper)
			add_definition(l, t, sorted[i]->from, sorted[i]->def, false);
}

static bool replace_function(const struct lift *l, unsigned int target, const char *name,
			     struct text *t)
{
	bool any = false;

	for (unsigned int i = 0; i < l->nr_pieces; i++) {
		const struct lift_piece *p = &l->piece[i];

		if (p->target != target || p->helper || p->scope || p->def->kind != 'f' ||
		    strcmp(p->def->name, name))
			continue;
		add_definition(l, t, p->from, p->def, false);
		any = true;
	}
	return any;
}

/* An enum that the tree has more of: values of both go together. */
static bool replace_enum(const struct lift *l, unsigned int target, const struct def *own,
			 struct text *t)
{
	const struct source *s = &l->source[target];

	for (unsigned int i = 0; i < l->nr_pieces; i++) {
		const struct lift_piece *p = &l->piece[i];

		if (p->target != target || !p->instead ||
		    !source_same_enum(p->from, p->def, s, own))
			continue;
		add_definition(l, t, p->from, p->def, false);
		return true;
	}
	return false;
}

/* What stands instead of the definition at a line, or NULL. */
static const struct def *edit_at(const struct lift *l, unsigned int target, unsigned int line,
				 struct text *t)
{
	const struct source *s = &l->source[target];

	for (unsigned int i = 0; i < s->nr_defs; i++) {
		const struct def *d = &s->def[i];

		if (d->first != line)
			continue;
		if ((d->kind == 'f' && replace_function(l, target, d->name, t)) ||
		    (d->kind == 'p' && add_prototype(l, t, d->name))) {
			lift_add_call(l, d->name, t);
			return d;
		}
		if (d->kind == 'g' && replace_enum(l, target, d, t))
			return d;
	}
	return NULL;
}

/* Before the first function that gives way, and before the #if that it is in. */
static unsigned int helpers_line(const struct lift *l, unsigned int target)
{
	const struct source *s = &l->source[target];
	struct text scratch = { 0 };
	unsigned int line = s->nr_lines + 1, outermost;

	for (unsigned int i = 0; i < s->nr_defs; i++)
		if (s->def[i].kind == 'f' && s->def[i].first < line &&
		    replace_function(l, target, s->def[i].name, &scratch)) {
			source_conditions(s, s->def[i].first, NULL, &outermost);
			line = outermost;
		}
	text_free(&scratch);
	return line;
}

static void add_members(const struct lift *l, unsigned int target, unsigned int line,
			struct text *t)
{
	const struct source *s = &l->source[target];

	for (unsigned int i = 0; i < l->nr_pieces; i++) {
		const struct lift_piece *p = &l->piece[i];
		const struct def *d;

		if (p->target != target || !p->scope)
			continue;
		d = source_find(s, p->scope, "s", 0);
		if (d && d->last == line)
			add_member(l, t, p);
	}
}

static int splice_target(const struct lift *l, unsigned int target)
{
	const struct source *s = &l->source[target];
	unsigned int helpers = helpers_line(l, target);
	char *path = text_path(l->work, s->path);
	struct text t = { 0 };
	int ret = 0;

	text_add(&t, "", 0);
	for (unsigned int i = 1; i <= s->nr_lines; i++) {
		size_t before = t.n, n;
		const struct def *d;
		const char *p;

		if (i == helpers)
			add_helpers(l, target, &t);
		add_members(l, target, i, &t);
		d = edit_at(l, target, i, &t);
		if (d)
			i = d->last + 1;
		if (t.n != before)
			text_printf(&t, "#line %u \"%s\"\n", i, s->path);
		if (i > s->nr_lines)
			break;
		if (d) {
			i--;
			continue;
		}
		p = source_lines(s, i, i, &n);
		text_add(&t, p, n);
	}
	if (text_write(&t, path))
		ret = term_error(TERM_EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	text_free(&t);
	free(path);
	return ret;
}

int lift_splice(struct lift *l)
{
	int ret = 0;

	for (unsigned int i = 0; i < l->nr_targets && !ret; i++)
		ret = splice_target(l, i);
	return ret;
}

int lift_copy_core(struct lift *l)
{
	const char *path[LIFT_TARGETS];
	struct text kick = { 0 }, from = { 0 }, to = { 0 }, said = { 0 };
	char *core = text_path(l->core, "kvmcore");
	const char *const argv[] = { "cp", "-r", core, l->work, NULL };
	int ret = proc_run(argv, NULL, &said);

	if (ret > 0)
		term_error(TERM_EXIT_SYSTEM, "%.*s", (int)strcspn(said.p, "\n"), said.p);
	text_printf(&kick, "kvmcore/kick/%s.c", l->name);
	text_printf(&from, "%s/kvmcore/kick/%s.c", l->core, l->base);
	text_printf(&to, "%s/%s", l->work, kick.p);
	said.n = 0;
	if (!ret && (text_read(&said, from.p) || text_write(&said, to.p)))
		ret = term_error(TERM_EXIT_SYSTEM, "copy of %s to %s: %s", from.p, to.p,
				 strerror(errno));
	for (const struct lift_target *t = lift_targets; t->path; t++) {
		if (t->arch && strcmp(t->arch, l->arch))
			continue;
		path[l->nr_targets] = strcmp(t->path, "kick") ? t->path : kick.p;
		l->target[l->nr_targets++] = *t;
	}
	text_free(&from);
	text_free(&to);
	text_free(&said);
	free(core);
	return ret ? TERM_EXIT_SYSTEM : source_load(l->source, path, l->nr_targets, l->work);
}
