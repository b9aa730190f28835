// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a litmus test asks of its final states: locations, filter, and the
 * condition with its quantifier.
 */
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "litmus_parse.h"

static unsigned int implication(struct lit_parser *p);

static unsigned int node(struct lit_parser *p, enum litmus_node_op op,
			 unsigned int a, unsigned int b)
{
	struct litmus *t = p->t;

	if (t->nr_nodes == LITMUS_NODES_MAX) {
		lit_skip(p, "a condition with more than %d parts",
			 LITMUS_NODES_MAX);
		return 0;
	}
	t->node[t->nr_nodes] = (struct litmus_node){ .op = op, .a = a, .b = b };
	return t->nr_nodes++;
}

static unsigned int see(struct lit_parser *p, int proc, unsigned int index)
{
	struct litmus *t = p->t;
	unsigned int i;

	for (i = 0; i < t->nr_seen; i++)
		if (t->seen[i].proc == proc && t->seen[i].index == index)
			return i;
	if (t->nr_seen == LITMUS_SEEN_MAX) {
		lit_skip(p, "a state of more than %d values", LITMUS_SEEN_MAX);
		return 0;
	}
	if (proc >= 0)
		t->proc[proc].seen |= 1ULL << index;
	t->seen[t->nr_seen] = (struct litmus_seen){ proc, index };
	return t->nr_seen++;
}

/* After "N:" */
static unsigned int see_register(struct lit_parser *p, int64_t proc)
{
	unsigned int reg;

	if (proc < 0 || proc >= p->t->nr_procs) {
		lit_syntax(p, "a process that the test has before \":\"");
		return 0;
	}
	if (p->token != LIT_T_NAME) {
		lit_syntax(p, "a register's name");
		return 0;
	}
	reg = lit_reg(p, &p->t->proc[proc], p->name);
	lit_next(p);
	return reg == LITMUS_NO_REG ? 0 : see(p, proc, reg);
}

static unsigned int see_location(struct lit_parser *p)
{
	bool bracket = lit_accept(p, '[');
	unsigned int loc;
	int64_t index;

	if (!bracket)
		lit_accept(p, '*');
	if (p->token != LIT_T_NAME) {
		lit_syntax(p, "a register such as 0:r1, or a location");
		return 0;
	}
	index = lit_element(p, &loc);
	if (bracket)
		lit_expect(p, ']', "\"]\"");
	if (lit_failed(p))
		return 0;
	if (litmus_location(p->t, litmus_address(p->t, loc) + index) < 0) {
		lit_syntax(p, "an index within the array before this");
		return 0;
	}
	return see(p, -1, loc + index);
}

static unsigned int see_one(struct lit_parser *p)
{
	int64_t number = p->number;

	if (p->token != LIT_T_NUMBER)
		return see_location(p);
	lit_next(p);
	if (!lit_expect(p, ':', "\":\" and a register"))
		return 0;
	return see_register(p, number);
}

/* The right side of "=": fills in the node. */
static void right_side(struct lit_parser *p, unsigned int at)
{
	struct litmus_node *n = &p->t->node[at];
	bool negative = lit_accept(p, '-');
	int64_t number = p->number;

	if (p->token == LIT_T_NUMBER) {
		lit_next(p);
		if (!negative && lit_accept(p, ':')) {
			n->op = LIT_N_SAME;
			n->b = see_register(p, number);
			return;
		}
		n->value = negative ? (int64_t)-(uint64_t)number : number;
		return;
	}
	lit_accept(p, '&');
	if (negative || p->token != LIT_T_NAME) {
		lit_syntax(p, "a number or a location's name");
		return;
	}
	number = lit_loc(p, p->name);
	if (lit_failed(p))
		return;
	n->value = litmus_address(p->t, number);
	lit_next(p);
	if (lit_accept(p, '[')) {
		n->value += p->number;
		if (p->token != LIT_T_NUMBER)
			lit_syntax(p, "an index");
		lit_next(p);
		lit_expect(p, ']', "\"]\"");
	}
}

static unsigned int comparison(struct lit_parser *p)
{
	unsigned int at = node(p, LIT_N_EQUAL, see_one(p), 0);
	bool unequal = lit_is(p, LIT_2('!', '=')) || lit_is(p, LIT_2('<', '>'));

	if (!unequal && !lit_is(p, '=') && !lit_is(p, LIT_2('=', '='))) {
		lit_syntax(p, "\"=\"");
		return at;
	}
	lit_next(p);
	right_side(p, at);
	return unequal ? node(p, LIT_N_NOT, at, 0) : at;
}

static unsigned int atom(struct lit_parser *p)
{
	unsigned int at = 0;

	if (!lit_enter(p))
		return 0;
	if (lit_accept(p, '~')) {
		at = atom(p);
		at = node(p, LIT_N_NOT, at, 0);
	} else if (lit_is_name(p, "not")) {
		lit_next(p);
		at = atom(p);
		at = node(p, LIT_N_NOT, at, 0);
	} else if (lit_accept(p, '(')) {
		at = implication(p);
		lit_expect(p, ')', "\")\"");
	} else if (lit_is_name(p, "true") || lit_is_name(p, "false")) {
		at = node(p, *p->name == 't' ? LIT_N_TRUE : LIT_N_FALSE, 0, 0);
		lit_next(p);
	} else {
		at = comparison(p);
	}
	lit_leave(p);
	return at;
}

