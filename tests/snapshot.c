// SPDX-License-Identifier: GPL-2.0-only
/*
 * Snapshots: a run that was put back goes on as if nothing had been, a search
 * over snapshots sees what runs from the start see, and states that hash alike
 * have one future.
 */
#include "tests/sim_common.h"
#include "sim/snapshot.h"

enum { MAX_ENDS = 1 << 18, ARENA = 1 << 22, MAX_STATES = 1 << 20 };

/* How one run ended. */
struct end {
	uint64_t hash;
	uint32_t fired;
	uint32_t nr_choices;
};

static struct end found[2][MAX_ENDS];
static unsigned int nr_found[2];

static struct snapshot_run run;
static unsigned char arena[ARENA];
static size_t arena_used;

static int compare_ends(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct end));
}

static void add_end(int list)
{
	const struct world_live *l = &WORLD->live;

	assert_true(nr_found[list] < MAX_ENDS);
	found[list][nr_found[list]++] =
		(struct end){ l->hash, l->ghost.fired, l->nr_choices };
}

/* The answers that lead here: no part of snapshots, and yet they are there. */
static uint32_t path[MAX_CHOICES];

/* Goes through all that @end leads to, and comes back to where it was. */
static void search(enum run_end end)
{
	size_t at = arena_used;
	uint32_t bound = run.point.bound, depth = WORLD->live.nr_choices;

	for (uint32_t i = 0; i < depth; i++)
		assert_int_equal(WORLD->fix.taken[i].answer, path[i]);
	if (end != RUN_GOES_ON) {
		add_end(0);
		return;
	}
	assert_true(at + snapshot_size() <= ARENA);
	arena_used += snapshot_take(arena + at);
	for (uint32_t answer = 0; answer < bound; answer++) {
		if (answer)
			snapshot_restore(arena + at);
		path[depth] = answer;
		search(snapshot_resume(&run, answer));
	}
	arena_used = at;
}

/* Every schedule from the start, as the delay engine counts them out. */
static void search_from_start(void)
{
	struct run_result result;
	struct engine e;

	assert_true(engine_parse(&e, "delay:15"));
	do {
		run_once(&e.chooser, NULL, &result);
		/* A place that the run did not come to was only tried. */
		if (e.next == e.nr)
			add_end(1);
	} while (engine_done(&e));
	assert_true(e.exhausted);
}

static void test_search(void **state)
{
	static const char *const tiny[] = {
		"v5.16 kick-vs-migrate pcpus=1 migrations=0",
		"v5.16 request-mask pcpus=1 vcpus=1 migrations=0",
		"v5.15 lockless-walk pcpus=1",
		"v5.15 kick-vs-migrate steps=10",
		"v5.16 request-and-kick pcpus=2 migrations=1 steps=13",
		"v5.16 self-kick steps=10",
		"v5.15 halt-wake steps=9",
		"v5.16 kick-vs-migrate pcpus=2 migrations=0 model=tso steps=7",
		"v5.16 kick-vs-migrate pcpus=2 migrations=0 arch=arm64 model=weak steps=6",
	};
	struct config c;

	(void)state;
	for (unsigned int i = 0; i < sizeof(tiny) / sizeof(tiny[0]); i += SLOW / 2 + 1) {
		nr_found[0] = nr_found[1] = 0;
		sim_prepare(&c, tiny[i]);
		run.forgetful = false;
		search(snapshot_start(&run, NULL));
		search_from_start();
		if (nr_found[0] != nr_found[1] || nr_found[0] < 500)
			fail_msg("%s: %u and %u schedules", tiny[i], nr_found[0], nr_found[1]);
		for (int list = 0; list < 2; list++)
			qsort(found[list], nr_found[list], sizeof(struct end), compare_ends);
		assert_memory_equal(found[0], found[1], nr_found[0] * sizeof(struct end));
	}
}

/* Random answers until @depth choices are taken; RUN_GOES_ON if the run lasts. */
static enum run_end walk(struct random *r, uint32_t depth)
{
	enum run_end end = snapshot_start(&run, NULL);

	while (end == RUN_GOES_ON && WORLD->live.nr_choices < depth)
		end = snapshot_resume(&run, random_below(r, run.point.bound));
	return end;
}

static enum run_end finish(struct random *r)
{
	enum run_end end = RUN_GOES_ON;

	while (end == RUN_GOES_ON)
		end = snapshot_resume(&run, random_below(r, run.point.bound));
	return end;
}

