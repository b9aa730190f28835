// SPDX-License-Identifier: GPL-2.0-only
/* The processes of a search: what they share, and how they wait for each other. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "prove_search.h"

enum { CLAIM_MORE = 15 };		/* places in the set */

static struct prove_shared *begun;	/* whose children SIGCHLD is about */
static pid_t child[PROVE_JOBS];
static unsigned int nr_children;
static struct sigaction before;

static size_t shared_size(const struct prove *p)
{
	return sizeof(struct prove_shared) + p->jobs * sizeof(struct prove);
}

struct prove_shared *jobs_map(const struct prove *p)
{
	struct prove_shared *shared = mmap(NULL, shared_size(p), PROT_READ | PROT_WRITE,
					   MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (shared == MAP_FAILED)
		return NULL;
	if (!table_init(&shared->table, p->max_bytes, p->jobs > 1)) {
		munmap(shared, shared_size(p));
		return NULL;
	}
	gate_init(&shared->gate, p->jobs);
	futures_reset(&shared->known);
	for (unsigned int i = 0; i < p->jobs; i++) {
		struct prove *w = &shared->worker[i];

		w->config = p->config;
		w->max_bytes = p->max_bytes;
		w->reached = p->reached;
		w->happens = p->happens;
		w->arg = p->arg;
		w->keep_dead = p->keep_dead;
	}
	return shared;
}

void jobs_free(struct prove_shared *shared, const struct prove *p)
{
	table_free(&shared->table);
	munmap(shared, shared_size(p));
}

/* Whoever is gone before its time leaves the others waiting: all end. */
static void on_child(int sig)
{
	int status, saved = errno;

	(void)sig;
	while (waitpid(-1, &status, WNOHANG) > 0) {
		if (WIFEXITED(status) && !WEXITSTATUS(status))
			continue;
		begun->died = (uint32_t)status;
		begun->gate.broken = 1;
		begun->halt = 1;
		for (unsigned int i = 0; i < nr_children; i++)
			kill(child[i], SIGKILL);
	}
	errno = saved;
}

static __attribute__((noreturn)) void be_child(struct search *s, unsigned int me,
					       void (*work)(struct search *s))
{
	/* The whole group gets a Ctrl-C, and the first process says what follows. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	run_watch();
	s->me = me;
	s->p = &s->shared->worker[me];
	work(s);
	_exit(0);
}

bool jobs_begin(struct search *s, void (*work)(struct search *s))
{
	/* On a stack of its own: what is below a fiber's stack pointer shows in hashes. */
	struct sigaction sa = { .sa_handler = on_child, .sa_flags = SA_ONSTACK | SA_RESTART };

	begun = s->shared;
	nr_children = 0;
	sigaction(SIGCHLD, &sa, &before);
	fflush(NULL);
	for (unsigned int i = 1; i < s->shared->gate.members; i++) {
		pid_t pid = fork();

		if (!pid)
			be_child(s, i, work);
		if (pid < 0) {
			s->shared->gate.broken = 1;
			search_stop(s, PROVE_NO_PROCESS);
			return false;
		}
		child[nr_children++] = pid;
	}
	return true;
}

void jobs_end(struct search *s)
{
	int status;

	sigaction(SIGCHLD, &before, NULL);
	/* Those that have not been waited for by the handler. */
	for (unsigned int i = 0; i < nr_children; i++) {
		if (s->shared->gate.broken)
			kill(child[i], SIGKILL);
		if (waitpid(child[i], &status, 0) == child[i] && status && !s->shared->died)
			s->shared->died = (uint32_t)status;
	}
	nr_children = 0;
	if (s->shared->died)
		s->shared->stop = PROVE_DIED;
}

void jobs_share(struct search *s)
{
	struct prove_shared *shared = s->shared;

	if (!s->reduce)
		return;
	while (atomic_flag_test_and_set(&shared->knowing))
		gate_rest();
	futures_learn(&shared->known, &s->reduce->known);
	futures_learn(&s->reduce->known, &shared->known);
	shared->nr_told += s->reduce->known.grown;
	s->reduce->known.grown = false;
	s->nr_told = shared->nr_told;
	atomic_flag_clear(&shared->knowing);
}

void jobs_tell(struct search *s)
{
	if (s->shared->gate.members > 1 && s->reduce &&
	    (s->reduce->known.grown || s->nr_told != s->shared->nr_told))
		jobs_share(s);
}

void jobs_pass(struct search *s)
{
	struct prove_shared *shared = s->shared;

	if (__builtin_expect(atomic_load_explicit(&shared->gate.closed, memory_order_relaxed), 0)) {
		jobs_share(s);
		gate_park(&shared->gate);
	}
	s->over |= atomic_load_explicit(&shared->halt, memory_order_relaxed);
}

bool jobs_be_alone(struct search *s)
{
	jobs_share(s);
	return gate_close(&s->shared->gate);
}

/* Several processes claim more than they need, for they wait for each other's claims. */
bool jobs_claim(struct search *s, size_t nr)
{
	struct prove_shared *shared = s->shared;
	size_t want, max = s->p->max_bytes;
	bool fits = true;

	if (s->room >= nr)
		return true;
	want = nr - s->room + (shared->gate.members > 1 ? CLAIM_MORE : 0);
	while (fits && !table_claim(&shared->table, want)) {
		if (!jobs_be_alone(s))
			continue;
		fits = shared->private_bytes < max &&
		       table_make_room(&shared->table, want, max - shared->private_bytes);
		gate_open(&shared->gate);
	}
	if (fits)
		s->room += want;
	else
		search_stop(s, PROVE_MEMORY);
	return fits;
}

bool jobs_take_bytes(struct search *s, size_t nr)
{
	size_t all;

	/* All processes look at what is beside this number, all the time. */
	if (!nr)
		return true;
	all = atomic_fetch_add(&s->shared->private_bytes, nr) + nr;
	return all + table_bytes(&s->shared->table) <= s->p->max_bytes;
}
