// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last lesson: the user's own kvm_vcpu_kick() in place of v5.15's.
 *
 * kvmcore/build.sh compiles it in a copy of kvmcore, as it does for planted bugs,
 * into a variant called "learn"; then the searches look for what v5.15 loses.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../results/term.h"
#include "engine.h"
#include "learn.h"

enum { RUNS = 300000 };

/*
 * $1: the user's file; $2: the top folder; $3: that of the forms.  Copies kvmcore,
 * puts the file into the copy, and compiles.
 */
static const char build[] =
	"set -e\n"
	"file=$(realpath \"$1\"); forms=$(realpath \"$3\"); cd \"$2\"\n"
	"root=$forms/src/learn\n"
	"rm -rf \"$root\" && mkdir -p \"$root\" && cp -r kvmcore \"$root\"\n"
	"cp \"$file\" \"$root/kvmcore/kick/v5.15.c\"\n"
	"kvmcore/build.sh v5.15 x86 \"$forms/v5.15-x86+learn.so\" learn \"$root\"\n";

static int shell(const char *script, const char *file, const char *top)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execl("/bin/sh", "sh", "-c", script, "learn", file, top, form_dir(), (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Where the sources are: above the folder of the program. */
static bool find_top(char top[PATH_MAX])
{
	char script[PATH_MAX + 32];
	ssize_t n = readlink("/proc/self/exe", top, PATH_MAX - 1);

	while (n > 0) {
		top[n] = '\0';
		snprintf(script, sizeof(script), "%s/kvmcore/build.sh", top);
		if (!access(script, X_OK))
			return true;
		while (n > 0 && top[--n] != '/')
			;
	}
	return false;
}

/* Looks for what must not happen on one scenario; prints the first of it. */
static bool lost(const struct learn_lesson *l, const char *scenario, int *ret)
{
	static struct engine engine;
	static struct schedule s;
	static char text[SCHEDULE_TEXT];
	struct run_result result;
	struct config c;
	int worst = -1;

	config_init(&c);
	snprintf(c.kernel, sizeof(c.kernel), "%s", l->kernel);
	snprintf(c.variant, sizeof(c.variant), "learn");
	snprintf(c.scenario, sizeof(c.scenario), "%s", scenario);
	*ret = config_load(&c);
	if (*ret)
		return true;
	run_prepare(&c);
	engine_parse(&engine, "pos");
	for (uint64_t seed = 1; worst < SEVERITY_DEGRADED && seed <= RUNS / 2; seed++) {
		engine_seed(&engine, seed);
		run_once(&engine.chooser, NULL, &result);
		worst = run_severity(&result);
	}
	if (worst < SEVERITY_DEGRADED) {
		printf("%s %s: nothing lost in %u runs\n", term_sign(TERM_GOOD), scenario, RUNS / 2);
		return false;
	}
	schedule_of_run(&s);
	schedule_print(&s, text, sizeof(text));
	for (unsigned int i = 0; i < result.nr_reports; i++)
		if ((int)oracle_info[result.report[i].oracle].severity == worst)
			printf("%s %s: %s\n", term_sign(TERM_BAD), scenario,
			       oracle_info[result.report[i].oracle].name);
	printf("  see it: kicksim run %s --kernel v5.15 --variant learn --schedule '%s' --as race\n",
	       scenario, text);
	return true;
}

int learn_fix(const struct learn_lesson *l, const char *file)
{
	char top[PATH_MAX];
	bool bad;
	int ret;

	printf("Lesson %u/%u  %s\n\n%s\n\nGoal: %s\n\n", LEARN_LESSONS, LEARN_LESSONS, l->title,
	       l->intro, l->task);
	if (!find_top(top))
		return term_error(TERM_EXIT_SYSTEM, "kvmcore/build.sh is not above the program: "
				  "this lesson needs kicksim's source tree");
	if (access(file, F_OK)) {
		if (shell("cp \"$2/kvmcore/kick/v5.15.c\" \"$1\"", file, top))
			return term_error(TERM_EXIT_SYSTEM, "%s: cannot be written", file);
		printf("%s has v5.15's code: edit kvm_vcpu_kick(), then run this again.\n", file);
		return TERM_EXIT_OK;
	}
	if (shell(build, file, top))
		return term_error(TERM_EXIT_USAGE, "%s does not compile: see above", file);
	bad = lost(l, "kick-vs-migrate", &ret);
	if (!ret)
		bad |= lost(l, "two-senders", &ret);
	if (ret)
		return ret;
	if (!bad)
		printf("%s\n", l->moral);
	return bad ? TERM_EXIT_FINDING : TERM_EXIT_OK;
}
