// SPDX-License-Identifier: GPL-2.0-only
/* Starting and stopping engines. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../results/term.h"
#include "child_priv.h"

const char *const child_name[NR_CHILD_ENGINES] = { "libfuzzer", "afl" };

static const char *const programs[NR_CHILD_ENGINES] = { "kick_libfuzzer", "kick_afl" };

enum { MAX_LEN = 256, GRACE_MS = 2000, MAX_ARGS = 24 };

int child_engine(const char *name)
{
	for (int i = 0; i < NR_CHILD_ENGINES; i++)
		if (!strcmp(child_name[i], name))
			return i;
	return -1;
}

/* Beside the program, or beside the folder that a flavour of it is in. */
const char *child_program(const char *name, char path[PATH_MAX])
{
	char exe[PATH_MAX - 64];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	for (int up = 0; n > 0 && up < 2; up++) {
		exe[n] = '\0';
		*strrchr(exe, '/') = '\0';
		snprintf(path, PATH_MAX, "%s/fuzz/%s", exe, name);
		if (!access(path, R_OK))
			return path;
		n = (ssize_t)strlen(exe);
	}
	snprintf(path, PATH_MAX, "out/fuzz/%s", name);
	return path;
}

static bool is_in_path(const char *name)
{
	const char *dirs = getenv("PATH");
	char path[PATH_MAX];

	while (dirs && *dirs) {
		size_t n = strcspn(dirs, ":");

		snprintf(path, sizeof(path), "%.*s/%s", (int)n, dirs, name);
		if (!access(path, X_OK))
			return true;
		dirs += n + (dirs[n] == ':');
	}
	return false;
}

int child_check(enum child_engine engine)
{
	char path[PATH_MAX];

	if (access(child_program(programs[engine], path), X_OK) ||
	    (engine == CHILD_AFL && access(child_program("kick_mutator.so", path), R_OK)))
		return term_error(TERM_EXIT_SYSTEM, "--engine %s: %s: %s: build it with "
				  "'ninja engines'", child_name[engine], path, strerror(errno));
	if (engine == CHILD_AFL && !is_in_path("afl-fuzz"))
		return term_error(TERM_EXIT_SYSTEM,
				  "--engine afl: no afl-fuzz in PATH: install it with ./setup");
	return 0;
}

