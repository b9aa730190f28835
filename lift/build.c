// SPDX-License-Identifier: GPL-2.0-only
/* The spliced kvmcore, compiled by its own build.sh and put in its place. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../results/term.h"
#include "clang.h"
#include "proc.h"

/* Kernel code has its own taste in warnings; what cannot be right stays an error. */
static const char flags[] = "-Wno-everything -Werror=implicit-function-declaration "
			    "-Werror=int-conversion -Werror=incompatible-pointer-types "
			    "-Werror=return-type";

/* What kvmcore's own text does not agree with is for kvmcore to change. */
static void complain_one(const struct lift *l, const struct complaint *c)
{
	size_t n = strlen(l->work);
	const char *file = strncmp(c->file, l->work, n) ? c->file : c->file + n + 1;

	if (!strncmp(file, "kvmcore/", 8))
		term_error(TERM_EXIT_USAGE, "%s:%u: %s: the tree's text wants it otherwise: change "
			   "kvmcore there, or the patch", file, c->line, c->what);
	else
		term_error(TERM_EXIT_USAGE, "%s:%u: %s", file, c->line, c->what);
}

static int complain(const struct lift *l, char *said)
{
	struct complaints all = { 0 };
	char *copy = text_copy(said, strlen(said));

	clang_read(&all, copy);
	for (unsigned int i = 0; i < all.nr; i++)
		complain_one(l, &all.c[i]);
	if (!all.nr)
		term_error(TERM_EXIT_USAGE, "kvmcore/build.sh: %.*s", (int)strcspn(said, "\n"),
			   said);
	free(all.c);
	free(copy);
	return TERM_EXIT_USAGE;
}

/* Objects are of no use once they are linked. */
static void remove_objects(const char *object)
{
	struct words w = { 0 };
	struct text said = { 0 };

	words_add(&w, "rm");
	words_add(&w, "-rf");
	words_add(&w, "%s.o", object);
	words_add(&w, "%s.d", object);
	proc_run((const char *const *)w.w, NULL, &said);
	words_free(&w);
	text_free(&said);
}

int lift_build(struct lift *l)
{
	char *object = text_path(l->work, "form.so");
	struct words w = { 0 };
	struct text said = { 0 };
	int ret;

	setenv("KVMCORE_VERSION", l->base, 1);
	setenv("KVMCORE_CFLAGS", flags, 1);
	words_add(&w, "kvmcore/build.sh");
	words_add(&w, "%s", l->name);
	words_add(&w, "%s", l->arch);
	words_add(&w, "%s", object);
	words_add(&w, "%s", "");
	words_add(&w, "%s", l->work);
	ret = proc_run((const char *const *)w.w, l->core, &said);
	if (ret > 0 && ret < 126)
		ret = complain(l, said.p);
	else if (ret)
		ret = TERM_EXIT_SYSTEM;
	if (!ret)
		remove_objects(object);
	if (!ret)
		ret = lift_verify(l, object);
	if (!ret && rename(object, l->out))
		ret = term_error(TERM_EXIT_SYSTEM, "%s: %s", l->out, strerror(errno));
	words_free(&w);
	text_free(&said);
	free(object);
	return ret;
}
