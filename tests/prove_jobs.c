// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exhaustive search by several processes, and in several goes: the same states,
 * counts and verdicts as by one process in one go.  Loops are found for what they
 * are, and a checkpoint that does not fit is refused.
 */
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/sim_common.h"
#include "fuzz/prove.h"
#include "fuzz/prove_gate.h"
#include "fuzz/prove_open.h"
#include "fuzz/prove_table.h"

enum { MEMORY = 1 << 28 };

/* All states, in an order that does not matter; in memory that processes share. */
struct sum {
	_Atomic uint64_t nr, low, high;
	uint64_t stop_at;		/* states, 0: never */
	volatile sig_atomic_t *stop;
	uint64_t kill_at;		/* a process that comes this far dies, but for */
	pid_t first;
};

static struct prove proof, again;
static struct sum *sum;
static volatile sig_atomic_t stopped;
static char path[64];

static void note(struct prove *p, struct snapshot_hash hash, bool end)
{
	struct sum *s = p->arg;

	if (end)
		return;
	s->nr++;
	s->low += hash.low;
	s->high += hash.high;
	if (s->stop_at && s->nr >= s->stop_at)
		stopped = 1;
	if (s->kill_at && s->nr >= s->kill_at && getpid() != s->first)
		raise(SIGKILL);
}

static void search(struct prove *p, const struct config *c, unsigned int jobs, bool reduce)
{
	memset(sum, 0, sizeof(*sum));
	memset(p, 0, sizeof(*p));
	p->config = c;
	p->max_bytes = MEMORY;
	p->jobs = jobs;
	p->reduce = reduce;
	p->reached = note;
	p->arg = sum;
	assert_int_equal(prove_search(p), 0);
	assert_int_equal(p->stop, PROVE_EXHAUSTED);
}

static void assert_same_counts(const struct prove *a, const struct prove *b)
{
	assert_int_equal(a->nr_states, b->nr_states);
	assert_int_equal(a->nr_transitions, b->nr_transitions);
	assert_int_equal(a->nr_ends, b->nr_ends);
	assert_int_equal(a->nr_loops, b->nr_loops);
	assert_int_equal(a->nr_endless, b->nr_endless);
	assert_int_equal(a->fired, b->fired);
	for (unsigned int o = 0; o < NR_ORACLES; o++)
		assert_int_equal(a->broken[o], b->broken[o]);
}

static void jobs_change_nothing(void **state)
{
	static const char *const words[] = {
		"v5.15 kick-vs-migrate", "v5.15 vm-bugged pcpus=3 migrations=1 preemptions=1",
		"v5.16 self-kick exits=1 variant=kick-spins", "v5.16 halt-wake",
		"v5.15 dirty-log-sync pcpus=1 migrations=0",
	};
	struct config c;
	struct sum one;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		sim_prepare(&c, words[i]);
		search(&proof, &c, 1, false);
		one = *sum;
		assert_int_equal(one.nr, proof.nr_states);
		for (unsigned int jobs = 2; jobs <= 4; jobs++) {
			search(&again, &c, jobs, false);
			assert_same_counts(&proof, &again);
			assert_true(sum->nr == one.nr && sum->low == one.low &&
				    sum->high == one.high);
		}
		print_message("%s: %llu states, %llu groups go round, rules %x\n", words[i],
			      (unsigned long long)proof.nr_states,
			      (unsigned long long)proof.nr_loops, proof.fired);
		search(&proof, &c, 1, true);
		search(&again, &c, 2, true);
		assert_int_equal(proof.fired, again.fired);
	}
}

/* There, what is left on stacks makes some equal states two: not always the same ones. */
static void jobs_change_no_verdict(void **state)
{
	static const char *const words[] = {
		"v5.16 kick-vs-migrate migrations=0 model=tso",
		"v5.16 kick-vs-migrate arch=arm64 migrations=0 pcpus=2 model=weak",
	};
	struct config c;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		sim_prepare(&c, words[i]);
		search(&proof, &c, 1, true);
		search(&again, &c, 2, true);
		assert_int_equal(proof.fired, again.fired);
		print_message("%s: %llu states, by two %llu, rules %x\n", words[i],
			      (unsigned long long)proof.nr_states,
			      (unsigned long long)again.nr_states, proof.fired);
	}
}

static void loops_are_judged(void **state)
{
	struct config c;

	(void)state;
	/* One that spins for what cannot come, and one for what others have to do. */
	for (unsigned int jobs = 1; jobs <= 2; jobs++) {
		sim_prepare(&c, "v5.16 self-kick variant=kick-spins");
		search(&proof, &c, jobs, true);
		assert_true(proof.nr_endless);
		assert_true(proof.fired >> ORACLE_SOFT_LOCKUP & 1);
		sim_prepare(&c, "v5.16 kick-vs-migrate variant=kick-spins");
		search(&proof, &c, jobs, true);
		assert_true(proof.nr_loops);
		assert_false(proof.nr_endless);
		assert_false(proof.fired >> ORACLE_SOFT_LOCKUP & 1);
	}
}

