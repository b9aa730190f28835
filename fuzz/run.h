/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run is one configuration under one chooser, and what came of it.
 *
 * run_prepare() sets the world up for a configuration; run_once() then runs as
 * many schedules of it as wanted.  A fault in the code under test ends the run
 * with the oops verdict and leaves kicksim intact.  The result of a run is its
 * end, its trace hash and its reports; the schedule is in the world until the
 * next run.
 *
 * A report's signature names the broken rule and its places independent of the
 * schedule: that is what makes two findings one.
 */
#ifndef FUZZ_RUN_H
#define FUZZ_RUN_H

#include "config.h"
#include "schedule.h"
#include "../sim/mark.h"
#include "../sim/trace.h"

struct run_result {
	enum run_end end;
	uint64_t hash;			/* of the trace, with the reports */
	uint64_t now;			/* simulated ns */
	uint32_t steps, nr_choices, nr_reports, fired;
	struct report report[MAX_REPORTS];
};

/*
 * If foreign code is to run: gives up what the process needs no more, once all its
 * files are open.  0, or an exit code.
 */
int run_confine(void);
/* The same for who writes files while it runs: they stay, the rest goes. */
int run_confine_but_files(void);
/* Maps the world and installs the fault handlers, the first time.  0, or an exit code. */
int run_init(void);
/* In a process that was forked after it: an endless loop would go unnoticed there. */
int run_watch(void);
void run_prepare(const struct config *c);
void run_once(struct chooser *chooser, struct trace *trace, struct run_result *result);
/* mark_go_on() and mark_return(), for a run that came back with RUN_GOES_ON. */
void run_go_on(struct run_result *result);
void run_return(struct mark *m, struct run_result *result);
/* snapshot_start() and snapshot_resume(), with faults of the code under test caught. */
enum run_end run_start(struct snapshot_run *run);
enum run_end run_resume(struct snapshot_run *run, uint32_t answer);
/* Replays @s; false if it does not fit, with the reason in @why. */
bool run_schedule(const struct schedule *s, struct trace *trace, struct run_result *result,
		  char *why, size_t why_size);

/*
 * The run just made again, from its schedule: 1 if its trace is the same, 0 if it is
 * another one, a bug of ours; -1: the schedule is too long to be kept.
 */
int run_repeats(const struct run_result *r);

/* The highest severity among the reports, or -1. */
int run_severity(const struct run_result *r);
/*
 * "lost-kick v5.15 x86 sc - kvm_vcpu_kick:3:send_reschedule ..." into @buf: the
 * oracle, what was under test, and the places (functions of a race in strcmp()
 * order).
 */
const char *report_signature(const struct config *c, const struct report *r, char *buf,
			     size_t size);
/* "LOST-KICK in kvm_vcpu_kick (vcpu 0)" for people. */
const char *report_title(const struct config *c, const struct report *r, char *buf, size_t size);

#endif
