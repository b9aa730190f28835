// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace.dat as libtracecmd reads it: every event of a run is there, in order, on
 * its CPU, with its task, its time, its fields, and a text without a complaint.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <trace-cmd.h>
#include "../fuzz/show_run.h"
#include "../fuzz/tracepoint.h"

struct reader {
	const struct show_events *events;
	uint32_t next;
};

/* The fields that a template cannot misread are compared as numbers and texts. */
static void compare_fields(struct tep_event *event, struct tep_record *record,
			   const struct show_event *e)
{
	unsigned char expected[TRACEPOINT_RECORD];
	const struct tracepoint *tp = tracepoint_of(e);
	unsigned long long value;

	tracepoint_record(e, expected);
	for (const struct tracepoint_field *f = tp->field; f->name; f++) {
		uint64_t want = 0;

		if (f->is_text) {
			int length;
			char *text = tep_get_field_raw(NULL, event, f->name, record, &length, 0);

			assert_non_null(text);
			assert_int_equal(length, f->size);
			assert_string_equal(text, (char *)expected + f->offset);
			continue;
		}
		memcpy(&want, expected + f->offset, f->size);
		assert_int_equal(tep_get_field_val(NULL, event, f->name, record, &value, 0), 0);
		assert_memory_equal(&value, &want, f->size);
	}
}

static int compare(struct tracecmd_input *in, struct tep_record *record, int cpu, void *arg)
{
	struct reader *r = arg;
	struct tep_handle *tep = tracecmd_get_tep(in);
	struct tep_event *event = tep_find_event_by_record(tep, record);
	const struct show_event *e = &r->events->ev[r->next++];
	struct trace_seq text;

	assert_true(r->next <= r->events->nr);
	assert_non_null(event);
	assert_string_equal(event->name, tracepoint_of(e)->name);
	assert_string_equal(event->system, tracepoint_of(e)->system);
	assert_int_equal(cpu, e->pcpu);
	assert_int_equal(record->ts, e->ns);
	assert_int_equal(tep_data_pid(tep, record), show_pid(e->task));
	compare_fields(event, record, e);
	trace_seq_init(&text);
	tep_print_event(tep, &text, record, "%s", TEP_PRINT_INFO);
	trace_seq_terminate(&text);
	assert_true(text.len > 0);
	assert_null(strstr(text.buffer, "CANT FIND"));
	assert_null(strstr(text.buffer, "FAILED TO PARSE"));
	trace_seq_destroy(&text);
	return 0;
}

static void read_back(const char *path, const struct show_events *events)
{
	struct reader r = { events, 0 };
	struct tracecmd_input *in = tracecmd_open(path, 0);

	assert_non_null(in);
	assert_int_equal(tep_get_cpus(tracecmd_get_tep(in)), WORLD->fix.config.nr_pcpus);
	assert_int_equal(tracecmd_iterate_events(in, NULL, 0, compare, &r), 0);
	assert_int_equal(r.next, events->nr);
	tracecmd_close(in);
}

static void round_trip(const char *file)
{
	static struct show_run run;
	char path[] = "/tmp/kicksim-tracedat.XXXXXX";
	int fd = mkstemp(path);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "wb");
	struct show_events events;
	struct witness w;

	assert_non_null(out);
	assert_int_equal(witness_load(&w, file, NULL), 0);
	assert_int_equal(show_run_begin(&run, &w), 0);
	assert_int_equal(show_tracedat(&run.input, out), 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(show_events_make(&run.input, &events), 0);
	assert_true(events.nr >= run.trace.nr);
	read_back(path, &events);
	show_events_free(&events);
	show_run_end(&run);
	witness_free(&w);
	unlink(path);
}

/* A migration and a missed IPI; a function call; hotplug; a sleeper. */
static void test_round_trips(void **state)
{
	static const char *const files[] = {
		"corpus/claim-d2.sched", "corpus/claim-f-before.sched",
		"corpus/claim-j-v5.16.sched", "corpus/claim-i-deadlock.sched",
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		round_trip(files[i]);
}

/* What a task does between two context switches happens on one pCPU. */
static void test_one_place_at_a_time(void **state)
{
	static struct show_run run;
	int at[MAX_TASKS], runs[MAX_PCPUS];
	struct show_events events;
	struct witness w;
	unsigned int moves = 0;

	(void)state;
	memset(at, -1, sizeof(at));
	memset(runs, -1, sizeof(runs));
	assert_int_equal(witness_load(&w, "corpus/claim-d2.sched", NULL), 0);
	assert_int_equal(show_run_begin(&run, &w), 0);
	assert_int_equal(show_events_make(&run.input, &events), 0);
	for (uint32_t i = 0; i < events.nr; i++) {
		const struct show_event *e = &events.ev[i];

		assert_true(!i || e->ns > e[-1].ns);
		assert_int_equal(e->task, runs[e->pcpu]);
		moves += e->kind == SHOW_EV_MIGRATE;
		if (e->kind != SHOW_EV_SWITCH)
			continue;
		assert_int_equal(e->from, runs[e->pcpu]);
		if (e->from != SHOW_IDLE)
			at[e->from] = -1;
		runs[e->pcpu] = e->to;
		if (e->to == SHOW_IDLE)
			continue;
		assert_int_equal(at[e->to], -1);
		at[e->to] = e->pcpu;
	}
	assert_int_equal(moves, 1);
	show_events_free(&events);
	show_run_end(&run);
	witness_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_one_place_at_a_time),
	};

	if (run_init())
		return 4;
	return cmocka_run_group_tests_name("tracedat", tests, NULL, NULL);
}
