// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data races: two accesses of one location by two processes, one of them a
 * store and one of them plain, that nothing puts in order.
 *
 * Four ways to see that nothing does, each true of some state of the search:
 * both accesses are about to be made (or are stores that have not committed);
 * a load could have executed before a store that another process committed;
 * so could a plain store, which neither data nor control dependencies hold
 * back; a store commits after a plain load that no fence has ended.  The last
 * three need the weak machine.  A race that only a plain load's passing a later
 * store would show is among the last.
 */
#include "litmus_run.h"

struct intent {
	unsigned int loc;
	bool store;
	bool plain;
};

static bool is_plain(const struct litmus_insn *insn)
{
	return insn->op == LIT_LOAD ? insn->kind :
	       insn->op == LIT_STORE && insn->order == MEM_PLAIN;
}

/* What the process is about to do and what it has done but nobody sees. */
static unsigned int intents(const struct lit_run *run,
			    const struct lit_state *s, unsigned int proc,
			    struct intent *to)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);
	const struct mem_cpu *c = &s->mem.cpu[proc];
	int loc = lit_target(run, s, proc);
	unsigned int i, nr = 0;

	for (i = 0; i < c->nr_pending; i++)
		to[nr++] = (struct intent){ c->pending[i].loc, true,
					    c->pending[i].flags & MEM_P_PLAIN };
	if (loc >= 0)
		to[nr++] = (struct intent){ loc, insn->op != LIT_LOAD,
					    is_plain(insn) };
	return nr;
}

static bool conflict(const struct intent *a, unsigned int nr_a,
		     const struct intent *b, unsigned int nr_b)
{
	unsigned int i, j;

	for (i = 0; i < nr_a; i++)
		for (j = 0; j < nr_b; j++)
			if (a[i].loc == b[j].loc &&
			    (a[i].store || b[j].store) &&
			    (a[i].plain || b[j].plain))
				return true;
	return false;
}

void lit_race_states(struct lit_run *run, const struct lit_state *s)
{
	struct intent list[LITMUS_PROCS_MAX][MEM_PENDING_MAX + 1];
	unsigned int nr[LITMUS_PROCS_MAX];
	unsigned int i, j;

	for (i = 0; i < run->t->nr_procs; i++) {
		nr[i] = intents(run, s, i, list[i]);
		for (j = 0; j < i; j++)
			if (conflict(list[i], nr[i], list[j], nr[j]))
				run->result->race = true;
	}
}

/* Was a foreign store of the location committed after @since? */
static bool foreign_since(const struct lit_state *s, unsigned int proc,
			  unsigned int loc, uint32_t since, bool plain_only)
{
	const struct mem_loc *l = &s->mem.loc[loc];
	unsigned int i;

	for (i = 0; i < l->nr; i++)
		if (l->commit[i] > since && l->cpu[i] != proc &&
		    (l->plain[i] || !plain_only))
			return true;
	return false;
}

/* Does the instruction keep earlier plain loads from passing it? */
static bool ends_reads(const struct litmus_insn *insn)
{
	switch (insn->op) {
	case LIT_FENCE:
		return insn->kind != MEM_WMB;
	case LIT_STORE:
		return insn->order == MEM_RELEASE;
	case LIT_RMW:
	case LIT_CAS:
	case LIT_ADD_UNLESS:
		return insn->order == MEM_FULL || insn->order == MEM_RELEASE;
	case LIT_UNLOCK:
	case LIT_RCU_UNLOCK:
	case LIT_SYNC:
		return true;
	}
	return false;
}

void lit_race_access(struct lit_run *run, struct lit_state *s,
		     unsigned int proc, unsigned int loc)
{
	const struct litmus_insn *insn = lit_insn(run, s, proc);
	const struct mem_cpu *c = &s->mem.cpu[proc];
	uint32_t since = c->rmin, adep;

	if (run->opts.model != MEM_WEAK)
		return;
	if (ends_reads(insn))
		s->plain_reads[proc] = 0;
	if (insn->op == LIT_FENCE && insn->kind == MEM_WMB)
		s->plain_after[proc] = c->maxr_all;
	if (insn->op != LIT_LOAD && insn->op != LIT_STORE)
		return;
	adep = s->dep[run->base[proc] + insn->a];
	if (adep > since)
		since = adep;
	if (insn->op == LIT_STORE && s->plain_after[proc] > since)
		since = s->plain_after[proc];
	if (is_plain(insn) || insn->op == LIT_LOAD)
		run->result->race |= foreign_since(s, proc, loc, since,
						   !is_plain(insn));
	if (is_plain(insn) && insn->op == LIT_LOAD)
		s->plain_reads[proc] |= 1ULL << loc;
}

void lit_race_commit(struct lit_run *run, struct lit_state *s,
		     unsigned int proc, unsigned int loc)
{
	unsigned int i;

	if (!run->look_for_races)
		return;
	for (i = 0; i < run->t->nr_procs; i++)
		if (i != proc && (s->plain_reads[i] >> loc & 1))
			run->result->race = true;
}
