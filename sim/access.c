// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads and stores of compiled code, announced by the compiler's hooks.
 *
 * A hook runs just before the instruction.  It waits for its turn and returns;
 * then the instruction does its work on real memory, and no other context runs
 * before the next hook.  So a load's value is known at once, a store's at the
 * next call of anything here: until then it is the world's "open" store.
 * Memory outside the shared part (stacks, constants) is nobody else's business.
 *
 * In a paused run (snapshot.h) what comes after the wait is a function of its own,
 * and gets the access as a value: a frame of which an address is taken cannot be
 * told to have nothing in it that counts.
 */
#include "access_priv.h"

void store_settle_slow(void)
{
	struct open_store open = WORLD->live.open;

	if (__builtin_expect(WORLD->fix.model, 0)) {
		model_settle();
		return;
	}
	WORLD->live.open = (struct open_store){ .old = 0 };
	word_stored(&open.acc, TRACE_WRITE, word_load(open.acc.off, open.acc.size), open.old);
}

/*
 * A store to memory that is neither shared nor a stack's goes into the simulator.
 * Setup may: it fills in what it was handed.
 */
void access_wild_store(const void *ret)
{
	code_bug(site_find(WORLD->fix.sites, ret));
	__builtin_unreachable();
}

void access_stack_store(uintptr_t addr)
{
	uintptr_t task = (addr - STACK_BASE) / STACK_SIZE;

	_Static_assert(!(STACK_BASE % STACK_SIZE), "stacks do not differ in their high bits");
	if (task < MAX_TASKS)
		WORLD->live.stale |= 1u << task;
}

static inline __attribute__((always_inline)) void read_done(struct access acc, unsigned int size)
{
	look_at_page(&acc);
	if (__builtin_expect(WORLD->fix.model, 0))
		model_view(acc);
	else
		word_loaded(&acc, TRACE_READ, word_load(acc.off, size), 0);
}

APART void read_done_apart(struct access acc)
{
	read_done(acc, acc.size);
}

static inline __attribute__((always_inline)) void
plain_read(void *addr, unsigned int size, unsigned int flags, const void *ret, bool paused)
{
	struct access acc;

	if (!announce(&acc, addr, size, ACC_READ | flags, COST_READ, ret))
		return;
	if (paused)
		read_done_apart(acc);
	else
		read_done(acc, size);
}

APART void paused_read(void *addr, unsigned int size, unsigned int flags, const void *ret)
{
	plain_read(addr, size, flags, ret, true);
}

static inline __attribute__((always_inline)) void write_done(struct access acc, unsigned int size)
{
	look_at_page(&acc);
	if (__builtin_expect(WORLD->fix.model, 0))
		model_wait_room(&acc);
	WORLD->live.open.acc = acc;
	WORLD->live.open.old = word_load(acc.off, size);
}

APART void write_done_apart(struct access acc)
{
	write_done(acc, acc.size);
}

static inline __attribute__((always_inline)) void
plain_write(void *addr, unsigned int size, unsigned int flags, const void *ret, bool paused)
{
	struct access acc;

	if (!announce(&acc, addr, size, ACC_WRITE | flags, COST_WRITE, ret))
		check_private(addr, ret);
	else if (paused)
		write_done_apart(acc);
	else
		write_done(acc, size);
}

APART void paused_write(void *addr, unsigned int size, unsigned int flags, const void *ret)
{
	plain_write(addr, size, flags, ret, true);
}

#define HOOK(name, how, size, flags)						\
void __tsan_##name##size(void *p);						\
void __tsan_##name##size(void *p)						\
{										\
	if (__builtin_expect(WORLD->fix.pausing, 0))				\
		paused_##how(p, size, flags, RET);				\
	else									\
		plain_##how(p, size, flags, RET, false);			\
}

#define HOOKS(size)								\
HOOK(read, read, size, ACC_PLAIN)						\
HOOK(write, write, size, ACC_PLAIN)						\
HOOK(volatile_read, read, size, 0)						\
HOOK(volatile_write, write, size, 0)						\
HOOK(unaligned_read, read, size, ACC_PLAIN)					\
HOOK(unaligned_write, write, size, ACC_PLAIN)

HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)

void __tsan_init(void);
void __tsan_init(void)
{
}

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order)
{
	uint16_t site = site_find(WORLD->fix.sites, RET);

	store_settle();
	charge(COST_ATOMIC);
	if (WORLD->fix.in_setup)
		return;
	if (__builtin_expect(WORLD->fix.model, 0))
		model_fence(MEM_MB, site);
	trace_event(TRACE_MB, (uint32_t)order, 0, site);
}

void __tsan_atomic_signal_fence(int order);
void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}
