// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hashes of stacks that wait are kept, and are those that a look at the whole stack
 * gives, at each pause of many runs.  A write that nobody was told of is found by
 * that look; the hooks tell of writes to other contexts' stacks.
 */
#include "tests/sim_common.h"
#include "fuzz/tidy.h"

void __tsan_write8(void *p);

static struct snapshot_run run;

static const char *const words[] = {
	"v5.16 two-senders", "v5.16 request-mask", "v5.16 mixed", "v5.15 mixed actors=63",
	"v5.16 cpu-offline", "v5.16 halt-wake", "v5.16 self-kick", "v5.15 dirty-log-sync",
	"v5.16 lockless-walk", "v4.11 mixed", "v5.17 mixed alloc-failures=1", "v6.1 avic",
	"v6.12 waiting-kick", "v6.16 mixed", "v5.16 mixed arch=arm64", "v5.16 mixed arch=riscv",
	"v6.12 mixed arch=s390", "v5.16 mixed model=tso", "v5.15 mixed arch=arm64 model=weak",
};

enum { NR_WORDS = sizeof(words) / sizeof(words[0]) };

static struct snapshot_hash hash_now(bool anew)
{
	struct snapshot_hash hash;

	if (anew)
		WORLD->live.stale = ~0u;
	snapshot_hash(&run, &hash);
	return hash;
}

static bool is_same(struct snapshot_hash a, struct snapshot_hash b)
{
	return a.low == b.low && a.high == b.high;
}

/* Tidies up now and then: what that changes is a part of hashes, too. */
static uint32_t check_run(struct engine *e)
{
	enum run_end end = run_start(&run);
	uint32_t nr = 0;

	e->chooser.begin(&e->chooser);
	for (; end == RUN_GOES_ON; nr++) {
		uint32_t answer = e->chooser.take(&e->chooser, &run.point);

		if (nr % 3)
			tidy_paused(&run);
		assert_true(snapshot_stacks_are_known(&run));
		if (nr % 2)
			assert_true(is_same(hash_now(false), hash_now(true)));
		assert_true(snapshot_stacks_are_known(&run));
		end = run_resume(&run, answer);
	}
	return nr;
}

static void what_is_kept_is_what_is_there(void **state)
{
	struct config c;
	struct engine e;

	(void)state;
	assert_true(engine_parse(&e, "random"));
	for (unsigned int w = 0; w < NR_WORDS; w++) {
		uint32_t nr = 0;

		sim_prepare(&c, words[w]);
		for (uint64_t seed = 0; seed < 40 / SLOW; seed++) {
			engine_seed(&e, seed);
			nr += check_run(&e);
		}
		assert_true(nr > 40);
	}
}

/* Runs to a pause at which task @i waits, and hashes the state. */
static struct snapshot_hash pause_where_waits(unsigned int i)
{
	enum run_end end;
	struct config c;

	sim_prepare(&c, words[0]);
	end = run_start(&run);
	for (int n = 0; n < 12 && end == RUN_GOES_ON; n++)
		end = run_resume(&run, 0);
	assert_int_equal(end, RUN_GOES_ON);
	assert_true(WORLD->live.task[i].state != TASK_DEAD && snapshot_asker(&run) != i);
	return hash_now(false);
}

static uint64_t *word_of(unsigned int task)
{
	return (uint64_t *)(stack_top(task) - 64);
}

static void a_write_that_is_not_told_is_found(void **state)
{
	struct snapshot_hash before;

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		before = pause_where_waits(i);
		assert_true(snapshot_stacks_are_known(&run));
		*word_of(i) ^= 1;
		assert_false(snapshot_stacks_are_known(&run));
		assert_true(is_same(before, hash_now(false)));
		assert_false(is_same(before, hash_now(true)));
	}
}

/* The hook is called on this stack, so each task's is another one. */
static void hooks_tell_of_other_stacks(void **state)
{
	struct snapshot_hash before;

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		before = pause_where_waits(i);
		WORLD->fix.pausing = 1;
		__tsan_write8(word_of(i));
		WORLD->fix.pausing = 0;
		*word_of(i) ^= 1;
		assert_true(snapshot_stacks_are_known(&run));
		assert_false(is_same(before, hash_now(false)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_is_what_is_there),
		cmocka_unit_test(a_write_that_is_not_told_is_found),
		cmocka_unit_test(hooks_tell_of_other_stacks),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, sim_begin, NULL);
}
