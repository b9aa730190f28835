// SPDX-License-Identifier: GPL-2.0-only
/* The formats say what happened, in the form they promise and in no more room. */
#include "show_world.h"
#include "../results/term.h"

static struct test_show t;

static void begin_story(void)
{
	test_begin(&t, 3, 1);
	tell_lost_kick(&t);
}

static void test_race_text(void **state)
{
	static const char expected[] =
		"  CPU0 (vcpu0)           CPU1 (kicker)          CPU2\n"
		"                         kvm_vcpu_kick()\n"
		"                           cpu = vcpu0->cpu (0)\n"
		"  sched_out vcpu0 -> pCPU2\n"
		"                                                sched_in vcpu0 from pCPU0\n"
		"                                                kvm_arch_vcpu_load()\n"
		"                                                  cpu = 2\n"
		"                                                vcpu_enter_guest()\n"
		"                                                  mode = IN_GUEST\n"
		"                                                  VM-enter vcpu0\n"
		"                           cmpxchg mode IN_GUEST -> EXITING\n"
		"                           send_reschedule(0)\n"
		"  IPI: no vCPU here X\n"
		"\n"
		"  lost-kick of vcpu0 in kvm_vcpu_exiting_guest_mode (degraded): a kick\n"
		"  without a request found the vCPU in guest mode and left it there with no\n"
		"  IPI.\n"
		"  v5.15-x86, sc, by-hand: pcpus 3 vcpus 1\n"
		"  replay: kicksim replay k0123456\n";
	char *text;

	(void)state;
	begin_story();
	text = shown(&t, "race", 0);
	assert_string_equal(text, expected);
	free(text);
}

/* The race of the story's first half: the store of cpu, and the kicker's load. */
static void test_kcsan_text(void **state)
{
	static const char expected[] =
		"==================================================================\n"
		"BUG: KCSAN: data-race in kvm_arch_vcpu_load / kvm_vcpu_kick\n"
		"\n"
		"write to 0xffffc90000000%03x of 4 bytes by task 100 on cpu 2:\n"
		" kvm_arch_vcpu_load+0x0/0x0 k/arch/x86.c:32\n"
		"\n"
		"read to 0xffffc90000000%03x of 4 bytes by task 101 on cpu 1:\n"
		" kvm_vcpu_kick+0x0/0x0 k/kick/v5.15.c:119\n"
		"\n"
		"value changed: 0x00000001 -> 0x00000002\n"
		"\n"
		"Reported by Kernel Concurrency Sanitizer on:\n"
		"CPU: 1 PID: 101 Comm: kicker Not tainted v5.15-x86-kicksim #k0123456\n"
		"Hardware name: kicksim deterministic simulator\n"
		"==================================================================\n";
	char wanted[2048], *text;
	uint32_t off;

	(void)state;
	test_begin(&t, 3, 1);
	off = off_of(&test_vcpus[0]->cpu);
	t.in.id = "k0123456";
	add(&t, TRACE_READ, 1, 1, AT_KICK_READ, off, 1, 0);
	add(&t, TRACE_WRITE, 2, 0, AT_LOAD_WRITE, off, 2, 1);
	add_report(&t, ORACLE_DATA_RACE, -1, AT_LOAD_WRITE, AT_KICK_READ);
	snprintf(wanted, sizeof(wanted), expected, off, off);
	text = shown(&t, "kcsan", 0);
	assert_string_equal(text, wanted);
	free(text);

	/* A marked load never owns the watchpoint: the plain store is told last. */
	t.trace.rec[0].flags = ACC_READ;
	text = shown(&t, "kcsan", 0);
	assert_non_null(strstr(text, "kick\n\nread (marked) to "));
	assert_non_null(strstr(text, "CPU: 2 PID: 100 Comm: vcpu0 "));
	free(text);

	/* The other side is made after the report, which is how it mostly comes. */
	add(&t, TRACE_READ, 0, 1, AT_KICK_READ, off, 2, 0);
	text = shown(&t, "kcsan", 0);
	assert_non_null(strstr(text, "by task 101 on cpu 0:"));
	free(text);
}

