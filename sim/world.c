// SPDX-License-Identifier: GPL-2.0-only
/* Mapping the world, resetting it and running one schedule. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include "fiber.h"
#include "machine.h"
#include "model.h"

#ifdef SIM_ASAN
#include <sanitizer/asan_interface.h>
#endif

enum { BOOT_TASK = MAX_TASKS, NR_STACKS, STACK_GUARD = 0x1000 };

/* The lowest page of each stack: who recurses without end faults, and hurts nobody. */
static int stacks_guard(void)
{
	for (unsigned int i = 0; i < NR_STACKS; i++)
		if (mprotect((void *)(STACK_BASE + i * (size_t)STACK_SIZE), STACK_GUARD, PROT_NONE))
			return -1;
	return 0;
}

/* One piece, and what is MACHINE_NOWHERE behind any shared object is part of it. */
int world_map(void)
{
	size_t size = SHARED_BASE + MACHINE_NOWHERE + 2 * SHARED_MAX - WORLD_BASE;
	void *p = mmap((void *)WORLD_BASE, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	_Static_assert(STACK_BASE + NR_STACKS * (size_t)STACK_SIZE <=
		       SHARED_BASE + MACHINE_NOWHERE, "the stacks have grown");
	if (p == MAP_FAILED)
		return -1;
	if (p != (void *)WORLD_BASE) {
		munmap(p, size);
		errno = EEXIST;
		return -1;
	}
	return stacks_guard();
}

/*
 * Abandoned frames of an earlier run leave their poison in the shadow memory of
 * an address-sanitized build.
 */
static void stacks_forget(void)
{
#ifdef SIM_ASAN
	__asan_unpoison_memory_region((void *)STACK_BASE, NR_STACKS * (size_t)STACK_SIZE);
#endif
}

void world_reset(void)
{
	struct world *w = WORLD;
	unsigned int nr = w->fix.nr_tasks + (unsigned int)w->fix.config.nr_pcpus;
	size_t pcpus = (size_t)w->fix.config.nr_pcpus;

	stacks_forget();
	memcpy(&w->live, &w->fix.image, offsetof(struct world_live, task));
	memcpy(w->live.task, w->fix.image.task, nr * sizeof(struct task));
	memcpy(w->live.pcpu, w->fix.image.pcpu, pcpus * sizeof(struct pcpu));
	memcpy(w->live.due, w->fix.image.due, pcpus * NR_EVENT_KINDS * sizeof(uint64_t));
	memcpy((void *)SHARED_BASE, w->fix.image_shared, w->fix.shared_used);
	if (w->fix.model)
		model_reset();
	for (unsigned int i = 0; i < nr; i++)
		w->live.task[i].sp = fiber_new(stack_top(i), task_entry);
	w->live.stale = ~0u;
}

/* The first event of a run is picked here, on a stack of its own. */
static void boot_entry(void)
{
	struct world_live *l = &WORLD->live;
	unsigned int e = event_next();
	void *nowhere;

	if (e == EVENT_NONE)
		run_finish(RUN_QUIESCENT);
	l->event = (uint8_t)e;
	l->cur = &l->pcpu[e / NR_EVENT_KINDS];
	stack_is_used(l->cur->curr);
	if (WORLD->fix.pausing)
		snapshot_clear_below(l->task[l->cur->curr].sp);
	fiber_switch(&nowhere, l->task[l->cur->curr].sp);
	__builtin_unreachable();
}

enum run_end world_run(struct chooser *chooser, struct trace *trace)
{
	struct world *w = WORLD;
	enum run_end end;

	world_reset();
	w->fix.chooser = chooser;
	w->fix.trace = trace;
	if (chooser->begin)
		chooser->begin(chooser);
	fiber_switch(&w->fix.host_sp, fiber_new(stack_top(BOOT_TASK), boot_entry));
	end = (enum run_end)WORLD->live.ended;
	if (end == RUN_QUIESCENT || end == RUN_STEP_LIMIT)
		oracle_end(end == RUN_QUIESCENT);
	return end;
}
