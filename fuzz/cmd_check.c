// SPDX-License-Identifier: GPL-2.0-only
/* kicksim check: options, outputs, and what the exit code says. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "check_format.h"
#include "cmd.h"
#include "options.h"
#include "zoo.h"

struct output {
	const struct check_format *format;
	const char *path;		/* NULL: stdout */
};

struct check_options {
	struct config config;
	const char *base, *base_variant, *seed;
	struct output output[CHECK_FORMATS];
	unsigned int nr_outputs;
	uint64_t jobs;
	bool rotate, bisect, zoo;
};

static const struct {
	const char *name;
	uint64_t runs;			/* of each scenario on each form */
} profiles[] = { { "quick", 300000 }, { "full", 5000000 }, { NULL, 0 } };

enum { CANARY_RUNS = 500000, SKIP_BISECT = 125, ABORT_BISECT = 128, KEY_CANARY = 0x3000 };

static struct check check;
static struct check_options o;

static const struct argp_option options[] = {
	{ "base", 'b', "FORM", 0, "what it breaks too is known; none (default: the form without "
	  "its variant, else v5.16, else none)", 0 },
	{ "profile", 'p', "NAME", 0, "quick (default) or full: how many schedules", 0 },
	{ "runs", 'n', "N", 0, "schedules of each scenario instead", 0 },
	{ "time", 't', "DURATION", 0, "stop after it; what is done then depends on the machine", 0 },
	{ "seed", 's', "N|TEXT", 0, "a number, or a text such as a commit id (default 1)", 0 },
	{ "rotate", 'R', NULL, 0, "another seed every day, for nightly runs", 0 },
	{ "fail-on", 'f', "SEVERITY", 0, "what counts as broken (default degraded)", 0 },
	{ "format", 'F', "FORMAT", 0, "plain, ktap, github, json, junit=FILE, sarif=FILE; may be "
	  "repeated, and each may go to a FILE", 0 },
	{ "artifact-prefix", 'a', "PREFIX", 0, "write each new finding to files, such as out/", 0 },
	{ "corpus", 'c', "FOLDER", 0, "kept schedules to replay (default: kicksim's); none", 0 },
	{ "db", 'd', "FILE", 0, "replay what this database has of the form, and keep what is new", 0 },
	{ "jobs", 'j', "N", 0, "worker processes (default: all cores)", 0 },
	{ "canary-runs", KEY_CANARY, "N", 0, "within which known bugs must be found", 0 },
	{ "zoo", 'Z', NULL, 0, "find each planted bug instead: 3 if one is missed (--runs: 60000)",
	  0 },
	{ "bisect", 'B', NULL, 0, "for git bisect run: 125 if it cannot be checked, more than 127 "
	  "if the check itself is wrong", 0 },
	{ 0 }
};

static int add_output(const char *word)
{
	size_t n = strcspn(word, "=");
	const struct check_format *f = check_formats;
	const char *names[16], *near;
	char name[16];
	unsigned int nr = 0;

	for (; f->name; f++) {
		names[nr++] = f->name;
		if (strlen(f->name) == n && !strncmp(f->name, word, n))
			break;
	}
	names[nr] = NULL;
	snprintf(name, sizeof(name), "%.*s", (int)n, word);
	near = f->name ? NULL : term_suggest(name, names);
	if (!f->name)
		return term_error(TERM_EXIT_USAGE, "--format '%s': plain, ktap, github, json, "
				  "junit=FILE or sarif=FILE%s%s%s", word, near ? "; did you mean '" : "",
				  near ? near : "", near ? "'?" : "");
	if (f->needs_file && (!word[n] || !word[n + 1]))
		return term_error(TERM_EXIT_USAGE, "--format %s: name a file: %s=FILE", word, f->name);
	if (o.nr_outputs == CHECK_FORMATS)
		return term_error(TERM_EXIT_USAGE, "more than %d formats", CHECK_FORMATS);
	o.output[o.nr_outputs++] = (struct output){ f, word[n] && strcmp(word + n, "=-") ?
						    word + n + 1 : NULL };
	return 0;
}

static void set_profile(const char *name, struct argp_state *state)
{
	int i = 0;

	while (profiles[i].name && strcmp(profiles[i].name, name))
		i++;
	if (!profiles[i].name)
		cmd_error(state, "--profile '%s': quick or full", name);
	check.profile = profiles[i].name;
}

static error_t parse_number(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'n':
		if (!option_u64(arg, 1ull << 53, &check.max_runs) || !check.max_runs)
			cmd_error(state, "--runs '%s': a number from 1 up", arg);
		return 0;
	case KEY_CANARY:
		if (!option_u64(arg, 1ull << 53, &check.canary_runs) || !check.canary_runs)
			cmd_error(state, "--canary-runs '%s': a number from 1 up", arg);
		return 0;
	case 't':
		if (!option_duration(arg, &check.time_ms))
			cmd_error(state, "--time '%s': a number and ms, s, m or h", arg);
		return 0;
	case 'j':
		if (!option_u64(arg, CHECK_JOBS, &o.jobs) || !o.jobs)
			cmd_error(state, "--jobs '%s': 1 to %d", arg, CHECK_JOBS);
		return 0;
	case 'f':
		check.fail_on = option_severity(arg);
		if (check.fail_on < 0)
			cmd_error(state, "--fail-on '%s': benign, warn, race, degraded, harmful, oops "
				  "or tool-error", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o.config;
		return 0;
	case 'b':
		o.base = arg;
		return 0;
	case 'p':
		set_profile(arg, state);
		return 0;
	case 's':
		o.seed = arg;
		return 0;
	case 'R':
		o.rotate = true;
		return 0;
	case 'Z':
		o.zoo = true;
		return 0;
	case 'B':
		o.bisect = true;
		/* A wrong option must not look like a bad commit. */
		argp_err_exit_status = ABORT_BISECT + TERM_EXIT_USAGE;
		return 0;
	case 'F':
		if (add_output(arg))
			exit(argp_err_exit_status);
		return 0;
	case 'a':
		check.artifacts = arg;
		return 0;
	case 'c':
		check.corpus = arg;
		return 0;
	case 'd':
		check.db = arg;
		return 0;
	case ARGP_KEY_ARG:
		cmd_error(state, "'%s': all scenarios are checked; a form is named by --kernel", arg);
		return 0;
	default:
		return parse_number(key, arg, state);
	}
}