static void test_kcsan_refuses(void **state)
{
	(void)state;
	begin_story();
	free(shown(&t, "kcsan", TERM_EXIT_USAGE));
	t.in.report = NULL;
	free(shown(&t, "kcsan", TERM_EXIT_USAGE));
	test_begin(&t, 3, 1);
	add(&t, TRACE_WRITE, 2, 0, AT_LOAD_WRITE, off_of(&test_vcpus[0]->cpu), 2, 1);
	add_report(&t, ORACLE_DATA_RACE, -1, AT_LOAD_WRITE, AT_KICK_READ);
	free(shown(&t, "kcsan", TERM_EXIT_SYSTEM));
}

static void test_columns_text(void **state)
{
	static const char *const lines[] = {
		"X degraded: lost-kick of vcpu0 in kvm_vcpu_exiting_guest_mode\n",
		"schedule: -\n",
		"    # pCPU0 vcpu0    pCPU1 kicker   pCPU2                    vcpu0     cpu req\n",
		"\n    1 :32 cpu = 0    .              .                        OUTSIDE   0*  -\n",
		"\n    2 .              :119 cpu (0)   .                        OUTSIDE   0   -\n",
		"\n      sched_out vcpu0 -> pCPU2      .                        OUTSIDE   0   -\n",
		"\n    4 .              .              :206 mode = IN_GUEST     IN_GUEST* 2   -\n",
		"\n    6 .              :100 cmpxchg mode IN_GUEST -> EXITING   EXITING*  2   -\n",
		"\n      <------------- :127 send_reschedule(0)                 EXITING   2   -\n",
		"\n      IPI: no vCPU here X           .                        EXITING   2   -\n",
		"\n      X degraded: lost-kick of vcpu0 in kvm_vcpu_exiting_guest_mode\n",
		"\nreplay: kicksim replay k0123456\n",
	};
	const char *at;
	char *text;

	(void)state;
	begin_story();
	text = shown(&t, "columns", 0);
	at = text;
	for (unsigned int i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		at = strstr(at, lines[i]);
		if (!at)
			fail_msg("no '%s' where it belongs in\n%s", lines[i], text);
	}
	free(text);
}

/* Calls @check on each line of @text but the one to be pasted. */
static unsigned int each_line(char *text, void (*check)(const char *line, unsigned int max),
			      unsigned int max)
{
	unsigned int nr = 0;

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), nr++)
		if (!strstr(line, "replay: "))
			check(line, max);
	return nr;
}

static void check_width(const char *line, unsigned int max)
{
	size_t n = strlen(line);

	if ((unsigned int)term_width(line) > max)
		fail_msg("%d columns: %s", term_width(line), line);
	if (n && line[n - 1] == ' ')
		fail_msg("blank at the end: '%s'", line);
	for (; *line; line++)
		if (*line == '\t')
			fail_msg("a tab");
}

/* All of the story's kinds of records, over and over, by everybody. */
static void tell_much(int nr_pcpus, int nr_vcpus)
{
	test_begin(&t, nr_pcpus, nr_vcpus);
	for (unsigned int i = 0; i < 4000; i++) {
		unsigned int pcpu = i * 7 % (unsigned int)nr_pcpus;
		unsigned int task = i * 5 % ((unsigned int)nr_vcpus + 1);
		unsigned int v = i * 3 % (unsigned int)nr_vcpus;
		enum trace_kind kind = (enum trace_kind)(i % TRACE_REPORT);
		uint16_t site = (uint16_t)(i % NR_PLACES);
		uint32_t off = off_of(&test_vcpus[v]->cpu) + 4 * (i % 2);

		if (kind > TRACE_CAS_FAILED && kind != TRACE_VISIBLE)
			off = i % 2;
		add(&t, kind, pcpu, task, site, off, i % 3, 0);
	}
	add_report(&t, ORACLE_LOST_KICK, 0, AT_KICK_CAS, AT_KICK_SEND);
}

