/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A litmus is one litmus test of the kernel's memory model, ready to run.
 *
 * litmus_parse() turns the text into straight code for up to eight processes:
 * registers are numbered, shared accesses are single instructions, jumps go
 * forward only, and each expression is broken up so that an instruction does
 * one thing.  litmus_explore() then runs every interleaving and every answer
 * that sim/mem.h offers, and collects the final states.
 *
 * Invariant: a litmus with error LITMUS_FINE is complete and can be explored; a
 * test that uses what the machine cannot do has LITMUS_SKIP and the reason, and
 * is never run as something else.  Values are 64 bits wide, and addresses are
 * numbers of their own kind: see litmus_address().
 *
 * It must not know where a test came from or what verdict is expected of it.
 */
#ifndef FUZZ_LITMUS_H
#define FUZZ_LITMUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/mem.h"

#define LITMUS_PROCS_MAX	MEM_CPUS_MAX
#define LITMUS_LOCS_MAX		64	/* a bit each in a uint64_t */
#define LITMUS_REGS_MAX		64	/* in one process; a bit each */
#define LITMUS_NAMED_MAX	40	/* of those; the others are temporary */
#define LITMUS_CODE_MAX		400	/* instructions of one process */
#define LITMUS_NODES_MAX	256	/* of the condition */
#define LITMUS_SEEN_MAX		64	/* registers, locations in a state */
#define LITMUS_NAME_MAX		48	/* bytes of a name with its NUL */
#define LITMUS_ADDRESS		(1LL << 40)
#define LITMUS_NO_REG		0xff

enum litmus_error { LITMUS_FINE, LITMUS_SYNTAX, LITMUS_SKIP };

enum litmus_op {
	LIT_HALT,
	LIT_CONST,		/* dst = imm */
	LIT_MOVE,		/* dst = a */
	LIT_UNARY,		/* dst = kind a */
	LIT_BINARY,		/* dst = a kind b */
	LIT_JUMP,		/* to */
	LIT_JUMP_ZERO,		/* to, if a is 0 */
	LIT_LAST_LOCAL = LIT_JUMP_ZERO,
	LIT_LOAD,		/* dst = [a]; kind: is it plain */
	LIT_STORE,		/* [a] = b; order says if plain */
	LIT_FENCE,		/* kind: enum mem_fence */
	LIT_RMW,		/* dst = [a], [a] = old kind b; imm: new wanted */
	LIT_CAS,		/* dst = [a]; if it is b, [a] = c */
	LIT_ADD_UNLESS,		/* dst = [a]; if it is not c, [a] += b */
	LIT_LOCK,		/* [a] */
	LIT_TRYLOCK,		/* dst = got it; [a] */
	LIT_UNLOCK,		/* [a] */
	LIT_RCU_LOCK,
	LIT_RCU_UNLOCK,
	LIT_SYNC,		/* a grace period starts */
	LIT_SYNCED,		/* ... and ends */
};

/* LIT_UNARY, LIT_BINARY and LIT_RMW kinds; two characters where C has two. */
#define LIT_2(a, b)	((a) << 8 | (b))
enum litmus_kind {
	LIT_K_EXCHANGE = '=',	/* LIT_RMW: the operand itself */
	LIT_K_ANDNOT = LIT_2('&', '~'),
	LIT_K_JOIN = ',',		/* b, but with the dep of a as well */
};

struct litmus_insn {
	uint8_t op;		/* enum litmus_op */
	uint8_t order;		/* enum mem_order */
	uint8_t dst, a, b, c;	/* registers of the process */
	uint16_t kind;
	uint16_t to;
	uint32_t line;
	int64_t imm;
};

struct litmus_name {
	char s[LITMUS_NAME_MAX];
};

/*
 * What the code from some instruction on can still do.  A register of which no
 * value and no dep is wanted any more is zeroed, so that states merge.
 */
struct litmus_future {
	uint64_t values;	/* registers whose value is wanted */
	uint64_t deps;		/* registers whose dep is wanted */
	uint64_t loads;		/* locations that may be read */
	uint64_t stores;	/* locations that may be written */
};

