/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A writer of JSON Lines: one object in one line, then the next.
 *
 * json_open() begins a line's object, json_close() ends it and the line.  In
 * between, every call takes the key of its value, which is NULL inside an array
 * and never inside an object.  Commas and escapes are the writer's business;
 * wrong nesting is a bug of the caller and asserted.
 *
 * Bytes that are not UTF-8 come out as U+FFFD, so a line always parses.
 * Errors of writing stay in the FILE (ferror()), for whoever owns it.
 */
#ifndef RESULTS_JSON_H
#define RESULTS_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH_MAX	32

struct json {
	FILE *out;
	int depth;
	char close[JSON_DEPTH_MAX];	/* the bracket that ends each level */
	bool begun[JSON_DEPTH_MAX];	/* a value was written: a comma is due */
};

/* @schema: "kicksim.finding/1", the first key of every line; or NULL. */
void json_open(struct json *j, FILE *out, const char *schema);
void json_close(struct json *j);

void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_end(struct json *j);	/* of the innermost object or array */

/* @value NULL writes null. */
void json_text(struct json *j, const char *key, const char *value);
void json_int(struct json *j, const char *key, int64_t value);
/* Seeds and hashes do not fit a reader's doubles: written as a string. */
void json_seed(struct json *j, const char *key, uint64_t value);
/* Infinity and NaN, which JSON lacks, write null. */
void json_real(struct json *j, const char *key, double value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);
/* @value is JSON already. */
void json_raw(struct json *j, const char *key, const char *value);

/*
 * The length of the UTF-8 character at @s, 0 if there is none: a stray or cut
 * sequence, an overlong form or a surrogate.
 */
int json_utf8_length(const char *s);

#endif
