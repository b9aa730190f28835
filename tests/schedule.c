// SPDX-License-Identifier: GPL-2.0-only
/*
 * Schedules as text: what is printed is read back, what is not a schedule is
 * refused at the right character, and one that does not fit a run is refused with
 * the place and the reason.
 */
#include "tests/sim_common.h"

static struct schedule s, back;
static char text[SCHEDULE_TEXT];

static void assert_round_trip(void)
{
	const char *error, *expected;
	size_t n = schedule_print(&s, text, sizeof(text));

	assert_int_equal(n, strlen(text));
	assert_true(n < sizeof(text));
	assert_int_equal(schedule_parse(&back, text, &error, &expected), 0);
	assert_int_equal(back.nr, s.nr);
	for (unsigned int i = 0; i < s.nr; i++) {
		assert_int_equal(back.entry[i].position, s.entry[i].position);
		assert_int_equal(back.entry[i].kind, s.entry[i].kind);
		assert_int_equal(back.entry[i].bound, s.entry[i].bound);
		assert_int_equal(back.entry[i].answer, s.entry[i].answer);
	}
}

/* Any schedule at all, whether or not a run could have it. */
static void test_round_trip(void **state)
{
	struct random r;

	(void)state;
	random_seed(&r, 1);
	for (int i = 0; i < 2000; i++) {
		uint32_t position = 0;

		s.nr = i ? random_below(&r, i % 100 ? 30 : SCHEDULE_MAX + 1) : 0;
		for (unsigned int j = 0; j < s.nr; j++) {
			struct schedule_entry *e = &s.entry[j];

			e->position = position + random_below(&r, 20);
			position = e->position + 1;
			e->kind = (uint8_t)random_below(&r, NR_CHOICE_KINDS);
			e->bound = (uint8_t)(2 + random_below(&r, 254));
			e->answer = (uint8_t)(1 + random_below(&r, e->bound - 1u));
		}
		assert_round_trip();
	}
	/* The longest text that there is. */
	s.nr = SCHEDULE_MAX;
	for (unsigned int j = 0; j < s.nr; j++)
		s.entry[j] = (struct schedule_entry){ MAX_CHOICES - SCHEDULE_MAX + j, 0, 255, 254 };
	assert_round_trip();
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		int at;
		const char *expected;
	} bad[] = {
		{ "x", 0, "position" },
		{ "3", 0, "position" },
		{ "3:", 0, "answer" },
		{ "3:0/4e", 0, "answer" },
		{ "3:-1/4e", 0, "answer" },
		{ "3:4/4e", 0, "bound" },
		{ "3:1/256e", 0, "bound" },
		{ "3:1/4z", 0, "letter" },
		{ "3:1/4", 0, "letter" },
		{ "3:1/4ee", 0, "letter" },
		{ "3:1/4e 3:1/4e", 7, "above" },
		{ "3:1/4e 2:1/4e", 7, "above" },
		{ "3:1/4e, 4:1/4e", 0, "letter" },
		{ "32768:1/4e", 0, "position" },
		{ "99999999999999999999:1/4e", 0, "position" },
		{ "- 3:1/4e", 0, "position" },
		{ "3:1/4e -", 7, "position" },
	};
	const char *error, *expected;

	(void)state;
	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (!schedule_parse(&s, bad[i].text, &error, &expected))
			fail_msg("'%s' is taken for a schedule", bad[i].text);
		assert_int_equal(error - bad[i].text, bad[i].at);
		if (!strstr(expected, bad[i].expected))
			fail_msg("'%s': %s is expected", bad[i].text, expected);
	}
}

static void test_too_long(void **state)
{
	static char many[(SCHEDULE_MAX + 1) * 12 + 1];
	const char *error, *expected;
	size_t n = 0;

	(void)state;
	for (int i = 0; i <= SCHEDULE_MAX; i++)
		n += (size_t)snprintf(many + n, sizeof(many) - n, "%d:1/4e ", i);
	assert_int_equal(schedule_parse(&s, many, &error, &expected), -1);
	assert_non_null(strstr(expected, "1024"));
}

/* Bytes that are not text either never hurt. */
static void test_garbage(void **state)
{
	const char *error, *expected;
	struct random r;
	char line[64];

	(void)state;
	random_seed(&r, 2);
	for (int i = 0; i < 200000; i++) {
		size_t n = random_below(&r, sizeof(line) - 1);

		for (size_t j = 0; j < n; j++)
			line[j] = i % 2 ? "0123456789:/emwx- \n"[random_below(&r, 19)] :
				  (char)(1 + random_below(&r, 255));
		line[n] = '\0';
		if (!schedule_parse(&s, line, &error, &expected))
			assert_round_trip();
		else
			assert_true(error >= line && error <= line + n);
	}
}

/* Each answer of a real run, moved or changed, is refused where it stands. */
static void test_unfit(void **state)
{
	struct run_result result;
	struct engine e;
	struct config c;
	char why[128];

	(void)state;
	sim_prepare(&c, "v5.15 mixed");
	assert_true(engine_parse(&e, "random"));
	engine_seed(&e, 5);
	run_once(&e.chooser, NULL, &result);
	assert_true(schedule_of_run(&s) && s.nr > 5);
	assert_true(run_schedule(&s, NULL, &result, why, sizeof(why)));
	assert_string_equal(why, "it fits");
	for (unsigned int i = 0; i < s.nr; i++) {
		back = s;
		back.entry[i].bound++;
		assert_false(run_schedule(&back, NULL, &result, why, sizeof(why)));
		assert_int_equal(result.end, RUN_REFUSED);
		snprintf(text, sizeof(text), "choice %u was %s/%u, is ", s.entry[i].position,
			 choice_kind_name[s.entry[i].kind], s.entry[i].bound + 1);
		assert_memory_equal(why, text, strlen(text));
		back = s;
		back.entry[i].kind = (back.entry[i].kind + 1) % NR_CHOICE_KINDS;
		assert_false(run_schedule(&back, NULL, &result, why, sizeof(why)));
	}
	back = s;
	back.entry[back.nr++] = (struct schedule_entry){ MAX_CHOICES - 1, CHOICE_EVENT, 2, 1 };
	assert_false(run_schedule(&back, NULL, &result, why, sizeof(why)));
	assert_non_null(strstr(why, "the run ends after"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_unfit),
	};

	return cmocka_run_group_tests(tests, sim_begin, NULL);
}
