/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A diff runs two kernel forms under the same schedules and compares what they do,
 * access by access.
 *
 * Two traces are the same if record for record the actor, the kind, the object's
 * field, the size, the ordering, the values and the function are; files, lines and
 * addresses are nobody's business.  A record is compared by a key made of names,
 * so that a field may lie elsewhere in the other form; a pointer's value is what it
 * points to.
 *
 * Schedules come from an engine and a seed: as long as both sides ask for the same
 * choices they get the same answers, and where they part the trace says so.  There
 * is one world, so one side runs a batch and then the other; diff_text() needs the
 * world of the side that it is about.
 */
#ifndef FUZZ_DIFF_H
#define FUZZ_DIFF_H

#include "engine.h"
#include "run.h"

enum { DIFF_RECORDS = 1 << 15, DIFF_TEXT = 512 };

/* What one form did, and how much of what. */
struct diff_side {
	struct config config;
	struct engine engine;
	struct trace trace;
	uint64_t word[SHARED_MAX];	/* key of the name of each byte, or 0: not asked yet */
	uint64_t *site;			/* key of each site's function */
	uint64_t runs, calls, ipis, cmpxchgs, hits[NR_ORACLES];
};

/* An exit code. */
int diff_open(struct diff_side *s, const struct config *c);
void diff_close(struct diff_side *s);
/* Sets the world up for the side's configuration. */
void diff_prepare(struct diff_side *s);
/* Runs once; returns the key of the whole run.  @counted: into the sums, too. */
uint64_t diff_run(struct diff_side *s, struct chooser *chooser, bool counted);
/* The key of record @i of the last run. */
uint64_t diff_key(struct diff_side *s, uint32_t i);
/* "pCPU1 kicker0: cpu = vcpu0->cpu (0) in kvm_vcpu_kick(), virt/kvm/kvm_main.c:3638" */
const char *diff_text(struct diff_side *s, uint32_t i, char *buf);

#endif
