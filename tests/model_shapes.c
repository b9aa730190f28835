// SPDX-License-Identifier: GPL-2.0-only
/*
 * The classic shapes on the machine under compiled code: what tso and weak allow
 * is seen within a few thousand runs, what they forbid never.
 *
 * The threads make their accesses as compiled code does, a hook and then the
 * access itself, so that buffers, old values and forwarding come through real
 * memory.  A thread is a line of words: W stores, R loads, A loads with acquire,
 * L stores with release, X is xchg(), O an atomic without a return value, C a
 * cmpxchg() that expects what is never there; F, w and r are smp_mb(), smp_wmb()
 * and smp_rmb().  P publishes the address of x, D takes what was published and
 * looks there.  Loads, X, C and D fill registers, thread by thread.
 */
#include "tests/sim_common.h"
#include "sim/mem.h"

enum { THREADS = 4, REGISTERS = 4, RUNS = 6000 };

struct shape {
	const char *name;
	const char *thread[THREADS];
	const char *outcome;		/* of all registers */
	bool allowed[3];		/* by enum mem_model */
};

static const struct shape shapes[] = {
	{ "SB", { "Wx1 Ry", "Wy1 Rx" }, "00", { 0, 1, 1 } },
	{ "SB+mb+po", { "Wx1 F Ry", "Wy1 Rx" }, "00", { 0, 1, 1 } },
	{ "SB+mbs", { "Wx1 F Ry", "Wy1 F Rx" }, "00", { 0, 0, 0 } },
	{ "SB+xchgs", { "Xx1 Ry", "Xy1 Rx" }, "0000", { 0, 0, 0 } },
	{ "SB+rfi", { "Wx1 Rx Ry", "Wy1 Ry Rx" }, "1010", { 0, 1, 1 } },
	{ "MP", { "Wx1 Wy1", "Ry Rx" }, "10", { 0, 0, 1 } },
	{ "MP+wmb+po", { "Wx1 w Wy1", "Ry Rx" }, "10", { 0, 0, 1 } },
	{ "MP+po+rmb", { "Wx1 Wy1", "Ry r Rx" }, "10", { 0, 0, 1 } },
	{ "MP+wmb+rmb", { "Wx1 w Wy1", "Ry r Rx" }, "10", { 0, 0, 0 } },
	{ "MP+rel+acq", { "Wx1 Ly1", "Ay Rx" }, "10", { 0, 0, 0 } },
	{ "MP+rel+po", { "Wx1 Ly1", "Ry Rx" }, "10", { 0, 0, 1 } },
	{ "MP+mb+acq", { "Wx1 F Wy1", "Ay Rx" }, "10", { 0, 0, 0 } },
	{ "LB", { "Rx Wy1", "Ry Wx1" }, "11", { 0, 0, 0 } },
	{ "CoRR", { "Wx1", "Rx Rx" }, "10", { 0, 0, 0 } },
	{ "CoWR", { "Wx1 Rx", "Wx2" }, "0", { 0, 0, 0 } },
	{ "WRC+po+po", { "Wx1", "Rx Wy1", "Ry Rx" }, "110", { 0, 0, 1 } },
	{ "WRC+po+rmb", { "Wx1", "Rx Wy1", "Ry r Rx" }, "110", { 0, 0, 0 } },
	{ "RWC+po+mb", { "Wx1", "Rx Ry", "Wy1 F Rx" }, "100", { 0, 0, 1 } },
	{ "RWC+rmb+mb", { "Wx1", "Rx r Ry", "Wy1 F Rx" }, "100", { 0, 0, 0 } },
	{ "IRIW", { "Wx1", "Wy1", "Rx Ry", "Ry Rx" }, "1010", { 0, 0, 1 } },
	{ "IRIW+rmbs", { "Wx1", "Wy1", "Rx r Ry", "Ry r Rx" }, "1010", { 0, 0, 0 } },
	/* A request and a kick: only outside x86 is a failing cmpxchg() no barrier. */
	{ "kick", { "Ox1 Cy", "Wy1 F Rx" }, "00", { 0, 0, 1 } },
	{ "kick+mb", { "Ox1 F Cy", "Wy1 F Rx" }, "00", { 0, 0, 0 } },
	/* More stores than a buffer has room for, the last of them forwarded. */
	{ "MP+wmb+addr", { "Wx1 w P", "D" }, "0", { 0, 0, 0 } },
	{ "MP+po+addr", { "Wx1 P", "D" }, "0", { 0, 0, 1 } },
	{ "room", { "Wx1 Wx2 Wx3 Wx4 Wx5 Wx6 Wx7 Wx8 Wx9 Rx Ry", "Wy1 Rx" }, "900", { 0, 1, 1 } },
};

