// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine's invariants, as assertions.
 *
 * They hold whenever an event is asked for, and at the end of a run; between
 * those a scheduler may be half-way through a move.  Nothing here is about what
 * the code under test does right or wrong: that is the oracles' business, and no
 * planted bug may make an assertion fail.
 */
#include "machine.h"

static void check_access(const struct access *acc)
{
	if (!acc->size)
		return;
	assert(acc->size == 1 || acc->size == 2 || acc->size == 4 || acc->size == 8);
	assert(acc->off + acc->size <= WORLD->fix.shared_used);
	assert(acc->flags & (ACC_READ | ACC_WRITE));
}

/* Who calls whom is written down on both sides, and told by an interrupt. */
static void check_calls(const struct pcpu *p)
{
	const struct world_live *l = &WORLD->live;

	for (int i = 0; i < WORLD->fix.config.nr_pcpus; i++)
		assert((p->call_from >> i & 1) == (l->pcpu[i].call_unacked >> p->id & 1));
	assert(!(p->call_from >> p->id & 1));
	assert(!p->call_from || p->in_irq || p->pending >> EVENT_CALL & 1);
	assert(!p->call_unacked || p->call_fn);
	assert(!(p->pending >> EVENT_TIMER & 1) || p->timer_fn);
	assert(!p->wakeup || p->pending >> EVENT_RESCHED & 1);
}

static void check_guest(const struct pcpu *p)
{
	const struct world_live *l = &WORLD->live;

	assert((p->waiting == WAIT_GUEST) == (p->guest >= 0));
	if (p->guest < 0)
		return;
	assert(p->guest < WORLD->fix.config.nr_vcpus);
	assert(l->task[p->curr].vcpu == p->guest && !p->in_irq);
	assert(l->ghost.vcpu[p->guest].guest == p->id + 1);
}

static void check_pcpu(const struct pcpu *p)
{
	const struct world *w = WORLD;
	const struct task *curr = &w->live.task[p->curr];

	assert(p->id == p - w->live.pcpu);
	assert(p->online <= 1 && p->irq_off <= 1 && p->in_irq <= 1 && p->need_resched <= 1);
	assert(p->preempt_count < 16 && (!p->in_irq || p->irq_off));
	assert(p->migrate_to < w->fix.config.nr_pcpus && p->dying <= 1);
	assert(p->waiting <= WAIT_DRAINED);
	assert(!(p->arrived & ~p->pending));
	assert(p->nr_queued <= w->fix.nr_tasks);
	assert(p->curr < w->fix.nr_tasks + w->fix.config.nr_pcpus);
	assert(curr->cpu == p->id && curr->state != TASK_NONE);
	assert(p->waiting != WAIT_IDLE || curr->idle);
	if (!p->online)
		assert(curr->idle && !p->nr_queued && !p->pending && !p->call_from);
	check_access(&p->acc);
	check_access(&p->race);
	check_calls(p);
	check_guest(p);
}

/* On how many queues @t stands, and on which. */
static unsigned int times_queued(const struct task *t, unsigned int *where)
{
	const struct world *w = WORLD;
	unsigned int nr = 0;

	for (int i = 0; i < w->fix.config.nr_pcpus; i++) {
		for (unsigned int j = 0; j < w->live.pcpu[i].nr_queued; j++) {
			if (w->live.pcpu[i].queue[j] != task_id(t))
				continue;
			*where = (unsigned int)i;
			nr++;
		}
	}
	return nr;
}

static unsigned int times_current(const struct task *t)
{
	const struct world *w = WORLD;
	unsigned int nr = 0;

	for (int i = 0; i < w->fix.config.nr_pcpus; i++)
		nr += w->live.pcpu[i].curr == task_id(t);
	return nr;
}

