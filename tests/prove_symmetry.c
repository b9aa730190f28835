// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mirror images of states count once, and nothing is lost by that: each state that can
 * be reached is the mirror image of one that the search was done with, the same rules
 * are broken, and runs end alike but for names.  What is not alike is refused, and a
 * renaming that is wrong is found out.
 */
#include "tests/hashes.h"
#include "tests/sim_common.h"
#include "fuzz/prove_search.h"
#include "fuzz/tidy.h"

struct seen {
	struct table ends, states;
	uint32_t fired;
};

static struct prove proof;
static struct symmetry *found;		/* by the last search that asked for it, or NULL */
static uint32_t alike[MAX_PCPUS];
static void (*spoil)(struct symmetry *y);
static uint64_t spoil_at;		/* states that the search is done with */

static void seen_init(struct seen *s)
{
	memset(s, 0, sizeof(*s));
	assert_true(table_init(&s->ends, MEMORY, false));
	assert_true(table_init(&s->states, MEMORY, false));
}

static void seen_free(struct seen *s)
{
	table_free(&s->ends);
	table_free(&s->states);
}

/* The first pCPU that is like @pcpu. */
static uint64_t kind_of(unsigned int pcpu)
{
	for (unsigned int p = 0; found && p < MAX_PCPUS; p++)
		if (alike[p] >> pcpu & 1)
			return p;
	return pcpu;
}

/* What can be said of an end without naming who is alike. */
static struct snapshot_hash end_without_names(void)
{
	const struct world *w = WORLD;
	const struct machine_layout *layout = &w->fix.form->layout;
	struct snapshot_hash h = { w->live.ended + 1u, 1 };

	for (int v = 0; v < w->fix.config.nr_vcpus; v++) {
		const unsigned char *vcpu = (const unsigned char *)SHARED_BASE + w->fix.vcpu_off[v];
		int32_t mode, cpu;
		uint64_t requests;

		memcpy(&mode, vcpu + layout->vcpu_mode, sizeof(mode));
		memcpy(&cpu, vcpu + layout->vcpu_cpu, sizeof(cpu));
		memcpy(&requests, vcpu + layout->vcpu_requests, sizeof(requests));
		h.low = h.low * 1000003 + (uint64_t)mode;
		h.low = h.low * 1000003 + (cpu < 0 ? 99 : kind_of((unsigned int)cpu));
		h.low = h.low * 1000003 + requests;
	}
	for (unsigned int i = 0; i < w->fix.nr_tasks; i++) {
		const struct task *t = &w->live.task[i];
		uint64_t what = t->state + 10 * kind_of(t->cpu) + 100u * (t->vcpu >= 0);

		/* In no order: who is alike may have changed places. */
		h.high += (what + 1) * 0x9e3779b97f4a7c15ull;
	}
	return h;
}

static void spoil_now(void)
{
	if (spoil && found)
		spoil(found);
	spoil = NULL;
}

static void note(struct prove *p, struct snapshot_hash hash, bool end)
{
	struct seen *seen = p->arg;

	if (end) {
		hashes_add(&seen->ends, end_without_names());
		return;
	}
	hashes_add(&seen->states, hash);
	if (p->nr_states == spoil_at)
		spoil_now();
}

static void note_alike(struct prove *p, struct symmetry *y)
{
	(void)p;
	found = y;
	memcpy(alike, y->alike, sizeof(alike));
	if (!spoil_at)
		spoil_now();
}

static void search(const struct config *c, bool symmetry, bool reduce, struct seen *seen)
{
	seen_init(seen);
	proof = (struct prove){
		.config = c, .max_bytes = MEMORY, .symmetry = symmetry, .reduce = reduce,
		.reached = note, .found_alike = note_alike, .arg = seen,
	};
	if (symmetry)
		found = NULL;
	assert_int_equal(prove_search(&proof), 0);
	assert_int_equal(proof.stop, PROVE_EXHAUSTED);
	seen->fired = proof.fired;
}

static void symmetry_changes_no_verdict(void **state)
{
	static const char *const words[] = {
		"v5.15 kick-vs-migrate kickers=2 migrations=0",
		"v5.16 kick-vs-migrate kickers=2",
		"v5.15 kick-vs-migrate pcpus=4",
		"v5.15 two-senders migrations=0",
		"v5.16 vm-bugged pcpus=4 migrations=2 preemptions=1",
		"v5.16 lockless-walk pcpus=4 exits=0 migrations=1",
		"v5.16 kick-vs-migrate arch=arm64 kickers=2 migrations=0 model=weak",
		"v5.16 kick-vs-migrate kickers=2 migrations=0 model=weak",
		"v5.15 kick-vs-migrate pcpus=4 model=tso",
	};
	struct seen with, without;
	struct config c;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i += SLOW > 1 ? 6 : 1) {
		uint64_t nr;

		sim_prepare(&c, words[i]);
		search(&c, true, true, &with);
		nr = proof.nr_states;
		print_message("%s: %s\n", words[i], proof.alike);
		search(&c, false, true, &without);
		print_message("... %llu of %llu states, rules %x\n", (unsigned long long)nr,
			      (unsigned long long)proof.nr_states, with.fired);
		assert_non_null(found);
		assert_true(nr < proof.nr_states);
		assert_int_equal(with.fired, without.fired);
		hashes_assert_same(&with.ends, &without.ends);
		seen_free(&with);
		seen_free(&without);
	}
}

