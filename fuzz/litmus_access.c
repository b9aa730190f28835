// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions that access memory, in terms of sim/mem.h.
 */
#include <assert.h>

#include "litmus_run.h"

struct operand {
	int64_t value;
	uint32_t dep;
};

static struct operand operand(const struct lit_run *run,
			      const struct lit_state *s, unsigned int proc,
			      unsigned int reg)
{
	unsigned int at = run->base[proc] + reg;

	if (reg == LITMUS_NO_REG)
		return (struct operand){ 0, 0 };
	return (struct operand){ s->value[at], s->dep[at] };
}

static void set(const struct lit_run *run, struct lit_state *s,
		unsigned int proc, unsigned int reg, int64_t value,
		uint32_t dep)
{
	if (reg == LITMUS_NO_REG)
		return;
	s->value[run->base[proc] + reg] = value;
	s->dep[run->base[proc] + reg] = dep;
}

/* Arithmetic wraps; shifts of 64 and more give what is left: nothing. */
static int64_t arithmetic(unsigned int kind, uint64_t a, uint64_t b,
			  bool *undefined)
{
	switch (kind) {
	case '+':
		return a + b;
	case '-':
		return a - b;
	case '*':
		return a * b;
	case '&':
		return a & b;
	case '|':
		return a | b;
	case '^':
		return a ^ b;
	case LIT_K_ANDNOT:
		return a & ~b;
	case LIT_K_EXCHANGE:
	case LIT_K_JOIN:
		return b;
	case LIT_2('<', '<'):
		return b < 64 ? a << b : 0;
	case LIT_2('>', '>'):
		return b < 64 ? (int64_t)a >> b : 0;
	case '/':
	case '%':
		*undefined = b == 0 || (int64_t)b == -1;
		if (*undefined)
			return 0;
		return kind == '/' ? (int64_t)a / (int64_t)b :
				     (int64_t)a % (int64_t)b;
	}
	assert(!"no such operator");
	return 0;
}

int64_t lit_compute(unsigned int kind, int64_t a, int64_t b, bool *undefined)
{
	switch (kind) {
	case LIT_2('=', '='):
		return a == b;
	case LIT_2('!', '='):
		return a != b;
	case LIT_2('<', '='):
		return a <= b;
	case LIT_2('>', '='):
		return a >= b;
	case '<':
		return a < b;
	case '>':
		return a > b;
	case LIT_2('&', '&'):
		return a && b;
	case LIT_2('|', '|'):
		return a || b;
	}
	return arithmetic(kind, a, b, undefined);
}

static struct mem_cas cas_of(const struct lit_run *run,
			     const struct lit_state *s, unsigned int proc)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);
	struct operand new = operand(run, s, proc, insn->c);

	return (struct mem_cas){
		.expect = operand(run, s, proc, insn->b).value,
		.value = new.value,
		.adep = operand(run, s, proc, insn->a).dep,
		.dep = new.dep,
		.order = insn->order,
	};
}

/* A conditional RMW that fails is a load of a value that makes it fail. */
static bool fails(const struct litmus_insn *insn, uint64_t value,
		  int64_t unless)
{
	return insn->op == LIT_TRYLOCK ? value != 0 : (int64_t)value == unless;
}

static bool can_succeed(const struct lit_run *run, const struct lit_state *s,
			unsigned int proc, unsigned int loc)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);

	if (insn->op == LIT_TRYLOCK)
		return mem_can_lock(&s->mem, proc, loc);
	return mem_can_rmw(&s->mem, proc, loc, insn->order) &&
	       !fails(insn, mem_peek(&s->mem, loc),
		      operand(run, s, proc, insn->c).value);
}

/*
 * Answers of a conditional RMW: success first, then failures.  Gives their
 * number and, in @load, which answer of mem_load() the failure @answer is.
 */
static unsigned int conditional(const struct lit_run *run,
				const struct lit_state *s, unsigned int proc,
				unsigned int loc, unsigned int answer,
				unsigned int *load)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);
	uint32_t adep = operand(run, s, proc, insn->a).dep;
	int64_t unless = operand(run, s, proc, insn->c).value;
	unsigned int nr = can_succeed(run, s, proc, loc);
	unsigned int i, loads = mem_load_choices(&s->mem, proc, loc, adep);
	uint64_t value;

	for (i = 0; i < loads; i++) {
		value = mem_load_peek(&s->mem, proc, loc, adep, i);
		if (!fails(insn, value, unless))
			continue;
		if (nr == answer)
			*load = i;
		nr++;
	}
	return nr;
}

