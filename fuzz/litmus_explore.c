// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every state of a litmus test, depth first.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "litmus_run.h"
#include "litmus_set.h"

struct search {
	struct lit_run run;
	struct litmus_set visited;
	struct litmus_set finals;
	unsigned char *stack;	/* packed states that are to be expanded */
	size_t stack_size, stack_used;
	size_t state_size;
	struct lit_state now;	/* the state that is expanded */
	struct lit_state next;	/* a successor of it */
	unsigned char packed[sizeof(struct lit_state)];	/* next, packed */
	unsigned char origin[sizeof(struct lit_state)];	/* now, packed */
};

static void push(struct search *x)
{
	lit_pack(&x->run, &x->next, x->packed);
	if (!litmus_set_add(&x->visited, x->packed, x->state_size))
		return;
	if (x->stack_used + x->state_size > x->stack_size) {
		x->stack_size = 2 * x->stack_size + 64 * x->state_size;
		x->stack = realloc(x->stack, x->stack_size);
		assert(x->stack);
	}
	memcpy(x->stack + x->stack_used, x->packed, x->state_size);
	x->stack_used += x->state_size;
}

static void pop(struct search *x)
{
	x->stack_used -= x->state_size;
	memcpy(x->origin, x->stack + x->stack_used, x->state_size);
	lit_unpack(&x->run, x->origin, &x->now);
}

/* Make the next state the present one: a tenth of what "=" would copy. */
static struct lit_state *branch(struct search *x)
{
	lit_unpack(&x->run, x->origin, &x->next);
	return &x->next;
}

/* Successors by the next step of @proc; gives their number. */
static unsigned int step(struct search *x, unsigned int proc)
{
	unsigned int nr = lit_choices(&x->run, &x->now, proc), answer;

	for (answer = 0; answer < nr; answer++) {
		lit_act(&x->run, branch(x), proc, answer);
		if (!lit_settle(&x->run, &x->next))
			break;
		push(x);
	}
	return nr;
}

/* Successors by a commit of one of @proc's stores. */
static unsigned int commit(struct search *x, unsigned int proc)
{
	unsigned int nr = mem_commit_choices(&x->now.mem, proc), which, loc;

	for (which = 0; which < nr; which++) {
		loc = mem_commit(&branch(x)->mem, proc, which);
		lit_race_commit(&x->run, &x->next, proc, loc);
		if (!lit_settle(&x->run, &x->next))
			break;
		push(x);
	}
	return nr;
}

static void expand(struct search *x)
{
	unsigned int i, nr = 0;

	for (i = 0; i < x->run.t->nr_procs; i++) {
		if (lit_is_private(&x->run, &x->now, i)) {
			step(x, i);
			return;
		}
	}
	for (i = 0; i < x->run.t->nr_procs; i++)
		nr += step(x, i) + commit(x, i);
	if (!nr)
		x->run.result->nr_deadlocks++;
}

static void finish(struct search *x)
{
	const struct litmus *t = x->run.t;
	struct litmus_result *r = x->run.result;
	int64_t row[LITMUS_SEEN_MAX];
	unsigned int i;
	size_t size = t->nr_seen * sizeof(row[0]);

	for (i = 0; i < t->nr_seen; i++) {
		if (t->seen[i].proc < 0)
			row[i] = mem_peek(&x->now.mem, t->seen[i].index);
		else
			row[i] = x->now.value[x->run.base[t->seen[i].proc] +
					      t->seen[i].index];
	}
	if (!litmus_holds(t, t->filter, row) ||
	    !litmus_set_add(&x->finals, row, size))
		return;
	/* One byte more: a state may have no values at all. */
	r->finals = realloc(r->finals, (r->nr_finals + 1) * size + 1);
	assert(r->finals);
	memcpy(r->finals + r->nr_finals * t->nr_seen, row, size);
	r->nr_finals++;
	if (litmus_holds(t, t->condition, row))
		r->nr_positive++;
	else
		r->nr_negative++;
}

static int compare_rows(const void *a, const void *b, void *nr_values)
{
	const int64_t *left = a, *right = b;
	size_t i;

	for (i = 0; i < *(size_t *)nr_values; i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	return 0;
}

static void search(struct search *x, uint64_t max_states)
{
	struct litmus_result *r = x->run.result;

	lit_start(&x->run, &x->next);
	if (!lit_settle(&x->run, &x->next))
		return;
	x->state_size = lit_pack(&x->run, &x->next, x->packed);
	/* What is not packed is the same in all states. */
	x->now = x->next;
	push(x);
	while (x->stack_used && r->stop == LITMUS_EXHAUSTED) {
		if (max_states && x->visited.nr > max_states) {
			r->stop = LITMUS_CAPPED;
			break;
		}
		pop(x);
		if (x->run.look_for_races && !r->race)
			lit_race_states(&x->run, &x->now);
		if (lit_is_final(&x->run, &x->now))
			finish(x);
		else
			expand(x);
	}
}

void litmus_explore(const struct litmus *t, const struct mem_opts *opts,
		    uint64_t max_states, struct litmus_result *r)
{
	struct search *x = calloc(1, sizeof(*x));
	size_t nr_seen = t->nr_seen;

	assert(x);
	assert(t->error == LITMUS_FINE);
	*r = (struct litmus_result){ .stop = LITMUS_EXHAUSTED };
	x->run.t = t;
	x->run.opts = *opts;
	x->run.opts.nr_cpus = t->nr_procs;
	x->run.look_for_races = t->has_plain;
	x->run.result = r;
	search(x, max_states);
	r->nr_visited = x->visited.nr;
	if (nr_seen && r->nr_finals)
		qsort_r(r->finals, r->nr_finals, nr_seen * sizeof(int64_t),
			compare_rows, &nr_seen);
	litmus_set_free(&x->visited);
	litmus_set_free(&x->finals);
	free(x->stack);
	free(x);
}

void litmus_result_free(struct litmus_result *r)
{
	free(r->finals);
	*r = (struct litmus_result){ 0 };
}
