// SPDX-License-Identifier: GPL-2.0-only
/*
 * C expressions to instructions.
 *
 * A value that could come from a load keeps all the loads it derives from, so
 * nothing is simplified here: r1 ^ r1 and r1 & 0 still depend on r1.
 */
#include <stdio.h>
#include <string.h>

#include "litmus_parse.h"

static bool is_type_name(const char *name)
{
	static const char *const types[] = {
		"int", "long", "short", "char", "signed", "unsigned", "void",
		"const", "volatile", "struct", "union", "enum", "bool",
		"_Bool", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64",
	};
	size_t len = strlen(name);
	unsigned int i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(name, types[i]))
			return true;
	return len > 2 && !strcmp(name + len - 2, "_t");
}

bool lit_at_type(const struct lit_parser *p)
{
	return p->token == LIT_T_NAME && is_type_name(p->name);
}

/* Step over a type and its stars. */
void lit_type_words(struct lit_parser *p)
{
	bool tagged;

	while (lit_at_type(p)) {
		tagged = lit_is_name(p, "struct") || lit_is_name(p, "union") ||
			 lit_is_name(p, "enum");
		lit_next(p);
		if (tagged && p->token == LIT_T_NAME)
			lit_next(p);
	}
	while (lit_is(p, '*') || lit_is_name(p, "const") ||
	       lit_is_name(p, "volatile"))
		lit_next(p);
}

static unsigned int plain_load(struct lit_parser *p, unsigned int address)
{
	unsigned int dst = lit_temp(p);

	p->t->has_plain = true;
	lit_emit(p, LIT_LOAD, dst, address, LITMUS_NO_REG);
	lit_last(p)->kind = 1;
	return dst;
}

/* A register, or the address that a parameter or a global name stands for. */
static unsigned int name_value(struct lit_parser *p, const char *name)
{
	int loc = litmus_find_loc(p->t, name);

	if (lit_find_reg(p->proc, name) < 0 && loc >= 0)
		return lit_const(p, litmus_address(p->t, loc));
	return lit_reg(p, p->proc, name);
}

/* After "name[": the address of the element. */
static unsigned int element(struct lit_parser *p, const char *name)
{
	unsigned int base = name_value(p, name);
	unsigned int index = lit_expression(p);

	lit_expect(p, ']', "\"]\"");
	return lit_binary(p, '+', base, index);
}

static unsigned int name_or_call(struct lit_parser *p)
{
	char name[LITMUS_NAME_MAX];

	strcpy(name, p->name);
	lit_next(p);
	if (lit_is(p, '('))
		return lit_call(p, name);
	if (lit_accept(p, '['))
		return plain_load(p, element(p, name));
	if (lit_is(p, '.') || lit_is(p, LIT_2('-', '>'))) {
		lit_skip(p, "structures (%s)", name);
		return LITMUS_NO_REG;
	}
	if (lit_is_primitive(name)) {
		lit_syntax(p, "\"(\" after the name of a primitive");
		return LITMUS_NO_REG;
	}
	return name_value(p, name);
}

static unsigned int parenthesis(struct lit_parser *p)
{
	unsigned int value;

	if (lit_at_type(p)) {
		lit_type_words(p);
		lit_expect(p, ')', "\")\" after the type");
		return lit_unary(p);
	}
	value = lit_expression(p);
	lit_expect(p, ')', "\")\"");
	return value;
}

static unsigned int primary(struct lit_parser *p)
{
	int64_t number = p->number;

	if (p->token == LIT_T_NAME)
		return name_or_call(p);
	if (p->token == LIT_T_NUMBER) {
		lit_next(p);
		return lit_const(p, number);
	}
	if (lit_accept(p, '('))
		return parenthesis(p);
	lit_syntax(p, "a value");
	return LITMUS_NO_REG;
}

/* The operand must have a value: a store or a fence has none. */
static unsigned int valued(struct lit_parser *p, unsigned int reg)
{
	if (reg == LITMUS_NO_REG)
		lit_syntax(p, "something that has a value before this");
	return reg;
}

static unsigned int unary_operator(struct lit_parser *p)
{
	int sign = p->sign;
	unsigned int value, dst;

	lit_next(p);
	if (sign == '&')
		return lit_place(p);
	value = valued(p, lit_unary(p));
	if (sign == '*')
		return plain_load(p, value);
	dst = lit_temp(p);
	lit_emit(p, LIT_UNARY, dst, value, LITMUS_NO_REG);
	lit_last(p)->kind = sign;
	return dst;
}

unsigned int lit_unary(struct lit_parser *p)
{
	unsigned int value = LITMUS_NO_REG;

	if (!lit_enter(p))
		return LITMUS_NO_REG;
	if (lit_is(p, '*') || lit_is(p, '&') || lit_is(p, '!') ||
	    lit_is(p, '~') || lit_is(p, '-') || lit_is(p, '+'))
		value = unary_operator(p);
	else
		value = primary(p);
	lit_leave(p);
	return value;
}

