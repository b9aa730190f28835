// SPDX-License-Identifier: GPL-2.0-only
/*
 * Straight to a FILE, without a tree in between: a line is written once, in
 * order, and the only state is where commas and brackets stand.
 */
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "json.h"

static bool is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

int json_utf8_length(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	if (u[0] < 0x80)
		return u[0] != 0;
	/* Below 0xc2 are tails and overlong forms, above 0xf4 is no Unicode. */
	if (u[0] < 0xc2 || u[0] > 0xf4 || !is_tail(u[1]))
		return 0;
	if (u[0] < 0xe0)
		return 2;
	if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
	    !is_tail(u[2]))
		return 0;
	if (u[0] < 0xf0)
		return 3;
	if ((u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f) ||
	    !is_tail(u[3]))
		return 0;
	return 4;
}

/* The short escapes of JSON stand in pairs; any other is \u and four digits. */
static void put_control(FILE *out, unsigned char c)
{
	static const char names[] = "\bb\ff\nn\rr\tt\"\"\\\\";
	const char *p;

	for (p = names; *p; p += 2)
		if (c == (unsigned char)*p) {
			fprintf(out, "\\%c", p[1]);
			return;
		}
	fprintf(out, "\\u%04x", c);
}

static void put_text(FILE *out, const char *s)
{
	int length;

	putc('"', out);
	while (*s) {
		length = json_utf8_length(s);
		if (length == 0) {
			fputs("\\ufffd", out);
			s++;
		} else if (length == 1 && ((unsigned char)*s < 0x20 ||
					   *s == '"' || *s == '\\' || *s == 0x7f)) {
			put_control(out, *s++);
		} else {
			fwrite(s, 1, length, out);
			s += length;
		}
	}
	putc('"', out);
}

/* All that comes before a value. */
static void begin_value(struct json *j, const char *key)
{
	int top = j->depth - 1;

	assert(j->depth > 0);
	assert((key != NULL) == (j->close[top] == '}'));
	if (j->begun[top])
		putc(',', j->out);
	j->begun[top] = true;
	if (key) {
		put_text(j->out, key);
		putc(':', j->out);
	}
}

/* Enter an object or array; json_end() knows its bracket from here. */
static void push(struct json *j, char open, char close)
{
	assert(j->depth < JSON_DEPTH_MAX);
	putc(open, j->out);
	j->close[j->depth] = close;
	j->begun[j->depth++] = false;
}

void json_open(struct json *j, FILE *out, const char *schema)
{
	memset(j, 0, sizeof(*j));
	j->out = out;
	push(j, '{', '}');
	if (schema)
		json_text(j, "schema", schema);
}

void json_close(struct json *j)
{
	assert(j->depth == 1);
	json_end(j);
	putc('\n', j->out);
}

void json_object(struct json *j, const char *key)
{
	begin_value(j, key);
	push(j, '{', '}');
}

void json_array(struct json *j, const char *key)
{
	begin_value(j, key);
	push(j, '[', ']');
}

void json_end(struct json *j)
{
	assert(j->depth > 0);
	putc(j->close[--j->depth], j->out);
}

void json_text(struct json *j, const char *key, const char *value)
{
	begin_value(j, key);
	if (value)
		put_text(j->out, value);
	else
		fputs("null", j->out);
}

void json_int(struct json *j, const char *key, int64_t value)
{
	begin_value(j, key);
	fprintf(j->out, "%" PRId64, value);
}

void json_seed(struct json *j, const char *key, uint64_t value)
{
	begin_value(j, key);
	fprintf(j->out, "\"%" PRIu64 "\"", value);
}

void json_real(struct json *j, const char *key, double value)
{
	begin_value(j, key);
	if (isfinite(value))
		fprintf(j->out, "%.15g", value);
	else
		fputs("null", j->out);
}

void json_bool(struct json *j, const char *key, bool value)
{
	begin_value(j, key);
	fputs(value ? "true" : "false", j->out);
}

void json_null(struct json *j, const char *key)
{
	begin_value(j, key);
	fputs("null", j->out);
}

void json_raw(struct json *j, const char *key, const char *value)
{
	begin_value(j, key);
	fputs(value, j->out);
}
