/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of what a trace holds as numbers: words of shared memory, their values,
 * tasks, and places in the code.
 *
 * A word is named by the innermost object that it lies in and that object's
 * table of fields: "vcpu0->mode", "kvm->vcpus[1]", "pcpu2.kvm_running_vcpu".  A
 * value is printed as its field's kind says; pointers are names of objects.  No
 * address is ever printed.
 *
 * All of it is about the current world; names stay good until the next
 * world_setup().
 */
#ifndef FUZZ_SHOW_NAME_H
#define FUZZ_SHOW_NAME_H

#include "form.h"
#include "../sim/trace.h"

enum { SHOW_NAME = 96, SHOW_VALUE = 192 };	/* enough for every name, value */

struct show_word {
	const struct object *object;	/* NULL: unnamed memory */
	const struct machine_field *field;	/* NULL: no such field */
	unsigned int index;		/* into an array field */
	uint32_t rest;			/* bytes into the object */
	int vcpu;			/* whose mode, requests or cpu it is, or -1 */
	enum watch watch;		/* which of them */
	int percpu;			/* whose per-CPU area it is in, or -1 */
};

void show_word(uint32_t off, struct show_word *w);
/* "vcpu0->mode"; @buf of SHOW_NAME bytes. */
const char *show_word_name(const struct show_word *w, char *buf);
/* "mode": without its object, but with the index of an array. */
const char *show_field_name(const struct show_word *w, char *buf);

/* Mode names as in the source, or shorter: "IN_GUEST". */
const char *show_mode(uint64_t mode, bool brief);
/* "EVENT|NMI", "0"; @buf of SHOW_VALUE bytes. */
const char *show_requests(uint64_t requests, char *buf);
/* @value of @size bytes as @w holds it; @buf of SHOW_VALUE bytes. */
const char *show_value(const struct show_word *w, unsigned int size, uint64_t value, bool brief,
		       char *buf);
/* The name of a machine_exit. */
const char *show_exit(uint64_t reason);

const char *show_task(unsigned int task);
/* The vCPU that a task runs, or -1. */
int show_task_vcpu(unsigned int task);

struct show_place {
	const char *function;		/* never NULL */
	const char *file;		/* NULL: not known */
	unsigned int line;
	bool is_inline;			/* defined in a header */
	bool is_api;			/* of the kernel's, not of KVM: set_bit() */
};

enum { SHOW_FRAMES = 7 };

/* The call stack of a record, innermost first; 0 if it has no place. */
unsigned int show_stack(struct form *f, const struct trace_rec *r,
			struct show_place place[SHOW_FRAMES]);
/* The innermost frame that is KVM's own; false if there is none. */
bool show_place(struct form *f, const struct trace_rec *r, struct show_place *place);
/* The file without its folders, or "?". */
const char *show_file(const struct show_place *place);

#endif
