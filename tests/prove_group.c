// SPDX-License-Identifier: GPL-2.0-only
/*
 * Groups of steps, on the handshake: a search that follows them alone reaches the
 * same ends and lost kicks as one that leaves nothing out, and as arithmetic says
 * of parts that share nothing; and what it goes by is learnt as it should be.
 */
#include <sys/mman.h>
#include "tests/hashes.h"
#include "tests/sim_common.h"
#include "fuzz/bench.h"
#include "fuzz/prove.h"
#include "fuzz/prove_future.h"

enum { MAX_ENDS = 100000 };

/* What a search saw, in memory that its processes share. */
struct seen {
	struct table ends;
	_Atomic unsigned int nr_ends, nr_lost;
};

static struct prove proof;
static struct futures known, other;

static void note(struct prove *p, struct snapshot_hash hash, bool end)
{
	struct seen *seen = p->arg;

	if (!end)
		return;
	assert_true(table_claim(&seen->ends, 1));
	seen->nr_ends += table_add(&seen->ends, hash);
	seen->nr_lost += bench_is_lost();
}

static struct seen *search(struct form *form, const char *scenario, bool reduce,
			   unsigned int jobs)
{
	struct seen *seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct config c;

	assert_true(seen != MAP_FAILED);
	assert_true(table_init(&seen->ends, MEMORY, true));
	assert_true(table_make_room(&seen->ends, MAX_ENDS, MEMORY));
	assert_true(bench_config(&c, form, scenario));
	run_prepare(&c);
	memset(&proof, 0, sizeof(proof));
	proof.config = &c;
	proof.max_bytes = MEMORY;
	proof.reduce = reduce;
	proof.jobs = jobs;
	proof.reached = note;
	proof.arg = seen;
	assert_int_equal(prove_search(&proof), 0);
	assert_int_equal(proof.stop, PROVE_EXHAUSTED);
	print_message("%s%s, %u jobs: %llu states, %u ends, lost at %u\n", scenario,
		      reduce ? " reduced" : "", jobs, (unsigned long long)proof.nr_states,
		      seen->nr_ends, seen->nr_lost);
	return seen;
}

static void seen_free(struct seen *seen)
{
	table_free(&seen->ends);
	munmap(seen, sizeof(*seen));
}

static void assert_same(const struct seen *a, const struct seen *b)
{
	assert_int_equal(a->nr_ends, b->nr_ends);
	hashes_assert_same(&a->ends, &b->ends);
	assert_int_equal(!a->nr_lost, !b->nr_lost);
}

static struct form *form_of(bool early)
{
	static struct form *form[2];

	if (!form[early])
		form[early] = bench_form(early ? "out/bench.d/handshake-early.so" :
						 "out/bench.d/handshake.so");
	assert_non_null(form[early]);
	return form[early];
}

static void compare(const char *scenario, bool early)
{
	struct seen *all = search(form_of(early), scenario, false, 1), *some;
	uint64_t nr_states = proof.nr_states;

	assert_int_equal(!!all->nr_lost, early);
	for (unsigned int jobs = 1; jobs <= 3; jobs++) {
		some = search(form_of(early), scenario, true, jobs);
		assert_same(all, some);
		assert_true(proof.nr_states < nr_states);
		seen_free(some);
	}
	seen_free(all);
}

static void same_with_all(void **state)
{
	(void)state;
	for (int early = 0; early <= 1; early++) {
		compare("W1", early);
		compare("V1K2", early);
	}
	compare("W3bcast", false);
}

static unsigned int nr_ends(const char *scenario, bool early)
{
	struct seen *seen = search(form_of(early), scenario, true, 1);
	unsigned int nr = seen->nr_ends;

	assert_int_equal(!!seen->nr_lost, early);
	seen_free(seen);
	return nr;
}

/* vCPUs that share nothing but their senders: each end of one with each of the others. */
static void parts_multiply(void **state)
{
	(void)state;
	for (int early = 0; early <= 1; early++) {
		unsigned int one = nr_ends("W1", early), two = nr_ends("V1K2", early);

		assert_int_equal(nr_ends("W4pair", early), one * one * one);
		/* Not one by one: that would be a million states. */
		assert_true(proof.nr_states < 20000);
		assert_int_equal(nr_ends("W3bcast", early), two * two);
		assert_true(proof.nr_states < 100000);
	}
}

