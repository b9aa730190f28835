// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words of a litmus test.
 *
 * The format mixes two languages: "(*" opens a comment outside of processes,
 * and inside of them only if a blank follows, for READ_ONCE(*x) is C.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "litmus_parse.h"

#define DEPTH_MAX 200

bool lit_failed(const struct lit_parser *p)
{
	return p->t->error != LITMUS_FINE;
}

static void fail(struct lit_parser *p, enum litmus_error error)
{
	p->t->error = error;
	p->t->error_line = p->line;
	p->token = LIT_T_END;
}

/* What stands here, for the end of an error message. */
static void describe_token(const struct lit_parser *p, char *buf, size_t size)
{
	int len = p->pos - p->start;

	if (p->token == LIT_T_END)
		snprintf(buf, size, "the end of the file");
	else
		snprintf(buf, size, "\"%.*s\"", len > 40 ? 40 : len,
			 p->text + p->start);
}

void lit_syntax(struct lit_parser *p, const char *expected)
{
	char found[64];

	if (lit_failed(p))
		return;
	describe_token(p, found, sizeof(found));
	snprintf(p->t->error_text, sizeof(p->t->error_text),
		 "expected %s, found %s", expected, found);
	fail(p, LITMUS_SYNTAX);
}

void lit_skip(struct lit_parser *p, const char *format, ...)
{
	va_list args;

	if (lit_failed(p))
		return;
	va_start(args, format);
	vsnprintf(p->t->error_text, sizeof(p->t->error_text), format, args);
	va_end(args);
	fail(p, LITMUS_SKIP);
}

bool lit_enter(struct lit_parser *p)
{
	if (p->depth >= DEPTH_MAX) {
		lit_skip(p, "nested too deeply");
		return false;
	}
	p->depth++;
	return true;
}

void lit_leave(struct lit_parser *p)
{
	p->depth--;
}

static int peek(const struct lit_parser *p, size_t ahead)
{
	size_t at = p->pos + ahead;

	return at < p->len ? (unsigned char)p->text[at] : -1;
}

static bool opens_comment(const struct lit_parser *p)
{
	if (peek(p, 0) != '(' || peek(p, 1) != '*')
		return false;
	return !p->in_code || peek(p, 2) < 0 || isspace(peek(p, 2));
}

/* Comments of the litmus format nest. */
static void skip_litmus_comment(struct lit_parser *p)
{
	unsigned int line = p->line;
	unsigned int level = 0;

	do {
		if (peek(p, 0) < 0) {
			p->line = line;
			p->start = p->pos;
			p->token = LIT_T_END;
			lit_syntax(p, "\"*)\" to close this comment");
			return;
		}
		if (peek(p, 0) == '(' && peek(p, 1) == '*') {
			level++;
			p->pos++;
		} else if (peek(p, 0) == '*' && peek(p, 1) == ')') {
			level--;
			p->pos++;
		} else if (peek(p, 0) == '\n') {
			p->line++;
		}
		p->pos++;
	} while (level);
}

static void skip_c_comment(struct lit_parser *p)
{
	unsigned int line = p->line;

	p->pos += 2;
	while (peek(p, 0) != '*' || peek(p, 1) != '/') {
		if (peek(p, 0) < 0) {
			p->line = line;
			p->start = p->pos;
			p->token = LIT_T_END;
			lit_syntax(p, "\"*/\" to close this comment");
			return;
		}
		if (peek(p, 0) == '\n')
			p->line++;
		p->pos++;
	}
	p->pos += 2;
}

void lit_blanks(struct lit_parser *p)
{
	while (!lit_failed(p) && peek(p, 0) >= 0) {
		if (opens_comment(p)) {
			skip_litmus_comment(p);
		} else if (peek(p, 0) == '/' && peek(p, 1) == '*') {
			skip_c_comment(p);
		} else if (peek(p, 0) == '/' && peek(p, 1) == '/') {
			while (peek(p, 0) >= 0 && peek(p, 0) != '\n')
				p->pos++;
		} else if (isspace(peek(p, 0))) {
			if (peek(p, 0) == '\n')
				p->line++;
			p->pos++;
		} else {
			return;
		}
	}
}

