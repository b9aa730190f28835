// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exhaustive search on configurations drawn at random: any form or planted bug, memory
 * model and scenario, with small numbers, by one process or two.
 *
 *	out/tests/prove_random [NUMBER [SEED]]		(default: 40, seed 1)
 *
 * Of what the reduced search exhausts in $TIME ms (300), random runs reach no other end
 * and break no other rule, and neither does the search that leaves out nothing, which
 * also reaches each of them.  Where runs end is more than which rules break: what is
 * wrongly left out shows there first.  Each configuration has a process of its own.
 */
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/hashes.h"
#include "tests/sim_common.h"
#include "fuzz/prove.h"

enum { MAX_ENDS = 200000, RUNS = 1500, MAX_FORMS = 1024 };

/* What became of a configuration. */
enum { FINE, DIFFERS, REFUSED, LARGE, FINE_BY_RUNS, NR_OUTCOMES };

/* What a search saw, in memory that its processes share. */
struct seen {
	struct table ends;
	_Atomic unsigned int nr_ends;
	uint32_t fired;
};

static struct prove proof;
static struct random draws;
static char form[MAX_FORMS][80], words[1024];
static unsigned int nr_forms, jobs;
static uint64_t max_ms = 300;

static int add_form(const char *id, const char *path, void *arg)
{
	(void)path;
	(void)arg;
	if (nr_forms < MAX_FORMS)
		snprintf(form[nr_forms++], sizeof(form[0]), "%s", id);
	return 0;
}

/* One of the form's; NULL: what is there is of another build. */
static const struct machine_scenario *draw_scenario(const char *kernel, const char *arch,
						    const char *variant)
{
	const struct form *f = form_load(kernel, arch, variant);
	unsigned int nr = 0;

	while (f && f->code->scenarios[nr])
		nr++;
	return f ? f->code->scenarios[random_below(&draws, nr)] : NULL;
}

static int number(const struct machine_config *m, unsigned int field)
{
	return *(const int *)((const char *)m + config_fields[field].offset);
}

/* The smallest that the scenario can deal with, one more, or what it has by default. */
static void draw_numbers(struct config *c, const struct machine_scenario *s)
{
	unsigned int small = random_below(&draws, 4);

	for (unsigned int i = 0; i < nr_config_fields; i++) {
		int value = number(&s->min, i);
		char text[16];

		if (random_below(&draws, 4) >= small)
			value = number(&s->config, i);
		else if (value < number(&s->max, i) && !random_below(&draws, 4))
			value++;
		snprintf(text, sizeof(text), "%d", value);
		config_set_number(c, config_fields[i].name, text);
	}
}

/* Of a form such as "v5.16-x86+no-ipi".  False: there is none. */
static bool draw(struct config *c)
{
	static const char *const models[] = { "sc", "sc", "tso", "weak" };
	const struct machine_scenario *s;
	char id[80], *arch, *variant;

	snprintf(id, sizeof(id), "%s", form[random_below(&draws, nr_forms)]);
	variant = strchr(id, '+');
	if (variant)
		*variant++ = '\0';
	arch = strrchr(id, '-');
	*arch++ = '\0';
	config_init(c);
	s = draw_scenario(id, arch, variant);
	if (!s)
		return false;
	config_set_word(c, "kernel", id);
	config_set_word(c, "arch", arch);
	if (variant)
		config_set_word(c, "variant", variant);
	config_set_word(c, "model", models[random_below(&draws, 4)]);
	config_set_word(c, "scenario", s->name);
	draw_numbers(c, s);
	jobs = 1 + random_below(&draws, 2);
	return true;
}

static void note(struct prove *p, struct snapshot_hash hash, bool end)
{
	struct seen *seen = p->arg;

	if (end && seen->nr_ends < MAX_ENDS && table_claim(&seen->ends, 1))
		seen->nr_ends += table_add(&seen->ends, hash);
}

