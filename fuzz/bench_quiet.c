// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs ask nothing of the system: no call, no allocation, no more memory.
 *
 * Allocations are counted by standing in for the C library's functions.  System
 * calls are seen by strace, in a process of its own that does the same runs
 * between two calls which do nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../results/term.h"
#include "bench.h"
#include "engine.h"
#include "run.h"

enum { QUIET_RUNS = 100000 };

static uint64_t nr_allocations;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t nr, size_t size);
void *__libc_realloc(void *p, size_t size);

void *malloc(size_t size)
{
	nr_allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t nr, size_t size)
{
	nr_allocations++;
	return __libc_calloc(nr, size);
}

void *realloc(void *p, size_t size)
{
	nr_allocations++;
	return __libc_realloc(p, size);
}

uint64_t bench_nr_allocations(void)
{
	return nr_allocations;
}

static void runs(uint64_t seed)
{
	struct run_result result;
	struct engine engine;

	engine_parse(&engine, "random");
	for (unsigned int i = 0; i < QUIET_RUNS; i++) {
		engine_seed(&engine, seed + i);
		run_once(&engine.chooser, NULL, &result);
	}
}

int bench_quiet_runs(void)
{
	struct config c;

	config_init(&c);
	strcpy(c.scenario, "kick-vs-migrate");
	if (config_load(&c))
		return TERM_EXIT_SYSTEM;
	run_prepare(&c);
	runs(0);
	syscall(SYS_getppid);
	runs(QUIET_RUNS);
	syscall(SYS_getppid);
	return 0;
}

/*
 * Pages of this process's own that are in memory: those of files come and go as
 * the kernel likes.  0: nobody tells.
 */
static long pages_resident(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	long resident, shared;

	if (!f)
		return 0;
	if (fscanf(f, "%*d %ld %ld", &resident, &shared) != 2)
		resident = shared = 0;
	fclose(f);
	return resident - shared;
}

/* The lines between the two calls of getppid(); -1: there are not two. */
static int calls_between(FILE *trace, char *first, int size)
{
	char line[256];
	int nr = 0, marks = 0;

	rewind(trace);
	while (fgets(line, sizeof(line), trace)) {
		if (strstr(line, "getppid(")) {
			marks++;
		} else if (marks == 1) {
			if (!nr++)
				snprintf(first, (size_t)size, "%s", line);
		}
	}
	return marks == 2 ? nr : -1;
}

/* -1: strace is not there, or may not trace. */
static int calls_count(char *first, int size)
{
	char self[4096], out[64];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int fd = memfd_create("strace", 0), status, nr;
	FILE *trace;
	pid_t pid;

	if (n < 0 || fd < 0)
		return -1;
	self[n] = '\0';
	snprintf(out, sizeof(out), "/proc/self/fd/%d", fd);
	fflush(NULL);
	pid = fork();
	if (!pid) {
		execlp("strace", "strace", "-f", "-qq", "-e", "signal=none", "-o", out, self,
		       "--runs-only", NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status) {
		close(fd);
		return -1;
	}
	trace = fdopen(fd, "r");
	if (!trace)
		return -1;
	nr = calls_between(trace, first, size);
	fclose(trace);
	return nr;
}

int bench_quiet(void)
{
	long pages_before, pages;
	uint64_t allocations;
	char first[256] = "";
	int ret = bench_quiet_runs(), calls;

	if (ret)
		return ret;
	pages_resident();		/* the first call makes room for its own needs */
	pages_before = pages_resident();
	allocations = nr_allocations;
	runs(0);
	allocations = nr_allocations - allocations;
	pages = pages_resident() - pages_before;
	calls = calls_count(first, sizeof(first));
	printf("in %d runs: %lu allocations, %ld more pages in memory, ", QUIET_RUNS,
	       (unsigned long)allocations, pages);
	if (calls < 0)
		printf("system calls not looked at: strace is missing or may not trace\n");
	else
		printf("%d system calls\n", calls);
	if (!allocations && pages <= 0 && calls <= 0)
		return 0;
	return term_error(TERM_EXIT_FINDING, "runs are not quiet%s%s", *first ? ": " : "", first);
}
