// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each instruction's future still wants: one pass from the end, since
 * jumps go forward only.
 */
#include "litmus.h"

#define ALL_LOCS (~0ULL)

static uint64_t bit(unsigned int reg)
{
	return reg == LITMUS_NO_REG ? 0 : 1ULL << reg;
}

/* Locations that the address in @reg can be of, as far as the text shows. */
static uint64_t targets(const struct litmus *t, const struct litmus_proc *proc,
			unsigned int at, unsigned int reg)
{
	const struct litmus_insn *insn;
	int loc;

	/* A temporary that is set to a constant is set once in its statement. */
	if (reg < proc->nr_named)
		return ALL_LOCS;
	while (at-- > 0) {
		insn = &proc->code[at];
		if (insn->dst != reg)
			continue;
		if (insn->op != LIT_CONST)
			return ALL_LOCS;
		loc = litmus_location(t, insn->imm);
		return loc < 0 ? ALL_LOCS : 1ULL << loc;
	}
	return ALL_LOCS;
}

static void want(struct litmus_future *f, unsigned int reg, bool dep)
{
	f->values |= bit(reg);
	if (dep)
		f->deps |= bit(reg);
}

static void flow_local(const struct litmus_insn *insn, struct litmus_future *f)
{
	bool value = f->values & bit(insn->dst);
	bool dep = f->deps & bit(insn->dst);

	f->values &= ~bit(insn->dst);
	f->deps &= ~bit(insn->dst);
	if (value || dep) {
		want(f, insn->a, dep);
		want(f, insn->b, dep);
	}
}

static void flow_memory(const struct litmus_insn *insn, uint64_t where,
			struct litmus_future *f)
{
	f->values &= ~bit(insn->dst);
	f->deps &= ~bit(insn->dst);
	want(f, insn->a, true);
	if (insn->op != LIT_LOAD)
		f->stores |= where;
	if (insn->op != LIT_STORE && insn->op != LIT_UNLOCK)
		f->loads |= where;
	/* The value to be compared with orders nothing. */
	want(f, insn->b, insn->op != LIT_CAS);
	want(f, insn->c, insn->op != LIT_ADD_UNLESS);
}

static void flow_insn(const struct litmus *t, struct litmus_proc *proc,
		      unsigned int at)
{
	const struct litmus_insn *insn = &proc->code[at];
	struct litmus_future *f = &proc->future[at];
	const struct litmus_future *jump = &proc->future[insn->to];

	if (insn->op == LIT_HALT) {
		*f = (struct litmus_future){ .values = proc->seen };
		return;
	}
	*f = insn->op == LIT_JUMP ? *jump : proc->future[at + 1];
	if (insn->op == LIT_JUMP_ZERO) {
		f->values |= jump->values | bit(insn->a);
		f->deps |= jump->deps;
		f->loads |= jump->loads;
		f->stores |= jump->stores;
	} else if (insn->op < LIT_LAST_LOCAL) {
		flow_local(insn, f);
	} else if (insn->op > LIT_LAST_LOCAL && insn->a != LITMUS_NO_REG) {
		flow_memory(insn, targets(t, proc, at, insn->a), f);
	}
}

void litmus_flow(struct litmus *t)
{
	struct litmus_proc *proc;
	unsigned int i, at;

	for (i = 0; i < t->nr_procs; i++) {
		proc = &t->proc[i];
		for (at = proc->nr_code + 1; at-- > 0;)
			flow_insn(t, proc, at);
	}
}
