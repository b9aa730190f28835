// SPDX-License-Identifier: GPL-2.0-only
/* The parent of a campaign: starts workers, prints what they find, ends well. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../results/term.h"
#include "campaign.h"

struct parent {
	struct campaign *c;
	struct store store;
	pid_t pid[CAMPAIGN_JOBS];
	unsigned int nr_alive;
	uint64_t start_ms, last_ms, sampled_ms, status_ms;
	unsigned int nr_new, nr_known;
	int worst, ret;
};

static volatile sig_atomic_t interrupted, status_wanted;

static void on_signal(int sig)
{
	if (sig == SIGUSR1)
		status_wanted = 1;
	else
		interrupted = interrupted + 1;
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static int store_fail(const struct store *s, int code)
{
	return term_error(store_exit_code(code), "%s", s->err);
}

/* Numbers that the user gave; all targets share them. */
static size_t numbers_json(const struct config *c, char *buf, size_t size)
{
	size_t n = (size_t)snprintf(buf, size, ",\"numbers\":{");
	const char *comma = "";

	for (unsigned int i = 0; i < nr_config_fields; i++) {
		if (!(c->given >> i & 1))
			continue;
		n += (size_t)snprintf(buf + n, size - n, "%s\"%s\":%u", comma,
				      config_fields[i].name, config_number(c, i));
		comma = ",";
	}
	return n + (size_t)snprintf(buf + n, size - n, "}");
}

/* What ran, for the database: repetitions differ in the seed alone. */
static void campaign_json(const struct campaign *c, char *buf, size_t size)
{
	size_t n = (size_t)snprintf(buf, size, "{\"seed\":\"%llu\",\"time_ms\":%llu,"
				    "\"runs\":%llu",
				    (unsigned long long)c->seed, (unsigned long long)c->time_ms,
				    (unsigned long long)c->max_runs);

	if (c->until >= 0)
		n += (size_t)snprintf(buf + n, size - n, ",\"until\":\"%s\"",
				      oracle_info[c->until].name);
	if (c->target[0].config.given)
		n += numbers_json(&c->target[0].config, buf + n, size - n);
	n += (size_t)snprintf(buf + n, size - n, ",\"targets\":[");
	for (unsigned int i = 0; i < c->nr_targets; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s\"%s %s\"", i ? "," : "",
				      c->target[i].config.form->id, c->target[i].config.scenario);
	snprintf(buf + n, size - n, "]}");
}