/* From checkpoint to checkpoint, each a little further; the jobs may change. */
static void goes_on_from_checkpoints(void **state)
{
	unsigned int rounds = 0, jobs = 1;
	struct config c;
	struct sum all;

	(void)state;
	sim_prepare(&c, "v5.15 kick-vs-migrate");
	search(&proof, &c, 1, false);
	memset(sum, 0, sizeof(*sum));
	do {
		stopped = 0;
		again = (struct prove){
			.config = &c, .max_bytes = MEMORY, .jobs = jobs, .checkpoint = path,
			.resume = rounds ? path : NULL, .interrupted = &stopped,
			.reached = note, .arg = sum,
		};
		sum->stop_at = sum->nr + 1000;
		assert_int_equal(prove_search(&again), 0);
		assert_true(++rounds < 30);
		jobs = jobs % 3 + 1;
	} while (again.stop == PROVE_INTERRUPTED);
	assert_int_equal(again.stop, PROVE_EXHAUSTED);
	assert_true(rounds > 2);
	assert_same_counts(&proof, &again);
	all = *sum;
	search(&again, &c, 1, false);
	assert_true(sum->nr == all.nr && sum->low == all.low && sum->high == all.high);
	print_message("%llu states in %u goes\n", (unsigned long long)all.nr, rounds);
}

static void resumes_as_refused(const char *words, uint64_t max_bytes, int code)
{
	struct config c;

	sim_prepare(&c, words);
	again = (struct prove){ .config = &c, .max_bytes = max_bytes, .resume = path };
	assert_int_equal(prove_search(&again), code);
}

static void put_byte(long at, int whence, int change)
{
	FILE *f = fopen(path, "r+e");
	int byte;

	assert_non_null(f);
	assert_int_equal(fseek(f, at, whence), 0);
	byte = getc(f);
	assert_int_equal(fseek(f, at, whence), 0);
	putc(byte ^ change, f);
	assert_int_equal(fclose(f), 0);
}

/* One line on stderr each, and nothing is lost: the last go is as the first one. */
static void refuses_what_does_not_fit(void **state)
{
	static const char words[] = "v5.15 kick-vs-migrate";
	struct config c;
	long length;
	FILE *f;

	(void)state;
	sim_prepare(&c, words);
	memset(sum, 0, sizeof(*sum));
	sum->stop_at = 8000;
	stopped = 0;
	again = (struct prove){ .config = &c, .max_bytes = MEMORY, .checkpoint = path,
				.interrupted = &stopped, .reached = note, .arg = sum };
	assert_int_equal(prove_search(&again), 0);
	assert_int_equal(again.stop, PROVE_INTERRUPTED);
	resumes_as_refused("v5.16 kick-vs-migrate", MEMORY, 2);
	resumes_as_refused("v5.15 kick-vs-migrate pcpus=2", MEMORY, 2);
	resumes_as_refused(words, 120000, 4);
	f = fopen(path, "re");
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	length = ftell(f);
	fclose(f);
	for (int i = 0; i < 40; i++) {
		long at = length * i / 40;

		put_byte(at, SEEK_SET, 0x10);
		sim_prepare(&c, words);
		again = (struct prove){ .config = &c, .max_bytes = MEMORY, .resume = path };
		assert_int_not_equal(prove_search(&again), 0);
		put_byte(at, SEEK_SET, 0x10);
	}
	resumes_as_refused(words, MEMORY, 0);
	assert_int_equal(truncate(path, length - 1), 0);
	resumes_as_refused(words, MEMORY, 2);
	assert_int_equal(truncate(path, length / 2), 0);
	resumes_as_refused(words, MEMORY, 2);
	assert_int_equal(truncate(path, 0), 0);
	resumes_as_refused(words, MEMORY, 2);
	assert_int_equal(unlink(path), 0);
	resumes_as_refused(words, MEMORY, 4);
}

/* A process of the search that is killed: not exhausted, and nobody waits for ever. */
static void tells_that_a_process_died(void **state)
{
	struct config c;

	(void)state;
	sim_prepare(&c, "v5.15 kick-vs-migrate");
	memset(sum, 0, sizeof(*sum));
	sum->kill_at = 3000;
	sum->first = getpid();
	proof = (struct prove){ .config = &c, .max_bytes = MEMORY, .jobs = 3, .reached = note,
				.arg = sum };
	assert_int_equal(prove_search(&proof), 0);
	assert_int_equal(proof.stop, PROVE_DIED);
	assert_true(WIFSIGNALED(proof.died) && WTERMSIG(proof.died) == SIGKILL);
}

