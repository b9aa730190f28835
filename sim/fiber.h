/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fiber is a stack with a saved position on it.
 *
 * fiber_switch() leaves the running fiber at the switch and goes on where the
 * other one left off.  It ends in a jump, not in a return: the return predictor
 * would be wrong each time.  Only the frame pointer and the place are saved;
 * the compiler saves what else it needs, because the switch clobbers all of it.
 * The code around it must be compiled without a red zone.
 *
 * A callee saves registers whose values its caller may not need, and what the
 * other fiber left in them would then stand on this one's stack: two equal states
 * would not be equal bytes.  So the registers that callees save begin as zeros.
 *
 * A saved fiber is two words at its stack pointer: frame pointer, place.
 */
#ifndef SIM_FIBER_H
#define SIM_FIBER_H

#include <stdint.h>

#if defined(__x86_64__)
static inline __attribute__((always_inline)) void fiber_switch(void **save, void *to)
{
	asm volatile("leaq 1f(%%rip), %%rax\n\t"
		     "pushq %%rax\n\t"
		     "pushq %%rbp\n\t"
		     "movq %%rsp, (%0)\n\t"
		     "movq %1, %%rsp\n\t"
		     "xorl %%ebx, %%ebx\n\t"
		     "xorl %%r12d, %%r12d\n\t"
		     "xorl %%r13d, %%r13d\n\t"
		     "xorl %%r14d, %%r14d\n\t"
		     "xorl %%r15d, %%r15d\n\t"
		     "popq %%rbp\n\t"
		     "popq %%rax\n\t"
		     "jmpq *%%rax\n"
		     "1:"
		     : "+D"(save), "+S"(to)
		     :
		     : "rax", "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13",
		       "r14", "r15", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",
		       "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
		       "xmm15", "memory", "cc");
}
#elif defined(__aarch64__)
static inline __attribute__((always_inline)) void fiber_switch(void **save, void *to)
{
	register void **x0 asm("x0") = save;
	register void *x1 asm("x1") = to;

	asm volatile("adr x2, 1f\n\t"
		     "stp x29, x2, [sp, #-16]!\n\t"
		     "mov x3, sp\n\t"
		     "str x3, [x0]\n\t"
		     "mov sp, x1\n\t"
		     "mov x19, xzr\n\t"
		     "mov x20, xzr\n\t"
		     "mov x21, xzr\n\t"
		     "mov x22, xzr\n\t"
		     "mov x23, xzr\n\t"
		     "mov x24, xzr\n\t"
		     "mov x25, xzr\n\t"
		     "mov x26, xzr\n\t"
		     "mov x27, xzr\n\t"
		     "mov x28, xzr\n\t"
		     "ldp x29, x2, [sp], #16\n\t"
		     "br x2\n"
		     "1:"
		     : "+r"(x0), "+r"(x1)
		     :
		     : "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
		       "x13", "x14", "x15", "x16", "x17", "x19", "x20", "x21", "x22", "x23",
		       "x24", "x25", "x26", "x27", "x28", "x30", "v0", "v1", "v2", "v3", "v4",
		       "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15",
		       "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25",
		       "v26", "v27", "v28", "v29", "v30", "v31", "memory", "cc");
}
#else
#error "fiber_switch() knows x86-64 and aarch64"
#endif

/* A fresh fiber that starts in @entry, which must not return, on stack @top. */
static inline void *fiber_new(void *top, void (*entry)(void))
{
	/* The stack pointer is 8 modulo 16 at a function's entry. */
	uint64_t *sp = (uint64_t *)((uintptr_t)top - 5 * sizeof(uint64_t));

	sp[0] = 0;
	sp[1] = (uint64_t)entry;
	sp[2] = 0;			/* a return address that nobody uses */
	return sp;
}

#endif
