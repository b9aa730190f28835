// SPDX-License-Identifier: GPL-2.0-only
/* kicksim lift: from a tree to a form. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "cmd.h"
#include "lift.h"
#include "proc.h"

enum { NAME_MAX_LENGTH = 24 };

static const struct argp_option options[] = {
	{ "as", 'n', "NAME", 0, "the form's name, for --kernel", 0 },
	{ "patch", 'p', "FILE", 0, "apply it first, to a private copy; may be given again", 0 },
	{ "arch", 'A', "ARCH", 0, "x86 (default) or arm64", 0 },
	{ "base", 'b', "FORM", 0, "kicksim's form that surrounds the functions (default: the "
	  "nearest)", 0 },
	{ "replace", 'r', 0, 0, "over a lifted form of this name", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct lift *l = state->input;

	switch (key) {
	case 'n':
		l->name = arg;
		return 0;
	case 'p':
		if (l->nr_patches == LIFT_PATCHES)
			cmd_error(state, "more than %d patches", LIFT_PATCHES);
		l->patch[l->nr_patches++] = arg;
		return 0;
	case 'A':
		l->arch = arg;
		return 0;
	case 'b':
		l->base = arg;
		return 0;
	case 'r':
		l->replace = true;
		return 0;
	case ARGP_KEY_ARG:
		if (l->tree)
			cmd_error(state, "one tree, not '%s' too", arg);
		l->tree = arg;
		return 0;
	case ARGP_KEY_END:
		if (!l->tree)
			cmd_error(state, "no TREE: the folder of a kernel's source");
		if (!l->name)
			cmd_error(state, "no --as NAME for the new form");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* A file name's part, a word of SQL and JSON, and nothing that options look like. */
static int check_words(const struct lift *l)
{
	size_t n = strlen(l->name);

	if (!n || n > NAME_MAX_LENGTH || !isalnum((unsigned char)*l->name) ||
	    l->name[strspn(l->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "0123456789._-")])
		return term_error(TERM_EXIT_USAGE, "--as '%s': a name has 1 to %d letters, digits "
				  "and any of . _ -, and begins with a letter or digit", l->name,
				  NAME_MAX_LENGTH);
	if (strcmp(l->arch, "x86") && strcmp(l->arch, "arm64"))
		return term_error(TERM_EXIT_USAGE, "--arch '%s': x86 and arm64 can be lifted",
				  l->arch);
	return 0;
}

/* The program stands in out/ or a flavour's folder below; kvmcore/ beside those. */
static int find_core(struct lift *l)
{
	const char *env = getenv("KICKSIM_SOURCE");
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (env && *env)
		n = snprintf(exe, sizeof(exe), "%s/x", env);
	while (n > 0) {
		char *build;
		bool there;

		while (n > 0 && exe[n - 1] != '/')
			n--;
		exe[n > 0 ? n - 1 : 0] = '\0';
		build = text_path(exe, "kvmcore/build.sh");
		there = !access(build, X_OK);
		free(build);
		if (there) {
			l->core = realpath(exe, NULL);
			return l->core ? 0 : TERM_EXIT_SYSTEM;
		}
		n = (ssize_t)strlen(exe);
	}
	return term_error(TERM_EXIT_SYSTEM, "no kvmcore/build.sh above the program: set "
			  "KICKSIM_SOURCE to kicksim's source folder");
}

/* Where fuzz/form.c looks: $KICKSIM_FORMS, or out/kvmcore beside kvmcore. */
static int find_out(struct lift *l)
{
	const char *env = getenv("KICKSIM_FORMS");
	char *dir = env && *env ? text_copy(env, strlen(env)) : text_path(l->core, "out/kvmcore");
	char *probe = text_path(dir, "x"), *real;
	struct text out = { 0 };

	if (text_mkdirs(probe) || !(real = realpath(dir, NULL)))
		return term_error(TERM_EXIT_SYSTEM, "%s: %s", dir, strerror(errno));
	text_printf(&out, "%s/%s-%s.so", real, l->name, l->arch);
	l->out = out.p;
	free(real);
	free(probe);
	free(dir);
	return 0;
}

static char *beside(const struct lift *l, const char *suffix)
{
	struct text t = { 0 };

	text_printf(&t, "%.*s%s", (int)(strlen(l->out) - 3), l->out, suffix);
	return t.p;
}

