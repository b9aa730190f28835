/* SPDX-License-Identifier: GPL-2.0-only */
/* One instruction on its own, and where functions are: what code.c is made of. */
#ifndef FUZZ_CODE_PRIV_H
#define FUZZ_CODE_PRIV_H

#include "code.h"

/* Where the stack and the frame pointer are, from the frame's end. */
struct code_stack {
	int32_t sp, bp;
	bool has_bp;			/* the frame pointer is this frame's */
	bool moved;			/* the stack pointer is somewhere below @sp */
};

/* What one instruction does beside what struct code_insn says. */
struct code_step {
	unsigned int size;
	struct code_stack after;
	uintptr_t target;		/* of a jump, or 0 */
	bool goes_on;			/* the next instruction may come */
	bool escapes;			/* an address within the frame may become known */
	bool lost;			/* where the stack pointer is */
	bool by_sp;			/* something is found by the stack pointer */
	struct code_span handed;	/* may be read by a callee; size 0: nothing */
	struct code_span saved;		/* a register of the caller's is kept here */
};

/* Fills @insn but for next, and @step.  False: no instruction. */
bool code_decode(uintptr_t at, const struct code_stack *before, struct code_insn *insn,
		 struct code_step *step);

/* A function, and the rarely used part of it that compilers put elsewhere. */
struct code_range {
	uintptr_t from, to;
};

/* The function that has @at in it; false: nobody knows. */
bool code_function_at(uintptr_t at, struct code_range *range);
/* Whether @at is in a part of the function in @range that stands apart; which one. */
bool code_part_at(const struct code_range *range, uintptr_t at, struct code_range *part);

#endif
