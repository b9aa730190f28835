/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An export is what a witness's bug comes from as a litmus test of the kernel's
 * memory model: tasks as processes, and of what they did the accesses that
 * explain found to matter, with the stores and barriers around them.
 *
 * It is the run with most of it left out, so what the run saw can be seen in the
 * test too: the exists clause asks for just the values that the run's loads gave.
 * Nothing that is left out orders less than what stands for it: a task's move to
 * another pCPU is a full barrier, IPIs and who runs where are not there at all.
 *
 * The text is made first and then run on the three memory models; it says of
 * itself what they say.
 */
#ifndef FUZZ_EXPORT_H
#define FUZZ_EXPORT_H

#include "explain.h"
#include "show_name.h"

enum { EXPORT_STEPS = 128, EXPORT_WORDS = 16, EXPORT_PROCS = 8, EXPORT_POINTERS = 16 };

struct export_word {
	uint32_t off;
	uint8_t size;
	char name[40];
	uint64_t init;
	bool has_init, is_atomic;
	unsigned int writers;		/* bitmap of processes */
	uint64_t final;
};

struct export_step {
	uint32_t rec;
	uint8_t proc, word;		/* word: EXPORT_WORDS: a barrier */
	uint8_t reg;			/* number + 1, or 0: nobody asks for the value */
};

struct export {
	const struct show_input *in;
	const struct explain *explain;
	unsigned int nr_steps, nr_words, nr_procs;
	struct export_step step[EXPORT_STEPS];
	struct export_word word[EXPORT_WORDS];
	unsigned int task[EXPORT_PROCS], nr_regs[EXPORT_PROCS];
	uint64_t pointer[EXPORT_POINTERS];
	unsigned int nr_pointers, nr_unsaid;	/* sides that are no access */
	const char *why_not;		/* what makes it impossible, or NULL */
};

/* Which steps; false: there is no litmus form, and why_not says why. */
bool export_choose(struct export *e, const struct show_input *in, const struct explain *x);
/* The test without its comment. */
void export_code(struct export *e, FILE *out);
/* As a number that a litmus test can have: pointers are numbered. */
int64_t export_value(struct export *e, const struct export_word *w,
		     const struct trace_rec *r, uint64_t value);

#endif
