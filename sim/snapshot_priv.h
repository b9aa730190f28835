/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What taking a snapshot and hashing one have in common: which stacks are live,
 * and from where.  Legal while the run is paused.
 */
#ifndef SIM_SNAPSHOT_PRIV_H
#define SIM_SNAPSHOT_PRIV_H

#include "snapshot.h"

#ifdef SIM_ASAN
#include <sanitizer/asan_interface.h>
#endif

enum { STACK_CLEARED = 512 };		/* bytes below each stack pointer */

/*
 * Of an ordinary run that was left at @run->sp (mark.h): what a snapshot takes of a
 * paused one, @run->point and @run->sp among it.
 */
size_t snapshot_left_size(struct snapshot_run *run);
size_t snapshot_left_take(struct snapshot_run *run, void *buf);
void snapshot_left_restore(struct snapshot_run *run, const void *buf);

uint32_t snapshot_pause(struct chooser *c, const struct choice_point *point);

/* With the idle tasks. */
static inline unsigned int snapshot_nr_tasks(void)
{
	return WORLD->fix.nr_tasks + (unsigned int)WORLD->fix.config.nr_pcpus;
}

/* Bytes that there are of a form's rest. */
static inline size_t snapshot_rest_size(void)
{
	return offsetof(struct snapshot_rest, stack) +
	       snapshot_nr_tasks() * sizeof(struct stack_hash);
}

/* Number of the stack that @sp is on; the first choices come on one of no task. */
static inline unsigned int snapshot_stack(const void *sp)
{
	return (unsigned int)(((uintptr_t)sp - 1 - STACK_BASE) / STACK_SIZE);
}

static inline size_t snapshot_stack_used(const void *sp)
{
	return (size_t)(stack_top(snapshot_stack(sp)) - (const unsigned char *)sp);
}

/*
 * Whether task @i's saved stack pointer means something: it is not the one that
 * asks, and it will run again.
 */
static inline bool snapshot_is_suspended(const struct snapshot_run *run, unsigned int i)
{
	const struct task *t = &WORLD->live.task[i];

	return i != snapshot_stack(run->sp) &&
	       (t->state != TASK_DEAD || WORLD->live.pcpu[t->cpu].curr == i);
}

/*
 * An address-sanitized build marks the edges of frames.  Those marks are not a
 * part of any copy, and a frame that is put back has none.
 */
static inline void stacks_open(void)
{
#ifdef SIM_ASAN
	__asan_unpoison_memory_region((void *)STACK_BASE, (MAX_TASKS + 1ul) * STACK_SIZE);
#endif
}

/* The same for the live part of one stack. */
static inline void stack_open(const void *sp)
{
#ifdef SIM_ASAN
	__asan_unpoison_memory_region(sp, snapshot_stack_used(sp));
#else
	(void)sp;
#endif
}

#endif
