// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pausing a run at its choices, and copying the live part of the world.
 *
 * The paused fiber is left by an ordinary switch to the host's stack, as at the
 * end of a run.  world_run() therefore returns at the first choice as if the
 * run were over, but with RUN_GOES_ON; from then on snapshot_resume() stands in
 * for the rest of it.
 *
 * In other runs, who waits picks the next event.  In a paused run nobody may:
 * then one state would look different for each context that can be the one that
 * asks.  So all fibers are left at their turn, and the event is picked on the
 * stack that the run began on.
 */
#include <string.h>
#include "fiber.h"
#include "machine.h"
#include "model.h"
#include "snapshot.h"
#include "snapshot_priv.h"

/* Copies in one of three ways, so that one list of parts serves all of them. */
enum walk_mode { WALK_SIZE, WALK_TAKE, WALK_RESTORE };

struct walk {
	enum walk_mode mode;
	unsigned char *buf;
	size_t size;			/* walked so far */
};

static inline __attribute__((always_inline)) void part(struct walk *w, void *live, size_t size)
{
	if (w->mode == WALK_TAKE)
		memcpy(w->buf + w->size, live, size);
	else if (w->mode == WALK_RESTORE)
		memcpy(live, w->buf + w->size, size);
	w->size += size;
}

/* Of the oracles' memory, what there is. */
static inline __attribute__((always_inline)) void walk_ghost(struct walk *walk)
{
	struct ghost *g = &WORLD->live.ghost;

	_Static_assert(offsetof(struct ghost, report) + sizeof(g->report) ==
		       offsetof(struct ghost, page_off), "a part of the ghosts is not copied");
	part(walk, g->vcpu, (size_t)WORLD->fix.config.nr_vcpus * sizeof(g->vcpu[0]));
	part(walk, g->page_off, sizeof(*g) - offsetof(struct ghost, page_off));
	part(walk, g->report, g->nr_reports * sizeof(g->report[0]));
}

/* The order matters: the lengths of later parts are in the earlier ones. */
static inline __attribute__((always_inline)) void
walk_world(struct walk *walk, struct snapshot_run *run)
{
	struct world *w = WORLD;
	size_t pcpus = (size_t)w->fix.config.nr_pcpus;
	unsigned int nr = snapshot_nr_tasks();

	_Static_assert(offsetof(struct world_live, stale) + _Alignof(struct world_live) >=
		       sizeof(struct world_live), "a part of the world is not copied");
	part(walk, &w->live, offsetof(struct world_live, ghost));
	walk_ghost(walk);
	part(walk, w->live.task, nr * sizeof(struct task));
	part(walk, w->live.pcpu, pcpus * sizeof(struct pcpu));
	part(walk, w->live.due, pcpus * NR_EVENT_KINDS * sizeof(uint64_t));
	part(walk, w->live.stack, nr * sizeof(struct stack_hash));
	part(walk, &w->live.stale, sizeof(w->live.stale));
	part(walk, (void *)SHARED_BASE, w->fix.shared_used);
	if (w->fix.model) {
		part(walk, MODEL, offsetof(struct model, mem.loc));
		part(walk, MODEL->mem.loc, MODEL->mem.nr_locs * sizeof(struct mem_loc));
	}
	if (run->chooser.take != snapshot_pause)
		part(walk, w->fix.taken, w->live.nr_choices * sizeof(struct taken));
	part(walk, &run->point, sizeof(run->point));
	part(walk, &run->sp, sizeof(run->sp));
	part(walk, run->sp, snapshot_stack_used(run->sp));
	for (unsigned int i = 0; i < nr; i++)
		if (snapshot_is_suspended(run, i))
			part(walk, w->live.task[i].sp, snapshot_stack_used(w->live.task[i].sp));
}

static struct snapshot_run *paused_run(void)
{
	return (struct snapshot_run *)WORLD->fix.chooser;
}

static void assert_paused(void)
{
	assert(WORLD->fix.chooser && WORLD->fix.chooser->take == snapshot_pause);
}

size_t snapshot_left_size(struct snapshot_run *run)
{
	struct walk w = { .mode = WALK_SIZE };

	walk_world(&w, run);
	return w.size;
}

