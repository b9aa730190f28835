// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads and stores of compiled code, announced by the compiler's hooks.
 *
 * A hook runs just before the instruction.  It waits for its turn and returns;
 * then the instruction does its work on real memory, and no other context runs
 * before the next hook.  So a load's value is known at once, a store's at the
 * next call of anything here: until then it is the world's "open" store.
 * Memory outside the shared part (stacks, constants) is nobody else's business.
 */
#include <string.h>
#include "model.h"
#include "word.h"

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
	if (__builtin_expect(WORLD->live.ghost.nr_pages, 0))
		oracle_page_access(acc);
	return true;
}

/*
 * A store to memory that is neither shared nor a stack's goes into the simulator.
 * Setup may: it fills in what it was handed.
 */
static __attribute__((noinline, noreturn)) void wild_store(const void *ret)
{
	code_bug(site_find(WORLD->fix.sites, ret));
	__builtin_unreachable();
}

static inline __attribute__((always_inline)) void
check_private(const volatile void *addr, const void *ret)
{
	uintptr_t off = (uintptr_t)addr - STACK_BASE;

	if (__builtin_expect(off >= SHARED_BASE + MACHINE_NOWHERE + 2 * SHARED_MAX - STACK_BASE &&
			     !WORLD->fix.in_setup, 0))
		wild_store(ret);
}

static inline __attribute__((always_inline)) void
plain_read(void *addr, unsigned int size, unsigned int flags, const void *ret)
{
	struct access acc;

	if (!announce(&acc, addr, size, ACC_READ | flags, COST_READ, ret))
		return;
	if (__builtin_expect(WORLD->fix.model, 0))
		model_view(acc);
	else
		word_loaded(&acc, TRACE_READ, word_load(acc.off, size), 0);
}

static inline __attribute__((always_inline)) void
plain_write(void *addr, unsigned int size, unsigned int flags, const void *ret)
{
	struct access acc;

	if (!announce(&acc, addr, size, ACC_WRITE | flags, COST_WRITE, ret)) {
		check_private(addr, ret);
		return;
	}
	if (__builtin_expect(WORLD->fix.model, 0))
		model_wait_room(&acc);
	WORLD->live.open.acc = acc;
	WORLD->live.open.old = word_load(acc.off, size);
}

#define RET __builtin_return_address(0)

#define HOOKS(size)								\
void __tsan_read##size(void *p);						\
void __tsan_read##size(void *p) { plain_read(p, size, ACC_PLAIN, RET); }	\
void __tsan_write##size(void *p);						\
void __tsan_write##size(void *p) { plain_write(p, size, ACC_PLAIN, RET); }	\
void __tsan_volatile_read##size(void *p);					\
void __tsan_volatile_read##size(void *p) { plain_read(p, size, 0, RET); }	\
void __tsan_volatile_write##size(void *p);					\
void __tsan_volatile_write##size(void *p) { plain_write(p, size, 0, RET); }	\
void __tsan_unaligned_read##size(void *p);					\
void __tsan_unaligned_read##size(void *p) { plain_read(p, size, ACC_PLAIN, RET); } \
void __tsan_unaligned_write##size(void *p);					\
void __tsan_unaligned_write##size(void *p) { plain_write(p, size, ACC_PLAIN, RET); }

HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)

void __tsan_init(void);
void __tsan_init(void)
{
}

/* What the compiler's memory order means for an access of ours. */
static inline unsigned int order_flags(int order)
{
	switch (order) {
	case __ATOMIC_RELAXED:
		return 0;
	case __ATOMIC_CONSUME:
	case __ATOMIC_ACQUIRE:
		return ACC_ACQUIRE;
	case __ATOMIC_RELEASE:
		return ACC_RELEASE;
	case __ATOMIC_ACQ_REL:
		return ACC_ACQUIRE | ACC_RELEASE;
	default:
		return ACC_FULL;
	}
}

enum rmw_op { RMW_XCHG, RMW_ADD, RMW_SUB, RMW_AND, RMW_OR, RMW_XOR, RMW_NAND };

static inline uint64_t rmw_result(enum rmw_op op, uint64_t old, uint64_t operand)
{
	switch (op) {
	case RMW_XCHG:
		return operand;
	case RMW_ADD:
		return old + operand;
	case RMW_SUB:
		return old - operand;
	case RMW_AND:
		return old & operand;
	case RMW_OR:
		return old | operand;
	case RMW_XOR:
		return old ^ operand;
	case RMW_NAND:
		break;
	}
	return ~(old & operand);
}

/*
 * Only an exchange is sure to have somebody look at what it read: the others, if
 * relaxed, stand for the kernel's atomics without a return value.
 */
static __attribute__((noinline)) uint64_t rmw_modelled(const struct access *acc, enum rmw_op op,
							uint64_t operand)
{
	enum mem_order order = model_rmw_order(acc->flags, op == RMW_XCHG);
	uint64_t old = model_rmw_read(acc, order), new = rmw_result(op, old, operand);

	if (acc->size < 8)
		new &= (1ull << 8 * acc->size) - 1;
	model_rmw_write(acc, order, new);
	word_stored(acc, TRACE_RMW, new, old);
	return old;
}

