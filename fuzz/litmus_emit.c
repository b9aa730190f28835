// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions, registers and locations of a test in the making.
 */
#include <stdio.h>
#include <string.h>

#include "litmus_parse.h"

unsigned int lit_emit(struct lit_parser *p, enum litmus_op op, unsigned int dst,
		      unsigned int a, unsigned int b)
{
	struct litmus_proc *proc = p->proc;
	struct litmus_insn *insn;

	if (proc->nr_code == LITMUS_CODE_MAX) {
		lit_skip(p, "a process longer than %d steps", LITMUS_CODE_MAX);
		return 0;
	}
	insn = &proc->code[proc->nr_code];
	*insn = (struct litmus_insn){
		.op = op, .dst = dst, .a = a, .b = b, .c = LITMUS_NO_REG,
		.line = p->line,
	};
	return proc->nr_code++;
}

/* The instruction just emitted; after an error some other one. */
struct litmus_insn *lit_last(struct lit_parser *p)
{
	return &p->proc->code[p->proc->nr_code ? p->proc->nr_code - 1 : 0];
}

unsigned int lit_temp(struct lit_parser *p)
{
	if (p->nr_temps == LITMUS_REGS_MAX - LITMUS_NAMED_MAX) {
		lit_skip(p, "an expression with too many parts");
		return LITMUS_NAMED_MAX;
	}
	return LITMUS_NAMED_MAX + p->nr_temps++;
}

unsigned int lit_const(struct lit_parser *p, int64_t value)
{
	unsigned int dst = lit_temp(p);

	lit_emit(p, LIT_CONST, dst, LITMUS_NO_REG, LITMUS_NO_REG);
	lit_last(p)->imm = value;
	return dst;
}

unsigned int lit_binary(struct lit_parser *p, int kind, unsigned int a,
			unsigned int b)
{
	unsigned int dst = lit_temp(p);

	lit_emit(p, LIT_BINARY, dst, a, b);
	lit_last(p)->kind = kind;
	return dst;
}

void lit_patch(struct lit_parser *p, unsigned int insn)
{
	p->proc->code[insn].to = p->proc->nr_code;
}

int lit_find_reg(const struct litmus_proc *proc, const char *name)
{
	unsigned int i;

	for (i = 0; i < proc->nr_named; i++)
		if (!strcmp(proc->reg[i].s, name))
			return i;
	return -1;
}

unsigned int lit_reg(struct lit_parser *p, struct litmus_proc *proc,
		     const char *name)
{
	int found = lit_find_reg(proc, name);

	if (found >= 0)
		return found;
	if (proc->nr_named == LITMUS_NAMED_MAX) {
		lit_skip(p, "more than %d registers in a process",
			 LITMUS_NAMED_MAX);
		return LITMUS_NO_REG;
	}
	strcpy(proc->reg[proc->nr_named].s, name);
	return proc->nr_named++;
}

unsigned int lit_loc(struct lit_parser *p, const char *name)
{
	struct litmus *t = p->t;
	int found = litmus_find_loc(t, name);

	if (found >= 0)
		return found;
	if (t->nr_locs == LITMUS_LOCS_MAX) {
		lit_skip(p, "more than %d locations", LITMUS_LOCS_MAX);
		return 0;
	}
	strcpy(t->loc[t->nr_locs].name.s, name);
	return t->nr_locs++;
}

int litmus_find_loc(const struct litmus *t, const char *name)
{
	unsigned int i;

	for (i = 0; i < t->nr_locs; i++)
		if (!strcmp(t->loc[i].name.s, name))
			return i;
	return -1;
}

static void renumber(uint8_t *reg, unsigned int nr_named)
{
	if (*reg != LITMUS_NO_REG && *reg >= LITMUS_NAMED_MAX)
		*reg = *reg - LITMUS_NAMED_MAX + nr_named;
}

void lit_number_temps(struct litmus_proc *proc)
{
	struct litmus_insn *insn;
	unsigned int i;

	proc->nr_regs = proc->nr_named;
	for (i = 0; i < proc->nr_code; i++) {
		insn = &proc->code[i];
		renumber(&insn->dst, proc->nr_named);
		renumber(&insn->a, proc->nr_named);
		renumber(&insn->b, proc->nr_named);
		renumber(&insn->c, proc->nr_named);
		if (insn->dst != LITMUS_NO_REG && insn->dst >= proc->nr_regs)
			proc->nr_regs = insn->dst + 1;
	}
}

#define ELEMENT_BITS 16

int64_t litmus_address(const struct litmus *t, unsigned int loc)
{
	unsigned int element = t->loc[loc].element;

	return LITMUS_ADDRESS + ((int64_t)(loc - element) << ELEMENT_BITS) +
	       element;
}

int litmus_location(const struct litmus *t, int64_t address)
{
	int64_t offset = address - LITMUS_ADDRESS;
	int64_t loc;

	if (address < LITMUS_ADDRESS)
		return -1;
	loc = (offset >> ELEMENT_BITS) + (offset & ((1 << ELEMENT_BITS) - 1));
	if (loc >= t->nr_locs || litmus_address(t, loc) != address)
		return -1;
	return loc;
}

int litmus_format_value(const struct litmus *t, int64_t value, char *buf,
			size_t size)
{
	int loc = litmus_location(t, value);

	if (loc < 0)
		return snprintf(buf, size, "%lld", (long long)value);
	if (t->loc[loc].element)
		return snprintf(buf, size, "%s[%u]", t->loc[loc].name.s,
				t->loc[loc].element);
	return snprintf(buf, size, "%s", t->loc[loc].name.s);
}
