// SPDX-License-Identifier: GPL-2.0-only
/* What one x86-64 instruction reads and writes; what is not listed here is unknown. */
#include <string.h>
#include "code_priv.h"

#if defined(__x86_64__)
#include "code_decode.h"

static void copy(struct decoding *d, const struct operand *to, const struct operand *from)
{
	if (from->is_reg && from->reg == CODE_RSP && to->is_reg && to->reg == CODE_RBP &&
	    to->span.size == 8) {
		d->step->after.bp = d->before->sp;
		d->step->after.has_bp = true;
		return;
	}
	if (from->is_reg && from->reg == CODE_RBP && to->is_reg && to->reg == CODE_RSP &&
	    d->before->has_bp && to->span.size == 8) {
		d->step->after.sp = d->before->bp;
		d->step->after.moved = false;
		return;
	}
	use_operand(d, from);
	/* Room that is made as the function runs; its address is there to be used. */
	if (to->is_reg && to->reg == CODE_RSP && to->span.size == 8 && d->before->has_bp) {
		d->step->after.moved = true;
		d->step->escapes = true;
		return;
	}
	def_operand(d, to);
	/* A copy, if each end is followed, and nothing else was read. */
	if (d->insn->nr_uses == 1 && d->insn->nr_defs == 1 &&
	    d->insn->use[0].at == from->span.at && from->span.size)
		d->insn->kind = CODE_COPY;
}

static void push(struct decoding *d)
{
	struct code_span slot = operand_frame(d->before->sp - 8, 8);
	const struct operand *op = &d->op[0];

	d->step->after.sp -= 8;
	d->step->by_sp = true;
	if (!slot.size || d->before->moved) {
		d->step->lost = true;
		return;
	}
	/* The caller's frame pointer, to be there for the whole call. */
	if (op->is_reg && op->reg == CODE_RBP && !d->before->has_bp)
		return;
	use_operand(d, op);
	def_span(d, slot);
	if (d->insn->nr_uses == 1 && op->span.size == 8)
		d->insn->kind = CODE_COPY;
	if (op->is_reg && op->span.size == 8)
		d->step->saved = slot;
	else
		d->step->handed = slot;
}

static void pop(struct decoding *d)
{
	struct code_span slot = operand_frame(d->before->sp, 8);
	const struct operand *op = &d->op[0];

	d->step->after.sp += 8;
	if (!slot.size || !op->is_reg || d->before->moved) {
		d->step->lost = true;
		return;
	}
	if (op->reg == CODE_RBP) {
		d->step->after.has_bp = false;
		return;
	}
	use_span(d, slot);
	def_operand(d, op);
	d->insn->kind = CODE_COPY;
}

static void lea(struct decoding *d)
{
	const x86_op_mem *m = &d->x86->operands[1].mem;
	struct code_span base = operand_reg(m->base);
	int64_t from = base.at / 8 == CODE_RSP ? d->before->sp : d->before->bp;

	if (operand_is_stack_reg(base) && d->op[0].reg == CODE_RSP && m->index == X86_REG_INVALID) {
		d->step->after.sp = (int32_t)(from + m->disp);
		if (base.at / 8 == CODE_RBP)
			d->step->after.moved = false;
		return;
	}
	if (operand_is_stack_reg(base))
		d->step->escapes = true;
	def_operand(d, &d->op[0]);
}

/* The first operand is changed by the others. */
static void change(struct decoding *d)
{
	struct operand *to = &d->op[0], *by = &d->op[1];
	bool is_add = d->cs->id == X86_INS_ADD;

	if (to->is_reg && to->reg == CODE_RSP) {
		if (to->span.size == 8 && by->is_imm && (is_add || d->cs->id == X86_INS_SUB))
			d->step->after.sp += (int32_t)(is_add ? by->imm : -by->imm);
		else
			d->step->lost = true;
		return;
	}
	/* A register with itself: zero, or all from a flag. */
	if (!(to->is_reg && by->is_reg && to->span.at == by->span.at && to->span.size >= 4 &&
	      (d->cs->id == X86_INS_XOR || d->cs->id == X86_INS_SUB))) {
		for (unsigned int i = 0; i < d->x86->op_count; i++)
			use_operand(d, &d->op[i]);
	}
	def_operand(d, to);
}

/* A bit of memory that a register names may be far from there. */
static void one_bit(struct decoding *d)
{
	if (d->op[0].is_frame && !d->op[1].is_imm)
		d->step->escapes = true;
}