static struct footprint write_of(unsigned int word)
{
	struct access acc = access_make(4 * word, 4, ACC_WRITE, 0);
	struct footprint print;

	footprint_of(&known, &acc, &print);
	return print;
}

static void learns_along_edges(void **state)
{
	struct footprint first = write_of(1), second = write_of(2), third = write_of(3);
	uint32_t node[4];

	(void)state;
	futures_reset(&known);
	for (uint64_t i = 0; i < 4; i++) {
		node[i] = futures_node(&known, 100 + i, i);
		assert_int_equal(node[i], futures_node(&known, 100 + i, i));
	}
	/* 0 -> 1 -> 2 -> 1, and 3 for itself. */
	futures_edge(&known, node[0], node[1]);
	futures_edge(&known, node[1], node[2]);
	futures_edge(&known, node[2], node[1]);
	futures_learn_node(&known, node[2], &first);
	for (int i = 0; i < 4; i++)
		assert_int_equal(future_conflicts(&known.node[node[i]].future, &first), i != 3);
	futures_learn_node(&known, node[0], &second);
	assert_false(future_conflicts(&known.node[node[1]].future, &second));
	/* What is relied on is found wrong however far away it turns out. */
	future_rely(&known.node[node[0]].future, &third);
	futures_learn_node(&known, node[3], &third);
	assert_false(futures_are_wrong(&known));
	futures_edge(&known, node[2], node[3]);
	assert_true(futures_are_wrong(&known));
	futures_forget(&known);
	assert_false(futures_are_wrong(&known));
	assert_true(future_conflicts(&known.node[node[0]].future, &third));
	futures_reset(&known);
	assert_false(future_conflicts(&known.node[futures_node(&known, 100, 0)].future, &first));
}

/* Two who have learnt apart know all of it together, by whatever numbers. */
static void others_are_told(void **state)
{
	struct footprint first = write_of(1), second = write_of(2);
	uint32_t a, b;

	(void)state;
	futures_reset(&known);
	futures_reset(&other);
	a = futures_node(&known, 100, 0);
	futures_edge(&known, a, futures_node(&known, 101, 1));
	futures_node(&other, 102, 2);
	b = futures_node(&other, 101, 1);
	futures_edge(&other, b, futures_node(&other, 103, 3));
	futures_learn_node(&other, futures_node(&other, 103, 3), &first);
	future_rely(&known.node[a].future, &second);
	assert_false(future_conflicts(&known.node[a].future, &first));
	futures_learn(&known, &other);
	assert_true(future_conflicts(&known.node[a].future, &first));
	assert_false(futures_are_wrong(&known));
	futures_learn_node(&other, b, &second);
	futures_learn(&known, &other);
	assert_true(futures_are_wrong(&known));
}

/* Keys are hashes. */
static uint64_t key_of(uint64_t n)
{
	return (n + 1) * 0x9e3779b97f4a7c15ull;
}

/* A place that is known keeps its node; new ones share the site's, and it counts for all. */
static void crowds_stand_at_sites(void **state)
{
	struct footprint first = write_of(1);
	uint32_t old, site;

	(void)state;
	futures_reset(&known);
	old = futures_node(&known, key_of(0), 7);
	for (uint64_t i = 1; futures_node(&known, key_of(i), 8) > old; i++)
		if (known.node[known.nr_nodes - 1].key == 8)
			break;
	assert_true(known.nr_nodes < FUTURE_NODES);
	site = futures_node(&known, key_of(1u << 20), 7);
	assert_int_equal(site, futures_node(&known, key_of(2u << 20), 7));
	assert_int_equal(old, futures_node(&known, key_of(0), 7));
	assert_int_not_equal(old, site);
	futures_learn_node(&known, site, &first);
	assert_true(future_conflicts(&known.node[old].future, &first));
	site = futures_node(&known, key_of(3u << 20), 8);
	assert_false(future_conflicts(&known.node[site].future, &first));
	/* Who had room for it, and is told of the site's node. */
	futures_reset(&other);
	old = futures_node(&other, key_of(1u << 20), 7);
	futures_learn(&other, &known);
	assert_true(future_conflicts(&other.node[old].future, &first));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(learns_along_edges),
		cmocka_unit_test(others_are_told),
		cmocka_unit_test(crowds_stand_at_sites),
		cmocka_unit_test(same_with_all),
		cmocka_unit_test(parts_multiply),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, sim_begin, NULL);
}
