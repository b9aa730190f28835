// SPDX-License-Identifier: GPL-2.0-only
/* Reading a function: from its first instruction on, wherever control may go. */
#include <stdlib.h>
#include <string.h>
#include "code_priv.h"

enum { MAX_INSNS = 1 << 14, MAX_BYTES = 1 << 16, MAX_PARTS = 2 };

/* An instruction that has been seen ahead, from @from (index + 1) or from nowhere. */
struct ahead {
	uintptr_t at;
	int32_t from;
	uint8_t way;
	struct code_stack stack;
};

struct reading {
	struct code_function *f;
	unsigned int size, size_ahead, nr_ahead;
	struct ahead *ahead;
	struct code_range part[MAX_PARTS];
	unsigned int nr_parts;
	int32_t *index[MAX_PARTS];	/* index + 1 of the instruction at each byte */
	struct code_stack *stack;	/* at each instruction */
	bool escapes, lost, by_sp;
	/* As long as nothing but the beginning has been read: */
	bool begins, pushes;
	bool changed[CODE_REGS];
	bool saved[CODE_FRAME_END], handed[CODE_FRAME_END];
};

/* The place in an index for @at; NULL: it is not in this function. */
static int32_t *index_of(struct reading *r, uintptr_t at)
{
	struct code_range part;

	for (unsigned int i = 0; i < r->nr_parts; i++)
		if (at >= r->part[i].from && at < r->part[i].to)
			return &r->index[i][at - r->part[i].from];
	if (r->nr_parts == MAX_PARTS || !code_part_at(&r->part[0], at, &part) ||
	    part.to - part.from > MAX_BYTES)
		return NULL;
	r->index[r->nr_parts] = calloc(part.to - part.from, sizeof(int32_t));
	if (!r->index[r->nr_parts])
		return NULL;
	r->part[r->nr_parts++] = part;
	return &r->index[r->nr_parts - 1][at - part.from];
}

static void look_ahead(struct reading *r, uintptr_t at, int32_t from, uint8_t way,
		       const struct code_stack *stack)
{
	if (r->nr_ahead == r->size_ahead) {
		unsigned int size = r->size_ahead ? 2 * r->size_ahead : 64;
		struct ahead *more = realloc(r->ahead, size * sizeof(*more));

		if (!more) {
			r->lost = true;
			return;
		}
		r->ahead = more;
		r->size_ahead = size;
	}
	r->ahead[r->nr_ahead++] = (struct ahead){ at, from, way, *stack };
}

static void mark(bool *bytes, struct code_span s)
{
	for (unsigned int i = 0; i < s.size; i++)
		bytes[s.at + i] = true;
}

/* A register that callees keep, and that nothing has changed since the call. */
static bool is_callers(const struct reading *r, unsigned int reg)
{
	return (reg == CODE_RBX || (reg >= CODE_R12 && reg <= CODE_R15)) && !r->changed[reg];
}

/*
 * What a function pushes when it begins is registers that it keeps for its caller,
 * and what happens to be in rax, to make room.  All else that is pushed is an
 * argument of a call.
 */
static void look_at_pushes(struct reading *r, const struct code_insn *insn,
			   const struct code_step *step)
{
	unsigned int reg = insn->nr_uses ? insn->use[0].at / 8 : CODE_REGS;
	bool room = r->begins && r->pushes && reg == CODE_RAX;

	mark(r->handed, step->handed);
	if (step->saved.size && r->begins && is_callers(r, reg))
		mark(r->saved, step->saved);
	else if (step->saved.size && !room)
		mark(r->handed, step->saved);
	r->pushes = step->saved.size ||
		    (step->after.has_bp && !insn->nr_defs && !insn->nr_uses);
	for (unsigned int i = 0; i < insn->nr_defs; i++)
		if (insn->def[i].at / 8 < CODE_REGS)
			r->changed[insn->def[i].at / 8] = true;
	r->begins &= insn->kind <= CODE_COPY && !step->target;
}

static bool room_for_one(struct reading *r)
{
	unsigned int size = r->size ? 2 * r->size : 128;
	struct code_insn *insn;
	struct code_stack *stack;

	if (r->f->nr < r->size)
		return true;
	if (size > MAX_INSNS)
		return false;
	insn = realloc(r->f->insn, size * sizeof(*insn));
	if (insn)
		r->f->insn = insn;
	stack = realloc(r->stack, size * sizeof(*stack));
	if (stack)
		r->stack = stack;
	r->size = insn && stack ? size : r->size;
	return insn && stack;
}

