// SPDX-License-Identifier: GPL-2.0-only
/*
 * The primitives of the kernel's memory model, as instructions.
 *
 * Names and orders are those of tools/memory-model/linux-kernel.def, and of
 * older and newer spellings of the same things.  What is not in the tables is
 * refused by name: to take an unknown primitive for a similar one would give a
 * verdict on another test.
 */
#include <string.h>

#include "litmus_parse.h"

enum shape {
	NOTHING,		/* f() */
	FENCE,			/* f() */
	LOAD_PLACE,		/* f(*x) */
	LOAD,			/* f(x) */
	STORE_PLACE,		/* f(*x, v) */
	STORE,			/* f(x, v) */
	EXCHANGE,		/* f(x, v) */
	CAS,			/* f(x, old, new) */
	LOCKS,			/* f(x), no value */
	TRYLOCK,		/* f(x) */
	IS_LOCKED,		/* f(x) */
	RCU,			/* f() */
	SYNC,			/* f() */
	SAME,			/* f(v) is v */
	SET_BIT,		/* f(nr, x): kind is the operation */
	TEST_SET_BIT,		/* the same, giving the old bit */
	TEST_BIT,		/* f(nr, x) */
};

struct primitive {
	const char *name;
	uint8_t shape;
	uint8_t order;
	uint16_t kind;		/* FENCE: which; LOCKS, RCU: enum litmus_op */
};

static const struct primitive primitives[] = {
	{ "READ_ONCE", LOAD_PLACE, MEM_RELAXED, 0 },
	{ "rcu_dereference", LOAD_PLACE, MEM_RELAXED, 0 },
	{ "lockless_dereference", LOAD_PLACE, MEM_RELAXED, 0 },
	{ "smp_load_acquire", LOAD, MEM_ACQUIRE, 0 },
	{ "atomic_read", LOAD, MEM_RELAXED, 0 },
	{ "atomic_read_acquire", LOAD, MEM_ACQUIRE, 0 },
	{ "WRITE_ONCE", STORE_PLACE, MEM_RELAXED, 0 },
	{ "rcu_assign_pointer", STORE_PLACE, MEM_RELEASE, 0 },
	{ "smp_store_mb", STORE_PLACE, MEM_FULL, 0 },
	{ "smp_store_release", STORE, MEM_RELEASE, 0 },
	{ "atomic_set", STORE, MEM_RELAXED, 0 },
	{ "atomic_set_release", STORE, MEM_RELEASE, 0 },
	{ "smp_mb", FENCE, 0, MEM_MB },
	{ "smp_rmb", FENCE, 0, MEM_RMB },
	{ "smp_wmb", FENCE, 0, MEM_WMB },
	{ "smp_mb__before_atomic", FENCE, 0, MEM_MB_ATOMIC },
	{ "smp_mb__after_atomic", FENCE, 0, MEM_MB_ATOMIC },
	{ "smp_mb__after_spinlock", FENCE, 0, MEM_MB_ATOMIC },
	{ "smp_mb__after_unlock_lock", FENCE, 0, MEM_MB_ATOMIC },
	{ "barrier", NOTHING, 0, 0 },
	{ "smp_read_barrier_depends", NOTHING, 0, 0 },
	{ "likely", SAME, 0, 0 },
	{ "unlikely", SAME, 0, 0 },
	{ "xchg", EXCHANGE, MEM_FULL, 0 },
	{ "xchg_relaxed", EXCHANGE, MEM_RELAXED, 0 },
	{ "xchg_acquire", EXCHANGE, MEM_ACQUIRE, 0 },
	{ "xchg_release", EXCHANGE, MEM_RELEASE, 0 },
	{ "cmpxchg", CAS, MEM_FULL, 0 },
	{ "cmpxchg_relaxed", CAS, MEM_RELAXED, 0 },
	{ "cmpxchg_acquire", CAS, MEM_ACQUIRE, 0 },
	{ "cmpxchg_release", CAS, MEM_RELEASE, 0 },
	{ "spin_lock", LOCKS, 0, LIT_LOCK },
	{ "spin_unlock", LOCKS, 0, LIT_UNLOCK },
	{ "spin_trylock", TRYLOCK, 0, 0 },
	{ "spin_is_locked", IS_LOCKED, MEM_RELAXED, 0 },
	{ "rcu_read_lock", RCU, 0, LIT_RCU_LOCK },
	{ "rcu_read_unlock", RCU, 0, LIT_RCU_UNLOCK },
	{ "synchronize_rcu", SYNC, 0, 0 },
	{ "synchronize_rcu_expedited", SYNC, 0, 0 },
	{ "set_bit", SET_BIT, MEM_NORETURN, '|' },
	{ "clear_bit", SET_BIT, MEM_NORETURN, LIT_K_ANDNOT },
	{ "change_bit", SET_BIT, MEM_NORETURN, '^' },
	{ "test_and_set_bit", TEST_SET_BIT, MEM_FULL, '|' },
	{ "test_and_clear_bit", TEST_SET_BIT, MEM_FULL, LIT_K_ANDNOT },
	{ "test_and_change_bit", TEST_SET_BIT, MEM_FULL, '^' },
	{ "test_bit", TEST_BIT, MEM_RELAXED, 0 },
};