/* What comes after is the same each time, and so is the snapshot itself. */
static void restore_often(uint64_t seed, uint32_t depth)
{
	static unsigned char first[1 << 16], again[1 << 16];
	struct random r, way;
	enum run_end end;
	uint64_t hash;
	size_t size;

	random_seed(&r, seed);
	if (walk(&r, depth) != RUN_GOES_ON)
		return;
	assert_true(snapshot_size() <= sizeof(first));
	size = snapshot_take(first);
	assert_int_equal(size, snapshot_size());
	random_seed(&way, seed);
	end = finish(&way);
	hash = WORLD->live.hash;
	for (int i = 0; i < 1000 / SLOW; i++) {
		snapshot_restore(first);
		finish(&r);
		snapshot_restore(first);
		assert_int_equal(snapshot_take(again), size);
		assert_memory_equal(first, again, size);
		random_seed(&way, seed);
		assert_int_equal(finish(&way), end);
		assert_true(WORLD->live.hash == hash);
	}
}

static void test_restore(void **state)
{
	struct config c;

	(void)state;
	run.forgetful = false;
	sim_prepare(&c, "v5.15 mixed");
	for (uint64_t seed = 0; seed < 6; seed++)
		restore_often(seed, (uint32_t)(1 + seed * 25));
	sim_prepare(&c, "v5.16 cpu-offline");
	restore_often(1, 30);
	sim_prepare(&c, "v5.16 halt-wake model=tso");
	restore_often(2, 40);
	sim_prepare(&c, "v5.16 kick-vs-migrate arch=arm64 model=weak");
	restore_often(3, 60);
}

/* A paused run and one that is not take the same way. */
static void test_pausing(void **state)
{
	static const char *const some[] = {
		"v5.15 kick-vs-migrate", "v5.16 halt-wake", "v5.16 mixed", "v5.16 vm-bugged",
	};
	struct run_result result;
	struct schedule s;
	struct random r;
	struct config c;
	char why[128];

	(void)state;
	run.forgetful = false;
	for (int i = 0; i < 400 / SLOW; i++) {
		sim_prepare(&c, some[i % 4]);
		random_seed(&r, (uint64_t)i);
		if (snapshot_start(&run, NULL) == RUN_GOES_ON)
			finish(&r);
		assert_true(schedule_of_run(&s));
		result.hash = WORLD->live.hash;
		nr_found[0] = 0;
		add_end(0);
		if (!run_schedule(&s, NULL, &result, why, sizeof(why)))
			fail_msg("%s: %s", some[i % 4], why);
		nr_found[1] = 0;
		add_end(1);
		assert_memory_equal(found[0], found[1], sizeof(struct end));
	}
}

/* A set of hashes, each with what was found out about its state. */
struct state {
	struct snapshot_hash hash;
	uint64_t future;
};

static struct state states[MAX_STATES];
static unsigned int nr_states;

static struct state *state_slot(const struct snapshot_hash *hash)
{
	size_t i = hash->low % MAX_STATES;

	while ((states[i].hash.low || states[i].hash.high) &&
	       memcmp(&states[i].hash, hash, sizeof(*hash)))
		i = (i + 1) % MAX_STATES;
	return &states[i];
}

static void states_forget(void)
{
	memset(states, 0, sizeof(states));
	nr_states = 0;
}

/* The event that @answer stands for: which is due first is no part of a state. */
static uint32_t meaning(const struct choice_point *point, uint32_t answer)
{
	return point->kind == CHOICE_EVENT ? choice_event(point, answer) : answer;
}

/*
 * A digest of all that can come after, whatever the order of the answers: what
 * each step does (a forgetful run has its hash) and what comes after that.
 */
static uint64_t future(enum run_end end)
{
	struct choice_point point = run.point;
	struct snapshot_hash hash;
	size_t at = arena_used;
	struct state *s;
	uint64_t sum = 0;

	if (end != RUN_GOES_ON)
		return trace_mix(WORLD->live.ghost.fired, end);
	assert_true(at + snapshot_size() <= ARENA);
	arena_used += snapshot_take(arena + at);
	snapshot_hash(&run, &hash);
	for (uint32_t answer = 0; answer < point.bound; answer++) {
		uint64_t after;

		if (answer)
			snapshot_restore(arena + at);
		end = snapshot_resume(&run, answer);
		after = trace_mix(WORLD->live.hash, meaning(&point, answer));
		sum += trace_mix(after, future(end));
	}
	sum = trace_mix(sum, point.kind);
	arena_used = at;
	s = state_slot(&hash);
	if (s->hash.low || s->hash.high) {
		assert_true(s->future == sum);
		return sum;
	}
	assert_true(++nr_states < MAX_STATES / 2);
	*s = (struct state){ hash, sum };
	return sum;
}