/* Many processes put the same numbers into one table, which grows meanwhile. */
static void table_is_shared(void **state)
{
	enum { NR = 200000, PROCESSES = 3 };
	struct shared {
		struct table t;
		struct gate gate;
		_Atomic uint64_t nr_new;
	} *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;

	(void)state;
	assert_true(table_init(&s->t, MEMORY, true));
	gate_init(&s->gate, PROCESSES);
	for (unsigned int me = 0; me < PROCESSES; me++) {
		if (fork())
			continue;
		for (uint64_t i = 0; i < NR; i++) {
			/* Each begins elsewhere; odd multiples meet each number once. */
			uint64_t n = (i + me * (NR / 5)) % NR + 1;

			gate_pass(&s->gate);
			while (!table_claim(&s->t, 1)) {
				if (!gate_close(&s->gate))
					continue;
				if (!table_make_room(&s->t, 1, MEMORY))
					_exit(1);
				gate_open(&s->gate);
			}
			s->nr_new += table_add(&s->t, (struct snapshot_hash){
				n, n * 0x9e3779b97f4a7c15ull });
		}
		/* Nobody waits for who is through. */
		s->gate.arrived++;
		_exit(0);
	}
	for (unsigned int i = 0; i < PROCESSES; i++)
		assert_true(wait(&status) > 0 && !status);
	assert_int_equal(s->nr_new, NR);
	assert_int_equal(s->t.nr_used, NR);
	for (uint64_t n = 1; n <= NR; n++)
		assert_true(table_has(&s->t, (struct snapshot_hash){
			n, n * 0x9e3779b97f4a7c15ull }));
	table_free(&s->t);
	munmap(s, sizeof(*s));
}

static struct snapshot_hash many(uint64_t i)
{
	return (struct snapshot_hash){ i * 0x9e3779b97f4a7c15ull, i };
}

static void open_states_leave_in_groups(void **state)
{
	struct open_set o = { 0 };
	const struct edge step = { .happened = 1, .nr = 1 };

	(void)state;
	/* 0 -> 1 -> 2 -> 1: 1 and 2 are a group, which 0 is not a part of. */
	for (uint64_t i = 0; i < 3; i++)
		assert_true(open_push(&o, (struct snapshot_hash){ i + 1, 7 }, 3));
	assert_int_equal(open_find(&o, (struct snapshot_hash){ 2, 7 }), 1);
	assert_int_equal(open_find(&o, (struct snapshot_hash){ 2, 8 }), OPEN_NONE);
	open_link(&o, 2, 1, &step);
	assert_false(open_is_complete(&o, 2));
	open_link(&o, 1, 2, &step);
	assert_true(open_is_complete(&o, 1));
	assert_true(open_loops(&o, 1));
	/* Event 1 could happen all the time, and never does. */
	assert_false(open_loops_for_ever(&o, 1));
	open_link(&o, 2, 1, &(struct edge){ .happened = 2, .nr = 1 });
	assert_true(open_loops_for_ever(&o, 1));
	open_leave(&o, 1);
	assert_true(open_is_complete(&o, 0));
	assert_false(open_loops(&o, 0));
	/* Many, so that it grows; those that left are gone. */
	for (uint64_t i = 0; i < 100000; i++)
		assert_true(open_push(&o, many(i), 0));
	open_leave(&o, 50000);
	for (uint64_t i = 0; i < 100000; i++)
		assert_int_equal(open_find(&o, many(i)),
				 i < 49999 ? i + 1 : OPEN_NONE);
	open_free(&o);
}

static int begin(void **state)
{
	sum = mmap(NULL, sizeof(*sum), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	snprintf(path, sizeof(path), "/tmp/kicksim-prove-%d", (int)getpid());
	return sum == MAP_FAILED ? 1 : sim_begin(state);
}

static int end(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_states_leave_in_groups),
		cmocka_unit_test(table_is_shared),
		cmocka_unit_test(jobs_change_nothing),
		cmocka_unit_test(jobs_change_no_verdict),
		cmocka_unit_test(loops_are_judged),
		cmocka_unit_test(goes_on_from_checkpoints),
		cmocka_unit_test(refuses_what_does_not_fit),
		cmocka_unit_test(tells_that_a_process_died),
	};

	/* A sanitized build leaves more on stacks, and makes more of equal states. */
	const struct CMUnitTest sanitized[] = {
		cmocka_unit_test(open_states_leave_in_groups),
		cmocka_unit_test(jobs_change_no_verdict),
		cmocka_unit_test(refuses_what_does_not_fit),
		cmocka_unit_test(tells_that_a_process_died),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	if (SLOW > 1)
		return cmocka_run_group_tests(sanitized, begin, end);
	return cmocka_run_group_tests(tests, begin, end);
}
