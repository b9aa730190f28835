/* SPDX-License-Identifier: GPL-2.0-only */
/* An instruction that is being decoded, and its operands. */
#ifndef FUZZ_CODE_DECODE_H
#define FUZZ_CODE_DECODE_H

#include <capstone/capstone.h>
#include "code_priv.h"

/* One operand, as far as it matters. */
struct operand {
	bool is_reg, is_frame, is_imm;	/* else it is memory of somebody else's */
	struct code_span span;		/* of a register that is followed, or of the frame */
	uint8_t reg;			/* enum code_reg, CODE_REGS: not followed */
	int64_t imm;
};

struct decoding {
	const cs_insn *cs;
	const cs_x86 *x86;
	const struct code_stack *before;
	struct code_insn *insn;
	struct code_step *step;
	struct operand op[4];
};

/* The span of a part of a general register, or size 0. */
struct code_span operand_reg(unsigned int reg);
bool operand_is_stack_reg(struct code_span s);
/* @offset from the frame's end; size 0: not a part of the frame that is followed. */
struct code_span operand_frame(int64_t offset, unsigned int size);
void operands_read(struct decoding *d);

/* Bytes are read, or written; of a register that is followed or of the frame. */
void use_span(struct decoding *d, struct code_span s);
void use_reg(struct decoding *d, enum code_reg reg);
void use_operand(struct decoding *d, const struct operand *op);
void def_span(struct decoding *d, struct code_span s);
void def_reg(struct decoding *d, enum code_reg reg);
void def_operand(struct decoding *d, const struct operand *op);

#endif