/* Names of kicksim's own forms are taken for good, those of lifted ones unless asked. */
static int check_collision(const struct lift *l)
{
	struct text kick = { 0 };
	char *mark = beside(l, ".lift");
	bool own, lifted = !access(mark, F_OK), there = !access(l->out, F_OK);
	int ret = 0;

	text_printf(&kick, "%s/kvmcore/kick/%s.c", l->core, l->name);
	own = !access(kick.p, F_OK) || (there && !lifted);
	if (own)
		ret = term_error(TERM_EXIT_USAGE, "--as %s: kicksim has a form of its own of that "
				 "name: take another", l->name);
	else if (there && !l->replace)
		ret = term_error(TERM_EXIT_USAGE, "--as %s: lifted already (%s): take another name "
				 "or --replace", l->name, mark);
	text_free(&kick);
	free(mark);
	return ret;
}

static void remove_folder(const char *folder)
{
	struct words w = { 0 };
	struct text said = { 0 };

	words_add(&w, "rm");
	words_add(&w, "-rf");
	words_add(&w, "%s", folder);
	proc_run((const char *const *)w.w, NULL, &said);
	words_free(&w);
	text_free(&said);
}

/* What the form was made of, for people and for the next lift. */
static int write_mark(const struct lift *l)
{
	char *mark = beside(l, ".lift"), *tree = realpath(l->tree, NULL);
	struct text t = { 0 };
	int ret = 0;

	text_printf(&t, "tree %s\nbase %s\n", tree ? tree : l->tree, l->base);
	for (unsigned int i = 0; i < l->nr_patches; i++)
		text_printf(&t, "patch %s\n", l->patch[i]);
	for (unsigned int i = 0; i < l->nr_pieces; i++)
		if (l->piece[i].def->kind == 'f')
			text_printf(&t, "function %s %s:%u\n", l->piece[i].def->name,
				    l->piece[i].from->path, l->piece[i].def->line);
	if (text_write(&t, mark))
		ret = term_error(TERM_EXIT_SYSTEM, "%s: %s", mark, strerror(errno));
	text_free(&t);
	free(tree);
	free(mark);
	return ret;
}

static int lift(struct lift *l)
{
	char *kept = beside(l, ".src"), *probe;
	int ret;

	l->work = beside(l, ".src.new");
	probe = text_path(l->work, "x");
	remove_folder(l->work);
	if (text_mkdirs(probe))
		ret = term_error(TERM_EXIT_SYSTEM, "%s: %s", l->work, strerror(errno));
	else
		ret = lift_copy_tree(l);
	if (!ret)
		ret = lift_choose_base(l);
	if (!ret)
		ret = lift_copy_core(l);
	if (!ret)
		ret = lift_check_members(l);
	if (!ret)
		ret = lift_take(l);
	if (!ret)
		lift_adapt(l);
	if (!ret)
		ret = lift_resolve(l);
	if (!ret)
		ret = lift_build(l);
	if (!ret)
		ret = write_mark(l);
	if (!ret) {
		remove_folder(kept);
		if (rename(l->work, kept))
			ret = term_error(TERM_EXIT_SYSTEM, "%s: %s", kept, strerror(errno));
	} else {
		remove_folder(l->work);
	}
	free(probe);
	free(kept);
	return ret;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int cmd_lift(int argc, char **argv)
{
	static struct lift l = { .arch = "x86" };
	struct argp_child children[] = { { &cmd_common, 0, NULL, 2 }, { 0 } };
	struct argp argp = {
		options, parse, "TREE",
		"Take the kick functions out of a kernel source tree, whole and unedited, and "
		"build them as a kernel form for --kernel.\v"
		"The tree is not changed. Sources of the form stay beside it, in NAME-ARCH.src.\n\n"
		"Examples:\n"
		"  kicksim lift ~/linux --as mine --patch 0001-my-kick.patch\n"
		"  kicksim diff --kernel v6.12 --kernel mine\n",
		children, NULL, NULL
	};
	double start = now();
	int ret;

	if (cmd_parse(&argp, "kicksim lift", argc, argv, &l))
		return TERM_EXIT_USAGE;
	ret = check_words(&l);
	if (!ret)
		ret = find_core(&l);
	if (!ret)
		ret = find_out(&l);
	if (!ret)
		ret = check_collision(&l);
	if (!ret)
		ret = lift(&l);
	return ret ? ret : lift_report(&l, now() - start);
}