/* The first operand is made from the others. */
static void make(struct decoding *d)
{
	for (unsigned int i = 1; i < d->x86->op_count; i++)
		use_operand(d, &d->op[i]);
	def_operand(d, &d->op[0]);
}

static void ask(struct decoding *d)
{
	for (unsigned int i = 0; i < d->x86->op_count; i++)
		use_operand(d, &d->op[i]);
}

static void swap(struct decoding *d)
{
	ask(d);
	for (unsigned int i = 0; i < d->x86->op_count; i++)
		def_operand(d, &d->op[i]);
	if (d->cs->id == X86_INS_CMPXCHG) {
		use_reg(d, CODE_RAX);
		/* One of the two is written, the other one stays. */
		d->insn->nr_defs = 0;
	}
}

static void jump(struct decoding *d, bool always)
{
	d->step->goes_on = !always;
	if (d->op[0].is_imm)
		d->step->target = (uintptr_t)d->op[0].imm;
	else
		d->insn->kind = CODE_UNKNOWN;	/* anywhere */
}

static void with_rax_rdx(struct decoding *d, bool uses_rdx)
{
	ask(d);
	use_reg(d, CODE_RAX);
	if (uses_rdx)
		use_reg(d, CODE_RDX);
	def_reg(d, CODE_RAX);
	def_reg(d, CODE_RDX);
}

/*
 * "leaq 1f(%rip), %rax; ...; jmpq *%rax; 1:" is a switch of fibers: it comes back
 * with the frame as it was and with nothing in registers.
 */
static bool is_switch(struct decoding *d)
{
	const x86_op_mem *m = &d->x86->operands[1].mem;
	uintptr_t next = (uintptr_t)d->cs->address + d->cs->size, to = next + (uintptr_t)m->disp;
	static const unsigned char jump[] = { 0xff, 0xe0 };

	if (d->cs->id != X86_INS_LEA || m->base != X86_REG_RIP || d->op[0].reg != CODE_RAX ||
	    to <= next + sizeof(jump) || to > next + 64 ||
	    memcmp((const void *)(to - sizeof(jump)), jump, sizeof(jump)))
		return false;
	d->insn->kind = CODE_SWITCH;
	use_reg(d, CODE_RDI);
	use_reg(d, CODE_RSI);
	d->step->size = (unsigned int)(to - (uintptr_t)d->cs->address);
	return true;
}

static bool decode_moves(struct decoding *d)
{
	switch (d->cs->id) {
	case X86_INS_MOV:
	case X86_INS_MOVABS:
		copy(d, &d->op[0], &d->op[1]);
		return true;
	case X86_INS_PUSH:
		push(d);
		return true;
	case X86_INS_POP:
		pop(d);
		return true;
	case X86_INS_LEA:
		lea(d);
		return true;
	case X86_INS_LEAVE:
		d->step->after.sp = d->before->bp + 8;
		d->step->after.has_bp = d->step->after.moved = false;
		d->step->lost |= !d->before->has_bp;
		return true;
	case X86_INS_MOVZX: case X86_INS_MOVSX: case X86_INS_MOVSXD:
	case X86_INS_MOVAPS: case X86_INS_MOVUPS: case X86_INS_MOVDQA: case X86_INS_MOVDQU:
	case X86_INS_MOVQ: case X86_INS_MOVD:
	case X86_INS_TZCNT: case X86_INS_LZCNT: case X86_INS_POPCNT:
	case X86_INS_SETA: case X86_INS_SETAE: case X86_INS_SETB: case X86_INS_SETBE:
	case X86_INS_SETE: case X86_INS_SETNE: case X86_INS_SETG: case X86_INS_SETGE:
	case X86_INS_SETL: case X86_INS_SETLE: case X86_INS_SETS: case X86_INS_SETNS:
		make(d);
		return true;
	default:
		return false;
	}
}