static const struct primitive *find_primitive(const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(primitives) / sizeof(primitives[0]); i++)
		if (!strcmp(primitives[i].name, name))
			return &primitives[i];
	return NULL;
}

bool lit_is_primitive(const char *name)
{
	return find_primitive(name) != NULL;
}

/* atomic_long_ and atomic64_ are atomic_ to a machine of 64-bit values. */
static const char *atomic_rest(const char *name)
{
	static const char *const prefixes[] = {
		"atomic_long_", "atomic64_", "atomic_",
	};
	unsigned int i;

	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return name + strlen(prefixes[i]);
	return NULL;
}

unsigned int lit_argument(struct lit_parser *p)
{
	return lit_assignment_value(p);
}

unsigned int lit_next_argument(struct lit_parser *p)
{
	lit_expect(p, ',', "\",\" and another argument");
	return lit_argument(p);
}

static unsigned int cas(struct lit_parser *p, enum mem_order order)
{
	unsigned int address = lit_argument(p);
	unsigned int old = lit_next_argument(p);
	unsigned int new = lit_next_argument(p);
	unsigned int dst = lit_temp(p);

	lit_emit(p, LIT_CAS, dst, address, old);
	lit_last(p)->c = new;
	lit_last(p)->order = order;
	return dst;
}

/* The word that bit @nr of the bitmap lies in, and its mask. */
static unsigned int bit_word(struct lit_parser *p, unsigned int *mask)
{
	unsigned int nr = lit_argument(p);
	unsigned int base = lit_next_argument(p);
	unsigned int index = lit_binary(p, LIT_2('>', '>'), nr,
					lit_const(p, 6));

	*mask = lit_binary(p, LIT_2('<', '<'), lit_const(p, 1),
			   lit_binary(p, '&', nr, lit_const(p, 63)));
	return lit_binary(p, '+', base, index);
}

static unsigned int bit_call(struct lit_parser *p, const struct primitive *prim)
{
	unsigned int mask, word = bit_word(p, &mask);
	unsigned int value;

	if (prim->shape == TEST_BIT) {
		value = lit_temp(p);
		lit_emit(p, LIT_LOAD, value, word, LITMUS_NO_REG);
	} else {
		value = lit_rmw(p, prim->kind, prim->order, word, mask);
	}
	if (prim->shape == SET_BIT)
		return LITMUS_NO_REG;
	return lit_binary(p, LIT_2('!', '='), lit_const(p, 0),
			  lit_binary(p, '&', value, mask));
}

static unsigned int load(struct lit_parser *p, const struct primitive *prim)
{
	unsigned int address = prim->shape == LOAD_PLACE ? lit_place(p) :
							   lit_argument(p);
	unsigned int dst = lit_temp(p);

	lit_emit(p, LIT_LOAD, dst, address, LITMUS_NO_REG);
	lit_last(p)->order = prim->order;
	return dst;
}