static void take_name(struct lit_parser *p)
{
	size_t n;

	while (peek(p, 0) >= 0 && (isalnum(peek(p, 0)) || peek(p, 0) == '_'))
		p->pos++;
	n = p->pos - p->start;
	if (n >= sizeof(p->name)) {
		lit_skip(p, "a name longer than %zu bytes",
			 sizeof(p->name) - 1);
		return;
	}
	memcpy(p->name, p->text + p->start, n);
	p->name[n] = '\0';
	p->token = LIT_T_NAME;
}

static int digit_value(int c)
{
	if (c < 0 || !isxdigit(c))
		return 99;
	return isdigit(c) ? c - '0' : tolower(c) - 'a' + 10;
}

static void take_number(struct lit_parser *p)
{
	uint64_t value = 0;
	int base = 10;

	if (peek(p, 0) == '0' && (peek(p, 1) | 32) == 'x') {
		base = 16;
		p->pos += 2;
	}
	while (digit_value(peek(p, 0)) < base) {
		value = value * base + digit_value(peek(p, 0));
		p->pos++;
	}
	while (peek(p, 0) > 0 && strchr("uUlL", peek(p, 0)))
		p->pos++;
	p->number = value;
	p->token = LIT_T_NUMBER;
}

static void take_string(struct lit_parser *p)
{
	p->pos++;
	while (peek(p, 0) != '"') {
		if (peek(p, 0) < 0 || peek(p, 0) == '\n') {
			lit_syntax(p, "'\"' to close this string");
			return;
		}
		p->pos++;
	}
	p->pos++;
	p->token = LIT_T_STRING;
}

static void take_sign(struct lit_parser *p)
{
	static const char *const pairs = "/\\ \\/ && || == != <= >= << >> -> "
		"++ -- += -= |= &= ^= => <> ";
	const char *pair;

	p->token = LIT_T_SIGN;
	for (pair = pairs; *pair; pair += 3) {
		if (peek(p, 0) == pair[0] && peek(p, 1) == pair[1]) {
			p->sign = LIT_2(pair[0], pair[1]);
			p->pos += 2;
			return;
		}
	}
	p->sign = peek(p, 0);
	p->pos++;
	if (p->sign < 32 || p->sign > 126)
		lit_syntax(p, "text, no binary data");
}

void lit_next(struct lit_parser *p)
{
	lit_blanks(p);
	if (lit_failed(p)) {
		p->token = LIT_T_END;
		return;
	}
	p->start = p->pos;
	if (peek(p, 0) < 0)
		p->token = LIT_T_END;
	else if (isdigit(peek(p, 0)))
		take_number(p);
	else if (isalpha(peek(p, 0)) || peek(p, 0) == '_')
		take_name(p);
	else if (peek(p, 0) == '"')
		take_string(p);
	else
		take_sign(p);
}

void lit_again(struct lit_parser *p)
{
	if (lit_failed(p))
		return;
	p->pos = p->start;
	lit_next(p);
}

bool lit_is(const struct lit_parser *p, int sign)
{
	return p->token == LIT_T_SIGN && p->sign == sign;
}

bool lit_is_name(const struct lit_parser *p, const char *name)
{
	return p->token == LIT_T_NAME && !strcmp(p->name, name);
}

bool lit_accept(struct lit_parser *p, int sign)
{
	if (!lit_is(p, sign))
		return false;
	lit_next(p);
	return true;
}

bool lit_expect(struct lit_parser *p, int sign, const char *what)
{
	if (lit_accept(p, sign))
		return true;
	lit_syntax(p, what);
	return false;
}
