// SPDX-License-Identifier: GPL-2.0-only
/* Words, values and records have the names that a reader of the source expects. */
#include "show_world.h"
#include "../fuzz/show_name.h"
#include "../results/term.h"

static struct test_show t;

static void expect_named(const void *word, unsigned int size, uint64_t value, bool brief,
			 const char *expected)
{
	char buf[SHOW_VALUE];
	struct show_word w;

	show_word(off_of(word), &w);
	assert_string_equal(show_value(&w, size, value, brief, buf), expected);
}

static void test_words(void **state)
{
	char name[SHOW_NAME];
	struct show_word w;

	(void)state;
	test_begin(&t, 3, 2);
	show_word(off_of(&test_vcpus[1]->mode), &w);
	assert_string_equal(show_word_name(&w, name), "vcpu1->mode");
	assert_int_equal(w.vcpu, 1);
	assert_int_equal(w.watch, WATCH_MODE);
	show_word(off_of(&test_vcpus[0]->walks[1]), &w);
	assert_string_equal(show_word_name(&w, name), "vcpu0->walks[1]");
	assert_string_equal(show_field_name(&w, name), "walks[1]");
	assert_int_equal(w.vcpu, -1);
	show_word(off_of(test_vcpus[0]->kvm) + 12, &w);
	assert_string_equal(show_word_name(&w, name), "kvm+0xc");
	show_word(WORLD->fix.online_off, &w);
	assert_string_equal(show_word_name(&w, name), "cpu_online_mask");
	show_word(WORLD->fix.percpu_off + WORLD->fix.percpu_size, &w);
	assert_string_equal(show_word_name(&w, name), "pcpu1.running");
	assert_int_equal(w.percpu, 1);
	show_word(SHARED_MAX - 4, &w);
	assert_string_equal(show_word_name(&w, name), "word 0x7ffc");
	show_word(UINT32_MAX, &w);
	assert_null(w.object);
}

static void test_values(void **state)
{
	struct test_vcpu *v;

	(void)state;
	test_begin(&t, 3, 2);
	v = test_vcpus[0];
	expect_named(&v->mode, 4, 1, false, "IN_GUEST_MODE");
	expect_named(&v->mode, 4, 3, true, "READING");
	expect_named(&v->mode, 4, 9, false, "(no mode)");
	expect_named(&v->cpu, 4, 0xffffffff, false, "-1");
	expect_named(&v->requests, 8, 0, false, "0");
	expect_named(&v->requests, 8, 1ull << 2 | 1ull << 14 | 1ull << 63, false,
		     "UNBLOCK|EVENT|bit63");
	expect_named(&v->ready, 1, 1, false, "true");
	expect_named(&v->kvm, 8, 0, false, "NULL");
	expect_named(&v->kvm, 8, (uintptr_t)test_vcpus[1], false, "vcpu1");
	expect_named(&v->kvm, 8, (uintptr_t)&test_vcpus[1]->mode, false, "vcpu1->mode");
	expect_named(&v->kvm, 8, 0x1234567890, false, "(not shared memory)");
	expect_named(&v->walks[0], 4, 0x30, false, "0x30");
	expect_named((void *)(SHARED_BASE + WORLD->fix.online_off), 8, 5, false, "{0,2}");
}

/* All 64 requests at once are cut, not written past the end. */
static void test_all_requests(void **state)
{
	char buf[SHOW_VALUE + 1];

	(void)state;
	test_begin(&t, 1, 1);
	buf[SHOW_VALUE] = '#';
	assert_true(strlen(show_requests(UINT64_MAX, buf)) < SHOW_VALUE);
	assert_int_equal(buf[SHOW_VALUE], '#');
}

static void expect_text(struct show_state *s, unsigned int style, const char *expected)
{
	const struct trace_rec *r = &t.trace.rec[t.trace.nr - 1];
	char text[SHOW_TEXT];

	assert_string_equal(show_text(s, r, style, &test_form.sites, text), expected);
	show_state_apply(s, r);
}

