// SPDX-License-Identifier: GPL-2.0-only
/*
 * A litmus test from its first line to its last process.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "litmus_parse.h"

static void title(struct lit_parser *p)
{
	size_t n;

	lit_next(p);
	if (p->token == LIT_T_NAME && !lit_is_name(p, "C")) {
		lit_skip(p, "written for %s, not for C", p->name);
		return;
	}
	if (!lit_is_name(p, "C")) {
		lit_syntax(p, "\"C\" and the name of the test");
		return;
	}
	p->pos += strspn(p->text + p->pos, " \t");
	n = strcspn(p->text + p->pos, " \t\r\n");
	snprintf(p->t->name, sizeof(p->t->name), "%.*s",
		 n < sizeof(p->t->name) ? (int)n : (int)sizeof(p->t->name) - 1,
		 p->text + p->pos);
	p->pos += n;
}

/* Between the title and the initial state: comments, strings, "Key=" lines. */
static void preamble(struct lit_parser *p)
{
	for (;;) {
		lit_blanks(p);
		if (lit_failed(p))
			return;
		if (p->pos >= p->len || p->text[p->pos] == '{')
			break;
		if (p->text[p->pos] == '"')
			lit_next(p);
		else
			p->pos++;
	}
	lit_next(p);
	lit_expect(p, '{', "\"{\" and the initial state");
}

int64_t lit_element(struct lit_parser *p, unsigned int *loc)
{
	int64_t index = 0;

	*loc = lit_loc(p, p->name);
	lit_next(p);
	if (lit_accept(p, '[')) {
		index = p->number;
		if (p->token != LIT_T_NUMBER)
			lit_syntax(p, "an index");
		lit_next(p);
		lit_expect(p, ']', "\"]\"");
	}
	return index;
}

static int64_t init_name(struct lit_parser *p)
{
	unsigned int loc;
	int64_t index = lit_element(p, &loc);

	return lit_failed(p) ? 0 : litmus_address(p->t, loc) + index;
}

static int64_t init_value(struct lit_parser *p)
{
	bool negative = lit_accept(p, '-');
	int64_t value = p->number;

	if (p->token == LIT_T_NUMBER) {
		lit_next(p);
		return negative ? (int64_t)-(uint64_t)value : value;
	}
	if (lit_is_name(p, "ATOMIC_INIT") && lit_enter(p)) {
		lit_next(p);
		lit_expect(p, '(', "\"(\"");
		value = init_value(p);
		lit_expect(p, ')', "\")\"");
		lit_leave(p);
		return value;
	}
	lit_accept(p, '&');
	if (p->token == LIT_T_NAME)
		return init_name(p);
	lit_syntax(p, "a value: a number or a location's name");
	return 0;
}

/* After "N:": a register of process N before it starts. */
static void init_register(struct lit_parser *p, int64_t proc)
{
	unsigned int reg;

	if (proc < 0 || proc >= LITMUS_PROCS_MAX) {
		lit_skip(p, "more than %d processes", LITMUS_PROCS_MAX);
		return;
	}
	if (p->token != LIT_T_NAME) {
		lit_syntax(p, "a register's name");
		return;
	}
	reg = lit_reg(p, &p->t->proc[proc], p->name);
	lit_next(p);
	if (lit_expect(p, '=', "\"=\"") && reg != LITMUS_NO_REG)
		p->t->proc[proc].init[reg] = init_value(p);
}

/* After "name[": elements are locations of the same name, in a row. */
static void init_array(struct lit_parser *p, const char *name)
{
	int64_t nr = p->number, i;

	if (p->token != LIT_T_NUMBER)
		lit_syntax(p, "the size of the array");
	else if (nr < 1 || nr > LITMUS_LOCS_MAX - (int64_t)p->t->nr_locs)
		lit_skip(p, "an array of %lld elements", (long long)nr);
	else if (litmus_find_loc(p->t, name) >= 0)
		lit_skip(p, "an array that is named before its size is");
	if (lit_failed(p))
		return;
	for (i = 0; i < nr; i++) {
		strcpy(p->t->loc[p->t->nr_locs].name.s, name);
		p->t->loc[p->t->nr_locs++].element = i;
	}
	lit_next(p);
	lit_expect(p, ']', "\"]\"");
	if (!lit_accept(p, '='))
		return;
	lit_expect(p, '{', "\"{\" and the elements");
	for (i = 0; i < nr && !lit_is(p, '}'); i++) {
		if (i)
			lit_expect(p, ',', "\",\"");
		p->t->loc[p->t->nr_locs - nr + i].init = init_value(p);
	}
	lit_expect(p, '}', "\"}\" after the elements");
}

