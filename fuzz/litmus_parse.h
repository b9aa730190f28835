/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by the files that turn a litmus test's text into code.
 *
 * The parser never looks more than a token ahead; where the grammar of C needs
 * more it saves the parser's position and comes back.  The first error sticks,
 * and from then on every token is the end of the file, so no caller has to ask
 * after each step and no loop runs on.
 */
#ifndef FUZZ_LITMUS_PARSE_H
#define FUZZ_LITMUS_PARSE_H

#include "litmus.h"

enum lit_token { LIT_T_END, LIT_T_NAME, LIT_T_NUMBER, LIT_T_STRING, LIT_T_SIGN };

struct lit_parser {
	struct litmus *t;
	const char *text;
	size_t len;
	size_t pos;		/* after the token */
	size_t start;		/* of the token */
	unsigned int line;
	enum lit_token token;
	int sign;		/* LIT_T_SIGN: a character, or LIT_2() of two */
	int64_t number;
	char name[LITMUS_NAME_MAX];	/* LIT_T_NAME */
	bool in_code;		/* "(*" without a blank is C there */
	struct litmus_proc *proc;
	unsigned int depth;	/* of nested expressions and statements */
	unsigned int nr_temps;
};

/* litmus_lex.c */
void lit_blanks(struct lit_parser *p);
/* Read the token again, after in_code has changed. */
void lit_again(struct lit_parser *p);
void lit_next(struct lit_parser *p);
bool lit_is(const struct lit_parser *p, int sign);
bool lit_is_name(const struct lit_parser *p, const char *name);
/* Step over the sign if it is there. */
bool lit_accept(struct lit_parser *p, int sign);
/* The same, and an error that says "expected @what" if it is not. */
bool lit_expect(struct lit_parser *p, int sign, const char *what);
void lit_syntax(struct lit_parser *p, const char *expected);
__attribute__((format(printf, 2, 3)))
void lit_skip(struct lit_parser *p, const char *format, ...);
bool lit_failed(const struct lit_parser *p);
/* Enter and leave a level of nesting; too deep is an error. */
bool lit_enter(struct lit_parser *p);
void lit_leave(struct lit_parser *p);

/* litmus_emit.c */
unsigned int lit_emit(struct lit_parser *p, enum litmus_op op, unsigned int dst,
		      unsigned int a, unsigned int b);
struct litmus_insn *lit_last(struct lit_parser *p);
unsigned int lit_temp(struct lit_parser *p);
unsigned int lit_const(struct lit_parser *p, int64_t value);
unsigned int lit_binary(struct lit_parser *p, int kind, unsigned int a,
			unsigned int b);
/* The register called @name, made if new; LITMUS_NO_REG if there are none. */
unsigned int lit_reg(struct lit_parser *p, struct litmus_proc *proc,
		     const char *name);
int lit_find_reg(const struct litmus_proc *proc, const char *name);
/* The location called @name, made if new; 0 after an error. */
unsigned int lit_loc(struct lit_parser *p, const char *name);
/* A location's name is next, perhaps with an index, which is returned (0 if none). */
int64_t lit_element(struct lit_parser *p, unsigned int *loc);
void lit_patch(struct lit_parser *p, unsigned int insn);
/* Give temporary registers the numbers after the named ones. */
void lit_number_temps(struct litmus_proc *proc);

/* litmus_expr.c: each gives the register that holds the value or address */
unsigned int lit_expression(struct lit_parser *p);
unsigned int lit_assignment_value(struct lit_parser *p);
unsigned int lit_unary(struct lit_parser *p);
unsigned int lit_place(struct lit_parser *p);
bool lit_at_type(const struct lit_parser *p);
void lit_type_words(struct lit_parser *p);

/* litmus_call.c: the parser stands at "(" after @name; no value: NO_REG */
bool lit_is_primitive(const char *name);
unsigned int lit_call(struct lit_parser *p, const char *name);
unsigned int lit_argument(struct lit_parser *p);
unsigned int lit_next_argument(struct lit_parser *p);

/* litmus_atomic.c */
unsigned int lit_rmw(struct lit_parser *p, int kind, enum mem_order order,
		     unsigned int address, unsigned int operand);
/* @rest follows "atomic_"; false if there is no such function. */
bool lit_atomic(struct lit_parser *p, const char *rest, unsigned int *value);

/* litmus_stmt.c */
void lit_block(struct lit_parser *p);

/* litmus_cond.c: all that follows the processes */
void lit_final(struct lit_parser *p);

#endif
