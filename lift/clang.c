// SPDX-License-Identifier: GPL-2.0-only
/* Asking clang, and reading its answers. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "clang.h"
#include "proc.h"

/* The text between the @n-th pair of single quotes (from 0), or "". */
static void quoted(const char *text, int n, char *buf, size_t size)
{
	const char *p = text, *end;

	*buf = '\0';
	for (;; p = end + 1) {
		p = strchr(p, '\'');
		end = p ? strchr(p + 1, '\'') : NULL;
		if (!end)
			return;
		if (!n--)
			break;
	}
	snprintf(buf, size, "%.*s", (int)(end - p - 1), p + 1);
}

static void classify(struct complaint *c)
{
	static const char *const unknown[] = {
		"implicit declaration of function", "use of undeclared identifier",
		"unknown type name", "implicitly declaring library function",
		"call to undeclared function",
	};

	quoted(c->what, 0, c->name, sizeof(c->name));
	for (unsigned int i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		if (strstr(c->what, unknown[i]))
			c->kind = COMPLAINT_NAME;
	if (strstr(c->what, "no member named")) {
		c->kind = COMPLAINT_MEMBER;
		quoted(c->what, 1, c->scope, sizeof(c->scope));
	}
	if (strstr(c->what, "incomplete") && strstr(c->what, "struct ")) {
		const char *name = strstr(c->what, "struct ") + 7;

		c->kind = COMPLAINT_NAME;
		snprintf(c->name, sizeof(c->name), "%.*s", (int)strcspn(name, "' *"), name);
	}
	if (!strncmp(c->scope, "struct ", 7))
		memmove(c->scope, c->scope + 7, strlen(c->scope + 7) + 1);
}

static void read_line(struct complaints *all, const char *line)
{
	struct complaint c = { COMPLAINT_OTHER, "", 0, "", "", "" };
	const char *error = strstr(line, " error: ");
	unsigned int column;

	if (!error || sscanf(line, "%255[^:]:%u:%u:", c.file, &c.line, &column) != 3)
		return;
	snprintf(c.what, sizeof(c.what), "%.*s", (int)strcspn(error + 8, "["), error + 8);
	classify(&c);
	for (unsigned int i = 0; i < all->nr; i++)
		if (all->c[i].line == c.line && !strcmp(all->c[i].file, c.file) &&
		    !strcmp(all->c[i].what, c.what))
			return;
	all->c = text_realloc(all->c, (all->nr + 1) * sizeof(c));
	all->c[all->nr++] = c;
}

void clang_read(struct complaints *all, char *said)
{
	for (char *save = NULL, *p = strtok_r(said, "\n", &save); p; p = strtok_r(NULL, "\n", &save))
		read_line(all, p);
}

/* Words of build.sh that decide which names there are, and where they are sought. */
static void add_words(struct words *w, const struct lift *l)
{
	const char *dot = strchr(l->base, '.');
	struct text arch = { 0 };

	text_printf(&arch, "-DKVMCORE_ARCH_%s", l->arch);
	for (char *p = arch.p + 15; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	words_add(w, "%s", arch.p);
	words_add(w, "-DKVMCORE_FORM=\"%s\"", l->name);
	words_add(w, "-DKVMCORE_ARCH=\"%s\"", l->arch);
	words_add(w, "-DKVMCORE_MAJOR=%.*s", dot ? (int)(dot - l->base - 1) : 1, l->base + 1);
	words_add(w, "-DKVMCORE_MINOR=%s", dot ? dot + 1 : "0");
	words_add(w, "-I%s/kvmcore/include", l->work);
	words_add(w, "-I%s/kvmcore", l->work);
	words_add(w, "-I%s/kvmcore/scenarios", l->work);
	text_free(&arch);
}

int clang_check(const struct lift *l, unsigned int target, struct complaints *all)
{
	static const char *const head[] = {
		"-std=gnu17", "-fsyntax-only", "-ferror-limit=0",
		"-fno-caret-diagnostics", "-fno-color-diagnostics", "-Wno-everything",
		"-Werror=implicit-function-declaration", "-DKVMCORE_VARIANT=\"\"",
	};
	const char *compiler = getenv("KVMCORE_CC");	/* as in build.sh */
	struct words w = { 0 };
	struct text said = { 0 };
	int ret;

	words_add(&w, "%s", compiler && *compiler ? compiler : "clang");
	for (unsigned int i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		words_add(&w, "%s", head[i]);
	add_words(&w, l);
	words_add(&w, "%s/%s", l->work, l->source[target].path);
	ret = proc_run((const char *const *)w.w, NULL, &said);
	clang_read(all, said.p);
	words_free(&w);
	text_free(&said);
	return ret < 0 || ret > 1 ? TERM_EXIT_SYSTEM : 0;
}