static int compare_futures(const void *a, const void *b)
{
	const struct state *x = a, *y = b;

	return x->future < y->future ? -1 : x->future > y->future;
}

/*
 * Equal hashes: equal futures, or the recursion above fails.  The other way
 * round it is a matter of cost: what is dead on a stack is hashed too, and one
 * future then has several hashes.  The bound says how many are put up with.
 */
static void test_hash_is_future(void **state)
{
	static const char *const tiny[] = {
		"v5.15 lockless-walk pcpus=1",
		"v5.16 kick-vs-migrate pcpus=1 migrations=0 preemptions=1",
		"v5.16 request-mask pcpus=1 vcpus=1 migrations=0",
	};
	struct config c;

	(void)state;
	for (unsigned int i = 0; i < sizeof(tiny) / sizeof(tiny[0]); i += SLOW) {
		unsigned int nr_futures = 1, nr;

		states_forget();
		sim_prepare(&c, tiny[i]);
		run.forgetful = true;
		future(snapshot_start(&run, NULL));
		nr = nr_states;
		qsort(states, MAX_STATES, sizeof(states[0]), compare_futures);
		for (unsigned int j = MAX_STATES - nr + 1; j < MAX_STATES; j++)
			nr_futures += states[j].future != states[j - 1].future;
		if (nr > nr_futures * 16)
			fail_msg("%s: %u hashes for %u futures", tiny[i], nr, nr_futures);
	}
}

static uint32_t verdicts[1024];
static unsigned int nr_verdicts;

static bool verdict_known(uint32_t fired)
{
	for (unsigned int i = 0; i < nr_verdicts; i++)
		if (verdicts[i] == fired)
			return true;
	return false;
}

/* Each state once. */
static void search_states(enum run_end end)
{
	struct snapshot_hash hash;
	size_t at = arena_used;
	uint32_t bound = run.point.bound;
	struct state *s;

	if (end != RUN_GOES_ON) {
		if (!verdict_known(WORLD->live.ghost.fired))
			verdicts[nr_verdicts++] = WORLD->live.ghost.fired;
		return;
	}
	snapshot_hash(&run, &hash);
	s = state_slot(&hash);
	if (s->hash.low || s->hash.high)
		return;
	assert_true(++nr_states < MAX_STATES / 2);
	s->hash = hash;
	assert_true(at + snapshot_size() <= ARENA);
	arena_used += snapshot_take(arena + at);
	for (uint32_t answer = 0; answer < bound; answer++) {
		if (answer)
			snapshot_restore(arena + at);
		search_states(snapshot_resume(&run, answer));
	}
	arena_used = at;
}

/* No random run ends in a way that the search over states has not seen. */
static void test_states_suffice(void **state)
{
	static const char *const some[] = {
		"v5.15 kick-vs-migrate pcpus=2", "v5.16 halt-wake", "v5.15 lockless-walk",
		"v5.16 request-and-kick pcpus=2 migrations=0",
		"v5.16 kick-vs-migrate pcpus=2 migrations=0 model=tso",
	};
	struct run_result result;
	struct engine e;
	struct config c;

	(void)state;
	for (unsigned int i = 0; i < sizeof(some) / sizeof(some[0]); i += SLOW) {
		states_forget();
		nr_verdicts = 0;
		sim_prepare(&c, some[i]);
		run.forgetful = true;
		search_states(snapshot_start(&run, NULL));
		assert_true(engine_parse(&e, i % 2 ? "pos" : "random"));
		for (uint64_t seed = 0; seed < 30000 / SLOW; seed++) {
			engine_seed(&e, seed);
			run_once(&e.chooser, NULL, &result);
			if (!verdict_known(result.fired))
				fail_msg("%s: seed %d ends with %x", some[i], (int)seed,
					 result.fired);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_restore),
		cmocka_unit_test(test_pausing),
		cmocka_unit_test(test_hash_is_future),
		cmocka_unit_test(test_states_suffice),
	};

	return cmocka_run_group_tests(tests, sim_begin, NULL);
}