static bool decode_sums(struct decoding *d)
{
	switch (d->cs->id) {
	case X86_INS_ADD: case X86_INS_SUB: case X86_INS_AND: case X86_INS_OR: case X86_INS_XOR:
	case X86_INS_ADC: case X86_INS_SBB: case X86_INS_SHL: case X86_INS_SHR: case X86_INS_SAR:
	case X86_INS_ROL: case X86_INS_ROR: case X86_INS_INC: case X86_INS_DEC: case X86_INS_NEG:
	case X86_INS_NOT:
	case X86_INS_BSF: case X86_INS_BSR:
	case X86_INS_PXOR: case X86_INS_XORPS:
	case X86_INS_CMOVA: case X86_INS_CMOVAE: case X86_INS_CMOVB: case X86_INS_CMOVBE:
	case X86_INS_CMOVE: case X86_INS_CMOVNE: case X86_INS_CMOVG: case X86_INS_CMOVGE:
	case X86_INS_CMOVL: case X86_INS_CMOVLE: case X86_INS_CMOVS: case X86_INS_CMOVNS:
		change(d);
		return true;
	case X86_INS_IMUL:
		if (d->x86->op_count == 3)
			make(d);
		else if (d->x86->op_count == 2)
			change(d);
		else
			with_rax_rdx(d, false);
		return true;
	case X86_INS_MUL:
		with_rax_rdx(d, false);
		return true;
	case X86_INS_DIV: case X86_INS_IDIV:
		with_rax_rdx(d, true);
		return true;
	case X86_INS_CDQ: case X86_INS_CQO: case X86_INS_CDQE: case X86_INS_CWDE:
		use_reg(d, CODE_RAX);
		def_reg(d, d->cs->id == X86_INS_CDQ || d->cs->id == X86_INS_CQO ?
			   CODE_RDX : CODE_RAX);
		return true;
	case X86_INS_BTS: case X86_INS_BTR: case X86_INS_BTC:
		one_bit(d);
		change(d);
		return true;
	case X86_INS_BT:
		one_bit(d);
		ask(d);
		return true;
	case X86_INS_CMP: case X86_INS_TEST:
		ask(d);
		return true;
	case X86_INS_XCHG: case X86_INS_CMPXCHG: case X86_INS_XADD:
		swap(d);
		return true;
	default:
		return false;
	}
}

static bool is_branch(unsigned int id)
{
	return id >= X86_INS_JAE && id <= X86_INS_JS && id != X86_INS_JCXZ &&
	       id != X86_INS_JECXZ && id != X86_INS_JRCXZ;
}

static bool decode_ways(struct decoding *d)
{
	switch (d->cs->id) {
	case X86_INS_NOP: case X86_INS_ENDBR64:
		d->insn->nr_uses = 0;		/* its operand is no operand */
		d->step->escapes = false;
		return true;
	case X86_INS_CALL:
		ask(d);
		d->insn->kind = CODE_CALL;
		return true;
	case X86_INS_RET:
		d->insn->kind = CODE_RETURN;
		d->step->goes_on = false;
		d->step->lost = d->before->sp != -8 || d->before->moved;
		return true;
	case X86_INS_UD2: case X86_INS_HLT: case X86_INS_INT3:
		d->insn->kind = CODE_STOP;
		d->step->goes_on = false;
		return true;
	case X86_INS_JMP:
		jump(d, true);
		return true;
	default:
		if (d->x86->op_count != 1 || !d->op[0].is_imm || !is_branch(d->cs->id))
			return false;
		jump(d, false);
		return true;
	}
}

static void decode(struct decoding *d)
{
	const uint16_t *changed = d->cs->detail->regs_write;

	operands_read(d);
	if (is_switch(d) || decode_ways(d) || decode_moves(d) || decode_sums(d))
		return;
	d->insn->kind = CODE_UNKNOWN;
	d->step->escapes = true;
	for (unsigned int i = 0; i < d->cs->detail->regs_write_count; i++)
		d->step->lost |= operand_is_stack_reg(operand_reg(changed[i]));
	for (unsigned int i = 0; i < d->x86->op_count && i < 4; i++)
		d->step->lost |= d->op[i].is_reg && operand_is_stack_reg(d->op[i].span);
}

bool code_decode(uintptr_t at, const struct code_stack *before, struct code_insn *insn,
		 struct code_step *step)
{
	static csh handle;
	static cs_insn *cs;
	const uint8_t *bytes = (const uint8_t *)at;
	uint64_t address = at;
	size_t size = 16;
	struct decoding d = { .before = before, .insn = insn, .step = step };

	if (!cs) {
		if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle) != CS_ERR_OK)
			return false;
		cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
		cs = cs_malloc(handle);
	}
	if (!cs || !cs_disasm_iter(handle, &bytes, &size, &address, cs))
		return false;
	*insn = (struct code_insn){ .at = at, .next = { -1, -1 }, .sp = before->sp };
	*step = (struct code_step){ .size = cs->size, .after = *before, .goes_on = true };
	d.cs = cs;
	d.x86 = &cs->detail->x86;
	decode(&d);
	return true;
}

#else

bool code_decode(uintptr_t at, const struct code_stack *before, struct code_insn *insn,
		 struct code_step *step)
{
	(void)at;
	(void)before;
	(void)insn;
	(void)step;
	return false;
}

#endif
