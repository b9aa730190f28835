// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exhaustive search: it reaches the ends and breaks the rules that every
 * schedule, run one by one from the start, reaches and breaks; with and without
 * reduction; and it says so when it was not through.
 */
#define XXH_INLINE_ALL
#include <xxhash.h>
#include "tests/brute.h"
#include "tests/hashes.h"
#include "tests/sim_common.h"
#include "fuzz/prove.h"
#include "sim/model.h"

enum { MAX_RUNS = 1500000 };

/* What a way of searching saw. */
struct seen {
	struct table ends, states, steps;
	uint32_t fired;
	unsigned int nr_ends;
};

static struct prove proof;

static void seen_init(struct seen *s)
{
	memset(s, 0, sizeof(*s));
	assert_true(table_init(&s->ends, MEMORY, false));
	assert_true(table_init(&s->states, MEMORY, false));
	assert_true(table_init(&s->steps, MEMORY, false));
}

static void seen_free(struct seen *s)
{
	table_free(&s->ends);
	table_free(&s->states);
	table_free(&s->steps);
}

static unsigned int run_all(struct seen *seen)
{
	static struct brute b = { .chooser = { .take = brute_take } };
	struct run_result r;
	unsigned int nr = 0;

	b.nr = b.position = 0;
	seen_init(seen);
	do {
		run_once(&b.chooser, NULL, &r);
		assert_int_not_equal(r.end, RUN_STEP_LIMIT);
		seen->fired |= r.fired;
		seen->nr_ends += hashes_add(&seen->ends, prove_end_hash(r.end));
		assert_true(++nr < MAX_RUNS);
	} while (brute_next(&b));
	return nr;
}

static void note(struct prove *p, struct snapshot_hash hash, bool end)
{
	struct seen *seen = p->arg;

	if (end)
		seen->nr_ends += hashes_add(&seen->ends, hash);
	else
		hashes_add(&seen->states, hash);	/* known, if the search begins anew */
}

/* Who makes which access where, and what is in memory then. */
static void note_step(struct prove *p, unsigned int event)
{
	const struct pcpu *on = &WORLD->live.pcpu[event / NR_EVENT_KINDS];
	struct seen *seen = p->arg;
	struct {
		struct access acc;
		uint64_t value, who;
	} step = { .acc = on->acc };
	XXH128_hash_t h;

	if (event % NR_EVENT_KINDS != EVENT_STEP || !on->acc.size)
		return;
	step.who = (uint64_t)on->id << 16 | (uint64_t)on->curr << 8 | on->in_irq;
	/* What waits in buffers may become visible earlier. */
	if (on->acc.size <= 8 && !WORLD->fix.model)
		memcpy(&step.value, (const char *)SHARED_BASE + on->acc.off, on->acc.size);
	h = XXH3_128bits(&step, sizeof(step));
	hashes_add(&seen->steps, (struct snapshot_hash){ h.low64, h.high64 });
}

/* In how many ways less is visited than there is. */
enum less { ALL, NO_LOCAL_STEPS, NO_DEAD_VALUES, LEAST };

static void search(const struct config *c, enum less less, struct seen *seen)
{
	seen_init(seen);
	memset(&proof, 0, sizeof(proof));
	proof.config = c;
	proof.max_bytes = MEMORY;
	proof.reduce = less & NO_LOCAL_STEPS;
	proof.keep_dead = !(less & NO_DEAD_VALUES);
	proof.reached = note;
	proof.happens = note_step;
	proof.arg = seen;
	assert_int_equal(prove_search(&proof), 0);
	assert_int_equal(proof.stop, PROVE_EXHAUSTED);
	for (unsigned int o = 0; o < NR_ORACLES; o++)
		seen->fired |= proof.broken[o] ? 1u << o : 0;
	assert_int_equal(seen->fired, proof.fired);
}

static void assert_same_ends(const struct seen *a, const struct seen *b)
{
	assert_int_equal(a->nr_ends, b->nr_ends);
	hashes_assert_same(&a->ends, &b->ends);
}

static void compare_with_all_schedules(const char *words)
{
	struct seen all, found;
	struct config c;
	unsigned int nr;

	sim_prepare(&c, words);
	nr = run_all(&all);
	for (enum less less = ALL; less <= LEAST; less++) {
		search(&c, less, &found);
		print_message("%s: %u schedules, %u ends, rules %x; %d: %llu states\n", words, nr,
			      all.nr_ends, all.fired, (int)less,
			      (unsigned long long)proof.nr_states);
		assert_int_equal(found.fired, all.fired);
		assert_same_ends(&all, &found);
		seen_free(&found);
	}
	seen_free(&all);
}