static unsigned int conjunction(struct lit_parser *p)
{
	unsigned int left = atom(p);

	while (lit_accept(p, LIT_2('/', '\\')) ||
	       lit_accept(p, LIT_2('&', '&')))
		left = node(p, LIT_N_AND, left, atom(p));
	return left;
}

static unsigned int disjunction(struct lit_parser *p)
{
	unsigned int left = conjunction(p);

	while (lit_accept(p, LIT_2('\\', '/')) ||
	       lit_accept(p, LIT_2('|', '|')))
		left = node(p, LIT_N_OR, left, conjunction(p));
	return left;
}

static unsigned int implication(struct lit_parser *p)
{
	unsigned int left = disjunction(p);

	if (!lit_accept(p, LIT_2('=', '>')) || !lit_enter(p))
		return left;
	left = node(p, LIT_N_IMPLIES, left, implication(p));
	lit_leave(p);
	return left;
}

bool litmus_holds(const struct litmus *t, unsigned int at,
		  const int64_t *state)
{
	const struct litmus_node *n = &t->node[at];

	switch ((enum litmus_node_op)n->op) {
	case LIT_N_TRUE:
		return true;
	case LIT_N_FALSE:
		return false;
	case LIT_N_AND:
		return litmus_holds(t, n->a, state) &&
		       litmus_holds(t, n->b, state);
	case LIT_N_OR:
		return litmus_holds(t, n->a, state) ||
		       litmus_holds(t, n->b, state);
	case LIT_N_NOT:
		return !litmus_holds(t, n->a, state);
	case LIT_N_IMPLIES:
		return !litmus_holds(t, n->a, state) ||
		       litmus_holds(t, n->b, state);
	case LIT_N_EQUAL:
		return state[n->a] == n->value;
	case LIT_N_SAME:
		return state[n->a] == state[n->b];
	}
	assert(!"no such condition");
	return false;
}

static void locations(struct lit_parser *p)
{
	lit_next(p);
	lit_expect(p, '[', "\"[\" and locations");
	while (!lit_failed(p) && !lit_is(p, ']')) {
		see_one(p);
		if (!lit_is(p, ']'))
			lit_expect(p, ';', "\";\" or \"]\"");
	}
	lit_expect(p, ']', "\"]\"");
}

/* The text with each run of blanks as one and comments left out. */
static char *squeezed(const char *from, size_t len)
{
	char *text = malloc(len + 1), *to = text;
	unsigned int level = 0;
	size_t i;

	assert(text);
	for (i = 0; i < len; i++) {
		if (i + 1 < len && from[i] == '(' && from[i + 1] == '*') {
			level++;
		} else if (level && from[i - 1] == '*' && from[i] == ')') {
			level--;
		} else if (!level && isspace((unsigned char)from[i])) {
			if (to > text && to[-1] != ' ')
				*to++ = ' ';
		} else if (!level) {
			*to++ = from[i];
		}
	}
	while (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
	return text;
}

/* Registers by process and name, then locations: as herd7 shows them. */
static int compare_seen(const struct litmus *t, const struct litmus_seen *a,
			const struct litmus_seen *b)
{
	int by_name;

	if (a->proc != b->proc)
		return (uint16_t)a->proc < (uint16_t)b->proc ? -1 : 1;
	if (a->proc >= 0)
		return strcmp(t->proc[a->proc].reg[a->index].s,
			      t->proc[b->proc].reg[b->index].s);
	by_name = strcmp(t->loc[a->index].name.s, t->loc[b->index].name.s);
	return by_name ? by_name :
			 t->loc[a->index].element - t->loc[b->index].element;
}

static void sort_seen(struct litmus *t)
{
	struct litmus_seen old[LITMUS_SEEN_MAX];
	uint16_t place[LITMUS_SEEN_MAX] = { 0 };
	unsigned int i, j;

	memcpy(old, t->seen, sizeof(old));
	for (i = 0; i < t->nr_seen; i++)
		for (j = 0; j < t->nr_seen; j++)
			place[i] += compare_seen(t, &old[j], &old[i]) < 0;
	for (i = 0; i < t->nr_seen; i++)
		t->seen[place[i]] = old[i];
	for (i = 0; i < t->nr_nodes; i++) {
		if (t->node[i].op < LIT_N_EQUAL)
			continue;
		t->node[i].a = place[t->node[i].a];
		if (t->node[i].op == LIT_N_SAME)
			t->node[i].b = place[t->node[i].b];
	}
}

static void quantifier(struct lit_parser *p)
{
	bool negated = lit_accept(p, '~');

	if (lit_is_name(p, "exists")) {
		p->t->quantifier = negated ? LITMUS_NOT_EXISTS : LITMUS_EXISTS;
	} else if (lit_is_name(p, "forall") && !negated) {
		p->t->quantifier = LITMUS_FORALL;
	} else {
		lit_syntax(p, "exists, ~exists or forall");
		return;
	}
	lit_next(p);
}

void lit_final(struct lit_parser *p)
{
	size_t from;

	p->t->filter = node(p, LIT_N_TRUE, 0, 0);
	while (lit_is_name(p, "locations") || lit_is_name(p, "filter")) {
		if (lit_is_name(p, "locations")) {
			locations(p);
		} else {
			lit_next(p);
			p->t->filter = implication(p);
		}
	}
	quantifier(p);
	from = p->start;
	p->t->condition = implication(p);
	if (lit_failed(p))
		return;
	p->t->condition_text = squeezed(p->text + from, p->start - from);
	sort_seen(p->t);
	while (lit_accept(p, ';'))
		;
	if (p->token != LIT_T_END)
		lit_syntax(p, "the end of the file after the condition");
}
