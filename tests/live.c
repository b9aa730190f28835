// SPDX-License-Identifier: GPL-2.0-only
/* What is live in functions of which it is known: each is a few instructions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "fuzz/live.h"

#define BEGINS(name)	".globl " name "\n.type " name ", @function\n" name ":\n"	\
			"push %rbp\nmov %rsp, %rbp\n"
#define ENDS(name)	"pop %rbp\nret\n.size " name ", . - " name "\n"
#define PLACE(name)	".globl " name "\n" name ":\n"

/* -24 is rbx as the caller left it, -28 four bytes that are read once. */
asm(".text\n"
    BEGINS("keeps") "push %rbx\npush %rax\n"
    "mov %edi, -0x0c(%rbp)\nmov %edi, %ebx\ncall callee\n"
    PLACE("keeps_both") "mov -0x0c(%rbp), %eax\nadd %ebx, %eax\ncall callee\n"
    PLACE("keeps_none") "add $8, %rsp\npop %rbx\n" ENDS("keeps"));
/* A value that is copied to a place that nobody reads is as dead as that. */
asm(BEGINS("copies") "push %rbx\npush %r12\nmov %rdi, %rbx\ncall callee\n"
    PLACE("copies_for_nothing") "mov %rbx, %r12\nmov $1, %r12d\ncall callee\n"
    "pop %r12\npop %rbx\n" ENDS("copies"));
/* Only the low byte of rbx is read, and that in the second round of a loop. */
asm(BEGINS("loops") "push %rbx\npush %rax\nmov %rdi, %rbx\n"
    "1: call callee\n"
    PLACE("loops_around") "test %bl, %bl\njne 1b\ncall callee\n"
    PLACE("loops_no_more") "add $8, %rsp\npop %rbx\n" ENDS("loops"));
asm(BEGINS("escapes") "push %rbx\nsub $24, %rsp\nlea -0x18(%rbp), %rdi\ncall callee\n"
    PLACE("escapes_here") "add $24, %rsp\npop %rbx\n" ENDS("escapes"));
asm(BEGINS("hands") "push %rbx\nsub $8, %rsp\npush %rdi\npush %rsi\ncall callee\n"
    PLACE("hands_here") "add $24, %rsp\npop %rbx\n" ENDS("hands"));
asm(BEGINS("guesses") "push %rbx\npush %rax\ncall callee\n"
    PLACE("guesses_here") "cpuid\nadd $8, %rsp\npop %rbx\n" ENDS("guesses"));
asm(BEGINS("jumps") "push %rbx\npush %rax\ncall callee\n"
    PLACE("jumps_here") "jmp *%rax\nadd $8, %rsp\npop %rbx\n" ENDS("jumps"));
asm(BEGINS("aligns") "and $-32, %rsp\nsub $32, %rsp\ncall callee\n"
    PLACE("aligns_here") "mov %rbp, %rsp\n" ENDS("aligns"));
asm(".type callee, @function\ncallee: ret\n.size callee, . - callee\n");

extern const char keeps_both[], keeps_none[], copies_for_nothing[], loops_around[];
extern const char loops_no_more[], escapes_here[], hands_here[], guesses_here[];
extern const char jumps_here[], aligns_here[];

enum { RBX, R12 };

static void look(struct live_place *p, const char *at, bool known, int32_t sp)
{
	assert_true(live_at(p, (uintptr_t)at));
	assert_int_equal(p->known, known);
	if (known)
		assert_int_equal(p->sp, sp);
}

/* When the byte at @from the frame's end is live. */
static uint64_t when(const struct live_place *p, int32_t from)
{
	assert_true(from >= p->sp && from < 0);
	return p->when[from - p->sp];
}

static void what_is_read_is_live(void **state)
{
	struct live_place p;

	(void)state;
	look(&p, keeps_both, true, -32);
	assert_true(p.always & LIVE_CALLER(RBX, 0));
	assert_false(p.always & LIVE_CALLER(RBX, 4));	/* ebx is read, not rbx */
	assert_true(p.same & LIVE_CALLER(R12, 0));
	assert_true(when(&p, -24) == LIVE_CALLER(RBX, 0));
	assert_true(when(&p, -17) == LIVE_CALLER(RBX, 7));
	assert_true(when(&p, -28) == LIVE_ALWAYS && when(&p, -25) == LIVE_ALWAYS);
	assert_int_equal(when(&p, -29), 0);
	assert_true(live_kept(&p, 0) == (LIVE_ALWAYS | 0xf));
	assert_true(live_kept(&p, LIVE_CALLER(R12, 7)) ==
		    (LIVE_ALWAYS | 0xf | LIVE_CALLER(R12, 7)));
	live_free(&p);
	look(&p, keeps_none, true, -32);
	assert_true(when(&p, -24) == LIVE_CALLER(RBX, 0));
	assert_int_equal(when(&p, -28), 0);
	assert_false((p.always | p.same) & LIVE_CALLER(RBX, 0));
	live_free(&p);
}

static void copies_are_as_live_as_what_they_are_copied_to(void **state)
{
	struct live_place p;

	(void)state;
	look(&p, copies_for_nothing, true, -32);
	assert_false((p.always | p.same) & (LIVE_CALLER(RBX, 0) | LIVE_CALLER(R12, 0)));
	assert_int_equal(p.nr_mixed, 0);
	live_free(&p);
}

static void loops_are_followed(void **state)
{
	struct live_place p;

	(void)state;
	look(&p, loops_around, true, -32);
	assert_true((p.always & 0xff) == LIVE_CALLER(RBX, 0));
	live_free(&p);
	look(&p, loops_no_more, true, -32);
	assert_false(p.always & 0xff);
	live_free(&p);
}

static void what_others_may_read_is_live(void **state)
{
	struct live_place p;

	(void)state;
	look(&p, escapes_here, true, -48);
	assert_true(when(&p, -40) == LIVE_ALWAYS && when(&p, -25) == LIVE_ALWAYS);
	assert_true(when(&p, -24) == LIVE_CALLER(RBX, 0));
	live_free(&p);
	look(&p, hands_here, true, -48);
	assert_true(when(&p, -48) == LIVE_ALWAYS && when(&p, -40) == LIVE_ALWAYS);
	assert_int_equal(when(&p, -32), 0);
	live_free(&p);
}

static void what_is_not_understood_is_live(void **state)
{
	static const char *const at[] = { guesses_here, jumps_here };
	struct live_place p;

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		look(&p, at[i], true, -32);
		assert_true((p.always & 0xff) == 0xff);
		assert_true(when(&p, -32) == LIVE_ALWAYS && when(&p, -24) & LIVE_ALWAYS);
		live_free(&p);
	}
	look(&p, aligns_here, false, 0);
	live_free(&p);
	/* No return address, and no code at all. */
	look(&p, keeps_both + 1, false, 0);
	live_free(&p);
	look(&p, (const char *)&p, false, 0);
	live_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_is_live),
		cmocka_unit_test(copies_are_as_live_as_what_they_are_copied_to),
		cmocka_unit_test(loops_are_followed),
		cmocka_unit_test(what_others_may_read_is_live),
		cmocka_unit_test(what_is_not_understood_is_live),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