size_t snapshot_left_take(struct snapshot_run *run, void *buf)
{
	struct walk w = { .mode = WALK_TAKE, .buf = buf };

	stacks_open();
	walk_world(&w, run);
	return w.size;
}

void snapshot_left_restore(struct snapshot_run *run, const void *buf)
{
	struct walk w = { .mode = WALK_RESTORE, .buf = (unsigned char *)buf };

	stacks_open();
	walk_world(&w, run);
	if (WORLD->fix.model)
		model_restored();
}

size_t snapshot_size(void)
{
	assert_paused();
	assert(!WORLD->live.ended);
	return snapshot_left_size(paused_run());
}

size_t snapshot_take(void *buf)
{
	assert_paused();
	assert(!WORLD->live.ended);
	return snapshot_left_take(paused_run(), buf);
}

void snapshot_restore(const void *buf)
{
	assert_paused();
	snapshot_left_restore(paused_run(), buf);
}

/*
 * Frames to come have holes, and what shows through them is what was on the
 * stack before.  It differs from path to path, so equal states would hash
 * differently: the next frames are to find zeros, whatever ran before.
 */
void snapshot_clear_below(void *sp)
{
	uint64_t *word = (uint64_t *)sp - STACK_CLEARED / 8;

	assert(snapshot_stack_used(sp) + STACK_CLEARED <= STACK_SIZE);
	/* Of a memset() of so many bytes a string instruction is made, which is slow to begin. */
	for (; word != sp; word += 4)
		word[0] = word[1] = word[2] = word[3] = 0;
}

/* Runs on a stack of no task, and is made anew for each event. */
static void pick_entry(void)
{
	struct snapshot_run *run = paused_run();
	struct world_live *l = &WORLD->live;
	unsigned int e = event_next();
	void *nowhere;

	if (e == EVENT_NONE)
		run_finish(RUN_QUIESCENT);
	if (run->happens)
		run->happens(run, e);
	l->event = (uint8_t)e;
	l->cur = &l->pcpu[e / NR_EVENT_KINDS];
	stack_is_used(l->cur->curr);
	snapshot_clear_below(l->task[l->cur->curr].sp);
	fiber_switch(&nowhere, l->task[l->cur->curr].sp);
	__builtin_unreachable();
}

unsigned int snapshot_turn(void)
{
	struct world_live *l = &WORLD->live;

	/* A drain asks from there which store is next: see above. */
	if (WORLD->fix.model) {
		stack_open(stack_top(MAX_TASKS) - STACK_CLEARED);
		snapshot_clear_below(stack_top(MAX_TASKS));
	}
	fiber_switch(&l->task[l->cur->curr].sp, fiber_new(stack_top(MAX_TASKS), pick_entry));
	return WORLD->live.event % NR_EVENT_KINDS;
}

uint32_t snapshot_pause(struct chooser *c, const struct choice_point *point)
{
	struct snapshot_run *run = (struct snapshot_run *)c;

	run->point = *point;
	fiber_switch(&run->sp, WORLD->fix.host_sp);
	return run->answer;
}

enum run_end snapshot_start(struct snapshot_run *run, struct trace *trace)
{
	enum run_end end;

	run->chooser = (struct chooser){ .take = snapshot_pause };
	stacks_open();
	for (unsigned int i = 0; i <= MAX_TASKS; i++)
		snapshot_clear_below(stack_top(i));
	WORLD->fix.pausing = 1;
	WORLD->fix.untidy = ~0u;
	end = world_run(&run->chooser, trace);
	WORLD->fix.pausing = 0;
	return end;
}

enum run_end snapshot_resume(struct snapshot_run *run, uint32_t answer)
{
	struct world *w = WORLD;
	enum run_end end;

	assert_paused();
	assert(!w->live.ended && answer < run->point.bound);
	stacks_open();
	snapshot_clear_below(run->sp);
	run->answer = answer;
	if (snapshot_asker(run) < MAX_TASKS)
		stack_is_used(snapshot_asker(run));
	if (run->forgetful)
		w->live.hash = 0;
	w->fix.pausing = 1;
	fiber_switch(&w->fix.host_sp, run->sp);
	WORLD->fix.pausing = 0;
	end = (enum run_end)WORLD->live.ended;
	if (end == RUN_QUIESCENT || end == RUN_STEP_LIMIT)
		oracle_end(end == RUN_QUIESCENT);
	return end;
}