/* NULL: it was not through. */
static struct seen *search(const struct config *c, bool reduce)
{
	struct seen *seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(seen != MAP_FAILED);
	assert_true(table_init(&seen->ends, MEMORY, true));
	assert_true(table_make_room(&seen->ends, MAX_ENDS, MEMORY));
	proof = (struct prove){
		.config = c, .max_bytes = MEMORY, .max_ms = reduce ? max_ms : 3 * max_ms,
		.jobs = jobs, .reduce = reduce, .keep_dead = !reduce, .reached = note, .arg = seen,
	};
	run_prepare(c);
	assert_int_equal(prove_search(&proof), 0);
	seen->fired = proof.fired;
	return proof.stop || seen->nr_ends == MAX_ENDS ? NULL : seen;
}

static int complain(const char *what)
{
	printf("not ok - %s: %s (%u jobs)\n", words, what, jobs);
	return DIFFERS;
}

static int compare_with_runs(const struct config *c, const struct seen *seen)
{
	static const char *const engines[] = { "random", "pct:3", "pos" };
	struct run_result r;
	struct engine e;

	run_prepare(c);
	for (uint64_t seed = 0; seed < RUNS; seed++) {
		if (seed % (RUNS / 3) == 0)
			assert_true(engine_parse(&e, engines[seed / (RUNS / 3)]));
		engine_seed(&e, seed);
		run_once(&e.chooser, NULL, &r);
		engine_done(&e);
		if (r.end == RUN_STEP_LIMIT)
			continue;
		if (r.fired & ~seen->fired)
			return complain("a run breaks what holds");
		if (!table_has(&seen->ends, prove_end_hash(r.end)))
			return complain("a run ends where no run ends");
	}
	return FINE_BY_RUNS;
}

static int compare_with_all(const struct config *c, const struct seen *reduced)
{
	const struct seen *all = search(c, false);

	if (!all)
		return FINE_BY_RUNS;
	if (all->fired != reduced->fired)
		return complain("other rules without reduction");
	if (all->nr_ends != reduced->nr_ends)
		return complain("other ends without reduction");
	if (hashes_missing(&reduced->ends, &all->ends))
		return complain("an end is missing with reduction");
	return FINE;
}

static int compare(struct config *c)
{
	const struct seen *reduced;
	int outcome;

	/* Some numbers go with each other only. */
	if (config_load(c))
		return REFUSED;
	reduced = search(c, true);
	if (!reduced)
		return LARGE;
	outcome = compare_with_runs(c, reduced);
	return outcome == DIFFERS ? outcome : compare_with_all(c, reduced);
}

/* In a process of its own: what a configuration leaves behind is nobody's business. */
static int try_one(void)
{
	static struct config c;
	int status;
	pid_t pid;

	if (!draw(&c))
		return REFUSED;
	config_print_json(&c, words, sizeof(words));
	fflush(NULL);
	pid = fork();
	if (!pid) {
		/* Why a scenario refuses numbers is no news. */
		if (!freopen("/dev/null", "w", stderr))
			_exit(DIFFERS);
		status = compare(&c);
		fflush(stdout);
		_exit(status);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) < NR_OUTCOMES)
		return WEXITSTATUS(status);
	printf("not ok - %s: ends with status %d (%u jobs)\n", words, status, jobs);
	return DIFFERS;
}

int main(int argc, char **argv)
{
	unsigned int nr = argc > 1 ? (unsigned int)atoi(argv[1]) : 40;
	uint64_t seed = argc > 2 ? (uint64_t)atoll(argv[2]) : 1;
	unsigned int outcomes[NR_OUTCOMES] = { 0 };

	if (getenv("TIME"))
		max_ms = (uint64_t)atoi(getenv("TIME"));
	if (run_init() || form_each(add_form, NULL) || !nr_forms)
		return 4;
	random_seed(&draws, seed);
	for (unsigned int i = 0; i < nr; i++) {
		int outcome = try_one();

		outcomes[outcome]++;
		if (getenv("VERBOSE"))
			printf("# %d %s (%u jobs)\n", outcome, words, jobs);
	}
	printf("# %u refused, %u too large\n", outcomes[REFUSED], outcomes[LARGE]);
	printf("%s 1 - %u like all orders, %u more like random runs\n1..1\n",
	       outcomes[DIFFERS] ? "not ok" : "ok", outcomes[FINE], outcomes[FINE_BY_RUNS]);
	return outcomes[DIFFERS] ? 1 : 0;
}