static inline __attribute__((always_inline)) uint64_t
atomic_rmw(void *addr, unsigned int size, enum rmw_op op, uint64_t operand, int order,
	   const void *ret)
{
	struct access acc;
	uint64_t old, new;

	if (!announce(&acc, addr, size, ACC_READ | ACC_WRITE | order_flags(order), COST_ATOMIC,
		      ret)) {
		check_private(addr, ret);
		acc = (struct access){ .off = (uint32_t)((uintptr_t)addr - SHARED_BASE) };
	}
	if (__builtin_expect(WORLD->fix.model && acc.size, 0))
		return rmw_modelled(&acc, op, operand);
	old = acc.size ? word_load(acc.off, size) : 0;
	if (!acc.size)
		memcpy(&old, addr, size);
	new = rmw_result(op, old, operand);
	if (!acc.size) {
		memcpy(addr, &new, size);
		return old;
	}
	word_store(acc.off, size, new);
	word_stored(&acc, TRACE_RMW, word_load(acc.off, size), old);
	return old;
}

static inline __attribute__((always_inline)) uint64_t
atomic_cas(void *addr, unsigned int size, uint64_t expect, uint64_t new, int order,
	   int fail_order, const void *ret)
{
	struct access acc;
	uint64_t old = 0;

	if (!announce(&acc, addr, size, ACC_READ | ACC_WRITE | order_flags(order), COST_ATOMIC,
		      ret)) {
		check_private(addr, ret);
		memcpy(&old, addr, size);
		if (old == expect)
			memcpy(addr, &new, size);
		return old;
	}
	if (__builtin_expect(WORLD->fix.model, 0))
		return model_cas(acc, expect, new, order_flags(fail_order) & ACC_FULL);
	old = word_load(acc.off, size);
	if (old != expect) {
		word_loaded(&acc, TRACE_CAS_FAILED, old, 0);
		WORLD->live.cur->race.size = 0;
		return old;
	}
	word_store(acc.off, size, new);
	word_stored(&acc, TRACE_RMW, new, old);
	return old;
}

static inline __attribute__((always_inline)) uint64_t
atomic_load(const volatile void *addr, unsigned int size, int order, const void *ret)
{
	struct access acc;
	uint64_t value = 0;

	if (!announce(&acc, addr, size, ACC_READ | order_flags(order), COST_READ, ret)) {
		memcpy(&value, (const void *)addr, size);
		return value;
	}
	if (__builtin_expect(WORLD->fix.model, 0))
		return model_load(acc);
	value = word_load(acc.off, size);
	word_loaded(&acc, TRACE_READ, value, 0);
	return value;
}

static inline __attribute__((always_inline)) void
atomic_store(volatile void *addr, unsigned int size, uint64_t value, int order, const void *ret)
{
	struct access acc;
	uint64_t old;

	if (!announce(&acc, addr, size, ACC_WRITE | order_flags(order), COST_WRITE, ret)) {
		check_private(addr, ret);
		memcpy((void *)addr, &value, size);
		return;
	}
	if (__builtin_expect(WORLD->fix.model, 0)) {
		model_wait_room(&acc);
		model_store(&acc, value);
		return;
	}
	old = word_load(acc.off, size);
	word_store(acc.off, size, value);
	word_stored(&acc, TRACE_WRITE, value, old);
}

#define RMW_HOOK(bits, type, name, op)						\
type __tsan_atomic##bits##_##name(type *p, type v, int order);			\
type __tsan_atomic##bits##_##name(type *p, type v, int order)			\
{										\
	return (type)atomic_rmw(p, bits / 8, op, v, order, RET);		\
}

#define CAS_HOOK(bits, type, name)						\
int __tsan_atomic##bits##_compare_exchange_##name(type *p, type *c, type v, int mo, int fmo); \
int __tsan_atomic##bits##_compare_exchange_##name(type *p, type *c, type v, int mo, int fmo) \
{										\
	type old = (type)atomic_cas(p, bits / 8, *c, v, mo, fmo, RET);	\
	int done = old == *c;							\
										\
	*c = old;								\
	return done;								\
}

#define ATOMIC_HOOKS(bits, type)						\
type __tsan_atomic##bits##_load(const volatile type *p, int order);		\
type __tsan_atomic##bits##_load(const volatile type *p, int order)		\
{										\
	return (type)atomic_load(p, bits / 8, order, RET);			\
}										\
void __tsan_atomic##bits##_store(volatile type *p, type v, int order);		\
void __tsan_atomic##bits##_store(volatile type *p, type v, int order)		\
{										\
	atomic_store(p, bits / 8, v, order, RET);				\
}										\
type __tsan_atomic##bits##_compare_exchange_val(type *p, type c, type v, int mo, int fmo); \
type __tsan_atomic##bits##_compare_exchange_val(type *p, type c, type v, int mo, int fmo) \
{										\
	return (type)atomic_cas(p, bits / 8, c, v, mo, fmo, RET);		\
}										\
CAS_HOOK(bits, type, strong)							\
CAS_HOOK(bits, type, weak)							\
RMW_HOOK(bits, type, exchange, RMW_XCHG)					\
RMW_HOOK(bits, type, fetch_add, RMW_ADD)					\
RMW_HOOK(bits, type, fetch_sub, RMW_SUB)					\
RMW_HOOK(bits, type, fetch_and, RMW_AND)					\
RMW_HOOK(bits, type, fetch_or, RMW_OR)						\
RMW_HOOK(bits, type, fetch_xor, RMW_XOR)					\
RMW_HOOK(bits, type, fetch_nand, RMW_NAND)

ATOMIC_HOOKS(8, uint8_t)
ATOMIC_HOOKS(16, uint16_t)
ATOMIC_HOOKS(32, uint32_t)
ATOMIC_HOOKS(64, uint64_t)

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