static void store(struct lit_parser *p, const struct primitive *prim)
{
	unsigned int address = prim->shape == STORE_PLACE ? lit_place(p) :
							    lit_argument(p);
	unsigned int value = lit_next_argument(p);

	lit_emit(p, LIT_STORE, LITMUS_NO_REG, address, value);
	lit_last(p)->order = prim->order == MEM_FULL ? MEM_RELAXED :
						       prim->order;
	if (prim->order != MEM_FULL)
		return;
	lit_emit(p, LIT_FENCE, LITMUS_NO_REG, LITMUS_NO_REG, LITMUS_NO_REG);
	lit_last(p)->kind = MEM_MB;
}

static void rcu(struct lit_parser *p, const struct primitive *prim)
{
	if (prim->shape == SYNC) {
		p->t->has_sync = true;
		lit_emit(p, LIT_SYNC, LITMUS_NO_REG, LITMUS_NO_REG,
			 LITMUS_NO_REG);
		lit_emit(p, LIT_SYNCED, LITMUS_NO_REG, LITMUS_NO_REG,
			 LITMUS_NO_REG);
	} else {
		lit_emit(p, prim->kind, LITMUS_NO_REG, LITMUS_NO_REG,
			 LITMUS_NO_REG);
	}
}

static unsigned int try_lock(struct lit_parser *p)
{
	unsigned int address = lit_argument(p);
	unsigned int dst = lit_temp(p);

	lit_emit(p, LIT_TRYLOCK, dst, address, LITMUS_NO_REG);
	return dst;
}

static unsigned int primitive_call(struct lit_parser *p,
				   const struct primitive *prim)
{
	unsigned int address;

	switch ((enum shape)prim->shape) {
	case NOTHING:
		break;
	case FENCE:
		lit_emit(p, LIT_FENCE, LITMUS_NO_REG, LITMUS_NO_REG,
			 LITMUS_NO_REG);
		lit_last(p)->kind = prim->kind;
		break;
	case LOAD_PLACE:
	case LOAD:
		return load(p, prim);
	case STORE_PLACE:
	case STORE:
		store(p, prim);
		break;
	case EXCHANGE:
		address = lit_argument(p);
		return lit_rmw(p, LIT_K_EXCHANGE, prim->order, address,
			   lit_next_argument(p));
	case CAS:
		return cas(p, prim->order);
	case LOCKS:
		lit_emit(p, prim->kind, LITMUS_NO_REG, lit_argument(p),
			 LITMUS_NO_REG);
		break;
	case TRYLOCK:
		return try_lock(p);
	case IS_LOCKED:
		return lit_binary(p, LIT_2('!', '='), lit_const(p, 0),
				  load(p, prim));
	case RCU:
	case SYNC:
		rcu(p, prim);
		break;
	case SAME:
		return lit_argument(p);
	case SET_BIT:
	case TEST_SET_BIT:
	case TEST_BIT:
		return bit_call(p, prim);
	}
	return LITMUS_NO_REG;
}

unsigned int lit_call(struct lit_parser *p, const char *name)
{
	const char *rest = atomic_rest(name);
	const struct primitive *prim = find_primitive(name);
	char plain[2 * LITMUS_NAME_MAX] = "atomic_";
	unsigned int value = LITMUS_NO_REG;

	if (!prim && rest) {
		/* atomic_long_read is atomic_read, atomic_xchg is xchg. */
		strcat(plain, rest);
		prim = find_primitive(plain);
		if (!prim && (!strncmp(rest, "xchg", 4) ||
			      !strncmp(rest, "cmpxchg", 7)))
			prim = find_primitive(rest);
	}
	lit_expect(p, '(', "\"(\"");
	if (prim)
		value = primitive_call(p, prim);
	else if (!rest || !lit_atomic(p, rest, &value))
		lit_skip(p, "%s() is not a primitive of this machine", name);
	lit_expect(p, ')', "\")\" after the arguments");
	return value;
}
