/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A harness is kicksim as a fuzzer's target: bytes go in, a map of features comes
 * out, and a run that breaks a rule is a crash.
 *
 * libFuzzer and AFL++ have one each, of a few lines; all they share is here.
 * What to run comes from options, --kernel=v5.15 and the like, which are taken
 * out of the command line, or from the environment, KICKSIM_KERNEL: a flag wins,
 * and is put into the environment for the processes that the engine starts.
 *
 * By hand a finding at or above --min-severity prints how to replay it and
 * aborts, as engines expect.  With --findings=FOLDER, as a campaign has it, each
 * new finding becomes a file there, the exact bytes of its one run, and the
 * search goes on; counts are kept in FOLDER/progress.
 *
 * Features, and the seeds of batches, depend on the input alone; which inputs the
 * mutator makes, on what has been run, too.
 */
#ifndef FUZZ_HARNESS_H
#define FUZZ_HARNESS_H

#include <stdatomic.h>
#include "bytes.h"
#include "feature.h"
#include "lead.h"
#include "memo.h"
#include "run.h"

enum {
	HARNESS_TARGETS = 16,
	/*
	 * log2 of the runs of an execution, while there is much that is new.  libFuzzer's
	 * own share of one is some microseconds, a run takes 2 to 3; AFL++'s is tens.
	 */
	HARNESS_LIBFUZZER_BATCH = 3,
	HARNESS_AFL_BATCH = 6,
};

/* Counts of all processes that work on one folder; the file is this struct. */
struct harness_progress {
	_Atomic uint64_t executions, runs, steps, cpu_ns;
	_Atomic uint64_t repeats;	/* that were not run (branch.h) */
	_Atomic uint64_t hits[NR_ORACLES];	/* runs that break the rule */
	_Atomic uint64_t newest;	/* executions up to the last new feature */
	_Atomic uint8_t map[FEATURE_MAP_SIZE];	/* of one execution in some */
};

struct harness {
	struct config target[HARNESS_TARGETS];
	uint32_t tag[HARNESS_TARGETS];
	unsigned int nr_targets;
	bool swarm;			/* numbers are drawn, too */
	unsigned int batch_shift;	/* of inputs that the mutator makes first */
	bool batch_grows;		/* nobody has said how large they are */
	uint64_t max_runs;		/* then the process ends; 0: the engine says */
	int min_severity;
	int until;			/* the one oracle that counts, or -1 */
	unsigned int kinds;		/* of features */
	const char *findings;		/* folder, or NULL */
};

extern struct harness harness;

/*
 * Reads options and environment, loads the targets and maps the world.  @batch:
 * log2 of the runs of one input, unless they say otherwise.  Returns 0 or an exit
 * code, with a line.
 */
int harness_init(int *argc, char **argv, unsigned int batch);
/*
 * Runs all that the input stands for; features of the first run are set in @map,
 * what the others find that is new to this process goes to the mutator (lead.h).
 */
void harness_run(const uint8_t *data, size_t size, volatile uint8_t *map);
/* The states that the input's first run goes through; good until the next call. */
const struct mutate_states *harness_states(const struct bytes *b);
/* log2 of the runs that the next input is to stand for. */
unsigned int harness_next_batch(void);
/* The next lead, if there is one. */
bool harness_lead(struct bytes *b);
/* A new input from @data, or from it and @other; returns its length. */
size_t harness_mutate(uint8_t *out, size_t max, const uint8_t *data, size_t size,
		      const uint8_t *other, size_t other_size, uint64_t seed);
/*
 * For replay: the target that @data names among those of the environment, or among
 * all forms there are; and the schedule of its worst run.  0, or an exit code.
 */
int harness_decode(const uint8_t *data, size_t size, struct config *c, struct schedule *s);

#endif