static void test_columns_width(void **state)
{
	static const char *const widths[] = { "40", "80", "100", "160", "300" };

	(void)state;
	for (unsigned int w = 0; w < sizeof(widths) / sizeof(widths[0]); w++) {
		unsigned int width = (unsigned int)atoi(widths[w]);

		setenv("COLUMNS", widths[w], 1);
		for (int n = 1; n <= MAX_PCPUS; n++) {
			char *text;

			tell_much(n, 1 + n * 3 % MAX_VCPUS);
			text = shown(&t, "columns", 0);
			/* Below 80 the terminal folds what eight pCPUs need. */
			assert_true(each_line(text, check_width, width < 80 ? 80 : width) > 4000);
			free(text);
		}
	}
	unsetenv("COLUMNS");
}

/* Where the width ends, text goes on below: no part of it is lost. */
static void test_race_width(void **state)
{
	(void)state;
	for (int n = 1; n <= MAX_PCPUS; n++) {
		char *text;
		unsigned int nr;

		tell_much(n, 1 + n * 3 % MAX_VCPUS);
		text = shown(&t, "race", 0);
		nr = each_line(text, check_width, 75);
		assert_in_range(nr, 6, 250);
		free(text);
		t.in.report = NULL;
		text = shown(&t, "race", 0);
		assert_in_range(each_line(text, check_width, 75), 6, 250);
		free(text);
	}
}

static void check_json(const char *line, unsigned int max)
{
	static const char begin[] = "{\"schema\":\"kicksim.trace/1\",\"what\":\"";

	(void)max;
	assert_memory_equal(line, begin, sizeof(begin) - 1);
	assert_int_equal(line[strlen(line) - 1], '}');
}

static void test_json_lines(void **state)
{
	unsigned int nr;
	char *text;

	(void)state;
	begin_story();
	text = shown(&t, "json", 0);
	assert_non_null(strstr(text, "\"text\":\"cmpxchg vcpu0->mode IN_GUEST_MODE -> "
			       "EXITING_GUEST_MODE\",\"object\":\"vcpu0\",\"field\":\"mode\""));
	assert_non_null(strstr(text, "\"value\":\"2\",\"value_text\":\"EXITING_GUEST_MODE\","
			       "\"old\":\"1\",\"old_text\":\"IN_GUEST_MODE\""));
	assert_non_null(strstr(text, "\"oracle\":\"lost-kick\",\"severity\":\"degraded\""));
	nr = each_line(text, check_json, 0);
	/* The run's own line has the word that each_line() passes over. */
	assert_int_equal(nr, t.trace.nr + 1);
	free(text);
}

/* An empty run, and one that ended for another reason, are shown as well. */
static void test_little(void **state)
{
	static const char *const formats[] = { "columns", "race", "json" };

	(void)state;
	for (unsigned int i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		char *text;

		test_begin(&t, 1, 1);
		t.result.end = RUN_STOPPED;
		text = shown(&t, formats[i], 0);
		assert_true(strlen(text) > 40);
		free(text);
	}
}

static void test_unknown_format(void **state)
{
	(void)state;
	begin_story();
	free(shown(&t, "column", TERM_EXIT_USAGE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_race_text),
		cmocka_unit_test(test_kcsan_text),
		cmocka_unit_test(test_kcsan_refuses),
		cmocka_unit_test(test_columns_text),
		cmocka_unit_test(test_columns_width),
		cmocka_unit_test(test_race_width),
		cmocka_unit_test(test_json_lines),
		cmocka_unit_test(test_little),
		cmocka_unit_test(test_unknown_format),
	};

	unsetenv("COLUMNS");
	term_set_ascii(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
