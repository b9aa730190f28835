// SPDX-License-Identifier: GPL-2.0-only
/*
 * The canonical form has the same futures.  Two memories take the same random
 * steps, one of them made canonical after each; all that can be asked of them
 * must agree.  And what nobody can tell apart gives one form.
 *
 * Grace periods are left out: there the canonical form takes the later of two
 * instants that nothing tells apart, which saves a reader a choice that the
 * other memory still has.  The outcomes of both are those of tests/litmus.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/mem.h"

enum { NR_CPUS = 3, NR_LOCS = 3, LOCK = 3, NR_DEPS = 3, NR_WALKS = 400,
       NR_STEPS = 200 };

struct side {
	struct mem m;
	uint32_t dep[NR_CPUS][NR_DEPS];
};

static uint64_t seed;
static struct side raw, canon;
static bool has_lock[NR_CPUS];
static uint8_t blind[NR_LOCS + 1];	/* bitmaps of CPUs that never load there */

/* splitmix64: the walk is the same on every machine. */
static unsigned int draw(unsigned int n)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (z ^ (z >> 31)) % n;
}

static void start(enum mem_model model)
{
	struct mem_opts opts = { .model = model, .nr_cpus = NR_CPUS };
	unsigned int i;

	memset(&raw, 0, sizeof(raw));
	memset(has_lock, 0, sizeof(has_lock));
	mem_init(&raw.m, &opts);
	for (i = 0; i <= NR_LOCS; i++)
		mem_loc_init(&raw.m, i, 8, 0);
	for (i = 0; i < NR_LOCS; i++)
		blind[i] = draw(1 << NR_CPUS) & draw(1 << NR_CPUS);
	canon = raw;
}

static void make_canonical(struct side *s)
{
	struct mem before;
	struct mem_map map;
	unsigned int cpu, i;

	mem_canon(&s->m, &map, blind);
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		for (i = 0; i < NR_DEPS; i++)
			s->dep[cpu][i] = mem_map_dep(&map, cpu, s->dep[cpu][i]);
	before = s->m;
	mem_canon(&s->m, &map, blind);
	assert_memory_equal(&before, &s->m, mem_bytes(&s->m));
	mem_check(&s->m);
}

static void step_load(unsigned int cpu, unsigned int loc)
{
	unsigned int from = draw(NR_DEPS), to = draw(NR_DEPS), nr, answer;
	enum mem_order order = draw(4) ? MEM_RELAXED : MEM_ACQUIRE;

	nr = mem_load_choices(&raw.m, cpu, loc, raw.dep[cpu][from]);
	assert_int_equal(mem_load_choices(&canon.m, cpu, loc,
					  canon.dep[cpu][from]), nr);
	answer = draw(nr);
	assert_int_equal(mem_load(&raw.m, cpu, loc, raw.dep[cpu][from], answer,
				  order, &raw.dep[cpu][to]),
			 mem_load(&canon.m, cpu, loc, canon.dep[cpu][from],
				  answer, order, &canon.dep[cpu][to]));
}

static void step_store(unsigned int cpu, unsigned int loc)
{
	enum mem_order order = draw(4) ? MEM_RELAXED : MEM_RELEASE;
	unsigned int from = draw(NR_DEPS), value = draw(1000);

	assert_int_equal(mem_can_store(&raw.m, cpu),
			 mem_can_store(&canon.m, cpu));
	if (!mem_can_store(&raw.m, cpu))
		return;
	mem_store(&raw.m, cpu, loc, value, order, raw.dep[cpu][from]);
	mem_store(&canon.m, cpu, loc, value, order, canon.dep[cpu][from]);
}

static void step_commit(unsigned int cpu)
{
	unsigned int nr = mem_commit_choices(&raw.m, cpu), which;

	assert_int_equal(mem_commit_choices(&canon.m, cpu), nr);
	if (!nr)
		return;
	which = draw(nr);
	assert_int_equal(mem_commit(&raw.m, cpu, which),
			 mem_commit(&canon.m, cpu, which));
}

static void step_fence(unsigned int cpu)
{
	enum mem_fence fence = draw(3);

	assert_int_equal(mem_can_fence(&raw.m, cpu, fence),
			 mem_can_fence(&canon.m, cpu, fence));
	if (!mem_can_fence(&raw.m, cpu, fence))
		return;
	mem_fence(&raw.m, cpu, fence);
	mem_fence(&canon.m, cpu, fence);
}

static void step_rmw(unsigned int cpu, unsigned int loc)
{
	enum mem_order order = draw(MEM_NORETURN + 1);
	struct side *sides[] = { &raw, &canon };
	uint64_t old[2];
	uint32_t dep;
	unsigned int i;

	assert_int_equal(mem_can_rmw(&raw.m, cpu, loc, order),
			 mem_can_rmw(&canon.m, cpu, loc, order));
	if (!mem_can_rmw(&raw.m, cpu, loc, order))
		return;
	for (i = 0; i < 2; i++) {
		old[i] = mem_rmw_read(&sides[i]->m, cpu, loc, 0, order, &dep);
		mem_rmw_write(&sides[i]->m, cpu, loc, old[i] + 1, order, dep);
		sides[i]->dep[cpu][0] = dep;
	}
	assert_int_equal(old[0], old[1]);
}