static unsigned int nr_unknown;		/* states with a part that the search has not met */

/* Goes through all states, each told from its mirror images, without the search's help. */
static unsigned int visit(struct snapshot_run *run, struct table *own, struct table *of_all)
{
	static _Alignas(64) unsigned char buf[SNAPSHOT_FORM_MAX];
	struct world_live *l = &WORLD->live;
	struct snapshot_hash hash, all;
	struct snapshot_form form;
	unsigned int nr = 1;
	unsigned char *snapshot;
	uint32_t bound = run->point.bound;

	tidy_paused(run);
	snapshot_form(run, &form, buf);
	hash = snapshot_form_hash(&form);
	if (!hashes_add(own, hash))
		return 0;
	if (symmetry_hash(found, &form, hash, &all))
		hashes_add(of_all, all);
	else
		nr_unknown++;
	snapshot = malloc(snapshot_size());
	assert_non_null(snapshot);
	snapshot_take(snapshot);
	for (uint32_t answer = 0; answer < bound; answer++) {
		snapshot_restore(snapshot);
		l->steps = 0;
		l->ghost.fired = 0;
		l->ghost.nr_reports = 0;
		if (run_resume(run, answer) == RUN_GOES_ON)
			nr += visit(run, own, of_all);
	}
	free(snapshot);
	return nr;
}

static void each_state_is_the_image_of_one(void **state)
{
	static const char *const words[] = {
		"v5.15 kick-vs-migrate kickers=2 migrations=0",
		"v5.16 vm-bugged pcpus=4 migrations=2 preemptions=1",
		"v5.15 kick-vs-migrate pcpus=4 migrations=1",
		"v5.16 kick-vs-migrate kickers=2 migrations=0 arch=arm64 model=weak",
		"v5.16 kick-vs-migrate kickers=3 pcpus=4 migrations=0",
	};
	struct snapshot_run *run;
	struct table own, of_all;
	struct seen seen;
	struct config c;
	unsigned int nr;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i += SLOW) {
		sim_prepare(&c, words[i]);
		search(&c, true, false, &seen);
		assert_non_null(found);
		assert_true(table_init(&own, MEMORY, false) && table_init(&of_all, MEMORY, false));
		/* Stacks name it, and so it is a part of states. */
		run = (struct snapshot_run *)WORLD->fix.chooser;
		run->happens = NULL;
		assert_int_equal(run_start(run), RUN_GOES_ON);
		nr_unknown = 0;
		nr = visit(run, &own, &of_all);
		assert_true(nr_unknown < nr / 50);
		print_message("%s: %u states, %llu but for mirror images; %u unknown\n", words[i],
			      nr, (unsigned long long)proof.nr_states, nr_unknown);
		assert_true(nr > proof.nr_states);
		hashes_assert_same(&seen.states, &of_all);
		table_free(&own);
		table_free(&of_all);
		seen_free(&seen);
	}
}

static void assert_breaks(const char *words, enum oracle oracle)
{
	struct seen seen;
	struct config c;

	sim_prepare(&c, words);
	search(&c, true, true, &seen);
	print_message("%s: %s\n", words, proof.alike);
	assert_non_null(found);
	assert_int_equal(seen.fired >> oracle & 1, 1);
	seen_free(&seen);
}

static void bugs_are_found(void **state)
{
	(void)state;
	assert_breaks("v5.15 kick-vs-migrate kickers=2", ORACLE_LOST_KICK);
	assert_breaks("v5.15 two-senders migrations=1", ORACLE_LOST_REQUEST);
	assert_breaks("v5.15 kick-vs-migrate kickers=2 actors=1", ORACLE_LOST_REQUEST);
	assert_breaks("v6.16 waiting-kick kickers=3 pcpus=4", ORACLE_MISSED_ACK);
}

/*
 * The first kicker does something else than the second; a vCPU that is kicked is another
 * one; and who has no memory for a mask sends to all in the order of their numbers.
 */