static void test_accesses(void **state)
{
	static struct show_state s;
	struct test_vcpu *v;

	(void)state;
	test_begin(&t, 3, 2);
	v = test_vcpus[0];
	show_state_begin(&s);
	assert_int_equal(s.vcpu[0].cpu, -1);
	add(&t, TRACE_READ, 1, 2, AT_KICK_READ, off_of(&v->cpu), 1, 0);
	expect_text(&s, 0, "cpu = vcpu0->cpu (1)");
	assert_int_equal(s.vcpu[0].cpu, -1);
	expect_text(&s, SHOW_BARE_READ | SHOW_ONE_VCPU, "cpu (1)");
	add(&t, TRACE_WRITE, 0, 0, AT_ENTER_MODE, off_of(&v->mode), 1, 0);
	expect_text(&s, SHOW_ONE_VCPU, "mode = IN_GUEST_MODE");
	assert_int_equal(s.vcpu[0].mode, 1);
	assert_int_equal(s.vcpu[0].changed, WATCH_MODE);
	assert_int_equal(s.vcpu[1].changed, 0);
	add(&t, TRACE_RMW, 1, 2, AT_KICK_CAS, off_of(&v->mode), 2, 1);
	expect_text(&s, SHOW_BRIEF, "cmpxchg vcpu0->mode IN_GUEST -> EXITING");
	add(&t, TRACE_CAS_FAILED, 1, 2, AT_KICK_CAS, off_of(&v->mode), 2, 0);
	expect_text(&s, SHOW_BRIEF | SHOW_ONE_VCPU, "cmpxchg mode fails: EXITING");
	assert_int_equal(s.vcpu[0].changed, 0);
	add(&t, TRACE_RMW, 1, 2, AT_SET_BIT, off_of(&v->requests), 4, 0);
	expect_text(&s, SHOW_ONE_VCPU, "requests |= UNBLOCK");
	assert_true(s.vcpu[0].requests == 4);
	expect_text(&s, SHOW_ONE_VCPU, "requests |= UNBLOCK");
	assert_int_equal(s.vcpu[0].changed, 0);
	add(&t, TRACE_RMW, 0, 0, AT_SET_BIT, off_of(&v->requests), 0, 4);
	expect_text(&s, SHOW_ONE_VCPU, "requests &= ~UNBLOCK");
	add(&t, TRACE_RMW, 0, 0, AT_SET_BIT, off_of(&v->requests), 4, 4);
	expect_text(&s, 0, "vcpu0->requests unchanged");
}

static void test_events(void **state)
{
	static struct show_state s;

	(void)state;
	test_begin(&t, 3, 1);
	show_state_begin(&s);
	add(&t, TRACE_CALL_BEGIN, 1, 1, 0, 1, 0, 0);
	expect_text(&s, 0, "begins: kick vcpu0");
	add(&t, TRACE_SCHED_OUT, 0, 0, 0, 2, 0, 0);
	expect_text(&s, 0, "sched_out vcpu0 -> pCPU2");
	add(&t, TRACE_SCHED_IN, 2, 0, 0, 0, 0, 0);
	expect_text(&s, 0, "sched_in vcpu0 from pCPU0");
	add(&t, TRACE_IPI, 1, 1, AT_KICK_SEND, 0, EVENT_RESCHED, 0);
	expect_text(&s, 0, "send_reschedule(0)");
	add(&t, TRACE_IRQ_ENTER, 0, 2, 0, EVENT_RESCHED, 0, 0);
	expect_text(&s, 0, "IPI: no vCPU here X");
	expect_text(&s, 0, "IPI: reschedule");
	add(&t, TRACE_IPI, 1, 1, AT_KICK_SEND, 2, EVENT_RESCHED, 0);
	expect_text(&s, 0, "send_reschedule(2)");
	add(&t, TRACE_IRQ_ENTER, 2, 0, 0, EVENT_RESCHED, 0, 0);
	expect_text(&s, 0, "IPI: reschedule");
	add(&t, TRACE_IPI_DROPPED, 1, 1, 0, 2, 0, 0);
	expect_text(&s, 0, "IPI dropped: pCPU2 is offline X");
	add(&t, TRACE_GUEST_EXIT, 2, 0, 0, 0, MACHINE_EXIT_HLT, 0);
	expect_text(&s, 0, "VM-exit vcpu0: HLT");
	add(&t, TRACE_CALL_BEGIN, 1, 1, 0, UINT32_MAX, 14 + 1, 0);
	expect_text(&s, 0, "begins: EVENT for vcpu0");
}

/* With store buffers, memory is what has become visible. */
static void test_buffered(void **state)
{
	static struct show_state s;
	struct test_vcpu *v;

	(void)state;
	test_begin(&t, 3, 1);
	WORLD->fix.model = 1;
	v = test_vcpus[0];
	show_state_begin(&s);
	add(&t, TRACE_WRITE, 0, 0, AT_ENTER_MODE, off_of(&v->mode), 1, 0);
	expect_text(&s, SHOW_ONE_VCPU, "mode = IN_GUEST_MODE");
	assert_int_equal(s.vcpu[0].mode, 0);
	add(&t, TRACE_VISIBLE, 0, 0, 0, off_of(&v->mode), 1, 0);
	t.trace.rec[t.trace.nr - 1].size = 4;
	expect_text(&s, SHOW_ONE_VCPU, "visible: mode = IN_GUEST_MODE");
	assert_int_equal(s.vcpu[0].mode, 1);
}

/* Every kind of record has a text. */
static void test_every_kind(void **state)
{
	static struct show_state s;
	char text[SHOW_TEXT];

	(void)state;
	test_begin(&t, 3, 1);
	show_state_begin(&s);
	for (unsigned int kind = 0; kind < NR_TRACE_KINDS; kind++) {
		add(&t, (enum trace_kind)kind, 0, 0, 0, 0, 0, 0);
		show_text(&s, &t.trace.rec[kind], 0, &test_form.sites, text);
		assert_true(strlen(text) > 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_all_requests),
		cmocka_unit_test(test_accesses),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_buffered),
		cmocka_unit_test(test_every_kind),
	};

	term_set_ascii(true);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