static void step_cas(unsigned int cpu, unsigned int loc)
{
	struct mem_cas cas = { .expect = mem_peek(&raw.m, loc), .value = 77,
			       .order = draw(MEM_FULL + 1) };
	unsigned int nr = mem_cas_choices(&raw.m, cpu, loc, &cas), answer;

	assert_int_equal(mem_cas_choices(&canon.m, cpu, loc, &cas), nr);
	if (!nr)
		return;
	answer = draw(nr);
	assert_int_equal(mem_cas(&raw.m, cpu, loc, &cas, answer,
				 &raw.dep[cpu][1]),
			 mem_cas(&canon.m, cpu, loc, &cas, answer,
				 &canon.dep[cpu][1]));
}

static void step_lock(unsigned int cpu)
{
	assert_int_equal(mem_can_lock(&raw.m, cpu, LOCK),
			 mem_can_lock(&canon.m, cpu, LOCK));
	if (has_lock[cpu] && mem_can_store(&raw.m, cpu)) {
		mem_unlock(&raw.m, cpu, LOCK);
		mem_unlock(&canon.m, cpu, LOCK);
		has_lock[cpu] = false;
	} else if (!has_lock[cpu] && mem_can_lock(&raw.m, cpu, LOCK)) {
		mem_lock(&raw.m, cpu, LOCK);
		mem_lock(&canon.m, cpu, LOCK);
		has_lock[cpu] = true;
	}
}

static void step(void)
{
	unsigned int cpu = draw(NR_CPUS), loc = draw(NR_LOCS), what = draw(10);

	/* Who is blind may store all the same. */
	if (blind[loc] >> cpu & 1 && (what == 1 || what == 2 || what > 7))
		what = 4;
	switch (what) {
	case 0:
		step_fence(cpu);
		break;
	case 1:
		step_rmw(cpu, loc);
		break;
	case 2:
		step_cas(cpu, loc);
		break;
	case 3:
		step_lock(cpu);
		break;
	case 4:
	case 5:
		step_store(cpu, loc);
		break;
	case 6:
	case 7:
		step_commit(cpu);
		break;
	default:
		step_load(cpu, loc);
	}
}

static void test_same_future(void **state)
{
	unsigned int walk, i;

	(void)state;
	for (walk = 0; walk < NR_WALKS; walk++) {
		seed = walk;
		start(walk % 8 ? MEM_WEAK : walk % 16 ? MEM_TSO : MEM_SC);
		for (i = 0; i < NR_STEPS; i++) {
			step();
			mem_check(&raw.m);
			make_canonical(&canon);
		}
	}
}

/* @unread: what CPU 1 will not load. */
static void message(struct mem *m, bool early, const uint8_t *unread)
{
	struct mem_opts opts = { .model = MEM_WEAK, .nr_cpus = 2 };
	struct mem_map map;
	unsigned int i;

	mem_init(m, &opts);
	for (i = 0; i < NR_LOCS; i++)
		mem_loc_init(m, i, 8, 0);
	/* What nobody can go back to leaves no trace. */
	for (i = early; i < 5; i++) {
		mem_store(m, 0, 2, i, MEM_RELAXED, 0);
		mem_commit(m, 0, 0);
	}
	mem_load(m, 1, 2, 0, 0, MEM_ACQUIRE, NULL);
	mem_fence(m, 0, MEM_MB);
	mem_store(m, 0, 0, 1, MEM_RELAXED, 0);
	mem_commit(m, 0, 0);
	mem_canon(m, &map, unread);
}

static void test_one_form(void **state)
{
	static struct mem a, b;

	(void)state;
	message(&a, false, NULL);
	message(&b, true, NULL);
	assert_int_equal(mem_bytes(&a), mem_bytes(&b));
	assert_memory_equal(&a, &b, mem_bytes(&a));
	/* The older value of location 0 is still there to be read. */
	assert_int_equal(mem_load_choices(&a, 1, 0, 0), 2);
	assert_int_equal(a.now, 1);
}

/* A value that only the blind could go back to leaves no trace; another one does. */
static void test_blind(void **state)
{
	static const uint8_t nobody[NR_LOCS + 1] = { 2 }, other[NR_LOCS + 1] = { 0, 2 };
	static struct mem m;

	(void)state;
	message(&m, false, nobody);
	assert_int_equal(mem_load_choices(&m, 0, 0, 0), 1);
	assert_int_equal(m.now, 0);
	message(&m, false, other);
	assert_int_equal(mem_load_choices(&m, 1, 0, 0), 2);
	assert_int_equal(m.now, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_future),
		cmocka_unit_test(test_one_form),
		cmocka_unit_test(test_blind),
	};

	return cmocka_run_group_tests_name("mem_canon", tests, NULL, NULL);
}
