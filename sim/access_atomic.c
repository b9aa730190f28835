// SPDX-License-Identifier: GPL-2.0-only
/* Atomic loads, stores and read-modify-writes of compiled code, which hooks make for it. */
#include "access_priv.h"

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
rmw_done(struct access acc, unsigned int size, enum rmw_op op, uint64_t operand)
{
	uint64_t old;

	look_at_page(&acc);
	if (__builtin_expect(WORLD->fix.model, 0))
		return rmw_modelled(&acc, op, operand);
	old = word_load(acc.off, size);
	word_store(acc.off, size, rmw_result(op, old, operand));
	word_stored(&acc, TRACE_RMW, word_load(acc.off, size), old);
	return old;
}

APART uint64_t rmw_done_apart(struct access acc, enum rmw_op op, uint64_t operand)
{
	return rmw_done(acc, acc.size, op, operand);
}

static inline __attribute__((always_inline)) uint64_t
atomic_rmw(void *addr, unsigned int size, enum rmw_op op, uint64_t operand, int order,
	   const void *ret, bool paused)
{
	struct access acc;
	uint64_t old = 0, new;

	if (announce(&acc, addr, size, ACC_READ | ACC_WRITE | order_flags(order), COST_ATOMIC,
		     ret))
		return paused ? rmw_done_apart(acc, op, operand) :
				rmw_done(acc, size, op, operand);
	check_private(addr, ret);
	memcpy(&old, addr, size);
	new = rmw_result(op, old, operand);
	memcpy(addr, &new, size);
	return old;
}

APART uint64_t paused_rmw(void *addr, unsigned int size, enum rmw_op op, uint64_t operand,
			  int order, const void *ret)
{
	return atomic_rmw(addr, size, op, operand, order, ret, true);
}

static inline __attribute__((always_inline)) uint64_t
cas_done(struct access acc, unsigned int size, uint64_t expect, uint64_t new, int fail_order)
{
	uint64_t old;

	look_at_page(&acc);
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

APART uint64_t cas_done_apart(struct access acc, uint64_t expect, uint64_t new, int fail_order)
{
	return cas_done(acc, acc.size, expect, new, fail_order);
}

/* @orders: the order, and 8 bits above it that for a comparison which fails. */
static inline __attribute__((always_inline)) uint64_t
atomic_cas(void *addr, unsigned int size, uint64_t expect, uint64_t new, int orders,
	   const void *ret, bool paused)
{
	struct access acc;
	uint64_t old = 0;

	if (announce(&acc, addr, size, ACC_READ | ACC_WRITE | order_flags(orders & 0xff),
		     COST_ATOMIC, ret))
		return paused ? cas_done_apart(acc, expect, new, orders >> 8) :
				cas_done(acc, size, expect, new, orders >> 8);
	check_private(addr, ret);
	memcpy(&old, addr, size);
	if (old == expect)
		memcpy(addr, &new, size);
	return old;
}

APART uint64_t paused_cas(void *addr, unsigned int size, uint64_t expect, uint64_t new,
			  int orders, const void *ret)
{
	return atomic_cas(addr, size, expect, new, orders, ret, true);
}

static inline __attribute__((always_inline)) uint64_t
load_done(struct access acc, unsigned int size)
{
	uint64_t value;

	look_at_page(&acc);
	if (__builtin_expect(WORLD->fix.model, 0))
		return model_load(acc);
	value = word_load(acc.off, size);
	word_loaded(&acc, TRACE_READ, value, 0);
	return value;
}

APART uint64_t load_done_apart(struct access acc)
{
	return load_done(acc, acc.size);
}

static inline __attribute__((always_inline)) uint64_t
atomic_load(const volatile void *addr, unsigned int size, int order, const void *ret, bool paused)
{
	struct access acc;
	uint64_t value = 0;

	if (announce(&acc, addr, size, ACC_READ | order_flags(order), COST_READ, ret))
		return paused ? load_done_apart(acc) : load_done(acc, size);
	memcpy(&value, (const void *)addr, size);
	return value;
}

APART uint64_t paused_load(const volatile void *addr, unsigned int size, int order,
			   const void *ret)
{
	return atomic_load(addr, size, order, ret, true);
}

static inline __attribute__((always_inline)) void
store_done(struct access acc, unsigned int size, uint64_t value)
{
	uint64_t old;

	look_at_page(&acc);
	if (__builtin_expect(WORLD->fix.model, 0)) {
		model_wait_room(&acc);
		model_store(&acc, value);
		return;
	}
	old = word_load(acc.off, size);
	word_store(acc.off, size, value);
	word_stored(&acc, TRACE_WRITE, value, old);
}

APART void store_done_apart(struct access acc, uint64_t value)
{
	store_done(acc, acc.size, value);
}

static inline __attribute__((always_inline)) void
atomic_store(volatile void *addr, unsigned int size, uint64_t value, int order, const void *ret,
	     bool paused)
{
	struct access acc;

	if (!announce(&acc, addr, size, ACC_WRITE | order_flags(order), COST_WRITE, ret)) {
		check_private(addr, ret);
		memcpy((void *)addr, &value, size);
	} else if (paused) {
		store_done_apart(acc, value);
	} else {
		store_done(acc, size, value);
	}
}

APART void paused_store(volatile void *addr, unsigned int size, uint64_t value, int order,
			const void *ret)
{
	atomic_store(addr, size, value, order, ret, true);
}

/* Calls one of the two, with a comma list of all arguments but the last ones. */
#define EITHER(how, ...)							\
	(__builtin_expect(WORLD->fix.pausing, 0) ? paused_##how(__VA_ARGS__, RET) :	\
						   atomic_##how(__VA_ARGS__, RET, false))

#define RMW_HOOK(bits, type, name, op)						\
type __tsan_atomic##bits##_##name(type *p, type v, int order);			\
type __tsan_atomic##bits##_##name(type *p, type v, int order)			\
{										\
	return (type)EITHER(rmw, p, bits / 8, op, v, order);			\
}

#define CAS_HOOK(bits, type, name)						\
int __tsan_atomic##bits##_compare_exchange_##name(type *p, type *c, type v, int mo, int fmo); \
int __tsan_atomic##bits##_compare_exchange_##name(type *p, type *c, type v, int mo, int fmo) \
{										\
	type old = (type)EITHER(cas, p, bits / 8, *c, v, mo | fmo << 8);	\
	int done = old == *c;							\
										\
	*c = old;								\
	return done;								\
}

#define ATOMIC_HOOKS(bits, type)						\
type __tsan_atomic##bits##_load(const volatile type *p, int order);		\
type __tsan_atomic##bits##_load(const volatile type *p, int order)		\
{										\
	return (type)EITHER(load, p, bits / 8, order);				\
}										\
void __tsan_atomic##bits##_store(volatile type *p, type v, int order);		\
void __tsan_atomic##bits##_store(volatile type *p, type v, int order)		\
{										\
	EITHER(store, p, bits / 8, v, order);					\
}										\
type __tsan_atomic##bits##_compare_exchange_val(type *p, type c, type v, int mo, int fmo); \
type __tsan_atomic##bits##_compare_exchange_val(type *p, type c, type v, int mo, int fmo) \
{										\
	return (type)EITHER(cas, p, bits / 8, c, v, mo | fmo << 8);		\
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
