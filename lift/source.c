// SPDX-License-Identifier: GPL-2.0-only
/* Lines, what code they end with, and definitions. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "proc.h"
#include "source.h"

enum state { CODE, COMMENT, LINE_COMMENT, STRING, CHARACTER };

struct reader {
	enum state state;
	bool directive;			/* the line, or what it continues, begins with # */
};

/* One character of a line; the number of characters taken. */
static int read_char(struct reader *r, const char *p, struct line *line)
{
	switch (r->state) {
	case COMMENT:
		if (p[0] == '*' && p[1] == '/') {
			r->state = CODE;
			return 2;
		}
		return 1;
	case LINE_COMMENT:
		return 1;
	case STRING:
	case CHARACTER:
		if (p[0] == '\\' && p[1] && p[1] != '\n')
			return 2;
		if (*p == (r->state == STRING ? '"' : '\''))
			r->state = CODE;
		return 1;
	case CODE:
		break;
	}
	if (p[0] == '/' && (p[1] == '*' || p[1] == '/')) {
		r->state = p[1] == '*' ? COMMENT : LINE_COMMENT;
		return 2;
	}
	if (isspace((unsigned char)*p))
		return 1;
	if (*p == '#' && !line->last)
		r->directive = true;
	line->last = *p;
	if (*p == '"' || *p == '\'')
		r->state = *p == '"' ? STRING : CHARACTER;
	return 1;
}

static void read_lines(struct source *s)
{
	struct reader r = { CODE, false };
	const char *p = s->text.p, *end = s->text.p + s->text.n;
	unsigned int max = 1;

	for (const char *q = p; q < end; q++)
		max += *q == '\n';
	s->line = text_realloc(NULL, (max + 2) * sizeof(*s->line));
	while (p < end) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		struct line *line = &s->line[++s->nr_lines];

		if (!stop)
			stop = end;
		*line = (struct line){ .at = (size_t)(p - s->text.p) };
		if (r.state != COMMENT)
			r.state = CODE;
		while (p < stop)
			p += read_char(&r, p, line);
		line->goes_on = r.directive && stop > s->text.p && stop[-1] == '\\';
		if (r.directive)
			line->last = '#';
		r.directive = line->goes_on;
		p = stop < end ? stop + 1 : end;
	}
	s->line[s->nr_lines + 1] = (struct line){ .at = s->text.n };
}

/* Where the declaration begins whose name is in @line. */
static unsigned int first_line(const struct source *s, unsigned int line)
{
	while (line > 1 && s->line[line - 1].last && !strchr("#;{}", s->line[line - 1].last))
		line--;
	return line;
}

/* Ctags knows where bodies end; what has none ends with a semicolon. */
static unsigned int last_line(const struct source *s, const struct def *d, unsigned int end)
{
	unsigned int line = d->line;

	if (strchr("fgsu", d->kind) && end >= line && end <= s->nr_lines)
		return end;
	while (line < s->nr_lines &&
	       (d->kind == 'd' ? s->line[line].goes_on : s->line[line].last != ';'))
		line++;
	return line;
}

static const char *field(char *const *word, int nr, const char *key)
{
	for (int i = 0; i < nr; i++)
		if (!strncmp(word[i], key, strlen(key)))
			return word[i] + strlen(key);
	return "";
}

/* "} table[] = ..." begins where its struct does, which ctags has told before. */
static unsigned int with_type(const struct source *s, const struct def *d)
{
	const char *p = s->text.p + s->line[d->first].at;

	for (unsigned int i = s->nr_defs; *p == '}' && i-- > 0; )
		if (strchr("sug", s->def[i].kind) && s->def[i].last == d->first)
			return s->def[i].first;
	return d->first;
}

/* "name \t path \t line;" \t kind \t key:value..." */
static void add_tag(struct source *all, unsigned int nr, char *tag)
{
	char *word[16] = { NULL };
	int n = 0;
	const char *scope;
	struct source *s = NULL;
	struct def *d;

	for (char *save = NULL, *w = strtok_r(tag, "\t", &save); w && n < 16;
	     w = strtok_r(NULL, "\t", &save))
		word[n++] = w;
	for (unsigned int i = 0; n >= 4 && i < nr; i++)
		if (!strcmp(all[i].path, word[1]))
			s = &all[i];
	if (!s || strlen(word[3]) != 1)
		return;
	s->def = text_realloc(s->def, (s->nr_defs + 1) * sizeof(*s->def));
	d = &s->def[s->nr_defs];
	scope = strrchr(field(word + 4, n - 4, "scope:"), ':');
	*d = (struct def){
		.name = text_copy(word[0], strlen(word[0])),
		.scope = text_copy(scope ? scope + 1 : "", scope ? strlen(scope + 1) : 0),
		.kind = *word[3],
		.line = (unsigned int)strtoul(word[2], NULL, 10),
	};
	if (!d->line || d->line > s->nr_lines)
		return;
	d->first = d->kind == 'd' ? d->line : first_line(s, d->line);
	if (d->kind == 'v')
		d->first = with_type(s, d);
	d->last = last_line(s, d, (unsigned int)strtoul(field(word + 4, n - 4, "end:"), NULL, 10));
	s->nr_defs++;
}