static bool is_same_stack(const struct code_stack *a, const struct code_stack *b)
{
	return (a->sp == b->sp || a->moved || b->moved) && a->has_bp == b->has_bp &&
	       (!a->has_bp || a->bp == b->bp);
}

static void read_one(struct reading *r, const struct ahead *a, int32_t *index)
{
	struct code_insn *insn;
	struct code_step step;

	if (!room_for_one(r)) {
		r->lost = true;
		return;
	}
	insn = &r->f->insn[r->f->nr];
	if (!code_decode(a->at, &a->stack, insn, &step)) {
		r->lost = true;
		return;
	}
	r->stack[r->f->nr] = a->stack;
	*index = (int32_t)++r->f->nr;
	look_at_pushes(r, insn, &step);
	r->escapes |= step.escapes;
	r->f->moves |= step.after.moved;
	r->by_sp |= step.by_sp && !r->begins;
	r->lost |= step.lost || step.after.sp < -CODE_FRAME || step.after.sp > 0;
	if (step.after.sp < r->f->lowest)
		r->f->lowest = step.after.sp;
	for (unsigned int i = 0; i < insn->nr_defs; i++)
		if (insn->def[i].at >= 8 * CODE_REGS &&
		    insn->def[i].at - CODE_FRAME_END < r->f->lowest)
			r->f->lowest = insn->def[i].at - CODE_FRAME_END;
	for (unsigned int i = 0; i < insn->nr_uses; i++)
		if (insn->use[i].at >= 8 * CODE_REGS &&
		    insn->use[i].at - CODE_FRAME_END < r->f->lowest)
			r->f->lowest = insn->use[i].at - CODE_FRAME_END;
	/* The next one is read first: the beginning comes in its order. */
	if (step.target)
		look_ahead(r, step.target, *index, 1, &step.after);
	if (step.goes_on)
		look_ahead(r, a->at + step.size, *index, 0, &step.after);
}

/* A jump out of the function, with nothing left of its frame, is a call and a return. */
static void leave(struct reading *r, const struct ahead *a)
{
	struct code_insn *from = &r->f->insn[a->from - 1];

	/* No function runs into what comes after it: its last call does not come back. */
	if (!a->way && from->kind == CODE_CALL)
		return;
	from->kind = a->way && a->stack.sp == -8 ? CODE_TAIL : CODE_UNKNOWN;
	r->lost |= !a->way;
}

static void follow(struct reading *r, const struct ahead *a)
{
	int32_t *index = index_of(r, a->at);
	bool is_new;

	if (!index) {
		leave(r, a);
		return;
	}
	is_new = !*index;
	if (is_new)
		read_one(r, a, index);
	else if (!is_same_stack(&r->stack[*index - 1], &a->stack))
		r->lost = true;
	if (r->lost || !a->from)
		return;
	r->f->insn[a->from - 1].next[a->way] = *index - 1;
	if (a->way || !is_new)
		r->f->insn[*index - 1].is_target = true;
}

static void pin(struct reading *r)
{
	for (unsigned int i = 8 * CODE_REGS; i < CODE_FRAME_END; i++)
		r->f->pinned[i] = (r->escapes && !r->saved[i]) || r->handed[i];
}

struct code_function *code_read(uintptr_t at)
{
	struct code_stack entry = { .sp = -8 };
	struct reading *r = calloc(1, sizeof(*r));
	struct code_function *f = NULL;

	if (!r)
		return NULL;
	r->begins = true;
	if (!code_function_at(at, &r->part[0]) || r->part[0].to - r->part[0].from > MAX_BYTES)
		goto out;
	r->nr_parts = 1;
	r->index[0] = calloc(r->part[0].to - r->part[0].from, sizeof(int32_t));
	r->f = calloc(1, sizeof(*r->f));
	if (!r->index[0] || !r->f)
		goto out;
	look_ahead(r, r->part[0].from, 0, 0, &entry);
	while (r->nr_ahead && !r->lost) {
		struct ahead a = r->ahead[--r->nr_ahead];

		follow(r, &a);
	}
	/* Where the stack pointer is depends on the way: nothing else may. */
	if (!r->lost && !(r->f->moves && r->by_sp)) {
		pin(r);
		f = r->f;
		r->f = NULL;
	}
out:
	code_free(r->f);
	for (unsigned int i = 0; i < r->nr_parts; i++)
		free(r->index[i]);
	free(r->stack);
	free(r->ahead);
	free(r);
	return f;
}

void code_free(struct code_function *f)
{
	if (f)
		free(f->insn);
	free(f);
}

int code_find(const struct code_function *f, uintptr_t at)
{
	for (unsigned int i = 0; i < f->nr; i++)
		if (f->insn[i].at == at)
			return (int)i;
	return -1;
}
