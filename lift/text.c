// SPDX-License-Identifier: GPL-2.0-only
/* Strings, files and paths of a lift. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "../results/term.h"
#include "text.h"

void *text_realloc(void *p, size_t n)
{
	void *q = realloc(p, n ? n : 1);

	if (!q)
		exit(term_error(TERM_EXIT_SYSTEM, "no memory for the kernel's source"));
	return q;
}

static void text_room(struct text *t, size_t n)
{
	if (t->n + n + 1 <= t->max)
		return;
	t->max = 2 * (t->n + n + 1);
	t->p = text_realloc(t->p, t->max);
}

void text_add(struct text *t, const char *bytes, size_t n)
{
	text_room(t, n);
	memcpy(t->p + t->n, bytes, n);
	t->n += n;
	t->p[t->n] = '\0';
}

void text_printf(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	text_room(t, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(t->p + t->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	t->n += (size_t)n;
}

void text_free(struct text *t)
{
	free(t->p);
	*t = (struct text){ 0 };
}

int text_read(struct text *t, const char *path)
{
	char buf[16384];
	FILE *in = fopen(path, "r");
	size_t n;
	int ret;

	if (!in)
		return -1;
	text_room(t, 0);
	t->p[t->n] = '\0';
	while ((n = fread(buf, 1, sizeof(buf), in)) > 0)
		text_add(t, buf, n);
	ret = ferror(in) ? -1 : 0;
	fclose(in);
	return ret;
}

int text_write(const struct text *t, const char *path)
{
	FILE *out;
	int bad;

	if (text_mkdirs(path))
		return -1;
	out = fopen(path, "w");
	if (!out)
		return -1;
	bad = fwrite(t->p, 1, t->n, out) != t->n;
	return fclose(out) || bad ? -1 : 0;
}

char *text_copy(const char *s, size_t n)
{
	char *p = text_realloc(NULL, n + 1);

	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *text_path(const char *a, const char *b)
{
	struct text t = { 0 };

	text_printf(&t, "%s%s%s", a ? a : "", a && *a ? "/" : "", b);
	return t.p;
}

int text_mkdirs(const char *file)
{
	char *dir = text_copy(file, strlen(file));
	int ret = 0;

	for (char *p = strchr(dir + 1, '/'); p && !ret; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(dir, 0777) && errno != EEXIST)
			ret = -1;
		*p = '/';
	}
	free(dir);
	return ret;
}
