// SPDX-License-Identifier: GPL-2.0-only
/*
 * The atomic_*() family: operations times forms times orders.
 *
 * Without a value it is a relaxed RMW whose read no barrier but a full one
 * counts; with a value it is full unless its name says otherwise.
 */
#include <string.h>

#include "litmus_parse.h"

struct atomic {
	const char *name;
	uint16_t kind;
	bool operand;		/* first argument; 1 without */
};

static const struct atomic atomics[] = {
	{ "add", '+', true }, { "sub", '-', true }, { "and", '&', true },
	{ "or", '|', true }, { "xor", '^', true },
	{ "andnot", LIT_K_ANDNOT, true }, { "inc", '+', false },
	{ "dec", '-', false },
};

unsigned int lit_rmw(struct lit_parser *p, int kind, enum mem_order order,
		     unsigned int address, unsigned int operand)
{
	unsigned int dst = LITMUS_NO_REG;

	if (order != MEM_NORETURN)
		dst = lit_temp(p);
	lit_emit(p, LIT_RMW, dst, address, operand);
	lit_last(p)->kind = kind;
	lit_last(p)->order = order;
	return dst;
}

/* "add_return_acquire" is "add_return" and MEM_ACQUIRE. */
static enum mem_order split_order(char *name)
{
	static const struct { const char *tail; enum mem_order order; } t[] = {
		{ "_relaxed", MEM_RELAXED }, { "_acquire", MEM_ACQUIRE },
		{ "_release", MEM_RELEASE },
	};
	size_t len = strlen(name), n;
	unsigned int i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		n = strlen(t[i].tail);
		if (len > n && !strcmp(name + len - n, t[i].tail)) {
			name[len - n] = '\0';
			return t[i].order;
		}
	}
	return MEM_FULL;
}

/* f([v,] x) of one of atomics[]; gives the operand's register as well. */
static unsigned int atomic_rmw(struct lit_parser *p, const struct atomic *op,
			       enum mem_order order, unsigned int *operand)
{
	unsigned int address;

	if (op->operand) {
		*operand = lit_argument(p);
		address = lit_next_argument(p);
	} else {
		*operand = lit_const(p, 1);
		address = lit_argument(p);
	}
	return lit_rmw(p, op->kind, order, address, *operand);
}

/* @form is what is left of the name without the operation, "_return" say. */
static bool atomic_form(struct lit_parser *p, const struct atomic *op,
			const char *form, enum mem_order order,
			unsigned int *value)
{
	unsigned int operand, new;

	if (!*form) {
		if (order != MEM_FULL)
			return false;
		*value = atomic_rmw(p, op, MEM_NORETURN, &operand);
		return true;
	}
	if (strcmp(form, "_return") && strcmp(form, "_and_test") &&
	    strcmp(form, "_negative"))
		return false;
	*value = atomic_rmw(p, op, order, &operand);
	new = lit_binary(p, op->kind, *value, operand);
	if (!strcmp(form, "_return"))
		*value = new;
	else
		*value = lit_binary(p, !strcmp(form, "_negative") ? '<' :
				    LIT_2('=', '='), new, lit_const(p, 0));
	return true;
}

static unsigned int add_unless(struct lit_parser *p, bool fetch, bool not_zero)
{
	unsigned int address = lit_argument(p);
	unsigned int add = not_zero ? lit_const(p, 1) : lit_next_argument(p);
	unsigned int unless = not_zero ? lit_const(p, 0) : lit_next_argument(p);
	unsigned int dst = lit_temp(p);

	lit_emit(p, LIT_ADD_UNLESS, dst, address, add);
	lit_last(p)->c = unless;
	lit_last(p)->order = MEM_FULL;
	return fetch ? dst : lit_binary(p, LIT_2('!', '='), dst, unless);
}

bool lit_atomic(struct lit_parser *p, const char *rest,
			unsigned int *value)
{
	char name[LITMUS_NAME_MAX];
	const char *tail = name;
	enum mem_order order;
	unsigned int i, unused;
	size_t n;

	if (!strcmp(rest, "add_unless") || !strcmp(rest, "fetch_add_unless") ||
	    !strcmp(rest, "inc_not_zero")) {
		*value = add_unless(p, *rest == 'f', *rest == 'i');
		return true;
	}
	strcpy(name, rest);
	order = split_order(name);
	if (!strncmp(name, "fetch_", 6))
		tail += 6;
	for (i = 0; i < sizeof(atomics) / sizeof(atomics[0]); i++) {
		n = strlen(atomics[i].name);
		if (strncmp(tail, atomics[i].name, n) ||
		    (tail[n] && tail[n] != '_'))
			continue;
		if (tail == name)
			return atomic_form(p, &atomics[i], tail + n, order,
					   value);
		if (tail[n])
			return false;
		*value = atomic_rmw(p, &atomics[i], order, &unused);
		return true;
	}
	return false;
}
