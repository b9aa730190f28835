/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A tracepoint is how one kind of event looks to the kernel's tracing tools:
 * system, name, fields with their places in the binary record, and the text of
 * its print format.
 *
 * Names and layouts of sched, kvm, ipi and irq_vectors are those of x86-64
 * kernels, so that the plugins of trace-cmd and KernelShark work on them; what
 * kernels do not have is in the system "kicksim".
 *
 * One template serves for both the text of an event and the "print fmt" of its
 * format.  Beyond printf's %d, %u, %s and %llx (all of them one argument) it
 * knows %T, a task's state, and %M, a vCPU's mode.
 */
#ifndef FUZZ_TRACEPOINT_H
#define FUZZ_TRACEPOINT_H

#include "show_events.h"

enum { TRACEPOINT_FIELDS = 8, TRACEPOINT_RECORD = 256, TRACEPOINT_TEXT = 512 };

struct tracepoint_field {
	const char *type;		/* C, of the array's elements */
	const char *name;
	uint16_t offset, size;
	uint8_t is_signed, is_text;
};

struct tracepoint {
	const char *system, *name;
	const char *format;		/* template */
	uint16_t id, size;		/* bytes of a record, with the common fields */
	struct tracepoint_field field[TRACEPOINT_FIELDS + 1];	/* ends with a NULL name */
};

extern const struct tracepoint tracepoints[];		/* ends with a NULL name */

/* Which one an event is. */
const struct tracepoint *tracepoint_of(const struct show_event *e);
/* The binary record of @e, tracepoint_of(e)->size bytes. */
void tracepoint_record(const struct show_event *e, unsigned char *record);
/* The text of @e after its name: "vcpu 0, rip 0x0". */
const char *tracepoint_text(const struct show_event *e, char buf[TRACEPOINT_TEXT]);
/* The contents of its "format" file. */
void tracepoint_format(const struct tracepoint *tp, FILE *out);

#endif
