// SPDX-License-Identifier: GPL-2.0-only
/* What an engine finds when it starts: environment and folders. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../results/term.h"
#include "child_priv.h"

/* mkdir -p */
int child_folders(const char *path)
{
	char dir[PATH_MAX];

	for (size_t n = 1; ; n++) {
		if (path[n] && path[n] != '/')
			continue;
		snprintf(dir, sizeof(dir), "%.*s", (int)n, path);
		if (mkdir(dir, 0777) && errno != EEXIST)
			return term_error(TERM_EXIT_SYSTEM, "%s: %s: --corpus takes a folder",
					  dir, strerror(errno));
		if (!path[n])
			return 0;
	}
}

static void set(const char *name, const char *value)
{
	setenv(name, value, 1);
}

static void set_number(const char *name, unsigned long long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", value);
	setenv(name, text, 1);
}

/* Of the process that becomes the engine: what harness.h reads. */
void child_environment(const struct child *c, const struct child_options *o)
{
	const struct config *t = o->config;
	char name[64], path[PATH_MAX];

	set("KICKSIM_KERNEL", t->kernel);
	set("KICKSIM_SCENARIO", t->scenario);
	set("KICKSIM_ARCH", t->arch);
	set("KICKSIM_VARIANT", t->variant);
	set("KICKSIM_MODEL", t->model);
	set("KICKSIM_KCSAN", t->kcsan_strict ? "strict" : "default");
	set_number("KICKSIM_SB_LENGTH", t->sb_length);
	set_number("KICKSIM_STALE_READS", t->stale_reads);
	for (unsigned int i = 0; i < nr_config_fields; i++) {
		struct bytes_number n = bytes_number_of(t, i);

		snprintf(name, sizeof(name), "KICKSIM_%s", config_fields[i].name);
		for (char *p = name; *p; p++)
			*p = *p == '-' ? '_' : *p >= 'a' && *p <= 'z' ? *p - 32 : *p;
		if (t->given >> i & 1)
			set_number(name, n.value);
		else
			unsetenv(name);
	}
	set("KICKSIM_SWARM", o->swarm ? "1" : "0");
	set("KICKSIM_MIN_SEVERITY", severity_name[o->min_severity]);
	set("KICKSIM_UNTIL", o->until >= 0 ? oracle_info[o->until].name : "");
	set("KICKSIM_FINDINGS", c->findings);
	/* Apart by more than the runs of a batch. */
	set_number("KICKSIM_SALT", o->seed << 8);
	/* afl-fuzz takes a process that ends for one that crashed: its runs are watched. */
	if (c->engine != CHILD_AFL) {
		set_number("KICKSIM_RUNS", o->max_runs);
		return;
	}
	set("AFL_CUSTOM_MUTATOR_LIBRARY", child_program("kick_mutator.so", path));
	set("AFL_CUSTOM_MUTATOR_ONLY", "1");
	set("AFL_NO_UI", "1");
	set("AFL_SKIP_CPUFREQ", "1");
	set("AFL_NO_AFFINITY", "1");
	set("AFL_FAST_CAL", "1");
	set("AFL_AUTORESUME", "1");
	set("AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "1");
}

/* One input at least, the dull run, for afl-fuzz insists. */
const char *child_seeds(const struct child *c, char path[PATH_MAX])
{
	static const uint8_t dull[BYTES_HEAD];
	char file[PATH_MAX];
	FILE *out;

	if (!access("corpus/seeds", R_OK | X_OK))
		return "corpus/seeds";
	snprintf(path, PATH_MAX, "%.*s/seeds", PATH_MAX - 16, c->corpus);
	if (child_folders(path))
		return NULL;
	snprintf(file, sizeof(file), "%.*s/dull", PATH_MAX - 16, path);
	out = fopen(file, "w");
	if (!out || fwrite(dull, 1, sizeof(dull), out) != sizeof(dull) || fclose(out))
		return NULL;
	return path;
}

/* Inputs of all engines on the target, those with all features and no others. */
int child_merge(const struct child_options *o)
{
	const struct config *t = o->config;
	char from[PATH_MAX], to[PATH_MAX], old[PATH_MAX], queue[PATH_MAX], path[PATH_MAX];
	struct child c = { .engine = CHILD_LIBFUZZER };
	/* What breaks a rule has been told, and is an input like others here. */
	struct child_options quiet = *o;
	char *words[] = { path, "-merge=1", to, from, queue, NULL };
	int ret;

	quiet.min_severity = SEVERITY_TOOL_ERROR;
	quiet.until = -1;
	snprintf(c.corpus, sizeof(c.corpus), "%s/%s-%s-%s", o->corpus, t->form->id, t->model,
		 t->scenario);
	snprintf(from, sizeof(from), "%.*s/libfuzzer", PATH_MAX - 16, c.corpus);
	snprintf(to, sizeof(to), "%.*s/merged", PATH_MAX - 16, c.corpus);
	snprintf(old, sizeof(old), "%.*s/old", PATH_MAX - 16, c.corpus);
	snprintf(queue, sizeof(queue), "%.*s/afl/default/queue", PATH_MAX - 32, c.corpus);
	snprintf(c.log, sizeof(c.log), "%.*s/merge.log", PATH_MAX - 16, c.corpus);
	if (access(queue, R_OK))
		words[4] = NULL;
	child_program("kick_libfuzzer", path);
	ret = child_folders(to);
	if (!ret)
		ret = child_folders(from);
	if (!ret)
		ret = child_run(&c, &quiet, words);
	if (ret)
		return ret;
	child_remove(old);
	if (rename(from, old) || rename(to, from))
		return term_error(TERM_EXIT_SYSTEM, "%s: %s", from, strerror(errno));
	child_remove(old);
	return 0;
}