/* A day's number, or a text's hash: always below 2^53. */
static void set_seed(void)
{
	if (o.rotate)
		check.seed = (uint64_t)time(NULL) / 86400;
	else if (!o.seed)
		check.seed = 1;
	else if (!option_u64(o.seed, (1ull << 53) - 1, &check.seed))
		check.seed = XXH3_64bits(o.seed, strlen(o.seed)) >> 11;
}

/* Beside the program or its parent folder, as the forms are. */
static const char *find_corpus(void)
{
	static char path[PATH_MAX + 32];
	static const char *const places[] = { "corpus", "../corpus", "../../corpus" };
	char exe[PATH_MAX], *slash;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n < 0)
		return NULL;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	*slash = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", exe, places[i]);
		if (!access(path, R_OK))
			return path;
	}
	return NULL;
}

static int set_base(void)
{
	struct config *k = &check.kernel, *b = &check.base;

	*b = *k;
	*b->variant = '\0';
	if (o.base && !strcmp(o.base, "none"))
		return 0;
	if (!o.base && !*k->variant)
		strcpy(b->kernel, "v5.16");
	else if (o.base && config_set_word(b, "kernel", o.base))
		return TERM_EXIT_USAGE;
	check.has_base = o.base || strcmp(b->kernel, k->kernel) || strcmp(b->variant, k->variant);
	return 0;
}

static unsigned int nr_jobs(void)
{
	unsigned int nr = (unsigned int)(o.jobs ? o.jobs : (uint64_t)sysconf(_SC_NPROCESSORS_ONLN));

	return nr > CHECK_JOBS ? CHECK_JOBS : nr;
}

static int fill(void)
{
	int i = 0;

	check.kernel = o.config;
	while (strcmp(profiles[i].name, check.profile))
		i++;
	if (!check.max_runs)
		check.max_runs = profiles[i].runs;
	check.jobs = nr_jobs();
	set_seed();
	if (!check.corpus)
		check.corpus = find_corpus();
	else if (!strcmp(check.corpus, "none"))
		check.corpus = NULL;
	return set_base();
}

static int write_output(const struct output *x)
{
	FILE *out = x->path ? fopen(x->path, "w") : stdout;
	bool good;
	int ret;

	if (!out)
		return term_error(TERM_EXIT_SYSTEM, "--format %s=%s: %s", x->format->name, x->path,
				  strerror(errno));
	ret = x->format->write(&check, out);
	good = term_flushed(out);
	if (x->path && fclose(out))
		good = false;
	if (!ret && !good)
		ret = term_error(TERM_EXIT_SYSTEM, "%s: cannot be written: is the disk full?",
				 x->path ? x->path : "stdout");
	return ret;
}

static int run(void)
{
	bool to_stdout = false;
	int ret = o.zoo ? 0 : fill();

	if (o.zoo)
		return zoo_run(NULL, check.max_runs ? check.max_runs : ZOO_RUNS, nr_jobs());
	if (!ret)
		ret = check_run(&check);
	if (!ret)
		ret = run_init();
	for (unsigned int i = 0; i < o.nr_outputs; i++)
		to_stdout |= !o.output[i].path && o.output[i].format->is_answer;
	if (!to_stdout && !ret)
		ret = write_output(&(struct output){ check_formats, NULL });
	for (unsigned int i = 0; !ret && i < o.nr_outputs; i++)
		ret = write_output(&o.output[i]);
	if (!ret && check.db)
		ret = check_store(&check);
	if (!ret && check.artifacts)
		ret = check_artifacts(&check);
	return ret ? ret : check_verdict(&check);
}

int cmd_check(int argc, char **argv)
{
	struct argp_child children[] = {
		{ config_argp(), 0, "What is checked:", 1 }, { &cmd_common, 0, NULL, 2 }, { 0 }
	};
	struct argp argp = {
		options, parse, NULL,
		"Does a form break a rule that its base keeps?  Always the same answer.\v"
		"Kept schedules are replayed, known bugs of v5.15 must be found, and every scenario "
		"is searched on the form and on its base under the same seeds.\n\n"
		"Exit codes: 1 something new is broken; 3 a known bug was not found, or one schedule "
		"gave two traces.\n\nExamples:\n"
		"  kicksim check --kernel v5.15 --base v5.16\n"
		"  kicksim check --kernel mine --format ktap --format sarif=out.sarif "
		"--artifact-prefix out/\n",
		children, NULL, NULL
	};
	int ret;

	config_init(&o.config);
	check.profile = profiles[0].name;
	check.canary_runs = CANARY_RUNS;
	check.fail_on = SEVERITY_DEGRADED;
	if (cmd_parse(&argp, "kicksim check", argc, argv, NULL))
		return TERM_EXIT_USAGE;
	ret = run();
	if (!o.bisect || ret <= TERM_EXIT_FINDING || ret >= ABORT_BISECT)
		return ret;
	return ret == TERM_EXIT_SYSTEM ? SKIP_BISECT : ABORT_BISECT + ret;
}
