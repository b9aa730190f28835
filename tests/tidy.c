// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is taken for dead on stacks really is: garbage in its place changes no run.
 * Garbage in what is taken for live does, so the comparison sees it.  With a number
 * as its argument it compares that many times as many schedules.
 */
#include <dirent.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/sim_common.h"
#include "fuzz/tidy.h"
#include "fuzz/witness.h"

enum { CONTROLS = 400 };

/* Which bytes get garbage, and when. */
struct mess {
	bool live;			/* a live piece in some, at one pause; else all dead */
	uint32_t at;			/* that pause */
	uint32_t some;
	struct random random;
	uint64_t dead, kept;		/* bytes met */
};

/* A run, as far as it can be told from another one. */
struct outcome {
	enum run_end end;
	uint64_t hash;
	uint32_t fired, nr;
	uint32_t answer[MAX_CHOICES];
};

static struct snapshot_run run;
static struct outcome plain, messy;
static unsigned int times = 1;

static void make_garbage(void *from, size_t size, bool live, void *arg)
{
	unsigned char *byte = from;
	struct mess *m = arg;

	*(live ? &m->kept : &m->dead) += size;
	if (live != m->live || (m->live && random_below(&m->random, m->some)))
		return;
	for (size_t i = 0; i < size; i++)
		byte[i] ^= (unsigned char)(1 + random_below(&m->random, 255));
}

static void settle(struct outcome *o, enum run_end end)
{
	o->end = end;
	o->hash = WORLD->live.hash;
	o->fired = WORLD->live.ghost.fired;
}

static void run_plainly(struct chooser *chooser)
{
	enum run_end end;

	run = (struct snapshot_run){ .forgetful = false };
	plain.nr = 0;
	end = run_start(&run);
	if (chooser->begin)
		chooser->begin(chooser);
	while (end == RUN_GOES_ON) {
		uint32_t answer = chooser->take(chooser, &run.point);

		if (answer == CHOICE_REFUSED)
			break;
		plain.answer[plain.nr++] = answer;
		end = run_resume(&run, answer);
	}
	settle(&plain, end);
}

/* The same answers again, with a mess made at each pause. */
static void run_messily(struct mess *m)
{
	enum run_end end;

	run = (struct snapshot_run){ .forgetful = false };
	end = run_start(&run);
	for (messy.nr = 0; end == RUN_GOES_ON && messy.nr < plain.nr; messy.nr++) {
		if (!m->live || messy.nr == m->at)
			tidy_visit(&run, make_garbage, m);
		if (plain.answer[messy.nr] >= run.point.bound)
			break;
		end = run_resume(&run, plain.answer[messy.nr]);
	}
	settle(&messy, end);
}

static bool is_same_run(void)
{
	return plain.nr == messy.nr && plain.end == messy.end && plain.hash == messy.hash &&
	       plain.fired == messy.fired;
}

static const char *const words[] = {
	"v5.16 two-senders", "v5.15 two-senders preemptions=1", "v5.16 request-mask",
	"v5.16 mixed", "v5.15 mixed actors=63", "v5.16 cpu-offline", "v5.16 halt-wake",
	"v5.16 self-kick", "v5.15 dirty-log-sync", "v5.16 lockless-walk", "v5.16 vm-bugged vcpus=2",
	"v4.11 mixed", "v5.17 mixed alloc-failures=1", "v6.1 avic", "v6.1 gfn-cache",
	"v6.12 waiting-kick", "v6.12 mixed", "v6.16 mixed",
	"v5.16 mixed arch=arm64", "v6.12 halt-guest arch=arm64", "v5.16 mixed arch=riscv",
	"v6.12 mixed arch=loongarch", "v5.16 mixed arch=mips", "v5.16 mixed arch=powerpc",
	"v6.12 mixed arch=s390",
	"v5.16 mixed model=tso", "v5.15 mixed arch=arm64 model=weak", "v5.16 two-senders model=weak",
};

enum { NR_WORDS = sizeof(words) / sizeof(words[0]) };

static void garbage_in_dead_bytes_changes_no_run(void **state)
{
	unsigned int nr = 200 * times / SLOW;
	struct mess m = { .live = false };
	struct config c;
	struct engine e;

	(void)state;
	assert_true(engine_parse(&e, "random"));
	random_seed(&m.random, 1);
	for (unsigned int w = 0; w < NR_WORDS; w++) {
		sim_prepare(&c, words[w]);
		m.dead = m.kept = 0;
		for (uint64_t seed = 0; seed < nr; seed++) {
			engine_seed(&e, seed);
			run_plainly(&e.chooser);
			run_messily(&m);
			if (!is_same_run())
				fail_msg("%s: seed %llu: another run after %u choices of %u",
					 words[w], (unsigned long long)seed, messy.nr, plain.nr);
		}
		print_message("%s: %u runs, garbage in %llu bytes, %llu kept\n", words[w], nr,
			      (unsigned long long)m.dead, (unsigned long long)m.kept);
		if (SLOW == 1)
			assert_true(m.dead);
	}
}