/* A task that can run is at one place; one that cannot waits at none. */
static void check_task(const struct task *t)
{
	const struct world *w = WORLD;
	unsigned int where = 0, queued = times_queued(t, &where), current = times_current(t);
	uintptr_t top = (uintptr_t)stack_top(task_id(t)), sp = (uintptr_t)t->sp;

	assert(current + queued <= 1 && (!queued || t->cpu == where));
	assert(t->cpu < w->fix.config.nr_pcpus);
	assert(t->vcpu >= -1 && t->vcpu < w->fix.config.nr_vcpus);
	assert(sp < top && sp >= top - STACK_SIZE);
	if (t->idle) {
		assert(t == pcpu_idle(&w->live.pcpu[t->cpu]));
		assert(t->state == TASK_RUNNABLE && !queued && t->vcpu < 0);
	} else if (t->state == TASK_RUNNABLE) {
		assert(current + queued == 1);
	} else {
		assert((t->state == TASK_BLOCKED || t->state == TASK_DEAD) && !queued);
	}
}

/*
 * What can happen is worked out whenever something changes: nothing was missed.
 * Under the weak model somebody who waits for memory may be let go and then find
 * that what another pCPU did meanwhile is in the way; it looks again and waits on.
 */
static void check_enabled(void)
{
	struct world_live *l = &WORLD->live;
	uint64_t enabled = l->enabled, optional = l->optional, in_vain = 0;

	for (int i = 0; i < WORLD->fix.config.nr_pcpus; i++)
		if (WORLD->fix.model && (l->pcpu[i].waiting == WAIT_RMW ||
					 l->pcpu[i].waiting == WAIT_LOCK))
			in_vain |= 1ull << EVENT_ID(i, EVENT_STEP);
	pcpu_update_all();
	assert(!(l->enabled & ~enabled) && !(enabled & ~l->enabled & ~in_vain));
	assert(l->optional == optional && !(optional & ~enabled));
	l->enabled = enabled;
	assert(l->cur >= l->pcpu && l->cur < l->pcpu + WORLD->fix.config.nr_pcpus);
	assert(l->nr_choices <= MAX_CHOICES && l->steps <= WORLD->fix.step_limit + 1);
}

/* A guest does not go on while its interrupt hardware looks: see guest.c. */
static bool is_in_guest(const struct pcpu *p, int vcpu)
{
	if (p->guest >= 0)
		return p->guest == vcpu;
	return WORLD->live.task[p->curr].vcpu == vcpu && p->irq_off && !p->in_irq;
}

static void check_ghost(void)
{
	const struct ghost *g = &WORLD->live.ghost;
	unsigned int nr_pages = 0;

	for (unsigned int i = 0; i < MAX_PAGES; i++)
		nr_pages += g->page_size[i] != 0;
	assert(g->nr_pages == nr_pages && g->nr_reports <= MAX_REPORTS);
	for (unsigned int i = 0; i < g->nr_reports; i++)
		assert(g->report[i].oracle < NR_ORACLES && g->fired >> g->report[i].oracle & 1);
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++) {
		const struct ghost_vcpu *c = &g->vcpu[v];

		assert(c->guest <= WORLD->fix.config.nr_pcpus);
		assert(!c->guest || is_in_guest(&WORLD->live.pcpu[c->guest - 1], v));
		assert(c->kicked_interval <= c->interval + 1);
	}
}

static void check_budgets(void)
{
	const struct world_live *l = &WORLD->live, *first = &WORLD->fix.image;

	assert(l->budget_migrations <= first->budget_migrations);
	assert(l->budget_preemptions <= first->budget_preemptions);
	assert(l->budget_exits <= first->budget_exits);
	assert(l->budget_alloc_failures <= first->budget_alloc_failures);
}

void world_check(void)
{
	const struct world *w = WORLD;

	for (int i = 0; i < w->fix.config.nr_pcpus; i++)
		check_pcpu(&w->live.pcpu[i]);
	for (unsigned int i = 0; i < w->fix.nr_tasks + (unsigned int)w->fix.config.nr_pcpus; i++)
		check_task(&w->live.task[i]);
	check_enabled();
	check_ghost();
	check_budgets();
}