unsigned int lit_choices(const struct lit_run *run, const struct lit_state *s,
			 unsigned int proc)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);
	const struct mem *m = &s->mem;
	int loc = lit_target(run, s, proc);
	struct mem_cas cas;
	unsigned int unused;

	switch (insn->op) {
	case LIT_LOAD:
		return mem_load_choices(m, proc, loc,
					operand(run, s, proc, insn->a).dep);
	case LIT_STORE:
	case LIT_UNLOCK:
		return mem_can_store(m, proc);
	case LIT_FENCE:
		return mem_can_fence(m, proc, insn->kind);
	case LIT_RMW:
		return mem_can_rmw(m, proc, loc, insn->order);
	case LIT_CAS:
		cas = cas_of(run, s, proc);
		return mem_cas_choices(m, proc, loc, &cas);
	case LIT_ADD_UNLESS:
	case LIT_TRYLOCK:
		return conditional(run, s, proc, loc, 0, &unused);
	case LIT_LOCK:
		return mem_can_lock(m, proc, loc);
	case LIT_RCU_LOCK:
		return mem_rcu_lock_choices(m, proc);
	case LIT_RCU_UNLOCK:
		return 1;
	case LIT_SYNC:
		return mem_can_rcu_sync(m, proc);
	case LIT_SYNCED:
		return mem_can_rcu_synced(m, proc);
	}
	assert(insn->op == LIT_HALT);
	return 0;
}

static void act_rmw(struct lit_run *run, struct lit_state *s,
		    unsigned int proc, unsigned int loc, unsigned int kind)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);
	struct operand b = operand(run, s, proc, insn->b);
	uint32_t adep = operand(run, s, proc, insn->a).dep, at, dep = b.dep;
	bool undefined = false;
	int64_t old, new;

	old = mem_rmw_read(&s->mem, proc, loc, adep, insn->order, &at);
	new = lit_compute(kind, old, b.value, &undefined);
	assert(!undefined);
	if (kind != LIT_K_EXCHANGE && at > dep)
		dep = at;
	mem_rmw_write(&s->mem, proc, loc, new, insn->order, dep);
	if (insn->order == MEM_FULL)
		lit_race_commit(run, s, proc, loc);
	set(run, s, proc, insn->dst, old, at);
}

static void act_load(struct lit_run *run, struct lit_state *s,
		     unsigned int proc, unsigned int loc, unsigned int answer)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);
	uint64_t value;
	uint32_t at;

	value = mem_load(&s->mem, proc, loc,
			 operand(run, s, proc, insn->a).dep, answer,
			 insn->order == MEM_ACQUIRE ? MEM_ACQUIRE : MEM_RELAXED,
			 &at);
	set(run, s, proc, insn->dst, value, at);
}

static void act_conditional(struct lit_run *run, struct lit_state *s,
			    unsigned int proc, unsigned int loc,
			    unsigned int answer)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);
	unsigned int load = 0;

	if (!can_succeed(run, s, proc, loc) || answer) {
		conditional(run, s, proc, loc, answer, &load);
		act_load(run, s, proc, loc, load);
		if (insn->op == LIT_TRYLOCK)
			s->value[run->base[proc] + insn->dst] = 0;
	} else if (insn->op == LIT_TRYLOCK) {
		mem_lock(&s->mem, proc, loc);
		set(run, s, proc, insn->dst, 1, 0);
	} else {
		act_rmw(run, s, proc, loc, '+');
	}
}

static void act_cas(struct lit_run *run, struct lit_state *s,
		    unsigned int proc, unsigned int loc, unsigned int answer)
{
	struct mem_cas cas = cas_of(run, s, proc);
	uint64_t old;
	uint32_t at;

	old = mem_cas(&s->mem, proc, loc, &cas, answer, &at);
	if (old == cas.expect && cas.order == MEM_FULL)
		lit_race_commit(run, s, proc, loc);
	set(run, s, proc, lit_insn(run, s, proc)->dst, old, at);
}

static void act_store(struct lit_run *run, struct lit_state *s,
		      unsigned int proc, unsigned int loc)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);
	struct operand b = operand(run, s, proc, insn->b);

	mem_store(&s->mem, proc, loc, b.value, insn->order, b.dep);
}

void lit_act(struct lit_run *run, struct lit_state *s, unsigned int proc,
	     unsigned int answer)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);
	int loc = lit_target(run, s, proc);

	if (run->look_for_races)
		lit_race_access(run, s, proc, loc);
	if (insn->op == LIT_LOAD)
		act_load(run, s, proc, loc, answer);
	else if (insn->op == LIT_STORE)
		act_store(run, s, proc, loc);
	else if (insn->op == LIT_FENCE)
		mem_fence(&s->mem, proc, insn->kind);
	else if (insn->op == LIT_RMW)
		act_rmw(run, s, proc, loc, insn->kind);
	else if (insn->op == LIT_CAS)
		act_cas(run, s, proc, loc, answer);
	else if (insn->op == LIT_ADD_UNLESS || insn->op == LIT_TRYLOCK)
		act_conditional(run, s, proc, loc, answer);
	else if (insn->op == LIT_LOCK)
		mem_lock(&s->mem, proc, loc);
	else if (insn->op == LIT_UNLOCK)
		mem_unlock(&s->mem, proc, loc);
	else if (insn->op == LIT_RCU_LOCK)
		mem_rcu_lock(&s->mem, proc, answer);
	else if (insn->op == LIT_RCU_UNLOCK)
		mem_rcu_unlock(&s->mem, proc);
	else if (insn->op == LIT_SYNC)
		mem_rcu_sync(&s->mem, proc);
	else if (insn->op == LIT_SYNCED)
		mem_rcu_synced(&s->mem, proc);
	s->pc[proc]++;
}