struct litmus_proc {
	struct litmus_insn code[LITMUS_CODE_MAX + 1];
	struct litmus_future future[LITMUS_CODE_MAX + 1];
	struct litmus_name reg[LITMUS_NAMED_MAX];
	int64_t init[LITMUS_NAMED_MAX];
	uint64_t seen;		/* registers in the condition or locations */
	unsigned int nr_code;
	unsigned int nr_named;
	unsigned int nr_regs;	/* with temporary ones */
};

struct litmus_loc {
	struct litmus_name name;	/* of element 0: the array's */
	int64_t init;
	uint16_t element;
};

enum litmus_node_op {
	LIT_N_TRUE, LIT_N_FALSE, LIT_N_AND, LIT_N_OR, LIT_N_NOT, LIT_N_IMPLIES,
	LIT_N_EQUAL,		/* seen[a] is value */
	LIT_N_SAME,		/* seen[a] is seen[b] */
};

struct litmus_node {
	uint8_t op;
	uint16_t a, b;		/* nodes, or indices of seen[] */
	int64_t value;
};

/* A register or location that final states show. */
struct litmus_seen {
	int16_t proc;		/* or -1: a location */
	uint16_t index;		/* of the register or location */
};

enum litmus_quantifier { LITMUS_EXISTS, LITMUS_NOT_EXISTS, LITMUS_FORALL };

struct litmus {
	char name[128];
	struct litmus_proc proc[LITMUS_PROCS_MAX];
	struct litmus_loc loc[LITMUS_LOCS_MAX];
	struct litmus_node node[LITMUS_NODES_MAX];
	struct litmus_seen seen[LITMUS_SEEN_MAX];
	unsigned int nr_procs, nr_locs, nr_nodes, nr_seen;
	uint16_t condition;	/* nodes */
	uint16_t filter;
	enum litmus_quantifier quantifier;
	char *condition_text;	/* as written, blanks squeezed */
	bool has_plain;
	bool has_sync;
	enum litmus_error error;
	unsigned int error_line;
	char error_text[160];
};

/*
 * Always gives a litmus; look at its error.  @text has a NUL after its @len
 * bytes.  Ends with litmus_free().
 */
struct litmus *litmus_parse(const char *text, size_t len);
void litmus_free(struct litmus *t);

/* Fills the futures of all processes; litmus_parse() has done it. */
void litmus_flow(struct litmus *t);

/* The index of location @name, or -1; the first element of an array. */
int litmus_find_loc(const struct litmus *t, const char *name);
/*
 * The address of a location, and the location at an address or -1.  Elements of
 * an array follow one another; one past the last is nobody's address.
 */
int64_t litmus_address(const struct litmus *t, unsigned int loc);
int litmus_location(const struct litmus *t, int64_t address);
/* Writes "3", "x" (an address) or "x[2]"; gives what snprintf() does. */
int litmus_format_value(const struct litmus *t, int64_t value, char *buf,
			size_t size);
/* Does @node hold of the values of t->seen[] in @state? */
bool litmus_holds(const struct litmus *t, unsigned int node,
		  const int64_t *state);

enum litmus_stop {
	LITMUS_EXHAUSTED,
	LITMUS_CAPPED,		/* more states than allowed: no verdict */
	LITMUS_FAULT,		/* the test does what C leaves undefined */
};

struct litmus_result {
	enum litmus_stop stop;
	uint64_t nr_visited;	/* distinct states of the search */
	uint64_t nr_deadlocks;
	int64_t *finals;	/* nr_finals rows of t->nr_seen values, sorted */
	size_t nr_finals;
	size_t nr_positive;	/* final states in which the condition holds */
	size_t nr_negative;
	bool race;		/* two conflicting accesses, one of them plain */
	unsigned int fault_line;
	const char *fault_text;
};

/* Only for a litmus without error.  @max_states of 0: no cap. */
void litmus_explore(const struct litmus *t, const struct mem_opts *opts,
		    uint64_t max_states, struct litmus_result *r);
void litmus_result_free(struct litmus_result *r);

#endif