/* The folders of the target; the findings' is new and empty. */
static int open_folders(struct child *c, const struct child_options *o)
{
	const struct config *t = o->config;
	char path[PATH_MAX];
	int fd, ret;

	snprintf(c->corpus, sizeof(c->corpus), "%s/%s-%s-%s", o->corpus, t->form->id, t->model,
		 t->scenario);
	snprintf(path, sizeof(path), "%.*s/%s", PATH_MAX - 32, c->corpus, child_name[c->engine]);
	snprintf(c->log, sizeof(c->log), "%.*s/%s-%u.log", PATH_MAX - 32, c->corpus,
		 child_name[c->engine], o->instance);
	ret = child_folders(path);
	if (ret)
		return ret;
	strcpy(c->findings, "/tmp/kicksim-XXXXXX");
	if (!mkdtemp(c->findings))
		return term_error(TERM_EXIT_SYSTEM, "%s: %s", c->findings, strerror(errno));
	snprintf(path, sizeof(path), "%s/progress", c->findings);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0 || ftruncate(fd, sizeof(*c->progress)))
		return term_error(TERM_EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	c->progress = mmap(NULL, sizeof(*c->progress), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return c->progress == MAP_FAILED ?
	       term_error(TERM_EXIT_SYSTEM, "%s: %s", path, strerror(errno)) : 0;
}

/* Words of a command line, all in one buffer. */
struct words {
	char *word[MAX_ARGS];
	unsigned int nr;
	char text[4 * PATH_MAX];
	size_t used;
};

static void __attribute__((format(printf, 2, 3))) add(struct words *w, const char *format, ...)
{
	va_list args;

	assert(w->nr + 1 < MAX_ARGS && w->used < sizeof(w->text));
	w->word[w->nr++] = w->text + w->used;
	va_start(args, format);
	w->used += 1 + (size_t)vsnprintf(w->text + w->used, sizeof(w->text) - w->used, format,
					 args);
	va_end(args);
}

static void libfuzzer_words(struct words *w, const struct child *c, const struct child_options *o,
			    const char *seeds)
{
	char path[PATH_MAX];

	add(w, "%s", child_program(programs[CHILD_LIBFUZZER], path));
	add(w, "-seed=%u", (unsigned int)(o->seed + o->instance) | 1);
	add(w, "-max_len=%d", MAX_LEN);
	add(w, "-len_control=0");
	add(w, "-reload=1");
	add(w, "-handle_term=1");
	add(w, "%s/%s", c->corpus, child_name[CHILD_LIBFUZZER]);
	add(w, "%s", seeds);
	/* What the other engine has. */
	snprintf(path, sizeof(path), "%.*s/afl/default/queue", PATH_MAX - 32, c->corpus);
	if (!access(path, R_OK))
		add(w, "%s", path);
}

static void afl_words(struct words *w, const struct child *c, const struct child_options *o,
		      const char *seeds)
{
	char path[PATH_MAX];

	add(w, "afl-fuzz");
	if (o->nr_instances > 1 && !o->instance) {
		add(w, "-M");
		add(w, "main");
	} else if (o->nr_instances > 1) {
		add(w, "-S");
		add(w, "s%u", o->instance);
	}
	add(w, "-s");
	add(w, "%u", (unsigned int)(o->seed + o->instance) & 0x7fffffff);
	add(w, "-t");
	add(w, "5000");
	add(w, "-i");
	add(w, "%s", seeds);
	add(w, "-o");
	add(w, "%s/%s", c->corpus, child_name[CHILD_AFL]);
	add(w, "--");
	add(w, "%s", child_program(programs[CHILD_AFL], path));
}

/* What the worker ignores and catches must not be the engine's. */
static void become(const struct child *c, const struct child_options *o, char **words)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	int log = open(c->log, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	int null = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	/* afl-fuzz ends its own children only if it is asked politely. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	for (int sig = 1; sig < NSIG; sig++)
		sigaction(sig, &dfl, NULL);
	dup2(null, 0);
	dup2(log, 1);
	dup2(log, 2);
	closefrom(3);
	child_environment(c, o);
	execvp(words[0], words);
	dprintf(2, "%s: %s\n", words[0], strerror(errno));
	_exit(127);
}

int child_run(const struct child *c, const struct child_options *o, char **words)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		become(c, o, words);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		return term_error(TERM_EXIT_SYSTEM, "%s %s failed: see %s", words[0], words[1],
				  c->log);
	return 0;
}

int child_start(struct child *c, enum child_engine engine, const struct child_options *o)
{
	static struct words w;
	char path[PATH_MAX];
	const char *seeds;
	int ret;

	memset(c, 0, sizeof(*c));
	w.nr = w.used = 0;
	c->engine = engine;
	ret = open_folders(c, o);
	if (ret)
		return ret;
	seeds = child_seeds(c, path);
	if (!seeds)
		return term_error(TERM_EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	if (engine == CHILD_AFL)
		afl_words(&w, c, o, seeds);
	else
		libfuzzer_words(&w, c, o, seeds);
	w.word[w.nr] = NULL;
	c->pid = fork();
	if (!c->pid)
		become(c, o, w.word);
	return c->pid > 0 ? 0 : term_error(TERM_EXIT_SYSTEM, "fork: %s: use fewer --jobs",
					   strerror(errno));
}

bool child_alive(struct child *c, int *status)
{
	if (c->pid <= 0)
		return false;
	if (waitpid(c->pid, status, WNOHANG) != c->pid)
		return true;
	c->pid = 0;
	return false;
}

void child_remove(const char *path)
{
	char file[PATH_MAX];
	DIR *dir = opendir(path);

	for (struct dirent *d; dir && (d = readdir(dir)); ) {
		snprintf(file, sizeof(file), "%s/%s", path, d->d_name);
		unlink(file);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

void child_stop(struct child *c)
{
	int status;

	if (c->pid > 0)
		kill(c->pid, SIGTERM);
	for (int ms = 0; child_alive(c, &status); ms += 5) {
		if (ms == GRACE_MS)
			kill(-c->pid, SIGKILL);
		usleep(5000);
	}
	if (c->progress && c->progress != MAP_FAILED)
		munmap(c->progress, sizeof(*c->progress));
	c->progress = NULL;
	child_remove(c->findings);
}

uint64_t child_cpu_ns(const struct child *c)
{
	uint64_t own = c->progress->cpu_ns;
	struct timespec t;
	clockid_t clock;

	/* libFuzzer is the harness; afl-fuzz is a process beside it. */
	if (c->engine != CHILD_AFL || c->pid <= 0 || clock_getcpuclockid(c->pid, &clock) ||
	    clock_gettime(clock, &t))
		return own;
	return own + (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
