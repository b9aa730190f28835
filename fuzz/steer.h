/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A steer is an engine that is held to orders: of all runs it draws those in
 * which this step comes before that one, or the other way round.
 *
 * A step is found again in another run by what it is: who makes it (a task, or
 * the interrupt handlers of a pCPU), at which site, in which phase (how often it
 * has moved, which mode its vCPU has stored last) and for the how many-th time in
 * such a phase (a mark in a stream of such steps); a buffered store's becoming
 * visible by its word.  Steps are counted in the trace that the run leaves, so each run needs
 * one.  To hold a step is not to choose its event as long as anything else can
 * happen.
 *
 * Each order, load and wish has a force.  What is kept is kept if possible: once
 * nothing else can go on it is given up.  What is turned round is turned round,
 * or the run is void and says nothing: what comes after may depend on it.
 *
 * A load that an order has come late gives the newest value: else it could be
 * late and still see what was before.
 *
 * Begin, add, set forces; then steer_run() as often as wanted.
 */
#ifndef FUZZ_STEER_H
#define FUZZ_STEER_H

#include "engine.h"
#include "run.h"

enum {
	STEER_ORDERS = 64,		/* one bit each */
	STEER_STREAMS = 2 * STEER_ORDERS + 32,
	STEER_LOADS = 8, STEER_WISHES = 8, STEER_OTHERS = 64,
	STEER_ENGINES = 2,
	STEER_RECORDS = 4096,		/* of one run; longer ones are void */
};

enum steer_kind {
	STEER_STEP,			/* actor, site, off: phase */
	STEER_DRAIN,			/* actor: pCPU, off: word */
	STEER_OUT,			/* actor: task, which moves to another pCPU */
	STEER_EXIT,			/* actor: task of a vCPU whose guest leaves by itself */
};

struct steer_stream {
	uint8_t kind, actor;
	uint16_t site, next;		/* stream of the same site + 1, or 0 */
	uint32_t off, done;
	uint64_t holds;			/* bitmap of orders that may hold its steps */
};

struct steer_mark {			/* the nr-th of its stream, from 0 */
	uint16_t stream;
	uint32_t nr;
};

/* A step: when it is done, and what to hold for it to wait. */
struct steer_op {
	struct steer_mark done, hold;
};

enum steer_force { STEER_FREE, STEER_KEEP, STEER_TURN };

struct steer_order {
	struct steer_op a, b;		/* a before b */
	enum steer_force force;
};

struct steer_load {			/* gives an older value than one that is there */
	struct steer_mark at;
	uint8_t answer;
	uint8_t order;			/* at before the store that it does not see */
	enum steer_force force;
};

struct steer_wish {			/* what nobody needs, but happens */
	struct steer_mark at;
	enum steer_force force;		/* turned round: it does not happen */
};

struct steer {
	struct chooser chooser;
	struct engine engine[STEER_ENGINES], *now;	/* runs take turns */
	struct trace trace;
	unsigned int nr_streams, nr_orders, nr_loads, nr_wishes;
	struct steer_stream stream[STEER_STREAMS];
	struct steer_order order[STEER_ORDERS];
	struct steer_load load[STEER_LOADS];
	struct steer_wish wish[STEER_WISHES];
	uint16_t *first;		/* [site]: stream + 1 */
	unsigned int nr_sites;
	/* What the witness answered where no event is chosen, in order. */
	uint8_t other[NR_CHOICE_KINDS][STEER_OTHERS];
	uint8_t nr_other[NR_CHOICE_KINDS], next_other[NR_CHOICE_KINDS];
	uint32_t phase[MAX_TASKS];
	uint32_t seen, max_choices;
	unsigned int last;		/* event chosen last */
	bool is_void;
};

/* 0, or -1 if memory is short.  The witness's run must be the world's last. */
int steer_begin(struct steer *s, const struct config *c);
void steer_end(struct steer *s);

/* The stream of such steps, made if new; STEER_STREAMS: there are too many. */
unsigned int steer_stream(struct steer *s, enum steer_kind kind, unsigned int actor,
			  uint16_t site, uint32_t off);
/* Who makes the step of a record, as an actor of STEER_STEP. */
unsigned int steer_actor(unsigned int task, unsigned int pcpu, bool in_irq);

/* The phase of a record's task after the record. */
void steer_phase(uint32_t *phase, const struct trace_rec *r);

/* All orders, loads and wishes. */
void steer_force(struct steer *s, enum steer_force force);
/*
 * One run, drawn by @seed.  False: it is void, for what was to be turned round
 * could not be.
 */
bool steer_run(struct steer *s, uint64_t seed, struct run_result *result);
/* The last run has made the step. */
bool steer_is_done(const struct steer *s, struct steer_mark m);

#endif