enum { NR_SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

static const struct shape *shape;
static int *words;			/* x, y, z on lines of their own */
static int **published;
static char registers[REGISTERS + 1];

void __tsan_volatile_read4(void *p);
void __tsan_volatile_write4(void *p);
void __tsan_volatile_read8(void *p);
void __tsan_volatile_write8(void *p);
int __tsan_atomic32_load(const volatile int *p, int order);
void __tsan_atomic32_store(volatile int *p, int v, int order);
int __tsan_atomic32_exchange(int *p, int v, int order);
int __tsan_atomic32_fetch_or(int *p, int v, int order);
int __tsan_atomic32_compare_exchange_val(int *p, int c, int v, int mo, int fmo);
void __tsan_atomic_thread_fence(int order);

static int marked_read(int *p)
{
	__tsan_volatile_read4(p);
	return *(volatile int *)p;
}

static void marked_write(int *p, int v)
{
	__tsan_volatile_write4(p);
	*(volatile int *)p = v;
}

static void publish(void)
{
	__tsan_volatile_write8(published);
	*(int *volatile *)published = words;
}

/* What is where the published address says; -1 without one. */
static int look(void)
{
	int *p;

	__tsan_volatile_read8(published);
	p = *(int *volatile *)published;
	return p ? marked_read(p) : -1;
}

/* The accesses without a value; false: it is none of them. */
static bool store_or_fence(char op, int *p, int v)
{
	switch (op) {
	case 'W':
		marked_write(p, v);
		return true;
	case 'L':
		__tsan_atomic32_store(p, v, __ATOMIC_RELEASE);
		return true;
	case 'O':
		__tsan_atomic32_fetch_or(p, v, __ATOMIC_RELAXED);
		return true;
	case 'P':
		publish();
		return true;
	case 'F':
		__tsan_atomic_thread_fence(__ATOMIC_SEQ_CST);
		return true;
	case 'w':
		machine_wmb();
		return true;
	case 'r':
		machine_rmb();
		return true;
	default:
		return false;
	}
}

static int load(char op, int *p, int v)
{
	switch (op) {
	case 'A':
		return __tsan_atomic32_load(p, __ATOMIC_ACQUIRE);
	case 'D':
		return look();
	case 'X':
		return __tsan_atomic32_exchange(p, v, __ATOMIC_SEQ_CST);
	case 'C':
		return __tsan_atomic32_compare_exchange_val(p, 77, 1, __ATOMIC_SEQ_CST,
							    __ATOMIC_RELAXED);
	default:
		assert_int_equal(op, 'R');
		return marked_read(p);
	}
}

/* Registers before those of thread @t. */
static int first_register(int t)
{
	int nr = 0;

	for (int i = 0; i < t; i++)
		for (const char *c = shape->thread[i]; *c; c++)
			nr += strchr("RAXCD", *c) != NULL;
	return nr;
}

static void thread(void *arg)
{
	const char *const *me = arg, *c = *me;
	int reg = first_register((int)(me - shape->thread));

	while (*c) {
		bool fence = strchr("FwrPD", *c) != NULL;
		int *p = fence ? NULL : words + 16 * (c[1] - 'x');
		int v = fence || c[2] < '0' ? 0 : c[2] - '0';

		if (!store_or_fence(*c, p, v))
			registers[reg++] = (char)('0' + load(*c, p, v));
		c += strcspn(c, " ");
		c += *c == ' ';
	}
}

static void setup(const struct machine_config *config)
{
	words = machine_alloc("x", 4, NULL);
	machine_alloc("y", 4, NULL);
	machine_alloc("z", 4, NULL);
	published = machine_alloc("published", sizeof(*published), NULL);
	for (int i = 0; i < config->nr_pcpus; i++)
		machine_task(machine_alloc("task", 16, NULL), "thread", thread,
			     (void *)&shape->thread[i], i);
}

static void sched_out(struct task_struct *prev)
{
	(void)prev;
}

static void sched_in(struct task_struct *next, int cpu)
{
	(void)next;
	(void)cpu;
}

static const struct machine_percpu_var no_vars[] = { { NULL, NULL, 0, 0 } };
static const struct machine_scenario scenario = { .name = "shapes", .setup = setup };
static const struct machine_form form = {
	.name = "shapes", .sched_out = sched_out, .sched_in = sched_in, .percpu_vars = no_vars,
};
static const struct sites no_sites;

static unsigned int count(const struct shape *s, enum mem_model model)
{
	struct world_options o = {
		.form = &form, .scenario = &scenario, .sites = &no_sites,
		.model = (uint8_t)model, .sb_length = MEM_PENDING_MIN, .stale_reads = 2,
	};
	struct run_result result;
	struct engine engine;
	unsigned int nr = 0;

	shape = s;
	while (o.config.nr_pcpus < THREADS && s->thread[o.config.nr_pcpus])
		o.config.nr_pcpus++;
	world_setup(&o);
	assert_true(engine_parse(&engine, "random"));
	engine_seed(&engine, 1);
	for (int i = 0; i < RUNS; i++) {
		memset(registers, 0, sizeof(registers));
		run_once(&engine.chooser, NULL, &result);
		assert_int_equal(result.end, RUN_QUIESCENT);
		nr += !strcmp(registers, s->outcome);
	}
	return nr;
}

static void test_shape(void **state)
{
	static const char *const model_name[] = { "sc", "tso", "weak" };
	const struct shape *s = *state;

	sim_catch();
	for (int model = MEM_SC; model <= MEM_WEAK; model++) {
		unsigned int nr = count(s, (enum mem_model)model);

		if (!!nr != s->allowed[model])
			fail_msg("%s under %s: %s came %u times in %d runs", s->name,
				 model_name[model], s->outcome, nr, RUNS);
	}
}

int main(void)
{
	struct CMUnitTest tests[NR_SHAPES];

	for (int i = 0; i < NR_SHAPES; i++)
		tests[i] = (struct CMUnitTest){
			.name = shapes[i].name, .test_func = test_shape,
			.initial_state = (void *)(uintptr_t)&shapes[i],
		};
	return cmocka_run_group_tests_name("model_shapes", tests, sim_begin, NULL);
}
