// SPDX-License-Identifier: GPL-2.0-only
/*
 * What users and their scripts get to see: JSON, tables, CSV, colour, numbers,
 * and what an error line looks like.
 */
#include "tests/results_common.h"

#include <math.h>
#include <sqlite3.h>

#include "results/json.h"
#include "results/table.h"
#include "results/term.h"

static char *text;
static size_t text_size;
static FILE *out;

static void capture(void)
{
	out = open_memstream(&text, &text_size);
	assert_non_null(out);
}

/* Close what capture() opened and compare. */
static void assert_printed(const char *expected)
{
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, expected);
	free(text);
}

static void test_json(void **state)
{
	struct json j;

	(void)state;
	capture();
	json_open(&j, out, "kicksim.test/1");
	json_text(&j, "a", "q\"b\\n\nt\tu\001\177");
	json_object(&j, "o");
	json_int(&j, "min", INT64_MIN);
	json_array(&j, "list");
	json_bool(&j, NULL, true);
	json_null(&j, NULL);
	json_array(&j, NULL);
	json_end(&j);
	json_real(&j, NULL, 0.5);
	json_real(&j, NULL, NAN);
	json_end(&j);
	json_seed(&j, "seed", 9007199254740991);
	json_end(&j);
	json_raw(&j, "raw", "{\"x\":1}");
	json_text(&j, "none", NULL);
	json_close(&j);
	json_open(&j, out, NULL);
	json_close(&j);
	assert_printed("{\"schema\":\"kicksim.test/1\","
		       "\"a\":\"q\\\"b\\\\n\\nt\\tu\\u0001\\u007f\","
		       "\"o\":{\"min\":-9223372036854775808,"
		       "\"list\":[true,null,[],0.5,null],"
		       "\"seed\":\"9007199254740991\"},"
		       "\"raw\":{\"x\":1},\"none\":null}\n{}\n");
}

/* Any bytes give a line that a strict reader takes, and good UTF-8 survives. */
static void test_json_any_bytes(void **state)
{
	static const char *const good[] = {
		"✗ → ü", "\xf0\x9f\x92\xa5", "\xed\x9f\xbf", "\xee\x80\x80",
		"\xc2\x80", "\xf4\x8f\xbf\xbf",
	};
	static const struct { const char *in, *out; } bad[] = {
		{ "\xff", "\\ufffd" }, { "a\xc3", "a\\ufffd" },
		{ "\xc0\xaf", "\\ufffd\\ufffd" },
		{ "\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd" },
		{ "\xe2\x9c", "\\ufffd\\ufffd" },
		{ "\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd" },
		{ "\xe0\x80\x80", "\\ufffd\\ufffd\\ufffd" },
	};
	char expected[128];
	struct json j;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		capture();
		json_open(&j, out, NULL);
		json_text(&j, "k", good[i]);
		json_close(&j);
		snprintf(expected, sizeof(expected), "{\"k\":\"%s\"}\n", good[i]);
		assert_printed(expected);
	}
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		capture();
		json_open(&j, out, NULL);
		json_text(&j, "k", bad[i].in);
		json_close(&j);
		snprintf(expected, sizeof(expected), "{\"k\":\"%s\"}\n", bad[i].out);
		assert_printed(expected);
	}
}

/* What json_text() writes, SQLite's own reader gives back. */
static void test_json_read_back(void **state)
{
	char all[256];
	struct json j;
	sqlite3 *db;
	sqlite3_stmt *stmt;
	int i;

	(void)state;
	for (i = 1; i < 128; i++)
		all[i - 1] = i;
	all[127] = '\0';
	capture();
	json_open(&j, out, NULL);
	json_text(&j, all, all);
	json_close(&j);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT key, value FROM json_each(?1)",
					    -1, &stmt, NULL), SQLITE_OK);
	sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(stmt, 1), all);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	free(text);
}

static void fill(struct table *t, enum table_format format)
{
	capture();
	table_open(t, out, format, "kicksim.test/1");
	table_column(t, "name");
	table_column(t, "n");
	table_column(t, "r");
	table_column(t, "last, one");
	table_text(t, "ü✗");
	table_int(t, -5);
	table_real(t, 0.25);
	table_text(t, "say \"x\"");
	table_text(t, NULL);
	table_int(t, 123456);
	table_text(t, NULL);
	table_text(t, "two\nlines");
	assert_int_equal(t->nr_rows, 2);
	table_close(t);
}

static void test_table(void **state)
{
	struct table t;

	(void)state;
	fill(&t, TABLE_ALIGNED);
	assert_printed("name       n     r  last, one\n"
		       "ü✗        -5  0.25  say \"x\"\n"
		       "-     123456     -  two lines\n");
	fill(&t, TABLE_CSV);
	assert_printed("name,n,r,\"last, one\"\n"
		       "ü✗,-5,0.25,\"say \"\"x\"\"\"\n"
		       ",123456,,\"two\nlines\"\n");
	fill(&t, TABLE_JSON);
	assert_printed("{\"schema\":\"kicksim.test/1\",\"name\":\"ü✗\",\"n\":-5,"
		       "\"r\":0.25,\"last, one\":\"say \\\"x\\\"\"}\n"
		       "{\"schema\":\"kicksim.test/1\",\"name\":null,\"n\":123456,"
		       "\"r\":null,\"last, one\":\"two\\nlines\"}\n");
}