/* All stacks as they ought to be, once what is dead on them is zero. */
static unsigned char tidied[(MAX_TASKS + 1) * STACK_SIZE];

static void expect_zeros(void *from, size_t size, bool live, void *arg)
{
	(void)arg;
	if (!live)
		memset(tidied + ((uintptr_t)from - STACK_BASE), 0, size);
}

/* The lowest page of a stack cannot be read, and frames do not come so far down. */
static void each_stack(bool check)
{
	enum { HALF = STACK_SIZE / 2 };

	for (unsigned int i = 0; i <= MAX_TASKS; i++) {
		unsigned char *copy = tidied + (i + 1) * (size_t)STACK_SIZE - HALF;

		if (check)
			assert_memory_equal(copy, stack_top(i) - HALF, HALF);
		else
			memcpy(copy, stack_top(i) - HALF, HALF);
	}
}

/* At each pause of a run. */
static void check_zeros(struct engine *e, struct mess *m)
{
	enum run_end end;

	run = (struct snapshot_run){ .forgetful = false };
	end = run_start(&run);
	e->chooser.begin(&e->chooser);
	while (end == RUN_GOES_ON) {
		tidy_visit(&run, make_garbage, m);
		each_stack(false);
		tidy_visit(&run, expect_zeros, NULL);
		WORLD->fix.untidy = ~0u;
		tidy_paused(&run);
		each_stack(true);
		end = run_resume(&run, e->chooser.take(&e->chooser, &run.point));
	}
}

static void dead_bytes_become_zero_and_no_others(void **state)
{
	struct mess m = { .live = false };
	struct config c;
	struct engine e;

	(void)state;
	assert_true(engine_parse(&e, "random"));
	random_seed(&m.random, 4);
	for (unsigned int w = 0; w < NR_WORDS; w++) {
		sim_prepare(&c, words[w]);
		for (uint64_t seed = 0; seed < 2; seed++) {
			engine_seed(&e, seed);
			check_zeros(&e, &m);
		}
	}
	assert_true(SLOW > 1 || m.dead);
}

static void check_file(const char *path)
{
	struct mess m = { .live = false };
	static struct witness witness;
	struct replay_chooser r;

	assert_int_equal(witness_load(&witness, path, NULL), 0);
	sim_catch();
	run_prepare(&witness.config);
	replay_chooser_init(&r, &witness.schedule, false);
	random_seed(&m.random, 2);
	run_plainly(&r.chooser);
	run_messily(&m);
	assert_int_equal(plain.hash, witness.hash);
	witness_free(&witness);
	if (!is_same_run())
		fail_msg("%s: another run", path);
}

static void garbage_changes_nothing_that_is_kept(void **state)
{
	DIR *dir = opendir("corpus");
	unsigned int nr = 0;
	struct dirent *d;

	(void)state;
	assert_non_null(dir);
	while ((d = readdir(dir))) {
		char path[512];

		if (!strstr(d->d_name, ".sched"))
			continue;
		snprintf(path, sizeof(path), "corpus/%s", d->d_name);
		check_file(path);
		nr++;
	}
	closedir(dir);
	assert_true(nr > 20);
}

/* In a process of its own: who knows what it does. */
static bool differs(struct mess *m)
{
	static const struct rlimit second = { 1, 1 };
	pid_t pid = fork();
	int status;

	if (!pid) {
		setrlimit(RLIMIT_CPU, &second);
		if (!freopen("/dev/null", "w", stderr))
			_exit(2);
		run_messily(m);
		_exit(m->kept && is_same_run() ? 0 : 1);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
	return status;
}

static void garbage_in_live_bytes_is_seen(void **state)
{
	unsigned int nr = CONTROLS / SLOW, nr_seen = 0;
	struct mess m = { .live = true };
	struct config c;
	struct engine e;

	(void)state;
	assert_true(engine_parse(&e, "random"));
	sim_prepare(&c, words[0]);
	random_seed(&m.random, 3);
	for (uint64_t seed = 0; seed < nr; seed++) {
		engine_seed(&e, seed);
		run_plainly(&e.chooser);
		m.at = random_below(&m.random, plain.nr);
		m.some = 1 + random_below(&m.random, 8);
		nr_seen += differs(&m);
	}
	print_message("garbage in live pieces: seen in %u of %u runs\n", nr_seen, nr);
	assert_true(nr_seen > nr / 2);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(garbage_in_dead_bytes_changes_no_run),
		cmocka_unit_test(dead_bytes_become_zero_and_no_others),
		cmocka_unit_test(garbage_changes_nothing_that_is_kept),
		cmocka_unit_test(garbage_in_live_bytes_is_seen),
	};

	if (argc > 1)
		times = (unsigned int)atoi(argv[1]);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, sim_begin, NULL);
}