static void sees_what_all_schedules_see(void **state)
{
	static const char *const words[] = {
		"v5.15 kick-vs-migrate pcpus=1 migrations=0",
		"v5.16 request-and-kick pcpus=1 migrations=0",
		"v5.15 dirty-log-sync pcpus=1 migrations=0",
		"v5.16 lockless-walk pcpus=1 exits=0",
		"v5.16 request-mask pcpus=1 vcpus=1 migrations=0",
		"v5.15 vm-bugged pcpus=2 migrations=2",
		"v5.16 vm-bugged pcpus=3 migrations=1 preemptions=1",
		"v5.16 self-kick pcpus=2 vcpus=1 migrations=2",
		"v5.16 vm-bugged pcpus=1 model=tso",
		"v5.16 vm-bugged pcpus=1 model=weak",
		"v5.16 self-kick pcpus=1 vcpus=1 exits=1 model=tso",
		"v5.16 self-kick pcpus=1 vcpus=1 exits=1 model=weak",
		"v5.16 halt-wake pcpus=1 halts=0",
		"v5.16 halt-wake pcpus=1 kickers=0 timers=1",
		"v5.16 posted-interrupts pcpus=1 kickers=0 migrations=0 halts=0",
		"v5.16 two-senders pcpus=1 migrations=0",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i += SLOW > 1 ? 4 : 1)
		compare_with_all_schedules(words[i]);
}

/* Where there are too many schedules, the search with and without reduction. */
static void reduction_changes_no_verdict(void **state)
{
	static const char *const words[] = {
		"v5.15 kick-vs-migrate", "v5.16 kick-vs-migrate",
		"v5.16 kick-vs-migrate pcpus=2 migrations=2",
		"v5.16 kick-vs-migrate pcpus=2 preemptions=1",
		"v5.16 request-mask vcpus=1 pcpus=2 preemptions=1",
		"v5.16 kick-vs-migrate pcpus=3 kicks=2", "v5.16 halt-wake migrations=2",
		"v5.15 kick-vs-migrate actors=1", "v5.16 request-and-kick migrations=0",
		"v5.15 lockless-walk", "v5.16 lockless-walk exits=0 migrations=1",
		"v5.16 halt-wake", "v5.15 two-senders migrations=0",
		"v5.16 self-kick exits=1", "v5.15 request-mask vcpus=1",
		"v5.15 kick-vs-migrate pcpus=2 model=tso", "v5.15 cpu-offline pcpus=2",
		"v5.16 halt-wake pcpus=2 exits=1",
		"v5.16 request-and-kick migrations=0 model=tso",
		"v5.16 two-senders pcpus=2 migrations=0",
		"v5.16 halt-wake model=tso", "v5.16 lockless-walk exits=0 model=tso",
		"v5.16 kick-vs-migrate arch=arm64 migrations=0 model=weak",
		"v5.16 dirty-log-sync migrations=0 model=weak",
		"v5.16 request-and-kick arch=arm64 migrations=0 model=weak",
		"v6.1 gfn-cache migrations=0 model=weak", "v6.16 waiting-kick kickers=1 model=weak "
		"migrations=0 stale-reads=1",
		"v5.15 request-and-kick arch=arm64 migrations=0 model=weak stale-reads=1",
	};
	struct seen full, reduced;
	struct config c;
	unsigned long long nr;

	(void)state;
	/* A sanitized build does the first and the eleventh. */
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i += SLOW > 1 ? 10 : 1) {
		sim_prepare(&c, words[i]);
		search(&c, ALL, &full);
		nr = proof.nr_states;
		search(&c, LEAST, &reduced);
		print_message("%s: %llu states, reduced %llu, %u ends, rules %x\n", words[i], nr,
			      (unsigned long long)proof.nr_states, full.nr_ends, full.fired);
		assert_int_equal(reduced.fired, full.fired);
		assert_same_ends(&full, &reduced);
		/* What is done at all is done in some order. */
		hashes_assert_same(&full.steps, &reduced.steps);
		seen_free(&full);
		seen_free(&reduced);
	}
}

static void random_runs_see_no_more(void **state)
{
	static const char *const words[] = {
		"v5.15 kick-vs-migrate",
		"v5.16 kick-vs-migrate migrations=0 model=tso",
		"v5.16 request-and-kick migrations=0 model=weak",
		"v5.16 kick-vs-migrate model=weak", "v5.16 halt-wake model=weak",
		"v5.16 halt-wake", "v5.15 two-senders migrations=0", "v5.15 cpu-offline pcpus=2",
	};
	struct run_result r;
	struct seen found;
	struct config c;
	struct engine e;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i += SLOW > 1 ? 3 : 1) {
		sim_prepare(&c, words[i]);
		search(&c, LEAST, &found);
		assert_true(engine_parse(&e, "random"));
		for (uint64_t seed = 0; seed < 20000 / SLOW; seed++) {
			engine_seed(&e, seed);
			run_once(&e.chooser, NULL, &r);
			assert_int_equal(r.fired & ~found.fired, 0);
			assert_true(table_has(&found.ends, prove_end_hash(r.end)));
		}
		seen_free(&found);
	}
}

