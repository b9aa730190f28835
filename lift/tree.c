// SPDX-License-Identifier: GPL-2.0-only
/*
 * A private copy of the tree's files, with the user's patches in it.
 *
 * Patches are applied without fuzz: what is judged is the code that the patch's
 * author meant, or nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../results/term.h"
#include "lift.h"
#include "proc.h"

int lift_copy_file(const struct lift *l, const char *path)
{
	char *from = text_path(l->tree, path), *tree = text_path(l->work, "tree");
	char *to = text_path(tree, path);
	struct text text = { 0 };
	struct stat st;
	int ret = 1;

	if (!access(to, F_OK))
		ret = 1;
	else if (stat(from, &st) || !S_ISREG(st.st_mode))
		ret = 0;
	else if (text_read(&text, from) || text_write(&text, to))
		ret = term_error(-1, "copy of %s to %s: %s", from, to, strerror(errno));
	text_free(&text);
	free(from);
	free(tree);
	free(to);
	return ret;
}

/* "a/virt/kvm/kvm_main.c\t2026-01-01" without what -p1 takes off; NULL: no file. */
static char *patched_path(const char *p)
{
	size_t n = strcspn(p, "\t\r\n");
	const char *slash = memchr(p, '/', n);
	char *path;

	if (!strncmp(p, "/dev/null", n))
		return NULL;
	if (!slash)
		return text_copy(p, n);
	path = text_copy(slash + 1, (size_t)(p + n - slash - 1));
	return path;
}

static bool is_safe(const char *path)
{
	return *path && *path != '/' && strncmp(path, "../", 3) && !strstr(path, "/../");
}

/* The files that a patch is about; the tree must have those that it changes. */
static int copy_patched(const struct lift *l, const char *patch, const char *text)
{
	int nr = 0;

	for (const char *p = text; p && *p; p = strchr(p, '\n'), p += p != NULL) {
		const char *next = strchr(p, '\n');
		char *path;
		int got;

		if (strncmp(p, "--- ", 4) || !next || strncmp(next + 1, "+++ ", 4))
			continue;
		nr++;
		path = patched_path(p + 4);
		if (!path)
			continue;
		got = is_safe(path) ? lift_copy_file(l, path) : 0;
		if (!got)
			term_error(TERM_EXIT_USAGE, "%s: %s is not in %s: give the tree that the "
				   "patch was made for", patch, path, l->tree);
		free(path);
		if (got <= 0)
			return got ? TERM_EXIT_SYSTEM : TERM_EXIT_USAGE;
	}
	return nr ? 0 : term_error(TERM_EXIT_USAGE, "%s: no patch: it changes no file", patch);
}

/* One line of what patch(1) had to say, with the file and the hunk. */
static int refused(const char *patch, char *said)
{
	char *file = NULL, *save = NULL;

	for (char *p = strtok_r(said, "\n", &save); p; p = strtok_r(NULL, "\n", &save)) {
		char *at = strstr(p, "FAILED at ");

		if (!strncmp(p, "patching file ", 14))
			file = p + 14;
		if (!strncmp(p, "patch: **** ", 12))
			return term_error(TERM_EXIT_USAGE, "%s: %s", patch, p + 12);
		if (strstr(p, "previously applied"))
			return term_error(TERM_EXIT_USAGE, "%s: %s: the tree has this patch "
					  "already", patch, file ? file : "?");
		if (at && !strncmp(p, "Hunk ", 5))
			return term_error(TERM_EXIT_USAGE, "%s: %s: hunk %.*s at line %u does not "
					  "apply to this tree", patch, file ? file : "?",
					  (int)strcspn(p + 5, " "), p + 5,
					  (unsigned int)strtoul(at + 10, NULL, 10));
	}
	return term_error(TERM_EXIT_USAGE, "%s: does not apply to this tree", patch);
}

static int apply(const struct lift *l, const char *patch)
{
	char *tree = text_path(l->work, "tree"), *input = realpath(patch, NULL);
	const char *const argv[] = {
		"patch", "-p1", "-F0", "-f", "-N", "--no-backup-if-mismatch", "-r", "-", "-d", tree,
		"-i", input, NULL
	};
	struct text text = { 0 }, said = { 0 };
	int ret;

	if (!input || text_read(&text, input))
		ret = term_error(TERM_EXIT_USAGE, "%s: %s", patch, strerror(errno));
	else
		ret = copy_patched(l, patch, text.p);
	if (!ret) {
		ret = proc_run(argv, NULL, &said);
		if (ret == 1 || ret == 2)
			ret = refused(patch, said.p);
		else if (ret)
			ret = TERM_EXIT_SYSTEM;
	}
	text_free(&text);
	text_free(&said);
	free(input);
	free(tree);
	return ret;
}

static int check_tree(const struct lift *l)
{
	struct stat st;

	if (stat(l->tree, &st))
		return term_error(TERM_EXIT_USAGE, "%s: %s", l->tree, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return term_error(TERM_EXIT_USAGE, "%s: not a folder: unpack it first", l->tree);
	for (unsigned int i = 0; i < 2; i++) {
		char *path = text_path(l->tree, lift_files[i]);
		bool there = !access(path, R_OK);

		free(path);
		if (!there)
			return term_error(TERM_EXIT_USAGE, "%s: no %s: not a kernel source tree",
					  l->tree, lift_files[i]);
	}
	return 0;
}

int lift_copy_tree(struct lift *l)
{
	char *tree;
	int ret = check_tree(l);

	for (l->nr_files = 0; !ret && lift_files[l->nr_files]; l->nr_files++)
		if (lift_copy_file(l, lift_files[l->nr_files]) < 0)
			ret = TERM_EXIT_SYSTEM;
	if (!ret)
		ret = source_load(l->before, lift_files, l->nr_files, l->tree);
	for (unsigned int i = 0; !ret && i < l->nr_patches; i++)
		ret = apply(l, l->patch[i]);
	tree = text_path(l->work, "tree");
	if (!ret)
		ret = source_load(l->file, lift_files, l->nr_files, tree);
	free(tree);
	l->nr_usual = l->nr_files;
	if (!ret)
		ret = lift_find_moved(l);
	if (!ret && !lift_defined(l, "kvm_vcpu_kick"))
		ret = term_error(TERM_EXIT_USAGE, "%s: %s defines no kvm_vcpu_kick(): not a kernel "
				 "that kicks vCPUs as Linux 5.15 and later do", l->tree, lift_files[0]);
	return ret;
}