static int run_ctags(struct source *s, unsigned int nr, const char *root)
{
	static const char *const head[] = {
		"ctags", "--options=NONE", "--language-force=C", "--kinds-C=+pxm", "--excmd=number",
		"--fields=keZ", "-I", "EXPORT_SYMBOL,EXPORT_SYMBOL_GPL,__percpu,__rcu",
		"-D", "DEFINE_PER_CPU(type,name)=type name",
		"-D", "DEFINE_STATIC_KEY_FALSE(name)=struct static_key_false name",
		"-D", "DEFINE_STATIC_KEY_TRUE(name)=struct static_key_true name",
		"--sort=no", "-f", "-",
	};
	enum { HEAD = sizeof(head) / sizeof(head[0]) };
	const char **argv = text_realloc(NULL, (HEAD + nr + 1) * sizeof(*argv));
	struct text said = { 0 };
	unsigned int n = HEAD;
	int ret;

	memcpy(argv, head, sizeof(head));
	for (unsigned int i = 0; i < nr; i++)
		if (s[i].found)
			argv[n++] = s[i].path;
	argv[n] = NULL;
	ret = n > HEAD ? proc_run(argv, root, &said) : 0;
	free(argv);
	if (ret > 0 && ret < 126)
		term_error(TERM_EXIT_SYSTEM, "ctags: %.*s", (int)strcspn(said.p, "\n"), said.p);
	for (char *save = NULL, *tag = ret ? NULL : strtok_r(said.p, "\n", &save); tag;
	     tag = strtok_r(NULL, "\n", &save))
		if (*tag != '!')
			add_tag(s, nr, tag);
	text_free(&said);
	return ret ? TERM_EXIT_SYSTEM : 0;
}

int source_load(struct source *s, const char *const *path, unsigned int nr, const char *root)
{
	for (unsigned int i = 0; i < nr; i++) {
		char *whole = text_path(root, path[i]);
		int bad;

		s[i] = (struct source){ .path = path[i] };
		bad = text_read(&s[i].text, whole);
		if (bad && errno != ENOENT && errno != ENOTDIR)
			return term_error(TERM_EXIT_USAGE, "%s: %s", whole, strerror(errno));
		s[i].found = !bad;
		free(whole);
		read_lines(&s[i]);
	}
	return run_ctags(s, nr, root);
}

void source_free(struct source *s)
{
	for (unsigned int i = 0; i < s->nr_defs; i++) {
		free(s->def[i].name);
		free(s->def[i].scope);
	}
	free(s->def);
	free(s->line);
	text_free(&s->text);
	*s = (struct source){ .path = s->path };
}

const struct def *source_find(const struct source *s, const char *name, const char *kinds,
			      unsigned int n)
{
	for (unsigned int i = 0; i < s->nr_defs; i++)
		if (!strcmp(s->def[i].name, name) && strchr(kinds, s->def[i].kind) && !n--)
			return &s->def[i];
	return NULL;
}

const struct def *source_member(const struct source *s, const char *scope, const char *name)
{
	for (unsigned int i = 0; i < s->nr_defs; i++)
		if (s->def[i].kind == 'm' && !strcmp(s->def[i].name, name) &&
		    !strcmp(s->def[i].scope, scope))
			return &s->def[i];
	return NULL;
}

bool source_same_enum(const struct source *a, const struct def *x, const struct source *b,
		      const struct def *y)
{
	for (unsigned int i = 0; i < a->nr_defs; i++) {
		const struct def *e = &a->def[i], *other;

		if (e->kind != 'e' || e->line < x->first || e->line > x->last)
			continue;
		other = source_find(b, e->name, "e", 0);
		if (other && other->line >= y->first && other->line <= y->last)
			return true;
	}
	return false;
}

const struct def *source_function_at(const struct source *s, unsigned int line)
{
	for (unsigned int i = 0; i < s->nr_defs; i++)
		if (s->def[i].kind == 'f' && s->def[i].first <= line && line <= s->def[i].last)
			return &s->def[i];
	return NULL;
}

const char *source_lines(const struct source *s, unsigned int first, unsigned int last, size_t *n)
{
	*n = s->line[last + 1].at - s->line[first].at;
	return s->text.p + s->line[first].at;
}
