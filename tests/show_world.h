/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A world and a trace made by hand, for tests of how they are shown.
 *
 * Two vCPUs' structs, their tasks, and a kicker; a form without code, whose
 * sites are the places that the traces name.  world_setup() makes the world, so
 * the names in it are the machine's own.
 */
#ifndef TESTS_SHOW_WORLD_H
#define TESTS_SHOW_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "../fuzz/show.h"
#include "../fuzz/show_state.h"

struct task_struct {
	unsigned int state;
};

struct test_vcpu {
	void *kvm;
	int cpu;
	int mode;
	uint64_t requests;
	uint8_t ready;
	int walks[2];
};

/* Places: index into the site table. */
enum {
	AT_KICK_READ = 1, AT_KICK_CAS, AT_KICK_SEND, AT_LOAD_WRITE, AT_ENTER_MODE, AT_CHECK,
	AT_SET_BIT, NR_PLACES
};

static struct site test_sites[NR_PLACES] = {
	[AT_KICK_READ] = { "kvm_vcpu_kick", "read4", "./k/kick/v5.15.c", 119, 0, 10 },
	[AT_KICK_CAS] = { "kvm_vcpu_exiting_guest_mode", "atomic32_compare_exchange_val",
			  "./k/include/linux/kvm_host.h", 100, 0, 20 },
	[AT_KICK_SEND] = { "kvm_vcpu_kick", "send_reschedule", "./k/kick/v5.15.c", 127, 1, 30 },
	[AT_LOAD_WRITE] = { "kvm_arch_vcpu_load", "write4", "./k/arch/x86.c", 32, 0, 40 },
	[AT_ENTER_MODE] = { "vcpu_enter_guest", "write4", "./k/arch/x86.c", 206, 0, 50 },
	[AT_CHECK] = { "kvm_vcpu_exit_request", "volatile_read8", "./k/arch/x86.c", 125, 0, 60 },
	[AT_SET_BIT] = { "set_bit", "atomic64_fetch_or", "./k/include/linux/bitops.h", 28, 0,
			 70 },
};

