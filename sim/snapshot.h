/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A snapshot is a copy of all that a run can change, at one of its choices.
 *
 * A run normally asks its chooser and goes on.  A paused run leaves its fiber
 * instead: snapshot_start() and snapshot_resume() come back to their caller at
 * each choice, with the question in @point, or at the run's end.  While it is
 * paused no fiber runs, each of them is a stack pointer and the bytes above it,
 * and so the world can be copied, put back and asked for another answer, as
 * often as wanted:
 *
 *	snapshot_start(&run, NULL);
 *	snapshot_take(buf);
 *	snapshot_resume(&run, 0);
 *	snapshot_restore(buf);
 *	snapshot_resume(&run, 1);
 *
 * snapshot_size(), snapshot_take(), snapshot_restore() and snapshot_hash() are
 * legal exactly there: between a call of start or resume that returned
 * RUN_GOES_ON and the next one.  A snapshot may also be restored after the run
 * has ended, but fits only the world_setup() and the struct that it was taken
 * with.  Records of a trace are not part of it.  Nor are the answers that the run
 * had taken by then: they are still there if all that ran since went on from this
 * snapshot, or from one like it, and that is how it has to be.
 */
#ifndef SIM_SNAPSHOT_H
#define SIM_SNAPSHOT_H

#include "choice.h"

/*
 * A run that stops at each choice: the world's chooser while it lasts.  All but
 * @forgetful, @happens and @reader is set by snapshot_start().
 *
 * The compiler leaves values on stacks that nobody needs any more, and the
 * trace's hash is among them.  A search that compares states and has no use for
 * that hash lets it begin anew at each choice: it then visits fewer states that
 * differ in nothing else.
 */
struct snapshot_run {
	struct chooser chooser;
	bool forgetful;
	/* May be NULL: @event is about to happen, chosen or as the only one that can. */
	void (*happens)(struct snapshot_run *run, unsigned int event);
	/* May be NULL: what the hash need not tell apart under weak, see model_canon(). */
	const struct model_reader *reader;
	struct choice_point point;	/* what the run asks */
	void *sp;			/* of the fiber that asks */
	uint32_t answer;
};

/* 128 bits; equal for equal states of one process and of those it forks. */
struct snapshot_hash {
	uint64_t low, high;
};

/* Resets the world and runs to the first choice.  RUN_GOES_ON: paused there. */
enum run_end snapshot_start(struct snapshot_run *run, struct trace *trace);
/* Answers run->point, below its bound, and runs to the next choice or the end. */
enum run_end snapshot_resume(struct snapshot_run *run, uint32_t answer);

/* Bytes that a snapshot of the present state takes. */
size_t snapshot_size(void);
/* @buf: snapshot_size() bytes at least; returns the bytes used. */
size_t snapshot_take(void *buf);
void snapshot_restore(const void *buf);

/*
 * A hash of the paused state that leaves out what no kernel code and no verdict
 * depends on: simulated time and due times, counters, the trace's hash, and the
 * places that reports name, such as the other half of a race.  Answer 0 of an event
 * choice means whatever is due first, so it is the set of events that counts, not
 * their order.
 */
void snapshot_hash(const struct snapshot_run *run, struct snapshot_hash *hash);

/*
 * The state in the one form that the hash is of, in pieces.  Where they are and how
 * long is the same for all states of a configuration.
 */
struct snapshot_form {
	struct task *task;		/* with the idle tasks; the form begins here */
	struct pcpu *pcpu;
	struct world_live *head;	/* what is before the ghosts */
	struct ghost_vcpu *ghost;	/* for each vCPU */
	struct snapshot_rest {
		uint32_t fired;
		uint32_t page_off[MAX_PAGES], page_size[MAX_PAGES];
		struct stack_hash model;
		struct snapshot_ask {
			uint64_t kind, bound;
			/* Of what is asked in the middle of something; else zeros. */
			uint64_t pcpu;
			void *sp;
			struct stack_hash stack;
		} ask;
		/* Of tasks that wait; else zeros.  There are as many as there are tasks. */
		struct stack_hash stack[MAX_TASKS];
	} *rest;
	/* What rest->model is the hash of, until the next form is made; NULL under sc. */
	const struct model *model;
	size_t model_size;
	uint64_t *shared;
	size_t nr_words, size;		/* words of shared memory; bytes in all */
};

enum { SNAPSHOT_FORM_MAX = 0x10000 };

/* @buf: SNAPSHOT_FORM_MAX bytes, aligned to 64. */
void snapshot_form(const struct snapshot_run *run, struct snapshot_form *form, void *buf);
struct stack_hash snapshot_hash_of(const void *p, size_t size);
struct snapshot_hash snapshot_form_hash(const struct snapshot_form *form);
/* The pieces of a form that is in @buf, or is going to be. */
void snapshot_lay_out(struct snapshot_form *form, void *buf);

/*
 * A hash of what that takes of a task's frames above @sp, and of its number and
 * site: equal wherever the task stands at the same place with the same values.
 */
uint64_t snapshot_place(unsigned int task, const void *sp);
/*
 * Whether what is kept of stacks that wait, so that they need not be hashed again, is
 * still so: for who doubts that all that runs or writes there has been noticed.
 */
bool snapshot_stacks_are_known(const struct snapshot_run *run);
/* The task that asks run->point; MAX_TASKS: none. */
unsigned int snapshot_asker(const struct snapshot_run *run);

#endif
