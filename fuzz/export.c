// SPDX-License-Identifier: GPL-2.0-only
/* Which steps of a witness stand in its litmus test. */
#include <ctype.h>
#include <string.h>
#include "export.h"
#include "show_pick.h"
#include "show_state.h"

static const struct trace_rec *rec(const struct export *e, uint32_t i)
{
	return &e->in->trace->rec[i];
}

/* A store's becoming visible is said by the store. */
static uint32_t store_of(const struct export *e, uint32_t i)
{
	for (uint32_t j = i; rec(e, i)->kind == TRACE_VISIBLE && j-- > 0;)
		if ((rec(e, j)->kind == TRACE_WRITE || rec(e, j)->kind == TRACE_RMW) &&
		    rec(e, j)->off == rec(e, i)->off && show_visible(e->in->trace, j) == i)
			return j;
	return i;
}

static bool is_access(const struct trace_rec *r)
{
	return show_is_access(r) && r->kind != TRACE_VISIBLE && !r->in_irq;
}

static void name_word(struct export_word *w)
{
	char name[SHOW_NAME];
	struct show_word word;
	size_t n = 0;

	show_word(w->off, &word);
	show_word_name(&word, name);
	for (const char *c = name; *c && n + 1 < sizeof(w->name); c++)
		if (isalnum((unsigned char)*c))
			w->name[n++] = *c;
		else if (n && w->name[n - 1] != '_')
			w->name[n++] = '_';
	while (n && w->name[n - 1] == '_')
		n--;
	w->name[n] = '\0';
}

/* Adds the word of an access; EXPORT_WORDS: there are too many. */
static unsigned int add_word(struct export *e, const struct trace_rec *r)
{
	for (unsigned int i = 0; i < e->nr_words; i++)
		if (e->word[i].off == r->off)
			return i;
	if (e->nr_words == EXPORT_WORDS)
		return EXPORT_WORDS;
	e->word[e->nr_words] = (struct export_word){ .off = r->off, .size = r->size };
	name_word(&e->word[e->nr_words]);
	return e->nr_words++;
}

static int find_word(const struct export *e, uint32_t off)
{
	for (unsigned int i = 0; i < e->nr_words; i++)
		if (e->word[i].off == off)
			return (int)i;
	return -1;
}

static int find_proc(const struct export *e, unsigned int task)
{
	for (unsigned int i = 0; i < e->nr_procs; i++)
		if (e->task[i] == task)
			return (int)i;
	return -1;
}

static void add_side(struct export *e, uint32_t i)
{
	const struct trace_rec *r = rec(e, store_of(e, i));

	if (!is_access(r)) {
		e->nr_unsaid++;
		return;
	}
	if (add_word(e, r) == EXPORT_WORDS)
		e->why_not = "more words than a litmus test of ours has";
	if (find_proc(e, r->task) >= 0)
		return;
	if (e->nr_procs == EXPORT_PROCS)
		e->why_not = "more tasks than a litmus test has processes";
	else
		e->task[e->nr_procs++] = r->task;
}

static bool is_side(const struct export *e, uint32_t i)
{
	uint32_t w, o;

	if (explain_is_side(e->explain, i))
		return true;
	for (unsigned int n = 0; n < e->explain->nr; n++)
		for (unsigned int k = 0; k < 2; k++)
			if (store_of(e, k ? e->explain->need[n].b : e->explain->need[n].a) == i)
				return true;
	if (e->in->report->oracle != ORACLE_DATA_RACE)
		return false;
	show_race_sides(e->in->trace, e->in->report, &w, &o);
	return i == w || i == o;
}

static bool is_barrier(const struct trace_rec *r)
{
	return r->kind == TRACE_MB || r->kind == TRACE_RMB || r->kind == TRACE_WMB ||
	       r->kind == TRACE_SCHED_OUT || r->kind == TRACE_IPI;
}

static bool add_step(struct export *e, uint32_t i, unsigned int proc, unsigned int word)
{
	if (e->nr_steps == EXPORT_STEPS) {
		e->why_not = "more steps than a litmus test of ours has";
		return false;
	}
	e->step[e->nr_steps++] = (struct export_step){ i, (uint8_t)proc, (uint8_t)word, 0 };
	return true;
}

/* Sides, and between the first and the last of them all stores to their words. */
static void add_steps(struct export *e, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i <= to && !e->why_not; i++) {
		const struct trace_rec *r = rec(e, i);
		int proc = find_proc(e, r->task), word = -1;

		if (proc < 0 || r->in_irq)
			continue;
		if (is_barrier(r)) {
			add_step(e, i, (unsigned int)proc, EXPORT_WORDS);
			continue;
		}
		if (is_access(r))
			word = find_word(e, r->off);
		if (word < 0 || (r->kind == TRACE_READ && !is_side(e, i)) ||
		    (r->kind == TRACE_RMW && r->value == r->old && !is_side(e, i)))
			continue;
		if (r->kind != TRACE_READ && r->kind != TRACE_CAS_FAILED)
			e->word[word].writers |= 1u << proc;
		e->word[word].is_atomic |= r->kind == TRACE_RMW;
		add_step(e, i, (unsigned int)proc, (unsigned int)word);
	}
}

/* Words before the first step, and after the last. */
static void set_values(struct export *e, uint32_t from, uint32_t to)
{
	static struct show_state state;

	show_state_begin(&state);
	for (uint32_t i = 0; i <= e->in->trace->nr; i++) {
		for (unsigned int w = 0; w < e->nr_words && (i == from || i == to + 1); w++) {
			struct export_word *word = &e->word[w];

			memcpy(i == from ? &word->init : &word->final,
			       state.shared + word->off, word->size);
		}
		if (i < e->in->trace->nr)
			show_state_apply(&state, rec(e, i));
	}
}

/* Each value that a side has read is asked for. */
static void number_registers(struct export *e)
{
	for (unsigned int n = 0; n < e->nr_steps; n++) {
		struct export_step *s = &e->step[n];
		const struct trace_rec *r = rec(e, s->rec);

		if (s->word == EXPORT_WORDS || r->kind == TRACE_WRITE || !is_side(e, s->rec))
			continue;
		s->reg = (uint8_t)++e->nr_regs[s->proc];
	}
}

bool export_choose(struct export *e, const struct show_input *in, const struct explain *x)
{
	uint32_t from = UINT32_MAX, to = 0;

	memset(e, 0, sizeof(*e));
	e->in = in;
	e->explain = x;
	if (in->report->oracle == ORACLE_DATA_RACE) {
		uint32_t side[2];

		show_race_sides(in->trace, in->report, &side[0], &side[1]);
		for (unsigned int k = 0; k < 2; k++)
			if (side[k] != SHOW_NO_RECORD)
				add_side(e, side[k]);
	}
	for (unsigned int n = 0; n < x->nr; n++) {
		add_side(e, x->need[n].a);
		if (explain_is_order(&x->need[n]))
			add_side(e, x->need[n].b);
	}
	for (uint32_t i = 0; i < in->trace->nr; i++)
		if (is_access(rec(e, i)) && is_side(e, i)) {
			from = i < from ? i : from;
			to = i;
		}
	if (!e->nr_words)
		e->why_not = "what it needs is no order of memory accesses";
	else if (e->nr_procs < 2)
		e->why_not = "only one task's accesses matter";
	if (e->why_not)
		return false;
	add_steps(e, from, to);
	set_values(e, from, to);
	number_registers(e);
	return !e->why_not;
}