#define TEST_FIELD(member, nr, kind) \
	{ #member, offsetof(struct test_vcpu, member), \
	  sizeof(((struct test_vcpu *)0)->member) / (nr), nr, MACHINE_FIELD_##kind }

static const struct machine_field test_vcpu_fields[] = {
	TEST_FIELD(kvm, 1, PTR), TEST_FIELD(cpu, 1, INT), TEST_FIELD(mode, 1, MODE),
	TEST_FIELD(requests, 1, REQUESTS), TEST_FIELD(ready, 1, BOOL), TEST_FIELD(walks, 2, HEX),
	{ NULL, 0, 0, 0, MACHINE_FIELD_INT }
};

static const struct machine_field test_task_fields[] = {
	{ "__state", 0, 4, 1, MACHINE_FIELD_STATE }, { NULL, 0, 0, 0, MACHINE_FIELD_INT }
};

static const char *const test_requests[64] = { [2] = "UNBLOCK", [14] = "EVENT" };

static struct test_vcpu *test_vcpus[MAX_VCPUS];

static void test_run(void *arg)
{
	(void)arg;
}

static void test_setup(const struct machine_config *config)
{
	static char names[MAX_VCPUS][16];
	struct task_struct *task;
	void *kvm = machine_alloc("kvm", 64, NULL);

	for (int v = 0; v < config->nr_vcpus; v++) {
		snprintf(names[v], sizeof(names[v]), "vcpu%d", v);
		test_vcpus[v] = machine_alloc(names[v], sizeof(struct test_vcpu),
					      test_vcpu_fields);
		test_vcpus[v]->kvm = kvm;
		test_vcpus[v]->cpu = -1;
		machine_vcpu(v, test_vcpus[v]);
		task = machine_alloc("vcpu-task", sizeof(*task), test_task_fields);
		machine_task(task, names[v], test_run, NULL, v % config->nr_pcpus);
		machine_task_vcpu(task, v);
	}
	task = machine_alloc("kicker", sizeof(*task), test_task_fields);
	machine_task(task, "kicker", test_run, NULL, config->nr_vcpus % config->nr_pcpus);
}

static const struct machine_scenario test_scenario = { .name = "by-hand", .setup = test_setup };
static const struct machine_scenario *const test_scenarios[] = { &test_scenario, NULL };
static char test_percpu[8];
static const struct machine_percpu_var test_percpu_vars[] = {
	{ "running", test_percpu, 8, MACHINE_FIELD_PTR }, { NULL, NULL, 0, MACHINE_FIELD_INT }
};

static const struct machine_form test_code = {
	.name = "v5.15", .arch = "x86", .variant = "", .scenarios = test_scenarios,
	.layout = {
		.vcpu_mode = offsetof(struct test_vcpu, mode),
		.vcpu_requests = offsetof(struct test_vcpu, requests),
		.vcpu_cpu = offsetof(struct test_vcpu, cpu),
		.vcpu_irq_pending = offsetof(struct test_vcpu, ready),
		.mode_outside = 0, .mode_in_guest = 1, .mode_exiting = 2, .mode_reading = 3,
	},
	.request_names = test_requests,
	.percpu_start = test_percpu, .percpu_end = test_percpu + sizeof(test_percpu),
	.percpu_vars = test_percpu_vars,
};

static struct form test_form = {
	.code = &test_code, .id = "v5.15-x86", .path = "",
	.sites = { .nr = NR_PLACES - 1, .site = test_sites },
};

/* Everything that a show takes, with room for the longest trace. */
struct test_show {
	struct config config;
	struct trace trace;
	struct schedule schedule;
	struct run_result result;
	struct show_input in;
	uint32_t step;
};

static inline void test_begin(struct test_show *t, int nr_pcpus, int nr_vcpus)
{
	static struct trace_rec records[8000];
	static bool is_mapped;
	struct world_options o = { .form = &test_code, .scenario = &test_scenario,
				   .sites = &test_form.sites };

	memset(t, 0, sizeof(*t));
	strcpy(t->config.kernel, "v5.15");
	strcpy(t->config.arch, "x86");
	strcpy(t->config.model, "sc");
	strcpy(t->config.scenario, "by-hand");
	t->config.machine.nr_pcpus = nr_pcpus;
	t->config.machine.nr_vcpus = nr_vcpus;
	t->config.form = &test_form;
	t->trace.rec = records;
	t->trace.max = sizeof(records) / sizeof(records[0]);
	t->result.end = RUN_QUIESCENT;
	t->in = (struct show_input){ &t->config, &t->trace, &t->schedule, &t->result, NULL, NULL,
				     "kicksim replay k0123456", NULL };
	o.config = t->config.machine;
	if (!is_mapped)
		assert_int_equal(world_map(), 0);
	is_mapped = true;
	world_setup(&o);
}

static inline uint32_t off_of(const void *p)
{
	return (uint32_t)((uintptr_t)p - SHARED_BASE);
}

/* Appends a record; an access counts as a step. */
static inline void add(struct test_show *t, enum trace_kind kind, unsigned int pcpu,
		       unsigned int task, uint16_t site, uint32_t off, uint64_t value,
		       uint64_t old)
{
	struct trace_rec *r = &t->trace.rec[t->trace.nr++];

	assert_true(t->trace.nr <= t->trace.max);
	*r = (struct trace_rec){
		.value = value, .old = old, .off = off, .site = site, .kind = (uint8_t)kind,
		.pcpu = (uint8_t)pcpu, .task = (uint8_t)task,
	};
	if (kind <= TRACE_CAS_FAILED) {
		t->step++;
		r->size = 4;
		r->flags = kind == TRACE_READ ? ACC_READ | ACC_PLAIN :
			   kind == TRACE_WRITE ? ACC_WRITE | ACC_PLAIN :
			   ACC_READ | ACC_WRITE | ACC_FULL;
	}
	r->step = t->step;
}

static inline void add_report(struct test_show *t, enum oracle oracle, int vcpu, uint16_t site0,
			      uint16_t site1)
{
	add(t, TRACE_REPORT, 0, 0, site0, oracle, 0, 0);
	t->result.report[t->result.nr_reports] = (struct report){
		.oracle = (uint8_t)oracle, .vcpu = (int8_t)vcpu, .site = { site0, site1 },
		.step = t->step,
	};
	t->in.report = &t->result.report[t->result.nr_reports++];
	t->result.steps = t->step;
}

/* What a format prints; to be freed. */
static inline char *shown(const struct test_show *t, const char *format, int expected)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	assert_int_equal(show_as(format, &t->in, f), expected);
	fclose(f);
	return text;
}

/*
 * The seed's story: the kicker reads cpu, the vCPU moves from pCPU 0 to 2 and
 * enters its guest, the kicker finds it there and interrupts pCPU 0.
 */
static inline void tell_lost_kick(struct test_show *t)
{
	struct test_vcpu *v = test_vcpus[0];
	unsigned int kicker = (unsigned int)t->config.machine.nr_vcpus;

	add(t, TRACE_WRITE, 0, 0, AT_LOAD_WRITE, off_of(&v->cpu), 0, (uint32_t)-1);
	add(t, TRACE_CALL_BEGIN, 1, kicker, 0, 1, 0, 0);
	add(t, TRACE_READ, 1, kicker, AT_KICK_READ, off_of(&v->cpu), 0, 0);
	add(t, TRACE_SCHED_OUT, 0, 0, 0, 2, 0, 0);
	add(t, TRACE_SCHED_IN, 2, 0, 0, 2, 0, 0);
	add(t, TRACE_WRITE, 2, 0, AT_LOAD_WRITE, off_of(&v->cpu), 2, 0);
	add(t, TRACE_WRITE, 2, 0, AT_ENTER_MODE, off_of(&v->mode), 1, 0);
	add(t, TRACE_READ, 2, 0, AT_CHECK, off_of(&v->requests), 0, 0);
	add(t, TRACE_GUEST_ENTER, 2, 0, 0, 0, 0, 0);
	add(t, TRACE_RMW, 1, kicker, AT_KICK_CAS, off_of(&v->mode), 2, 1);
	add(t, TRACE_IPI, 1, kicker, AT_KICK_SEND, 0, EVENT_RESCHED, 0);
	add(t, TRACE_CALL_END, 1, kicker, 0, 0, 0, 0);
	add(t, TRACE_IRQ_ENTER, 0, kicker + 1, 0, EVENT_RESCHED, 0, 0);
	add_report(t, ORACLE_LOST_KICK, 0, AT_KICK_CAS, AT_KICK_SEND);
}

#endif
