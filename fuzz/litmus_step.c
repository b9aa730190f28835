// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps that need no search.
 *
 * A step may be taken at once if it can be moved before every step of every
 * other process without a difference to either: computing in registers, putting
 * a store into the own buffer, fences.  So is a commit to a location that no
 * other process will ever look at: the sooner it commits, the less it holds up.
 */
#include <assert.h>
#include <string.h>

#include "litmus_run.h"

void lit_fault(struct lit_run *run, const struct litmus_insn *insn,
	       const char *text)
{
	run->result->stop = LITMUS_FAULT;
	run->result->fault_line = insn->line;
	run->result->fault_text = text;
}

void lit_start(struct lit_run *run, struct lit_state *s)
{
	const struct litmus *t = run->t;
	unsigned int i, reg;

	memset(s, 0, sizeof(*s));
	run->nr_regs = 0;
	for (i = 0; i < t->nr_procs; i++) {
		run->base[i] = run->nr_regs;
		for (reg = 0; reg < t->proc[i].nr_named; reg++)
			s->value[run->nr_regs + reg] = t->proc[i].init[reg];
		run->nr_regs += t->proc[i].nr_regs;
	}
	mem_init(&s->mem, &run->opts);
	for (i = 0; i < t->nr_locs; i++)
		mem_loc_init(&s->mem, i, 8, t->loc[i].init);
}

const struct litmus_insn *lit_insn(const struct lit_run *run,
				   const struct lit_state *s,
				   unsigned int proc)
{
	return &run->t->proc[proc].code[s->pc[proc]];
}

int lit_target(const struct lit_run *run, const struct lit_state *s,
	       unsigned int proc)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);

	if (insn->op <= LIT_LAST_LOCAL || insn->a == LITMUS_NO_REG)
		return -1;
	return litmus_location(run->t, s->value[run->base[proc] + insn->a]);
}

uint64_t lit_others_touch(const struct lit_run *run, const struct lit_state *s,
			  unsigned int proc, bool stores_only)
{
	const struct litmus_future *f;
	uint64_t touched = 0;
	unsigned int i, j;

	for (i = 0; i < run->t->nr_procs; i++) {
		if (i == proc)
			continue;
		f = &run->t->proc[i].future[s->pc[i]];
		touched |= f->stores;
		if (!stores_only)
			touched |= f->loads;
		for (j = 0; j < s->mem.cpu[i].nr_pending; j++)
			touched |= 1ULL << s->mem.cpu[i].pending[j].loc;
	}
	return touched;
}

bool lit_is_private(const struct lit_run *run, const struct lit_state *s,
		    unsigned int proc)
{
	if (lit_insn(run, s, proc)->op != LIT_LOAD ||
	    s->mem.cpu[proc].rcu_open)
		return false;
	return !(lit_others_touch(run, s, proc, true) >>
		 lit_target(run, s, proc) & 1);
}

bool lit_is_final(const struct lit_run *run, const struct lit_state *s)
{
	unsigned int i;

	for (i = 0; i < run->t->nr_procs; i++)
		if (lit_insn(run, s, i)->op != LIT_HALT ||
		    !mem_cpu_is_drained(&s->mem, i))
			return false;
	return true;
}

static int64_t unary(unsigned int kind, int64_t a)
{
	switch (kind) {
	case '!':
		return !a;
	case '~':
		return ~a;
	case '-':
		return (int64_t)-(uint64_t)a;
	case '+':
		return a;
	}
	assert(!"no such operator");
	return 0;
}

static bool step_local(struct lit_run *run, struct lit_state *s,
		       unsigned int proc)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);
	int64_t *value = s->value + run->base[proc];
	uint32_t *dep = s->dep + run->base[proc];
	bool undefined = false;

	s->pc[proc]++;
	switch (insn->op) {
	case LIT_CONST:
		value[insn->dst] = insn->imm;
		dep[insn->dst] = 0;
		break;
	case LIT_MOVE:
		value[insn->dst] = value[insn->a];
		dep[insn->dst] = dep[insn->a];
		break;
	case LIT_UNARY:
		value[insn->dst] = unary(insn->kind, value[insn->a]);
		dep[insn->dst] = dep[insn->a];
		break;
	case LIT_BINARY:
		value[insn->dst] = lit_compute(insn->kind, value[insn->a],
					       value[insn->b], &undefined);
		if (dep[insn->b] > dep[insn->a])
			dep[insn->dst] = dep[insn->b];
		else
			dep[insn->dst] = dep[insn->a];
		break;
	case LIT_JUMP_ZERO:
		if (value[insn->a])
			break;
		/* fall through */
	case LIT_JUMP:
		s->pc[proc] = insn->to;
		break;
	}
	if (undefined)
		lit_fault(run, insn, "a division by zero");
	return !undefined;
}

