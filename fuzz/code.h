/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine code of one function, as far as an analysis of it has to know: what
 * each instruction reads and writes of registers and of the function's own frame,
 * and which instruction comes next.
 *
 * Bytes of registers and of the frame are numbered together (struct code_span).
 * The frame is counted from where it ends, the stack pointer before the call that
 * led here: its highest 16 bytes are the return address and the caller's frame
 * pointer.  All functions of this process keep a frame pointer.
 *
 * What is not understood is said to be so, never guessed.  An instruction nobody
 * knows is CODE_UNKNOWN: it may read everything.  If even the stack pointer is lost,
 * there is no code_function.  A part of the frame that somebody else may come to
 * read, because its address is taken or it may be handed to a callee, is pinned.
 *
 * A switch of fibers (sim/fiber.h) is one instruction here, which nobody's registers
 * survive.  Reads this process's own memory; x86-64 only, elsewhere nothing is known.
 * Nothing here knows of tasks or of what is done with what is known.
 */
#ifndef FUZZ_CODE_H
#define FUZZ_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As the processor numbers them. */
enum code_reg {
	CODE_RAX, CODE_RCX, CODE_RDX, CODE_RBX, CODE_RSP, CODE_RBP, CODE_RSI, CODE_RDI,
	CODE_R8, CODE_R9, CODE_R10, CODE_R11, CODE_R12, CODE_R13, CODE_R14, CODE_R15,
	CODE_REGS
};

enum {
	CODE_FRAME = 2048,		/* bytes; larger frames are not understood */
	CODE_FRAME_END = CODE_REGS * 8 + CODE_FRAME,
	CODE_LINKS = 16,		/* return address and frame pointer, at its end */
};

/* Bytes of a register (8 * reg + byte), or of the frame (CODE_FRAME_END - distance). */
struct code_span {
	uint16_t at, size;
};

enum code_kind {
	CODE_PLAIN,
	CODE_COPY,			/* use[0] becomes the lowest bytes of def[0] */
	CODE_CALL,
	CODE_RETURN,
	CODE_TAIL,			/* jumps to another function, which returns for this one */
	CODE_SWITCH,
	CODE_STOP,			/* nothing comes after it */
	CODE_UNKNOWN,
};

enum { CODE_USES = 8, CODE_DEFS = 3 };

struct code_insn {
	uintptr_t at;
	uint8_t kind;			/* enum code_kind */
	uint8_t nr_uses, nr_defs;
	bool is_target;			/* something jumps here */
	struct code_span use[CODE_USES];
	struct code_span def[CODE_DEFS];	/* written completely */
	int32_t next[2];		/* indices, or -1 */
	int32_t sp;			/* stack pointer before it, from the frame's end */
};

struct code_function {
	struct code_insn *insn;		/* [0] is where it begins */
	unsigned int nr;
	int32_t lowest;			/* byte of the frame that is touched, from its end */
	bool moves;			/* the frame grows as it likes: @sp is its least size */
	bool pinned[CODE_FRAME_END];
};

/* The function that @at is in; NULL: not understood, or no memory. */
struct code_function *code_read(uintptr_t at);
void code_free(struct code_function *f);
/* Index of the instruction at @at, or -1. */
int code_find(const struct code_function *f, uintptr_t at);

#endif
