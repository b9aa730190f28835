// SPDX-License-Identifier: GPL-2.0-only
/* Whether planted bugs do what their headers say, one and all of them. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>
#include "../results/term.h"
#include "engine.h"
#include "run.h"
#include "witness.h"
#include "zoo.h"

/* What a form without a patch was seen to do in a scenario. */
struct known {
	uint64_t key;			/* of form, scenario and model */
	uint64_t runs;
	unsigned int nr;
	struct {
		uint64_t title;		/* hash */
		uint8_t oracle;
	} seen[64];
};

/* Many patches share one: it is run once in each process. */
static struct known known[64];
static unsigned int nr_known;

static int read_header(struct variant *v, const char *folder, const char *file)
{
	char path[PATH_MAX + 300];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	if (!variant_read(v, path))
		return term_error(TERM_EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	if (!*v->base || !*v->arch || !*v->model || !*v->scenario)
		return term_error(TERM_EXIT_USAGE, "%s: a header line is missing: Base, Arch, "
				  "Model, Oracle or Scenario", path);
	if (strcmp(v->oracle, "none") && oracle_find(v->oracle) < 0)
		return term_error(TERM_EXIT_USAGE, "%s: Oracle: '%s' is none; see 'kicksim list "
				  "oracles'", path, v->oracle);
	if (*v->fixes && oracle_find(v->fixes) < 0)
		return term_error(TERM_EXIT_USAGE, "%s: Fixes: '%s' is no oracle; see 'kicksim list "
				  "oracles'", path, v->fixes);
	return 0;
}

static int is_patch(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 6 && !strcmp(d->d_name + n - 6, ".patch");
}

/* Beside the program or its parent folders, as the corpus is. */
static const char *find_folder(char *path, size_t size)
{
	static const char *const places[] = { "..", "../..", "../../..", "." };
	char exe[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	exe[n < 0 ? 0 : n] = '\0';
	for (size_t i = 0; n > 0 && i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, size, "%.*s/%s/kvmcore/variants",
			 (int)(strrchr(exe, '/') - exe), exe, places[i]);
		if (!access(path, R_OK))
			return path;
	}
	return "kvmcore/variants";
}

int zoo_read(struct zoo *z, const char *folder)
{
	char path[PATH_MAX + 64];
	struct dirent **names;
	int n, ret = 0;

	if (!folder)
		folder = find_folder(path, sizeof(path));
	n = scandir(folder, &names, is_patch, alphasort);
	if (n < 0)
		return term_error(TERM_EXIT_SYSTEM, "%s: %s; run kicksim in its source tree",
				  folder, strerror(errno));
	z->nr = 0;
	for (int i = 0; i < n; i++) {
		if (!ret && z->nr == ZOO_MAX)
			ret = term_error(TERM_EXIT_USAGE, "%s: more than %d patches", folder, ZOO_MAX);
		if (!ret)
			ret = read_header(&z->entry[z->nr++], folder, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return ret;
}

/* 0, or an exit code: the world is ready for the form, with or without the patch. */
static int prepare(struct config *c, const struct variant *v, bool patched)
{
	int ret = variant_config(v, patched, c);

	if (!ret)
		run_prepare(c);
	return ret;
}

static uint64_t title_hash(const struct config *c, const struct report *r)
{
	char title[160];

	report_title(c, r, title, sizeof(title));
	return XXH3_64bits(title, strlen(title));
}

static bool is_known(const struct known *k, uint64_t title)
{
	for (unsigned int i = 0; i < k->nr; i++)
		if (k->seen[i].title == title)
			return true;
	return false;
}

static void learn(struct known *k, const struct config *c, const struct run_result *r)
{
	for (unsigned int i = 0; i < r->nr_reports; i++) {
		uint64_t title = title_hash(c, &r->report[i]);

		if (is_known(k, title) || k->nr == sizeof(k->seen) / sizeof(k->seen[0]))
			continue;
		k->seen[k->nr].oracle = r->report[i].oracle;
		k->seen[k->nr++].title = title;
	}
}

/* Whether the run broke @oracle's rule, or with -1 any serious one, in a new way. */
static bool is_new(const struct known *k, const struct config *c, const struct run_result *r,
		   int oracle)
{
	for (unsigned int i = 0; i < r->nr_reports; i++) {
		int which = r->report[i].oracle;

		if (oracle < 0 ? oracle_info[which].severity < SEVERITY_DEGRADED : which != oracle)
			continue;
		if (!is_known(k, title_hash(c, &r->report[i])))
			return true;
	}
	return false;
}

/* Runs until there is something new, or all of them to fill @into: 0 if there is none. */
static uint64_t search(const struct config *c, const struct known *k, int oracle,
		       struct known *into, uint64_t max_runs)
{
	static const char *const names[] = { "random", "pct:3", "pos" };
	struct engine engines[3];
	struct run_result result;

	for (int i = 0; i < 3; i++)
		assert(engine_parse(&engines[i], names[i]) && engines[i].kind < NR_ENGINES);
	for (uint64_t i = 0; i < max_runs; i++) {
		struct engine *e = &engines[i % 3];

		engine_seed(e, i);
		run_once(&e->chooser, NULL, &result);
		engine_done(e);
		if (into)
			learn(into, c, &result);
		else if (is_new(k, c, &result, oracle))
			return i + 1;
	}
	return 0;
}

/* What the form does without the patch, or NULL if it cannot be run. */
static const struct known *know(const struct variant *e, uint64_t max_runs)
{
	struct config c;
	char key[256];
	uint64_t hash;
	struct known *k;

	snprintf(key, sizeof(key), "%s %s %s %s", e->base, e->arch, e->model, e->scenario);
	hash = XXH3_64bits(key, strlen(key));
	for (unsigned int i = 0; i < nr_known; i++)
		if (known[i].key == hash && known[i].runs == max_runs)
			return &known[i];
	if (prepare(&c, e, false))
		return NULL;
	k = &known[nr_known < sizeof(known) / sizeof(known[0]) ? nr_known++ : 0];
	*k = (struct known){ .key = hash, .runs = max_runs };
	search(&c, NULL, 0, k, max_runs);
	return k;
}

static const char *breaks(const struct known *k, int oracle)
{
	for (unsigned int i = 0; i < k->nr; i++)
		if (oracle < 0 ? oracle_info[k->seen[i].oracle].severity >= SEVERITY_DEGRADED :
				 k->seen[i].oracle == oracle)
			return oracle_info[k->seen[i].oracle].name;
	return NULL;
}

/* Only what is less than degraded may happen in a correct form. */
static const char *base_wrong(const struct variant *e, const struct known *k, int oracle)
{
	if (*e->fixes)
		return NULL;
	if (oracle >= 0 && oracle_info[oracle].severity < SEVERITY_DEGRADED)
		return NULL;
	return breaks(k, oracle);
}

/* One run, of the schedule that was kept for @variant. */
static bool witness_shows(const struct variant *e, const char *variant, int oracle)
{
	struct run_result result;
	char folder[PATH_MAX + 64], path[PATH_MAX + 160];
	struct witness w;
	char why[80];
	bool shows;

	/* From the source tree's top, wherever kicksim is called. */
	snprintf(path, sizeof(path), "%s/../../%s", find_folder(folder, sizeof(folder)),
		 e->witness);
	if (witness_load(&w, path, NULL))
		return false;
	run_prepare(&w.config);
	shows = !strcmp(w.config.variant, variant) && oracle >= 0 &&
		run_schedule(&w.schedule, NULL, &result, why, sizeof(why)) &&
		result.fired >> oracle & 1;
	witness_free(&w);
	return shows;
}

static void judge_witness(const struct variant *e, int oracle, struct zoo_result *r)
{
	*r = (struct zoo_result){ .runs = 1, .ok = witness_shows(e, e->name, oracle) };
	snprintf(r->why, sizeof(r->why), "%.60s shows something else", e->witness);
}

/* What a fix is to mend: by the schedule that was kept, or among the runs. */
static bool base_breaks(const struct variant *e, const struct known *k)
{
	int oracle = oracle_find(e->fixes);

	return *e->witness ? witness_shows(e, "", oracle) : breaks(k, oracle) != NULL;
}

void zoo_judge(const struct variant *e, uint64_t max_runs, struct zoo_result *r)
{
	int oracle = oracle_find(e->oracle);
	const struct known *k;
	static const struct known nothing;
	struct config c;
	const char *wrong;

	if (*e->witness && !*e->fixes) {
		judge_witness(e, oracle, r);
		return;
	}
	k = know(e, max_runs);
	*r = (struct zoo_result){ .runs = max_runs };
	if (*e->fixes && k && !base_breaks(e, k)) {
		snprintf(r->why, sizeof(r->why), "no %s without the patch", e->fixes);
		return;
	}
	if (!k || prepare(&c, e, true)) {
		snprintf(r->why, sizeof(r->why), "cannot be run");
		return;
	}
	wrong = base_wrong(e, k, oracle);
	if (wrong) {
		snprintf(r->why, sizeof(r->why), "%s without the patch", wrong);
		return;
	}
	/* A fix has to do without; of IPIs in vain a buggy form has more, not others. */
	if (*e->fixes || (oracle >= 0 && oracle_info[oracle].severity == SEVERITY_BENIGN))
		k = &nothing;
	r->runs = search(&c, k, oracle, NULL, max_runs);
	r->ok = (oracle < 0) == !r->runs;
	if (!r->ok)
		snprintf(r->why, sizeof(r->why), "%s", oracle < 0 ? "breaks a rule" : "is silent");
	if (!r->runs)
		r->runs = max_runs;
}

/* Shared by the processes: each takes the next that nobody has taken. */
struct zoo_board {
	unsigned int next;
	struct zoo_result result[ZOO_MAX];
};

static struct zoo zoo;

static void work(struct zoo_board *board, uint64_t max_runs)
{
	unsigned int i;

	while ((i = __atomic_fetch_add(&board->next, 1, __ATOMIC_RELAXED)) < zoo.nr)
		zoo_judge(&zoo.entry[i], max_runs, &board->result[i]);
}

/* A process that dies leaves what it was at as it was: not ok, no reason. */
static int work_all(struct zoo_board *board, uint64_t max_runs, unsigned int jobs)
{
	int nr = 0;

	for (unsigned int i = 0; i < jobs && i < zoo.nr; i++) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (!pid) {
			work(board, max_runs);
			_exit(0);
		}
		nr++;
	}
	if (!nr)
		return term_error(TERM_EXIT_SYSTEM, "fork: %s", strerror(errno));
	while (nr)
		if (wait(NULL) > 0)
			nr--;
		else if (errno != EINTR)
			break;
	return 0;
}

static void print_row(const struct variant *e, const struct zoo_result *r)
{
	char form[40], found[160];

	snprintf(form, sizeof(form), "%s-%s", e->base, e->arch);
	if (!r->ok)
		snprintf(found, sizeof(found), "MISSED: %s in %llu runs",
			 *r->why ? r->why : "the process died", (unsigned long long)r->runs);
	else if (*e->fixes)
		snprintf(found, sizeof(found), "ok      no more %s", e->fixes);
	else if (*e->witness)
		snprintf(found, sizeof(found), "ok      %s", e->witness);
	else if (!strcmp(e->oracle, "none"))
		snprintf(found, sizeof(found), "ok      breaks no rule");
	else
		snprintf(found, sizeof(found), "ok      run %llu", (unsigned long long)r->runs);
	printf("%-28s %-10s %-12s %-5s %-20s %s\n", e->name, *e->mutant ? e->mutant : "-", form,
	       e->model, e->oracle, found);
}

static int print(const struct zoo_board *board, uint64_t max_runs)
{
	unsigned int missed = 0, harmless = 0;

	printf("%-28s %-10s %-12s %-5s %-20s found\n", "variant", "mutant", "form", "model",
	       "expected");
	for (unsigned int i = 0; i < zoo.nr; i++) {
		print_row(&zoo.entry[i], &board->result[i]);
		missed += !board->result[i].ok;
		harmless += !strcmp(zoo.entry[i].oracle, "none");
	}
	printf("\n%u planted bugs and %u harmless changes and fixes, %llu runs of each at most: "
	       "%u missed\n", zoo.nr - harmless, harmless, (unsigned long long)max_runs, missed);
	if (!term_flushed(stdout))
		return TERM_EXIT_SYSTEM;
	return missed ? TERM_EXIT_DIVERGED : 0;
}

int zoo_run(const char *folder, uint64_t max_runs, unsigned int jobs)
{
	struct zoo_board *board;
	int ret = zoo_read(&zoo, folder);

	if (!ret)
		ret = run_init();
	if (ret)
		return ret;
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	if (board == MAP_FAILED)
		return term_error(TERM_EXIT_SYSTEM, "mmap: %s", strerror(errno));
	ret = work_all(board, max_runs, jobs);
	if (!ret)
		ret = print(board, max_runs);
	munmap(board, sizeof(*board));
	return ret;
}
