/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A renaming is a permutation of pCPUs, of tasks, and of the kernel objects that
 * belong to them.
 *
 * Applied to a state it gives the state in which the one has taken the other's
 * place.  Of what the machine and the oracles remember, the types say what is a
 * name: numbers of pCPUs and tasks, bitmaps of them, events, pointers and offsets.
 * Of what compiled code has put into memory and onto stacks nobody can say so: a 1
 * may be a pCPU or a truth.  Those are left to the caller, who has to know from
 * elsewhere what they become.
 *
 * vCPUs keep their names.
 *
 * Nothing here knows whether a renamed state behaves like the other one.
 */
#ifndef SIM_RENAME_H
#define SIM_RENAME_H

#include "model.h"
#include "snapshot.h"

struct renaming {
	uint8_t pcpu[MAX_PCPUS];	/* who takes the place of each */
	uint8_t task[MAX_TASKS + 1];	/* with the idle tasks, and the stack of no task */
	uint16_t word[SHARED_MAX / 8];
};

/* Nobody is renamed. */
void rename_nothing(struct renaming *r);
/*
 * Two pCPUs change places, and so do their idle tasks, and the tasks that are current
 * there before anything has happened, with all of their objects.  False: those are not
 * of one shape.
 */
bool rename_swap(struct renaming *r, unsigned int a, unsigned int b);
/* First @first, then @then, in one. */
void rename_chain(struct renaming *r, const struct renaming *first, const struct renaming *then);
bool rename_is_same(const struct renaming *a, const struct renaming *b);

static inline uint32_t rename_offset(const struct renaming *r, uint32_t off)
{
	return r->word[off / 8] * 8u + off % 8;
}

/* A bitmap of pCPUs. */
uint8_t rename_pcpus(const struct renaming *r, uint8_t mask);
unsigned int rename_event(const struct renaming *r, unsigned int event);
/*
 * All of @form into @to, which is laid out, but for stacks' hashes and what pCPUs wait
 * for, which become zeros, and words, of which nothing is written.
 */
void rename_form(const struct renaming *r, const struct snapshot_form *form,
		 struct snapshot_form *to);
/* The same for a copy that model_canon() has made, in place; values stay. */
void rename_model(const struct renaming *r, struct model *m);

#endif
