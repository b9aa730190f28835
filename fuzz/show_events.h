/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trace as the events that the kernel's own tracing would have seen.
 *
 * What kernel developers open in KernelShark, trace-cmd or Perfetto is made of
 * sched_switch, kvm_entry, reschedule_entry and the like, each on the pCPU and
 * in the task that ran there.  This is that list, once, for all formats that
 * write it: context switches are derived from who is seen on which pCPU, and
 * what the kernel has no tracepoint for (vcpu->mode, vcpu->cpu, requests, other
 * accesses, broken rules) becomes an event of kicksim's own.
 *
 * Step n is at n microseconds; what happens between two accesses follows in
 * nanoseconds, so that times never go back and no two events share one.
 */
#ifndef FUZZ_SHOW_EVENTS_H
#define FUZZ_SHOW_EVENTS_H

#include "show.h"

enum show_event_kind {
	SHOW_EV_SWITCH,			/* from: task, to: task, arg: enum show_prev */
	SHOW_EV_MIGRATE,		/* to: task, from, arg: pCPUs */
	SHOW_EV_WAKE,			/* to: task, arg: pCPU */
	SHOW_EV_ENTRY,			/* to: vCPU */
	SHOW_EV_EXIT,			/* to: vCPU, arg: enum machine_exit */
	SHOW_EV_IPI,			/* to: pCPU, arg: event kind */
	SHOW_EV_IRQ_ENTRY,		/* arg: event kind */
	SHOW_EV_IRQ_EXIT,		/* arg: event kind */
	SHOW_EV_MODE,			/* to: vCPU, value, old */
	SHOW_EV_CPU_READ,		/* to: vCPU, value */
	SHOW_EV_CPU_WRITE,		/* to: vCPU, value, old */
	SHOW_EV_REQUEST,		/* to: vCPU, value, old: the words of requests */
	SHOW_EV_STEP,			/* everything else: its text */
	SHOW_EV_ORACLE,			/* text: which rule */
	NR_SHOW_EV
};

/* What becomes of the task that is switched away from. */
enum show_prev { SHOW_PREV_RUNNABLE, SHOW_PREV_SLEEPS, SHOW_PREV_DEAD };

enum { SHOW_EV_TEXT = 96, SHOW_EV_PLACE = 64, SHOW_IDLE = -1 };

struct show_event {
	uint64_t ns, value, old;
	uint32_t step;
	uint8_t kind, pcpu, in_irq, access;	/* access: it is a step of its own */
	int16_t task;			/* that runs on @pcpu, or SHOW_IDLE */
	int16_t from, to, arg;
	char text[SHOW_EV_TEXT];	/* what the record says */
	char place[SHOW_EV_PLACE];	/* "kvm_vcpu_kick kvm_main.c:54", or "" */
};

struct show_events {
	struct show_event *ev;		/* in the order of time */
	uint32_t nr;
	bool buffered;			/* stores become visible later: tso, weak */
};

/* 0, or an exit code and a line on stderr.  Free with show_events_free(). */
int show_events_make(const struct show_input *in, struct show_events *e);
void show_events_free(struct show_events *e);

/* What tools show of a task: "vcpu0" and 100, "swapper/2" and 0. */
const char *show_comm(int task, unsigned int pcpu, char buf[16]);
unsigned int show_pid(int task);

#endif
