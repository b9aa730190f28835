/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the machine was at each record of a trace.
 *
 * A trace says what changed; going through it from the initial image gives back
 * shared memory, the vCPUs' three words, and who was on the way where.  Memory
 * here is what all pCPUs agree on: with store buffers a plain store counts when
 * its "visible" record comes.
 *
 * Begin, then apply each record in order; the state is then that after it.
 */
#ifndef FUZZ_SHOW_STATE_H
#define FUZZ_SHOW_STATE_H

#include "../sim/trace.h"

struct show_vcpu {
	uint64_t mode, requests;
	int cpu;
	unsigned int changed;		/* enum watch: by the last record applied */
};

struct show_state {
	struct show_vcpu vcpu[MAX_VCPUS];
	uint8_t task_pcpu[MAX_TASKS];	/* where it ran last */
	uint8_t call_vcpus[MAX_TASKS];	/* targets of the call that it is in */
	uint8_t ipi_for[MAX_PCPUS];	/* vCPUs that reschedule IPIs under way are for */
	bool buffered;			/* stores take effect later than their record */
	unsigned char shared[SHARED_MAX];
};

void show_state_begin(struct show_state *s);
void show_state_apply(struct show_state *s, const struct trace_rec *r);

/* The record is a load, store or RMW of shared memory, or a store's effect. */
bool show_is_access(const struct trace_rec *r);
/* It changes memory that all pCPUs see. */
bool show_takes_effect(const struct show_state *s, const struct trace_rec *r);

/* What a record says. */
enum show_style {
	SHOW_BRIEF = 1,			/* short names of values: IN_GUEST */
	SHOW_ONE_VCPU = 2,		/* a vCPU's words need no "vcpu0->" */
	SHOW_BARE_READ = 4,		/* "mode (IN_GUEST)", not "mode = vcpu0->mode (IN_GUEST)" */
};

enum { SHOW_TEXT = 448 };

/*
 * In one line, such as "cmpxchg mode IN_GUEST -> EXITING", into @buf of
 * SHOW_TEXT bytes.  @before: the state before the record.
 */
const char *show_text(const struct show_state *before, const struct trace_rec *r,
		      unsigned int style, const struct sites *sites, char *buf);
/* It is bad news of itself: a sign of it ends the text. */
bool show_is_bad(const struct show_state *before, const struct trace_rec *r);

#endif
