// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that a tree has in another file than kernels so far.
 *
 * A kernel's developers move functions about.  What a lift is to take and does not
 * find where it looks is therefore looked for in the rest of KVM, before anything
 * is said of the tree: with a function left out, the form would run kvmcore's.
 */
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "lift.h"

/* Relative to the tree; @ is the architecture. */
static const char *const patterns[] = {
	"virt/kvm/*.[ch]", "include/linux/kvm*.h", "arch/@/kvm/*.[ch]",
	"arch/@/kvm/*/*.[ch]", "arch/@/include/asm/kvm*.h",
};

enum { NR_PATTERNS = sizeof(patterns) / sizeof(patterns[0]) };

/* "name(" in a line that begins at the margin, as definitions do. */
static bool may_define(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = text; (p = strstr(p, name)); p += n) {
		const char *line = p;

		while (line > text && line[-1] != '\n')
			line--;
		if (p[n] == '(' && (isalpha((unsigned char)*line) || *line == '_') &&
		    (p == line || (!isalnum((unsigned char)p[-1]) && p[-1] != '_')))
			return true;
	}
	return false;
}

bool lift_next_name(const char **names, char *name, size_t size)
{
	size_t n;

	*names += strspn(*names, " ");
	n = strcspn(*names, " :");
	snprintf(name, size, "%.*s", (int)n, *names);
	*names += strcspn(*names, " ");
	return *name;
}

/* Whether the file would give what no file that is there gives. */
static bool is_wanted(const struct lift *l, const char *text, const struct source *s)
{
	for (const struct lift_target *t = lift_targets; t->path; t++) {
		const char *names = *t->names == '*' ? lift_kick_names : t->names;
		char name[64];

		if (t->arch && strcmp(t->arch, l->arch))
			continue;
		while (lift_next_name(&names, name, sizeof(name))) {
			if (lift_defined(l, name))
				continue;
			if (s ? source_find(s, name, "f", 0) != NULL : may_define(text, name))
				return true;
		}
	}
	return false;
}

static int add_file(struct lift *l, const char *path)
{
	char *tree = text_path(l->work, "tree");
	const char *const paths[] = { path };
	struct source s;
	int ret = 0;

	if (l->nr_files == LIFT_FILES)
		ret = term_error(TERM_EXIT_USAGE, "%s: functions of the kick are in more files "
				 "than %d", l->tree, LIFT_FILES);
	if (!ret && lift_copy_file(l, path) < 0)
		ret = TERM_EXIT_SYSTEM;
	if (!ret)
		ret = source_load(&s, paths, 1, tree);
	if (!ret && is_wanted(l, NULL, &s)) {
		l->file[l->nr_files] = s;
		ret = source_load(&l->before[l->nr_files++], paths, 1, l->tree);
	} else if (!ret) {
		source_free(&s);
	}
	free(tree);
	return ret;
}

static bool is_there(const struct lift *l, const char *path)
{
	for (unsigned int i = 0; i < l->nr_files; i++)
		if (l->file[i].found && !strcmp(l->file[i].path, path))
			return true;
	return false;
}

/* One file below @root, which is the tree or the patched copy of a part of it. */
static int look_into(struct lift *l, const char *root, const char *file)
{
	char *path = text_copy(file + strlen(root) + 1, strlen(file) - strlen(root) - 1);
	struct text text = { 0 };
	int ret = 0;

	if (is_there(l, path) || text_read(&text, file))
		ret = 0;
	else if (is_wanted(l, text.p, NULL))
		ret = add_file(l, path);
	text_free(&text);
	/* A source that was added has it for good. */
	if (l->file[l->nr_files - 1].path != path)
		free(path);
	return ret;
}

int lift_find_moved(struct lift *l)
{
	char *patched = text_path(l->work, "tree");
	const char *const root[] = { patched, l->tree };
	int ret = 0;

	for (unsigned int i = 0; i < 2 * NR_PATTERNS && !ret; i++) {
		const char *at = root[i / NR_PATTERNS], *p = patterns[i % NR_PATTERNS];
		size_t n = strcspn(p, "@");
		struct text pattern = { 0 };
		glob_t found;

		text_printf(&pattern, "%s/%.*s%s%s", at, (int)n, p, p[n] ? l->arch : "",
			    p[n] ? p + n + 1 : "");
		if (!glob(pattern.p, 0, NULL, &found)) {
			for (size_t j = 0; j < found.gl_pathc && !ret; j++)
				ret = look_into(l, at, found.gl_pathv[j]);
			globfree(&found);
		}
		text_free(&pattern);
	}
	free(patched);
	return ret;
}
