// SPDX-License-Identifier: GPL-2.0-only
/* What a searcher sees of tasks as events happen. */
#include "prove_future.h"

static unsigned int nr_tasks(void)
{
	return WORLD->fix.nr_tasks + (unsigned int)WORLD->fix.config.nr_pcpus;
}

/* To give a page back is no access, but whether it comes before one matters. */
static void learn_pages(struct futures *f)
{
	const struct ghost *g = &WORLD->live.ghost;

	for (unsigned int i = 0; i < MAX_PAGES; i++)
		for (uint32_t at = 0; at < g->page_size[i]; at += 4) {
			uint8_t *paged = &f->paged[futures_word(f, g->page_off[i] + at)];

			f->violated |= !*paged;
			f->grown |= !*paged;
			*paged = 1;
		}
}

/* Which of the tasks that ran it was is not known. */
static void learn_ghosts(struct watcher *w, uint32_t ghosts)
{
	struct footprint print;

	w->ghosts |= ghosts;
	if (ghosts & GHOST_PAGES)
		learn_pages(w->futures);
	print.used = 0;
	footprint_touch(&print, ghosts);
	for (uint32_t ran = w->ran; ran; ran &= ran - 1) {
		uint32_t node = WORLD->live.task[__builtin_ctz(ran)].node;

		if (node)
			futures_learn_node(w->futures, node, &print);
	}
}

/* @sp: what is on the stack above it will be gone back to. */
static void stand(struct watcher *w, unsigned int task, const void *sp)
{
	struct task *t = &WORLD->live.task[task];
	uint64_t site = task * FUTURE_SITES + t->site % FUTURE_SITES + 1;
	uint32_t node = futures_node(w->futures, snapshot_place(task, sp),
				     site * 0x9e3779b97f4a7c15ull);

	if (t->node)
		futures_edge(w->futures, t->node, node);
	t->node = node;
}

/* What has happened since the event began. */
static void look_back(struct watcher *w)
{
	struct world *world = WORLD;

	w->ran |= world->fix.ran;
	world->fix.ran = 0;
	if (world->fix.touched)
		learn_ghosts(w, world->fix.touched);
	world->fix.touched = 0;
	w->moved |= w->ran;
	w->ran = 0;
}

/* Tasks that have moved stand where they are.  @asks: one in the middle of an event, or none. */
static void stand_all(struct watcher *w, unsigned int asks, const void *sp)
{
	const struct world_live *l = &WORLD->live;

	for (uint32_t moved = w->moved; moved; moved &= moved - 1) {
		unsigned int i = (unsigned int)__builtin_ctz(moved);
		const struct task *t = &l->task[i];

		if (i == asks)
			stand(w, i, sp);
		else if (t->state != TASK_DEAD || l->pcpu[t->cpu].curr == i)
			stand(w, i, t->sp);
	}
	w->moved = 0;
}

void watcher_begin(struct watcher *w)
{
	WORLD->fix.touched = 0;
	WORLD->fix.ran = 0;
	w->ghosts = 0;
	w->moved = 0;
	w->ran = (1u << nr_tasks()) - 1;
}

void watcher_resume(struct watcher *w, const struct snapshot_run *run)
{
	WORLD->fix.touched = 0;
	WORLD->fix.ran = 0;
	w->ghosts = 0;
	w->nr = 0;
	w->moved = 0;
	/* Other questions come up in the middle of something. */
	w->ran = snapshot_asker(run) < MAX_TASKS ? 1u << snapshot_asker(run) : 0;
}

/*
 * What the event's context is about to access: what it has announced, or, if it had to
 * wait in the middle of that, what it waited for.
 */
static struct access access_of(const struct pcpu *p)
{
	struct access none = { .size = 0 };

	switch ((enum wait_kind)p->waiting) {
	case WAIT_NOTHING:
		return p->acc;
	case WAIT_LOCK:
	case WAIT_ROOM:
	case WAIT_RMW:
		/* Of what size is not known; eight bytes are as many as it may be. */
		return access_make(p->lock_off, p->lock_off % 8 ? 4 : 8, ACC_READ | ACC_WRITE, 0);
	case WAIT_VCPU_OUT:
		return access_make(p->lock_off, 4, ACC_READ, 0);
	default:
		return none;
	}
}

void watcher_happens(struct watcher *w, unsigned int event)
{
	const struct world_live *l = &WORLD->live;
	const struct pcpu *p = &l->pcpu[event / NR_EVENT_KINDS];
	struct access acc = access_of(p);
	struct footprint print;
	uint32_t node;

	look_back(w);
	if (w->closely)
		stand_all(w, MAX_TASKS, NULL);
	node = l->task[p->curr].node;
	w->ran = 1u << p->curr;
	w->nr++;
	/* Before the first choice nobody stands anywhere, nor are futures asked for. */
	if (event % NR_EVENT_KINDS != EVENT_STEP || !acc.size || !node)
		return;
	footprint_of(w->futures, &acc, &print);
	futures_learn_node(w->futures, node, &print);
	if (p->in_irq)
		future_learn(w->futures, &w->futures->handlers, &print);
	else if (l->task[p->curr].switching)
		future_learn(w->futures, future_of_notifiers(w->futures, p->curr), &print);
}

void watcher_pause(struct watcher *w, const struct snapshot_run *run, enum run_end end)
{
	look_back(w);
	/* After the end nobody stands anywhere. */
	if (end == RUN_GOES_ON)
		stand_all(w, snapshot_asker(run), run->sp);
}

bool futures_may_load(struct futures *f, unsigned int pcpu, uint32_t off, unsigned int size)
{
	struct future *future = future_of(f, WORLD->live.pcpu[pcpu].curr);
	struct access store = access_make(off, size, ACC_WRITE, 0);
	struct footprint print;

	footprint_of(f, &store, &print);
	if (future_conflicts(future, &print))
		return true;
	future_rely(future, &print);
	return false;
}
