// SPDX-License-Identifier: GPL-2.0-only
/*
 * C statements to instructions: blocks, declarations, assignments, if.
 */
#include <string.h>

#include "litmus_parse.h"

static void statement(struct lit_parser *p);

static int assignment_sign(const struct lit_parser *p)
{
	static const int signs[] = {
		'=', LIT_2('+', '='), LIT_2('-', '='), LIT_2('|', '='),
		LIT_2('&', '='), LIT_2('^', '='), LIT_2('+', '+'),
		LIT_2('-', '-'),
	};
	unsigned int i;

	for (i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (lit_is(p, signs[i]))
			return signs[i];
	return 0;
}

/* What "@old sign ..." makes of the old value; the parser is at the sign. */
static unsigned int new_value(struct lit_parser *p, int sign, unsigned int old)
{
	lit_next(p);
	if (sign == '=')
		return lit_assignment_value(p);
	if (sign == LIT_2('+', '+') || sign == LIT_2('-', '-'))
		return lit_binary(p, sign & 0xff, old, lit_const(p, 1));
	return lit_binary(p, sign >> 8, old, lit_assignment_value(p));
}

static void move_to(struct lit_parser *p, unsigned int reg, unsigned int value)
{
	lit_emit(p, LIT_MOVE, reg, value, LITMUS_NO_REG);
}

static void assign_register(struct lit_parser *p, const char *name)
{
	unsigned int reg = lit_reg(p, p->proc, name);

	move_to(p, reg, new_value(p, assignment_sign(p), reg));
}

static void assign_place(struct lit_parser *p)
{
	unsigned int address = lit_place(p);
	unsigned int old = LITMUS_NO_REG;
	int sign = assignment_sign(p);

	if (!sign) {
		lit_syntax(p, "\"=\" after a place in memory");
		return;
	}
	p->t->has_plain = true;
	if (sign != '=') {
		old = lit_temp(p);
		lit_emit(p, LIT_LOAD, old, address, LITMUS_NO_REG);
		lit_last(p)->kind = 1;
	}
	lit_emit(p, LIT_STORE, LITMUS_NO_REG, address, new_value(p, sign, old));
	lit_last(p)->order = MEM_PLAIN;
}

static void declaration(struct lit_parser *p)
{
	char name[LITMUS_NAME_MAX];

	do {
		while (lit_accept(p, '*'))
			;
		if (p->token != LIT_T_NAME) {
			lit_syntax(p, "a name to declare");
			return;
		}
		strcpy(name, p->name);
		lit_next(p);
		if (lit_is(p, '[')) {
			lit_skip(p, "local arrays (%s)", name);
			return;
		}
		lit_reg(p, p->proc, name);
		if (lit_is(p, '='))
			assign_register(p, name);
	} while (lit_accept(p, ','));
}

static void if_statement(struct lit_parser *p)
{
	unsigned int jump, end;

	lit_expect(p, '(', "\"(\" after if");
	jump = lit_emit(p, LIT_JUMP_ZERO, LITMUS_NO_REG,
			lit_assignment_value(p), LITMUS_NO_REG);
	lit_expect(p, ')', "\")\" after the condition");
	statement(p);
	if (!lit_is_name(p, "else")) {
		lit_patch(p, jump);
		return;
	}
	lit_next(p);
	end = lit_emit(p, LIT_JUMP, LITMUS_NO_REG, LITMUS_NO_REG,
		       LITMUS_NO_REG);
	lit_patch(p, jump);
	statement(p);
	lit_patch(p, end);
}

static bool is_unsupported(struct lit_parser *p)
{
	static const char *const words[] = {
		"while", "for", "do", "goto", "switch", "return", "break",
		"continue", "asm",
	};
	unsigned int i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (lit_is_name(p, words[i])) {
			lit_skip(p, "\"%s\" statements", words[i]);
			return true;
		}
	}
	return false;
}

/* A statement that starts with a name: one more word tells what it is. */
static void name_statement(struct lit_parser *p)
{
	struct lit_parser start = *p;
	char name[LITMUS_NAME_MAX];

	strcpy(name, p->name);
	lit_next(p);
	if (lit_failed(p))
		return;
	if (assignment_sign(p)) {
		assign_register(p, name);
		return;
	}
	if (p->token == LIT_T_NAME) {
		declaration(p);		/* of a type that is not known */
		return;
	}
	start.proc = p->proc;
	*p = start;
	lit_next(p);
	if (lit_is(p, '[')) {
		*p = start;
		assign_place(p);
		return;
	}
	*p = start;
	lit_expression(p);
}

static void simple_statement(struct lit_parser *p)
{
	struct lit_parser start = *p;
	bool place;

	p->nr_temps = 0;
	if (lit_at_type(p)) {
		lit_type_words(p);
		declaration(p);
	} else if (p->token == LIT_T_NAME) {
		name_statement(p);
	} else if (lit_is(p, '*')) {
		assign_place(p);
	} else if (lit_is(p, '(')) {
		lit_next(p);
		place = lit_is(p, '*');
		if (lit_failed(p))
			return;
		start.nr_temps = 0;
		*p = start;
		if (place)
			assign_place(p);
		else
			lit_expression(p);
	} else {
		lit_syntax(p, "a statement");
	}
	lit_expect(p, ';', "\";\" after the statement");
}

static void statement(struct lit_parser *p)
{
	if (!lit_enter(p))
		return;
	if (lit_is(p, '{')) {
		lit_block(p);
	} else if (lit_is_name(p, "if")) {
		p->nr_temps = 0;
		lit_next(p);
		if_statement(p);
	} else if (!is_unsupported(p) && !lit_accept(p, ';')) {
		simple_statement(p);
	}
	lit_leave(p);
}

void lit_block(struct lit_parser *p)
{
	lit_expect(p, '{', "\"{\"");
	while (!lit_failed(p) && !lit_is(p, '}')) {
		if (p->token == LIT_T_END)
			lit_syntax(p, "\"}\"");
		else
			statement(p);
	}
	lit_expect(p, '}', "\"}\"");
}