static void engines_text(const struct campaign *c, char *buf, size_t size)
{
	size_t n = 0;

	*buf = '\0';
	for (unsigned int i = 0; i < c->nr_engines; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s%s", i ? "," : "", c->engine[i]);
}

/* The campaign's row, before anybody writes findings of it. */
static int begin(struct parent *p)
{
	static char json[CAMPAIGN_TARGETS * 100];
	struct campaign *c = p->c;
	char engines[128], core[40];
	int ret = store_open(&p->store, c->db, STORE_WRITE);

	if (ret)
		return store_fail(&p->store, ret);
	campaign_json(c, json, sizeof(json));
	engines_text(c, engines, sizeof(engines));
	for (unsigned int i = 0; !ret && i < c->nr_targets; i++)
		ret = store_core(&p->store, &(struct store_core){
			config_core(&c->target[i].config, core, sizeof(core)), KICKSIM_VERSION,
			c->target[i].config.form->id });
	if (!ret)
		ret = store_meta(&p->store, "schedule-format",
				 "position:answer/bound and the letter of the choice's kind");
	if (!ret)
		ret = store_campaign_begin(&p->store, &(struct store_campaign){
			engines, json, config_core(&c->target[0].config, core, sizeof(core)),
			(int)c->jobs }, c->id);
	if (ret)
		ret = store_fail(&p->store, ret);
	store_close(&p->store);
	return ret;
}

static void totals(const struct parent *p, struct store_sample *t)
{
	const struct campaign_shared *s = p->c->shared;

	*t = (struct store_sample){
		.t_ms = (int64_t)(now_ms() - p->start_ms),
		.runs = (int64_t)s->runs,
		.events = (int64_t)s->steps,
		.states = (int64_t)s->nr_states,
		.findings = p->nr_new + p->nr_known,
		.cpu_ns = (int64_t)s->cpu_ns,
	};
}

static int spawn(struct parent *p, int fds[2])
{
	fflush(NULL);
	for (unsigned int i = 0; i < p->c->jobs; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return term_error(TERM_EXIT_SYSTEM, "fork: %s: use fewer --jobs",
					  strerror(errno));
		if (!pid) {
			close(fds[0]);
			campaign_worker(p->c, i, fds[1]);
		}
		p->pid[p->nr_alive++] = pid;
	}
	return 0;
}

static void take_message(struct parent *p, const struct campaign_message *m)
{
	if (m->failed) {
		p->ret = TERM_EXIT_SYSTEM;
		p->c->shared->stop = 1;
		term_error(TERM_EXIT_SYSTEM, "%s", m->title);
		return;
	}
	if (m->is_new)
		p->nr_new++;
	else
		p->nr_known++;
	p->last_ms = now_ms();
	if (m->severity > p->worst)
		p->worst = m->severity;
	if (m->is_new)
		campaign_print_finding(p->c, m);
}

/* True as soon as there is a reason to end. */
static bool is_over(const struct parent *p, uint64_t ms)
{
	const struct campaign *c = p->c;

	/* With --runs the workers end by themselves. */
	return interrupted || (c->time_ms && ms >= c->time_ms);
}

static void status(struct parent *p, uint64_t ms)
{
	bool tty = isatty(STDERR_FILENO);

	if (!status_wanted && ms - p->status_ms < (tty ? 250 : 10000))
		return;
	status_wanted = 0;
	p->status_ms = ms;
	campaign_print_status(p->c, ms, p->nr_new + p->nr_known, p->worst,
			      p->last_ms ? p->last_ms - p->start_ms : 0, false);
}

static void sample(struct parent *p, uint64_t ms)
{
	struct store_sample t;
	int ret;

	if (ms - p->sampled_ms < 1000 || p->ret)
		return;
	p->sampled_ms = ms;
	totals(p, &t);
	ret = store_campaign_sample(&p->store, p->c->id, &t);
	if (ret) {
		p->ret = store_fail(&p->store, ret);
		p->c->shared->stop = 1;
	}
}

static void reap(struct parent *p, int options)
{
	int st;
	pid_t pid;

	while (p->nr_alive && (pid = waitpid(-1, &st, options)) > 0) {
		p->nr_alive--;
		if (WIFEXITED(st) && !WEXITSTATUS(st))
			continue;
		p->c->shared->stop = 1;
		if (WIFSIGNALED(st))
			p->ret = term_error(TERM_EXIT_SYSTEM, "worker %d died of signal %d (%s)",
					    (int)pid, WTERMSIG(st), strsignal(WTERMSIG(st)));
		else
			p->ret = WEXITSTATUS(st);
	}
}

static void watch(struct parent *p, int fd)
{
	struct campaign_message m;
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	uint64_t ms;

	/* The pipe ends when the last worker has. */
	for (;;) {
		if (poll(&poll_fd, 1, 50) > 0) {
			if (read(fd, &m, sizeof(m)) != (ssize_t)sizeof(m))
				break;
			take_message(p, &m);
			continue;
		}
		ms = now_ms() - p->start_ms;
		if (is_over(p, ms))
			p->c->shared->stop = 1;
		status(p, ms);
		sample(p, ms);
		reap(p, WNOHANG);
		if (interrupted > 1) {
			for (unsigned int i = 0; i < p->c->jobs; i++)
				kill(p->pid[i], SIGKILL);
			p->nr_alive = 0;
			break;
		}
	}
	reap(p, 0);
}

static int finish(struct parent *p, int fail_on)
{
	struct store_sample t;
	uint64_t ms = now_ms() - p->start_ms;
	int ret;

	totals(p, &t);
	ret = campaign_cover_store(p->c, &p->store);
	if (!ret)
		ret = store_campaign_end(&p->store, p->c->id, !interrupted && !p->ret, &t);
	if (ret && !p->ret)
		p->ret = store_fail(&p->store, ret);
	store_close(&p->store);
	campaign_print_status(p->c, ms, p->nr_new + p->nr_known, p->worst,
			      p->last_ms ? p->last_ms - p->start_ms : 0, true);
	campaign_print_summary(p->c, ms, p->nr_new, p->nr_known, interrupted);
	if (interrupted)
		return 130;
	if (p->ret)
		return p->ret;
	return fail_on >= 0 && p->worst >= fail_on ? TERM_EXIT_FINDING : TERM_EXIT_OK;
}

int campaign_run(struct campaign *c, int fail_on)
{
	struct parent p = { .c = c, .worst = -1 };
	struct sigaction sa = { .sa_handler = on_signal };
	int fds[2], ret;

	c->shared = mmap(NULL, sizeof(*c->shared), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	c->census = mmap(NULL, c->nr_targets * sizeof(*c->census), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (c->shared == MAP_FAILED || c->census == MAP_FAILED || pipe(fds))
		return term_error(TERM_EXIT_SYSTEM, "no memory or pipe: %s", strerror(errno));
	ret = begin(&p);
	if (ret)
		return ret;
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	p.start_ms = now_ms();
	ret = spawn(&p, fds);
	close(fds[1]);
	if (!ret)
		ret = store_open(&p.store, c->db, STORE_WRITE);
	if (ret) {
		c->shared->stop = 1;
		return p.store.db ? ret : store_fail(&p.store, ret);
	}
	watch(&p, fds[0]);
	return finish(&p, fail_on);
}
