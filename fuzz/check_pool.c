// SPDX-License-Identifier: GPL-2.0-only
/* Items spread over processes, each with a world of its own. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../results/term.h"
#include "check.h"

struct pool {
	struct check *c;
	pid_t pid[CHECK_JOBS];
	unsigned int nr_alive;
	uint64_t shown_ms;
	int ret;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

uint64_t check_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void work(struct check *c, unsigned int worker, unsigned int nr,
		 void (*fn)(struct check *c, unsigned int i),
		 const char *(*name)(const struct check *c, unsigned int i))
{
	struct check_shared *s = c->shared;
	unsigned int i;
	int ret;

	/* The parent decides when an interrupted check ends. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	ret = run_init();
	if (!ret)
		ret = run_confine();
	if (ret)
		_exit(ret);
	while (!s->stop && (i = s->next++) < nr) {
		snprintf(s->doing[worker], sizeof(s->doing[worker]), "%s", name(c, i));
		fn(c, i);
	}
	_exit(0);
}

static void reap(struct pool *p)
{
	unsigned int i;
	pid_t pid;
	int st;

	while (p->nr_alive && (pid = waitpid(-1, &st, WNOHANG)) > 0) {
		p->nr_alive--;
		if (WIFEXITED(st) && !WEXITSTATUS(st))
			continue;
		p->c->shared->stop = 1;
		for (i = 0; i + 1 < p->c->jobs && p->pid[i] != pid; i++)
			;
		if (WIFSIGNALED(st))
			p->ret = term_error(TERM_EXIT_SYSTEM, "%s: the worker died of signal %d (%s)",
					    p->c->shared->doing[i], WTERMSIG(st),
					    strsignal(WTERMSIG(st)));
		else
			p->ret = WEXITSTATUS(st);
	}
}

static void progress(struct pool *p, uint64_t ms)
{
	bool tty = isatty(STDERR_FILENO);
	char runs[16], when[16];

	if (ms - p->shown_ms < (tty ? 250 : 10000))
		return;
	p->shown_ms = ms;
	fprintf(stderr, tty ? "\r\033[K[%s] %s schedules" : "[%s] %s schedules\n",
		term_clock(when, ms / 1000), term_count(runs, p->c->shared->runs));
	fflush(stderr);
}

static void watch(struct pool *p)
{
	const struct timespec tick = { .tv_nsec = 2000000 };
	struct check *c = p->c;

	while (p->nr_alive) {
		uint64_t ms = check_now_ms() - c->ms;

		nanosleep(&tick, NULL);
		reap(p);
		progress(p, ms);
		if (interrupted)
			c->interrupted = true;
		if (c->time_ms && ms >= c->time_ms)
			c->out_of_time = true;
		if (c->interrupted || c->out_of_time)
			c->shared->stop = 1;
	}
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

int check_pool(struct check *c, unsigned int nr, void (*fn)(struct check *c, unsigned int i),
	       const char *(*name)(const struct check *c, unsigned int i))
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct pool p = { .c = c };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	c->shared->next = 0;
	fflush(NULL);
	for (unsigned int i = 0; i < c->jobs && i < nr; i++) {
		pid_t pid = fork();

		if (!pid)
			work(c, i, nr, fn, name);
		if (pid < 0) {
			p.ret = term_error(TERM_EXIT_SYSTEM, "fork: %s: use fewer --jobs",
					   strerror(errno));
			c->shared->stop = 1;
			break;
		}
		p.pid[p.nr_alive++] = pid;
	}
	watch(&p);
	return p.ret;
}