/* A memory step that others can neither notice nor hinder. */
static bool is_own(const struct lit_run *run, const struct lit_state *s,
		   unsigned int proc)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);

	switch (insn->op) {
	case LIT_STORE:
	case LIT_UNLOCK:
		return run->opts.model != MEM_SC &&
		       mem_can_store(&s->mem, proc);
	case LIT_FENCE:
	case LIT_SYNC:
		return lit_choices(run, s, proc) > 0;
	case LIT_RCU_LOCK:
	case LIT_RCU_UNLOCK:
		return !run->t->has_sync;
	}
	return false;
}

static bool check_insn(struct lit_run *run, const struct lit_state *s,
		       unsigned int proc)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);
	unsigned int depth = s->mem.cpu[proc].rcu_depth;

	if (insn->op > LIT_LAST_LOCAL && insn->a != LITMUS_NO_REG &&
	    lit_target(run, s, proc) < 0)
		lit_fault(run, insn, "an access to what is no location");
	else if (insn->op == LIT_RCU_UNLOCK && !depth)
		lit_fault(run, insn, "rcu_read_unlock() of nothing");
	else if (insn->op == LIT_RCU_LOCK && depth == 100)
		lit_fault(run, insn, "rcu_read_lock() nested too deeply");
	else
		return true;
	return false;
}

static bool settle_proc(struct lit_run *run, struct lit_state *s,
			unsigned int proc)
{
	for (;;) {
		while (lit_insn(run, s, proc)->op <= LIT_LAST_LOCAL &&
		       lit_insn(run, s, proc)->op != LIT_HALT)
			if (!step_local(run, s, proc))
				return false;
		if (lit_insn(run, s, proc)->op == LIT_HALT) {
			mem_cpu_done(&s->mem, proc);
			return true;
		}
		if (!check_insn(run, s, proc))
			return false;
		if (!is_own(run, s, proc))
			return true;
		lit_act(run, s, proc, 0);
	}
}

/* One commit that nobody waits to see or not to see; false if there is none. */
static bool commit_unseen(struct lit_run *run, struct lit_state *s,
			  unsigned int proc)
{
	unsigned int i, nr = mem_commit_choices(&s->mem, proc);
	uint64_t touched;

	if (!nr || s->mem.cpu[proc].rcu_open)
		return false;
	touched = lit_others_touch(run, s, proc, false);
	for (i = 0; i < nr; i++) {
		if (touched >> mem_commit_loc(&s->mem, proc, i) & 1)
			continue;
		lit_race_commit(run, s, proc, mem_commit(&s->mem, proc, i));
		return true;
	}
	return false;
}

static void forget_dead(struct lit_run *run, struct lit_state *s,
			const struct mem_map *map)
{
	const struct litmus_proc *p;
	const struct litmus_future *f;
	unsigned int i, reg, at;

	for (i = 0; i < run->t->nr_procs; i++) {
		p = &run->t->proc[i];
		f = &p->future[s->pc[i]];
		for (reg = 0; reg < p->nr_regs; reg++) {
			at = run->base[i] + reg;
			if (!(f->values >> reg & 1))
				s->value[at] = 0;
			if (!(f->deps >> reg & 1))
				s->dep[at] = 0;
			else if (s->dep[at])
				s->dep[at] = mem_map_dep(map, i, s->dep[at]);
		}
		if (!run->look_for_races)
			continue;
		s->plain_reads[i] &= lit_others_touch(run, s, i, true);
		s->plain_after[i] = mem_map_dep(map, i, s->plain_after[i]);
	}
}

bool lit_settle(struct lit_run *run, struct lit_state *s)
{
	struct mem_map map;
	unsigned int i;
	bool again;

	do {
		again = false;
		for (i = 0; i < run->t->nr_procs; i++) {
			if (!settle_proc(run, s, i))
				return false;
			again |= commit_unseen(run, s, i);
		}
	} while (again);
	mem_canon(&s->mem, &map, NULL);
	forget_dead(run, s, &map);
	return true;
}
