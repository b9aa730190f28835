/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by the files that run a litmus test.
 *
 * A state is a place in each process's code, the registers with the instant
 * that each derives from, and a struct mem; nothing else decides what comes.
 * litmus_settle() takes the steps that no other process can notice or disturb,
 * so that states of the search differ in what matters; what remains is to pick
 * a process (and an answer), or a store that commits.
 */
#ifndef FUZZ_LITMUS_RUN_H
#define FUZZ_LITMUS_RUN_H

#include "litmus.h"

#define LITMUS_ALL_REGS (LITMUS_PROCS_MAX * LITMUS_REGS_MAX)

struct lit_state {
	uint16_t pc[LITMUS_PROCS_MAX];
	uint64_t plain_reads[LITMUS_PROCS_MAX];	/* since the last fence */
	uint32_t plain_after[LITMUS_PROCS_MAX];	/* fences hold stores after */
	int64_t value[LITMUS_ALL_REGS];
	uint32_t dep[LITMUS_ALL_REGS];
	struct mem mem;
};

struct lit_run {
	const struct litmus *t;
	struct mem_opts opts;
	unsigned int base[LITMUS_PROCS_MAX];	/* of a process's registers */
	unsigned int nr_regs;			/* of all processes */
	bool look_for_races;
	struct litmus_result *result;
};

/* litmus_step.c */
void lit_start(struct lit_run *run, struct lit_state *s);
/* False after a fault, which is then in the result. */
bool lit_settle(struct lit_run *run, struct lit_state *s);
const struct litmus_insn *lit_insn(const struct lit_run *run,
				   const struct lit_state *s,
				   unsigned int proc);
/* The location that the process's next instruction is about, or -1. */
int lit_target(const struct lit_run *run, const struct lit_state *s,
	       unsigned int proc);
/* Is the next step of @proc one that no other process can ever influence? */
bool lit_is_private(const struct lit_run *run, const struct lit_state *s,
		    unsigned int proc);
bool lit_is_final(const struct lit_run *run, const struct lit_state *s);
/* Locations that other processes than @proc may still read, or write. */
uint64_t lit_others_touch(const struct lit_run *run, const struct lit_state *s,
			  unsigned int proc, bool stores_only);
void lit_fault(struct lit_run *run, const struct litmus_insn *insn,
	       const char *text);

/* litmus_access.c: the next instruction of @proc accesses memory */
unsigned int lit_choices(const struct lit_run *run, const struct lit_state *s,
			 unsigned int proc);
void lit_act(struct lit_run *run, struct lit_state *s, unsigned int proc,
	     unsigned int answer);
int64_t lit_compute(unsigned int kind, int64_t a, int64_t b, bool *undefined);

/* litmus_race.c */
void lit_race_states(struct lit_run *run, const struct lit_state *s);
void lit_race_access(struct lit_run *run, struct lit_state *s,
		     unsigned int proc, unsigned int loc);
/* A store became visible, by a commit or by a full RMW. */
void lit_race_commit(struct lit_run *run, struct lit_state *s,
		     unsigned int proc, unsigned int loc);

/* litmus_pack.c */
size_t lit_pack(const struct lit_run *run, const struct lit_state *s,
		unsigned char *to);
void lit_unpack(const struct lit_run *run, const unsigned char *from,
		struct lit_state *s);

#endif