/* Something in memory, such as *x, *(x + 1) or x[1]: gives its address. */
unsigned int lit_place(struct lit_parser *p)
{
	char name[LITMUS_NAME_MAX];
	unsigned int address = LITMUS_NO_REG;

	if (!lit_enter(p))
		return LITMUS_NO_REG;
	if (lit_accept(p, '*')) {
		address = valued(p, lit_unary(p));
	} else if (lit_accept(p, '(')) {
		address = lit_place(p);
		lit_expect(p, ')', "\")\"");
	} else if (p->token == LIT_T_NAME) {
		strcpy(name, p->name);
		lit_next(p);
		if (lit_accept(p, '['))
			address = element(p, name);
		else
			lit_skip(p, "\"%s\" where a place in memory is wanted",
				 name);
	} else {
		lit_syntax(p, "a place in memory, such as *x");
	}
	lit_leave(p);
	return address;
}

static int binary_level(const struct lit_parser *p)
{
	static const struct { int sign, level; } table[] = {
		{ LIT_2('|', '|'), 1 }, { LIT_2('&', '&'), 2 }, { '|', 3 },
		{ '^', 4 }, { '&', 5 }, { LIT_2('=', '='), 6 },
		{ LIT_2('!', '='), 6 }, { '<', 7 }, { '>', 7 },
		{ LIT_2('<', '='), 7 }, { LIT_2('>', '='), 7 },
		{ LIT_2('<', '<'), 8 }, { LIT_2('>', '>'), 8 }, { '+', 9 },
		{ '-', 9 }, { '*', 10 }, { '/', 10 }, { '%', 10 },
	};
	unsigned int i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (lit_is(p, table[i].sign))
			return table[i].level;
	return 0;
}

/* Could running this code in vain be noticed? */
static bool has_effect(const struct litmus_proc *proc, unsigned int from)
{
	const struct litmus_insn *insn;

	for (; from < proc->nr_code; from++) {
		insn = &proc->code[from];
		if (insn->op > LIT_LAST_LOCAL)
			return true;
		if (insn->op == LIT_BINARY &&
		    (insn->kind == '/' || insn->kind == '%'))
			return true;
	}
	return false;
}

static unsigned int binary(struct lit_parser *p, int above);

/*
 * && and || leave out their right side only if it touches memory; otherwise
 * the result depends on both sides whatever they are, which is the safe way.
 */
static unsigned int logical(struct lit_parser *p, int sign, unsigned int left,
			    int level)
{
	unsigned int truth = lit_temp(p), test = lit_temp(p);
	unsigned int jump, right;

	lit_emit(p, LIT_UNARY, test, left, LITMUS_NO_REG);
	lit_last(p)->kind = '!';
	lit_emit(p, LIT_UNARY, truth, test, LITMUS_NO_REG);
	lit_last(p)->kind = '!';
	jump = lit_emit(p, LIT_JUMP_ZERO, LITMUS_NO_REG,
			sign == LIT_2('&', '&') ? truth : test, LITMUS_NO_REG);
	right = valued(p, binary(p, level));
	if (lit_failed(p))
		return truth;
	if (!has_effect(p->proc, jump + 1)) {
		p->proc->code[jump].op = LIT_JUMP;
		p->proc->code[jump].to = jump + 1;
		p->proc->code[jump].a = LITMUS_NO_REG;
	}
	lit_emit(p, LIT_BINARY, truth, truth, right);
	lit_last(p)->kind = sign;
	if (p->proc->code[jump].op == LIT_JUMP_ZERO)
		lit_patch(p, jump);
	return truth;
}

static unsigned int binary(struct lit_parser *p, int above)
{
	unsigned int left = LITMUS_NO_REG;
	int sign, level;

	if (!lit_enter(p))
		return left;
	left = lit_unary(p);
	while ((level = binary_level(p)) > above) {
		sign = p->sign;
		valued(p, left);
		lit_next(p);
		if (level <= 2)
			left = logical(p, sign, left, level);
		else
			left = lit_binary(p, sign, left,
					  valued(p, binary(p, level)));
	}
	lit_leave(p);
	return left;
}

static unsigned int conditional(struct lit_parser *p, unsigned int test)
{
	unsigned int dst = lit_temp(p);
	unsigned int jump, end;

	jump = lit_emit(p, LIT_JUMP_ZERO, LITMUS_NO_REG, test, LITMUS_NO_REG);
	lit_emit(p, LIT_BINARY, dst, test, valued(p, lit_expression(p)));
	lit_last(p)->kind = LIT_K_JOIN;
	lit_expect(p, ':', "\":\"");
	end = lit_emit(p, LIT_JUMP, LITMUS_NO_REG, LITMUS_NO_REG,
		       LITMUS_NO_REG);
	lit_patch(p, jump);
	lit_emit(p, LIT_BINARY, dst, test, valued(p, lit_expression(p)));
	lit_last(p)->kind = LIT_K_JOIN;
	lit_patch(p, end);
	return dst;
}

/* LITMUS_NO_REG if it is a call that has no value. */
unsigned int lit_expression(struct lit_parser *p)
{
	unsigned int value;

	if (!lit_enter(p))
		return LITMUS_NO_REG;
	value = binary(p, 0);
	if (lit_is(p, '?')) {
		valued(p, value);
		lit_next(p);
		value = conditional(p, value);
	}
	lit_leave(p);
	return value;
}

unsigned int lit_assignment_value(struct lit_parser *p)
{
	return valued(p, lit_expression(p));
}