static bool forgets_all;

/*
 * What snapshot_hash() takes for the same: what a pCPU has seen of the past where nothing
 * runs on it, or where no load of the run may give an older value any more.
 */
static void forget_the_past(void)
{
	for (unsigned int i = 0; i < MODEL->mem.nr_cpus; i++)
		if (forgets_all || !MODEL->stale_left || WORLD->live.pcpu[i].waiting == WAIT_IDLE)
			MODEL->mem.cpu[i].rmin = MODEL->mem.now;
}

/* A random run, the same for the same @seed; its trace's hash. */
static uint64_t walk(uint64_t seed, void (*pause)(void))
{
	static struct snapshot_run run;
	enum run_end end = snapshot_start(&run, NULL);
	struct random r;

	random_seed(&r, seed);
	while (end == RUN_GOES_ON) {
		if (pause)
			pause();
		end = snapshot_resume(&run, random_below(&r, run.point.bound));
	}
	return WORLD->live.hash;
}

static void the_past_that_nobody_loads_is_nothing(void **state)
{
	static const char *const words[] = {
		"v5.16 kick-vs-migrate model=weak", "v5.16 halt-wake arch=arm64 model=weak",
		"v5.15 request-mask model=weak stale-reads=1", "v6.1 posted-interrupts model=weak",
	};
	unsigned int differ = 0;
	struct config c;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		sim_prepare(&c, words[i]);
		for (uint64_t seed = 0; seed < 2000 / SLOW; seed++) {
			uint64_t hash = walk(seed, NULL);

			forgets_all = false;
			assert_int_equal(walk(seed, forget_the_past), hash);
			forgets_all = true;
			differ += walk(seed, forget_the_past) != hash;
		}
	}
	print_message("%u runs differ if all is forgotten\n", differ);
	assert_int_not_equal(differ, 0);
}

static void assert_breaks(const char *words, enum oracle oracle, bool breaks)
{
	struct seen found;
	struct config c;

	sim_prepare(&c, words);
	search(&c, LEAST, &found);
	assert_int_equal(found.fired >> oracle & 1, breaks);
	seen_free(&found);
}

static void tells_kernels_apart(void **state)
{
	(void)state;
	assert_breaks("v5.15 kick-vs-migrate", ORACLE_LOST_KICK, true);
	assert_breaks("v5.16 kick-vs-migrate", ORACLE_LOST_KICK, false);
	assert_breaks("v5.15 kick-vs-migrate actors=1", ORACLE_LOST_REQUEST, true);
	assert_breaks("v5.16 kick-vs-migrate actors=1", ORACLE_LOST_REQUEST, false);
	assert_breaks("v5.15 request-and-kick migrations=0", ORACLE_LOST_REQUEST, false);
}

static void says_when_it_was_not_through(void **state)
{
	struct config c;

	(void)state;
	sim_prepare(&c, "v5.16 mixed");
	proof = (struct prove){ .config = &c, .max_bytes = 1 << 20 };
	assert_int_equal(prove_search(&proof), 0);
	assert_int_equal(proof.stop, PROVE_MEMORY);
	proof = (struct prove){ .config = &c, .max_bytes = MEMORY, .max_ms = 1 };
	assert_int_equal(prove_search(&proof), 0);
	assert_int_equal(proof.stop, PROVE_TIME);
	proof = (struct prove){ .config = &c, .max_bytes = 1 };
	assert_int_not_equal(prove_search(&proof), 0);
}

static struct snapshot_hash nth_hash(uint64_t n)
{
	struct random r;
	uint64_t low;

	random_seed(&r, n);
	low = random_next(&r);
	return (struct snapshot_hash){ low, random_next(&r) };
}

static void table_keeps_all_in_24_bytes(void **state)
{
	struct table t;

	(void)state;
	assert_true(table_init(&t, MEMORY, false));
	for (uint64_t n = 0; n < 1000000; n++) {
		assert_true(hashes_add(&t, nth_hash(n)));
		if (n > 100000)
			assert_true(table_bytes(&t) <= 24 * (n + 1));
	}
	for (uint64_t n = 0; n < 1000000; n++)
		assert_false(hashes_add(&t, nth_hash(n)));
	assert_false(table_has(&t, nth_hash(1000000)));
	table_free(&t);
	assert_int_equal(table_collision_bits(1 << 20), 128 - 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_keeps_all_in_24_bytes),
		cmocka_unit_test(sees_what_all_schedules_see),
		cmocka_unit_test(reduction_changes_no_verdict),
		cmocka_unit_test(random_runs_see_no_more),
		cmocka_unit_test(the_past_that_nobody_loads_is_nothing),
		cmocka_unit_test(tells_kernels_apart),
		cmocka_unit_test(says_when_it_was_not_through),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, sim_begin, NULL);
}