static void test_table_empty(void **state)
{
	static const char *const expected[] = { "a  b\n", "a,b\n", "" };
	struct table t;
	int format;

	(void)state;
	for (format = TABLE_ALIGNED; format <= TABLE_JSON; format++) {
		capture();
		table_open(&t, out, format, NULL);
		table_column(&t, "a");
		table_column(&t, "b");
		table_close(&t);
		assert_printed(expected[format]);
	}
}

static void test_color(void **state)
{
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	unsetenv("NO_COLOR");
	unsetenv("CLICOLOR_FORCE");
	setenv("TERM", "xterm", 1);
	assert_false(term_has_color(file));
	setenv("CLICOLOR_FORCE", "0", 1);
	assert_false(term_has_color(file));
	setenv("CLICOLOR_FORCE", "1", 1);
	assert_true(term_has_color(file));
	setenv("NO_COLOR", "", 1);
	assert_true(term_has_color(file));
	setenv("NO_COLOR", "1", 1);
	assert_false(term_has_color(file));
	assert_string_equal(term_ink(file, TERM_RED), "");
	/* A flag is above the environment. */
	assert_true(term_set_color("always"));
	assert_true(term_has_color(file));
	assert_string_equal(term_ink(file, TERM_RED), "\033[31m");
	unsetenv("NO_COLOR");
	assert_true(term_set_color("never"));
	assert_false(term_has_color(file));
	assert_false(term_set_color("sometimes"));
	assert_true(term_set_color("auto"));
	unsetenv("CLICOLOR_FORCE");
	fclose(file);
}

static void test_signs(void **state)
{
	(void)state;
	setenv("LC_ALL", "C", 1);
	assert_string_equal(term_sign(TERM_BAD), "X");
	setenv("LC_ALL", "de_DE.UTF-8", 1);
	assert_string_equal(term_sign(TERM_BAD), "✗");
	term_set_ascii(true);
	assert_string_equal(term_sign(TERM_BAD), "X");
	term_set_ascii(false);
	unsetenv("LC_ALL");
	unsetenv("LC_CTYPE");
	setenv("LANG", "C.utf8", 1);
	assert_string_equal(term_sign(TERM_ODD), "•");
}

static void test_suggest(void **state)
{
	static const char *const words[] = {
		"campaign", "prove", "replay", "show", "query", "report",
		"time-to-find", NULL
	};
	static const struct { const char *word, *meant; } cases[] = {
		{ "capmaign", "campaign" }, { "reply", "replay" },
		{ "querry", "query" }, { "qeury", "query" }, { "camp", "campaign" },
		{ "time_to_find", "time-to-find" }, { "shwo", "show" },
		{ "rapport", "report" }, { "xyzzy", NULL }, { "", NULL },
		{ "q", NULL }, { "zz", NULL },
	};
	char buf[128], lots[500];
	const char *got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		got = term_suggest(cases[i].word, words);
		if (!got || !cases[i].meant)
			assert_ptr_equal(got, cases[i].meant);
		else
			assert_string_equal(got, cases[i].meant);
	}
	assert_string_equal(term_did_you_mean(buf, "reply", words),
			    " (did you mean replay?)");
	assert_string_equal(term_did_you_mean(buf, "xyzzy", words), "");
	memset(lots, 'a', sizeof(lots));
	lots[sizeof(lots) - 1] = '\0';
	assert_null(term_suggest(lots, words));
}

static void test_numbers(void **state)
{
	static const struct { uint64_t n; const char *text; } cases[] = {
		{ 0, "0" }, { 2704, "2704" }, { 9999, "9999" },
		{ 10000, "10.0k" }, { 65149, "65.1k" }, { 999999, "999.9k" },
		{ 1000000, "1.0M" }, { 12400000, "12.4M" },
		{ 1000000000000ull, "1.0T" }, { UINT64_MAX, "18.4E" },
	};
	char buf[16];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(term_count(buf, cases[i].n), cases[i].text);
	assert_string_equal(term_clock(buf, 41), "00:41");
	assert_string_equal(term_clock(buf, 3 * 3600 + 12 * 60 + 5), "03:12:05");
	assert_string_equal(term_clock(buf, UINT64_MAX), "99999:00:15");
	assert_int_equal(term_width("ü✗a"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_any_bytes),
		cmocka_unit_test(test_json_read_back),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_empty),
		cmocka_unit_test(test_color),
		cmocka_unit_test(test_signs),
		cmocka_unit_test(test_suggest),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
