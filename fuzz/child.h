/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A child is a fuzzing engine at work: libFuzzer's or AFL++'s process on one
 * target, started and stopped by a campaign's worker.
 *
 * What the engine has to know goes through the environment of harness.h.  It
 * works in folders below the campaign's corpus, one for each target:
 *
 *	FORM-MODEL-SCENARIO/libfuzzer/	inputs, shared by all jobs
 *	FORM-MODEL-SCENARIO/afl/	what afl-fuzz keeps, one folder an instance
 *	FORM-MODEL-SCENARIO/ENGINE-N.log
 *
 * and they stay, so that the next campaign goes on where this one ended.  What
 * it finds goes to a folder of its own, which child_stop() removes.
 *
 * A child is in a process group of its own: Ctrl-C is the campaign's business.
 */
#ifndef FUZZ_CHILD_H
#define FUZZ_CHILD_H

#include <limits.h>
#include <sys/types.h>
#include "harness.h"

enum child_engine { CHILD_LIBFUZZER, CHILD_AFL, NR_CHILD_ENGINES };

extern const char *const child_name[NR_CHILD_ENGINES];

struct child {
	enum child_engine engine;
	pid_t pid;
	char corpus[PATH_MAX];		/* of the target, of all engines */
	char log[PATH_MAX];
	char findings[64];
	struct harness_progress *progress;
};

struct child_options {
	const char *corpus;		/* of the campaign */
	const struct config *config;
	bool swarm;
	unsigned int instance, nr_instances;	/* of this engine on this target */
	uint64_t seed, max_runs;	/* 0: no limit */
	int min_severity;
	int until;			/* oracle, or -1 */
};

/* -1: no engine of this name. */
int child_engine(const char *name);
/* Whether its programs are there; 0, or 4 with a line that says what to do. */
int child_check(enum child_engine engine);
/* 0 or an exit code with a line on stderr. */
int child_start(struct child *c, enum child_engine engine, const struct child_options *o);
/* True while it runs; else *@status is its wait status. */
bool child_alive(struct child *c, int *status);
/* Ends it if need be, and what its folder of findings holds is gone. */
void child_stop(struct child *c);
/* CPU time so far of engine and harness, in ns. */
uint64_t child_cpu_ns(const struct child *c);
/* Keeps the smallest set of inputs that has all features; 0 or an exit code. */
int child_merge(const struct child_options *o);

#endif
