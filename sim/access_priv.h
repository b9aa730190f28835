/* SPDX-License-Identifier: GPL-2.0-only */
/* What hooks of plain accesses and of atomics have in common: up to the access itself. */
#ifndef SIM_ACCESS_PRIV_H
#define SIM_ACCESS_PRIV_H

#include <string.h>
#include "model.h"
#include "word.h"

#define RET __builtin_return_address(0)

/* Announces the access; false: the memory is not shared, just do it. */
static inline __attribute__((always_inline)) bool
announce(struct access *acc, const volatile void *addr, unsigned int size, unsigned int flags,
	 enum cost cost, const void *ret)
{
	uintptr_t off = (uintptr_t)addr - SHARED_BASE;

	if (off >= SHARED_MAX || WORLD->fix.in_setup)
		return false;
	*acc = access_make((uint32_t)off, size, flags, site_find(WORLD->fix.sites, ret));
	store_settle();
	turn_wait(*acc, cost);
	return true;
}

static inline void look_at_page(const struct access *acc)
{
	if (__builtin_expect(WORLD->live.ghost.nr_pages, 0)) {
		struct access copy = *acc;

		oracle_page_access(&copy);
	}
}

/* A second time, as a function that is called. */
#define APART static __attribute__((noinline))

/* Ends the run: the store would go into the simulator. */
void access_wild_store(const void *ret) __attribute__((noreturn, cold));

/* It goes to the stack of another context. */
void access_stack_store(uintptr_t addr);

static inline __attribute__((always_inline)) void
check_private(const volatile void *addr, const void *ret)
{
	uintptr_t off = (uintptr_t)addr - STACK_BASE;

	if (__builtin_expect(off >= SHARED_BASE + MACHINE_NOWHERE + 2 * SHARED_MAX - STACK_BASE &&
			     !WORLD->fix.in_setup, 0))
		access_wild_store(ret);
	if (__builtin_expect(((uintptr_t)addr ^ (uintptr_t)__builtin_frame_address(0)) >=
			     STACK_SIZE, 0))
		access_stack_store((uintptr_t)addr);
}

#endif