static void who_is_not_alike_is_refused(void **state)
{
	static const char *const words[] = {
		"v6.16 waiting-kick kickers=2",
		"v5.16 request-and-kick vcpus=2 kickers=2 pcpus=4 migrations=0",
		"v5.15 request-mask vcpus=1 pcpus=4 alloc-failures=1 migrations=0",
	};
	struct seen with, without;
	struct config c;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i += SLOW) {
		sim_prepare(&c, words[i]);
		search(&c, true, true, &with);
		print_message("%s: %s\n", words[i], proof.alike);
		assert_null(found);
		assert_int_equal(strncmp(proof.alike, "none: pCPUs ", 12), 0);
		search(&c, false, true, &without);
		assert_int_equal(with.fired, without.fired);
		hashes_assert_same(&with.states, &without.states);
		seen_free(&with);
		seen_free(&without);
	}
}

/* The twins of two parts at one place are exchanged. */
static void spoil_twins(struct symmetry *y)
{
	struct twins *t = &y->twins;
	struct stack_hash *a = NULL, *b, was;

	for (unsigned int i = 0; i < t->nr_orbits; i++) {
		b = &t->orbit[i * t->nr];
		/* Stacks' hashes have no zeros, words have: see twins_learn()'s callers. */
		if (!b[0].high || !memcmp(&b[0], &b[1], sizeof(*b)))
			continue;
		if (a) {
			was = a[1];
			a[1] = b[1];
			b[1] = was;
			return;
		}
		a = b;
	}
	fail();
}

/* The pCPUs change places, and their idle tasks stay. */
static void spoil_renaming(struct symmetry *y)
{
	for (unsigned int i = WORLD->fix.nr_tasks; i < MAX_TASKS; i++)
		y->of[1].task[i] = (uint8_t)i;
}

/* The search says so, begins anew, and ends as if nobody had been alike. */
static void what_is_spoiled_is_found_out(void **state)
{
	static void (*const way[])(struct symmetry *y) = { spoil_twins, spoil_renaming };
	static const uint64_t when[] = { 0, 50, 20000 };
	struct seen with, without;
	struct config c;

	(void)state;
	sim_prepare(&c, "v5.15 kick-vs-migrate kickers=2");
	search(&c, true, true, &with);
	seen_free(&with);
	search(&c, false, true, &without);
	for (unsigned int i = 0; i < 6; i += SLOW > 1 ? 4 : 1) {
		spoil = way[i / 3];
		spoil_at = when[i % 3];
		search(&c, true, true, &with);
		assert_null(spoil);
		print_message("%s\n", proof.alike);
		assert_int_equal(strncmp(proof.alike, "given up", 8), 0);
		assert_int_equal(with.fired, without.fired);
		hashes_assert_same(&with.ends, &without.ends);
		seen_free(&with);
	}
	seen_free(&without);
}

/* The members of a group of two. */
static void twins_are_learnt_once(void **state)
{
	static uint8_t chain[SYMMETRIES][SYMMETRIES] = { { 0, 1 }, { 1 } };
	const struct twin a[2] = { { 1, { 10, 0 } }, { 2, { 20, 0 } } };
	const struct twin same[2] = { { 2, { 20, 0 } }, { 1, { 10, 0 } } };
	const struct twin other[2] = { { 1, { 10, 0 } }, { 2, { 21, 0 } } };
	const struct twin taken[2] = { { 1, { 11, 0 } }, { 2, { 20, 0 } } };
	const struct twin fixed[2] = { { 3, { 30, 0 } }, { 3, { 30, 0 } } };
	const struct stack_hash *orbit;
	unsigned int member;
	struct twins t;

	(void)state;
	assert_true(twins_init(&t, 2, chain));
	assert_null(twins_find(&t, 1, a[0].value, &member));
	assert_true(twins_learn(&t, a) && twins_learn(&t, same) && twins_learn(&t, fixed));
	assert_int_equal(t.nr_orbits, 2);
	assert_false(twins_learn(&t, other));
	assert_false(twins_learn(&t, taken));
	orbit = twins_find(&t, 2, a[1].value, &member);
	assert_true(orbit && member == 1);
	assert_int_equal(orbit[t.chain[1][member]].low, 10);
	assert_true(twins_way_is_new(&t, 1, 5, 6) && !twins_way_is_new(&t, 1, 5, 6));
	twins_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twins_are_learnt_once),
		cmocka_unit_test(symmetry_changes_no_verdict),
		cmocka_unit_test(each_state_is_the_image_of_one),
		cmocka_unit_test(bugs_are_found),
		cmocka_unit_test(who_is_not_alike_is_refused),
		cmocka_unit_test(what_is_spoiled_is_found_out),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, sim_begin, NULL);
}