static void init_location(struct lit_parser *p)
{
	bool bracket = lit_accept(p, '[');
	char name[LITMUS_NAME_MAX];
	unsigned int loc;

	if (p->token != LIT_T_NAME) {
		lit_syntax(p, "a location's name");
		return;
	}
	strcpy(name, p->name);
	lit_next(p);
	if (bracket)
		lit_expect(p, ']', "\"]\"");
	if (lit_accept(p, '[')) {
		init_array(p, name);
		return;
	}
	loc = lit_loc(p, name);
	if (lit_accept(p, '='))
		p->t->loc[loc].init = init_value(p);
}

static void initial_state(struct lit_parser *p)
{
	int64_t number;

	while (!lit_failed(p) && !lit_is(p, '}')) {
		if (lit_accept(p, ';'))
			continue;
		lit_type_words(p);
		number = p->number;
		if (p->token == LIT_T_NUMBER) {
			lit_next(p);
			if (lit_expect(p, ':', "\":\" and a register"))
				init_register(p, number);
		} else {
			init_location(p);
		}
		if (!lit_is(p, '}'))
			lit_expect(p, ';', "\";\" or \"}\"");
	}
	lit_expect(p, '}', "\"}\" after the initial state");
}

static void parameter(struct lit_parser *p)
{
	size_t from = p->start;
	bool pointer;

	lit_type_words(p);
	if (lit_is(p, ')'))
		return;			/* (void) */
	if (p->token != LIT_T_NAME) {
		lit_syntax(p, "a parameter's name");
		return;
	}
	pointer = memchr(p->text + from, '*', p->start - from) != NULL;
	lit_loc(p, p->name);
	lit_next(p);
	if (lit_accept(p, '[')) {
		pointer = true;
		if (p->token == LIT_T_NUMBER)
			lit_next(p);
		lit_expect(p, ']', "\"]\"");
	}
	if (!pointer)
		lit_skip(p, "a parameter that is no pointer");
}

static void parameters(struct lit_parser *p)
{
	lit_expect(p, '(', "\"(\" and the parameters");
	while (!lit_failed(p) && !lit_is(p, ')')) {
		parameter(p);
		if (!lit_is(p, ')'))
			lit_expect(p, ',', "\",\" or \")\"");
	}
	p->in_code = true;
	lit_expect(p, ')', "\")\"");
}

/* The process's number if the name is one, else -1. */
static int process_number(const struct lit_parser *p)
{
	const char *digits = p->name + 1;

	if (p->token != LIT_T_NAME || p->name[0] != 'P' || !*digits ||
	    strspn(digits, "0123456789") != strlen(digits) ||
	    strlen(digits) > 3)
		return -1;
	return atoi(digits);
}

static void process(struct lit_parser *p)
{
	struct litmus *t = p->t;
	int nr = process_number(p);

	if (nr != (int)t->nr_procs) {
		lit_syntax(p, "the next process, P0() first");
		return;
	}
	if (nr >= LITMUS_PROCS_MAX) {
		lit_skip(p, "more than %d processes", LITMUS_PROCS_MAX);
		return;
	}
	p->proc = &t->proc[t->nr_procs++];
	lit_next(p);
	parameters(p);
	lit_block(p);
	p->in_code = false;
	lit_again(p);
	p->proc->code[p->proc->nr_code].op = LIT_HALT;
}

static void body(struct lit_parser *p)
{
	unsigned int i;

	title(p);
	if (!lit_failed(p))
		preamble(p);
	initial_state(p);
	while (!lit_failed(p) && process_number(p) >= 0)
		process(p);
	if (!p->t->nr_procs)
		lit_syntax(p, "process P0()");
	lit_final(p);
	for (i = 0; i < LITMUS_PROCS_MAX; i++)
		if (i >= p->t->nr_procs && p->t->proc[i].nr_named)
			lit_skip(p, "registers of process %u, which is not "
				 "there", i);
	for (i = 0; i < p->t->nr_procs; i++)
		lit_number_temps(&p->t->proc[i]);
}

struct litmus *litmus_parse(const char *text, size_t len)
{
	struct lit_parser p = { .text = text, .len = len, .line = 1 };

	p.t = calloc(1, sizeof(*p.t));
	assert(p.t);
	body(&p);
	if (p.t->error == LITMUS_FINE)
		litmus_flow(p.t);
	return p.t;
}

void litmus_free(struct litmus *t)
{
	if (!t)
		return;
	free(t->condition_text);
	free(t);
}
