// SPDX-License-Identifier: GPL-2.0-only
/* Operands of x86-64 instructions: registers that are followed, and places in the frame. */
#if defined(__x86_64__)
#include "code_decode.h"

struct code_span operand_reg(unsigned int reg)
{
	static const uint16_t names[CODE_REGS][4] = {
		{ X86_REG_RAX, X86_REG_EAX, X86_REG_AX, X86_REG_AL },
		{ X86_REG_RCX, X86_REG_ECX, X86_REG_CX, X86_REG_CL },
		{ X86_REG_RDX, X86_REG_EDX, X86_REG_DX, X86_REG_DL },
		{ X86_REG_RBX, X86_REG_EBX, X86_REG_BX, X86_REG_BL },
		{ X86_REG_RSP, X86_REG_ESP, X86_REG_SP, X86_REG_SPL },
		{ X86_REG_RBP, X86_REG_EBP, X86_REG_BP, X86_REG_BPL },
		{ X86_REG_RSI, X86_REG_ESI, X86_REG_SI, X86_REG_SIL },
		{ X86_REG_RDI, X86_REG_EDI, X86_REG_DI, X86_REG_DIL },
		{ X86_REG_R8, X86_REG_R8D, X86_REG_R8W, X86_REG_R8B },
		{ X86_REG_R9, X86_REG_R9D, X86_REG_R9W, X86_REG_R9B },
		{ X86_REG_R10, X86_REG_R10D, X86_REG_R10W, X86_REG_R10B },
		{ X86_REG_R11, X86_REG_R11D, X86_REG_R11W, X86_REG_R11B },
		{ X86_REG_R12, X86_REG_R12D, X86_REG_R12W, X86_REG_R12B },
		{ X86_REG_R13, X86_REG_R13D, X86_REG_R13W, X86_REG_R13B },
		{ X86_REG_R14, X86_REG_R14D, X86_REG_R14W, X86_REG_R14B },
		{ X86_REG_R15, X86_REG_R15D, X86_REG_R15W, X86_REG_R15B },
	};
	static const uint16_t high[4] = { X86_REG_AH, X86_REG_CH, X86_REG_DH, X86_REG_BH };

	for (unsigned int r = 0; r < CODE_REGS; r++)
		for (unsigned int i = 0; i < 4; i++)
			if (names[r][i] == reg)
				return (struct code_span){ (uint16_t)(8 * r), (uint16_t)(8 >> i) };
	for (unsigned int r = 0; r < 4; r++)
		if (high[r] == reg)
			return (struct code_span){ (uint16_t)(8 * r + 1), 1 };
	return (struct code_span){ 0, 0 };
}

bool operand_is_stack_reg(struct code_span s)
{
	return s.size && (s.at / 8 == CODE_RSP || s.at / 8 == CODE_RBP);
}

void use_span(struct decoding *d, struct code_span s)
{
	/* Both are always needed, and known. */
	if (!s.size || operand_is_stack_reg(s))
		return;
	if (d->insn->nr_uses == CODE_USES)
		d->insn->kind = CODE_UNKNOWN;
	else
		d->insn->use[d->insn->nr_uses++] = s;
}

void use_reg(struct decoding *d, enum code_reg reg)
{
	use_span(d, (struct code_span){ (uint16_t)(8 * reg), 8 });
}

/* Half a register that is written is all of it; less is a change of what was there. */
void def_span(struct decoding *d, struct code_span s)
{
	if (!s.size || operand_is_stack_reg(s))
		return;
	if (s.at < 8 * CODE_REGS && s.size == 4)
		s.size = 8;
	/* To leave a write out is to take what was there for needed. */
	if (d->insn->nr_defs < CODE_DEFS)
		d->insn->def[d->insn->nr_defs++] = s;
}

void def_reg(struct decoding *d, enum code_reg reg)
{
	def_span(d, (struct code_span){ (uint16_t)(8 * reg), 8 });
}

struct code_span operand_frame(int64_t offset, unsigned int size)
{
	if (offset < -CODE_FRAME || offset + size > 0)
		return (struct code_span){ 0, 0 };
	return (struct code_span){ (uint16_t)(CODE_FRAME_END + offset), (uint16_t)size };
}

static void read_memory(struct decoding *d, const cs_x86_op *cs, struct operand *op)
{
	const x86_op_mem *m = &cs->mem;
	struct code_span base = operand_reg(m->base), index = operand_reg(m->index);
	bool on_stack = operand_is_stack_reg(base) && m->segment == X86_REG_INVALID;
	int64_t from = base.at / 8 == CODE_RSP ? d->before->sp : d->before->bp;

	/* What the address is made of is read, whatever happens there. */
	use_span(d, base);
	use_span(d, index);
	if (operand_is_stack_reg(base) && base.at / 8 == CODE_RBP && !d->before->has_bp)
		d->step->lost = true;
	if (operand_is_stack_reg(index))
		d->step->escapes = true;
	if (operand_is_stack_reg(base) && base.at / 8 == CODE_RSP)
		d->step->by_sp = true;
	if (!on_stack)
		return;
	op->span = operand_frame(from + m->disp, cs->size);
	op->is_frame = op->span.size && !index.size;
	/* An array in the frame, or what callers may have left beyond its end. */
	if (index.size || (!op->is_frame && d->cs->id != X86_INS_LEA))
		d->step->escapes = true;
}

void operands_read(struct decoding *d)
{
	for (unsigned int i = 0; i < d->x86->op_count && i < 4; i++) {
		const cs_x86_op *cs = &d->x86->operands[i];
		struct operand *op = &d->op[i];

		op->reg = CODE_REGS;
		if (cs->type == X86_OP_REG) {
			op->is_reg = true;
			op->span = operand_reg(cs->reg);
			if (op->span.size)
				op->reg = (uint8_t)(op->span.at / 8);
		} else if (cs->type == X86_OP_IMM) {
			op->is_imm = true;
			op->imm = cs->imm;
		} else if (cs->type == X86_OP_MEM) {
			read_memory(d, cs, op);
		}
	}
}

/* The value of an operand is read: a stack pointer's is an address in the frame. */
void use_operand(struct decoding *d, const struct operand *op)
{
	if (op->is_reg && operand_is_stack_reg(op->span))
		d->step->escapes = true;
	else if (op->is_reg || op->is_frame)
		use_span(d, op->span);
}

void def_operand(struct decoding *d, const struct operand *op)
{
	if (op->is_reg && operand_is_stack_reg(op->span))
		d->step->lost = true;
	else if (op->is_reg || op->is_frame)
		def_span(d, op->span);
	/* Outgoing arguments are written from the stack pointer on. */
	if (op->is_frame && operand_reg(d->x86->operands[0].mem.base).at / 8 == CODE_RSP)
		d->step->handed = op->span;
}

#endif
