/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's inner functions: what its parts ask of each other.
 *
 * A context (task or interrupt handler) that is about to do something shared
 * says so and waits for its turn: turn_wait().  Whoever waits picks the next
 * event and hands over to the pCPU on which it happens, fiber to fiber; there
 * is no scheduler loop in between.  An interrupt runs on the stack of the
 * context that it interrupts, inside that context's wait.
 *
 * Invariant: of all fibers one runs; each other one is suspended either in
 * turn_wait() (it is current on its pCPU) or in schedule() (it is not).
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include "choice.h"
#include "cost.h"
#include "sites.h"
#include "trace.h"
#include "world.h"

#define SITE() site_find(WORLD->fix.sites, __builtin_return_address(0))

static inline void charge(enum cost ns)
{
	WORLD->live.charge += ns;
}

/* @task is about to run on its stack. */
static inline void stack_is_used(unsigned int task)
{
	WORLD->fix.untidy |= 1u << task;
	WORLD->live.stale |= 1u << task;
}

/* event.c: which events can happen, which one does. */
void pcpu_update(struct pcpu *p);
void pcpu_update_all(void);
/* Whether the context on @p can go on by itself. */
bool step_enabled(const struct pcpu *p);
/* Whether somebody who waits for @p must get it. */
bool tick_is_due(const struct pcpu *p);
/* EVENT_NONE: nothing but what is optional can happen. */
unsigned int event_next(void);
void event_raise(struct pcpu *target, enum event_kind kind, uint64_t delay_ns);

/* turn.c: waiting for one's turn. */
/* Picks the next event; returns its kind once one happens on this pCPU. */
unsigned int turn_event(void);
/* Announces @acc (size 0: a step without memory) and returns when it may go. */
void turn_wait(struct access acc, enum cost cost);
/* Waits until the pCPU's condition holds; interrupts are taken meanwhile. */
void turn_wait_for(enum wait_kind kind, uint8_t arg, uint16_t site);
/*
 * Ends the run and does not come back.  A sanitized build is not told so: it
 * would tidy up a stack that it takes for the thread's.
 */
#ifdef SIM_ASAN
void run_finish(enum run_end end);
void code_bug(uint16_t site);
#else
void run_finish(enum run_end end) __attribute__((noreturn, cold));
/* host.c: the same, because the code under test is past help at @site. */
void code_bug(uint16_t site) __attribute__((noreturn, cold));
#endif
void task_entry(void) __attribute__((noreturn));

/* access.c: the store that compiled code has made since its hook, or the load. */
void store_settle_slow(void);
static inline void store_settle(void)
{
	if (WORLD->live.open.acc.size)
		store_settle_slow();
}

/* race.c: what @p announces overlaps what @q has announced. */
void race_check(struct pcpu *p, struct pcpu *q);
void race_report(struct pcpu *p, const struct access *acc, uint64_t old, uint64_t value);

/* sched.c */
void schedule(bool preempted);
void task_enqueue(struct task *t, struct pcpu *p, uint64_t delay_ns);
void task_move_queue(struct pcpu *p);
void preempt_if_needed(void);
struct pcpu *choose_pcpu(enum choice_kind kind, struct pcpu *dull);

/* snapshot.c: turn_event() of a run that pauses at its choices. */
unsigned int snapshot_turn(void);
/* ... and of a fiber that is about to go on at @sp: its next frames find zeros. */
void snapshot_clear_below(void *sp);

/* guest.c: whether somebody waits for @vcpu to be out of its guest. */
bool guest_is_awaited(int vcpu);

/* irq.c */
void irq_handle(enum event_kind kind);
void tick_take(struct pcpu *p);

#endif
