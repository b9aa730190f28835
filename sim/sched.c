// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated scheduler: run queues, switches, wake-ups and moves.
 *
 * A task changes its pCPU only while it is switched out.  What the kernel does
 * in the switch itself (run-queue lock, on_cpu) is one step here; the preempt
 * notifiers run around it as the kernel runs them: out with interrupts off, in
 * with preemption off.
 */
#include "fiber.h"
#include "model.h"
#include "word.h"

static uint32_t *task_word(const struct task *t)
{
	return (uint32_t *)(void *)WORLD->fix.task_struct[task_id(t)];
}

static struct access task_word_access(const struct task *t, unsigned int flags, uint16_t site)
{
	return (struct access){
		.off = (uint32_t)((uintptr_t)task_word(t) - SHARED_BASE),
		.size = 4,
		.flags = (uint8_t)flags,
		.site = site,
	};
}

/* @dull first, then the other pCPUs that take tasks, in a circle after it. */
struct pcpu *choose_pcpu(enum choice_kind kind, struct pcpu *dull)
{
	struct world_live *l = &WORLD->live;
	int nr = WORLD->fix.config.nr_pcpus;
	struct choice_point point = { .kind = kind };
	struct pcpu *pick;
	uint32_t answer = 0;

	for (int i = 0; i < nr; i++) {
		struct pcpu *p = &l->pcpu[(dull->id + i) % nr];

		if (p->online && !p->dying)
			choice_add_pcpu(&point, p);
	}
	assert(point.bound > 0);
	if (point.bound > 1 && (l->budget_migrations || choice_pcpu(&point, 0) != dull->id))
		answer = choice_take(&point);
	pick = &l->pcpu[choice_pcpu(&point, answer)];
	if (pick != dull && l->budget_migrations && !--l->budget_migrations)
		pcpu_update_all();
	return pick;
}

void task_enqueue(struct task *t, struct pcpu *p, uint64_t delay_ns)
{
	struct world_live *l = &WORLD->live;

	assert(t->state == TASK_RUNNABLE && !t->idle && p->online);
	t->cpu = p->id;
	p->queue[p->nr_queued++] = (uint8_t)task_id(t);
	if (p->waiting == WAIT_IDLE)
		l->due[EVENT_ID(p->id, EVENT_STEP)] = l->now + delay_ns;
	l->due[EVENT_ID(p->id, EVENT_TICK)] = l->now + COST_TICK;
	/* A newcomer is a reason for ticks; one that only had its turn is not. */
	if (task_id(t) != p->curr)
		p->rotations = 0;
	pcpu_update_all();
}

static struct task *queue_pop(struct pcpu *p)
{
	struct task *t;

	if (!p->nr_queued)
		return pcpu_idle(p);
	t = &WORLD->live.task[p->queue[0]];
	p->nr_queued--;
	for (unsigned int i = 0; i < p->nr_queued; i++)
		p->queue[i] = p->queue[i + 1];
	p->queue[p->nr_queued] = 0;
	return t;
}

/* The queue of a pCPU that goes offline belongs to the others. */
void task_move_queue(struct pcpu *p)
{
	while (p->nr_queued) {
		struct task *t = queue_pop(p);

		task_enqueue(t, choose_pcpu(CHOICE_WAKE, p), COST_MIGRATE);
	}
}

static void notify_out(struct pcpu *p, struct task *prev)
{
	p->irq_off = 1;
	p->preempt_count++;
	pcpu_update(p);
	oracle_sched_out(p, prev);
	prev->switching = 1;
	WORLD->fix.form->sched_out(WORLD->fix.task_struct[task_id(prev)]);
	store_settle();
	prev->switching = 0;
	p->preempt_count--;
}

static void notify_in(struct task *t)
{
	struct pcpu *p = WORLD->live.cur;

	p->irq_off = 0;
	p->preempt_count = 1;
	pcpu_update(p);
	trace_event(TRACE_SCHED_IN, t->cpu, 0, 0);
	t->from_guest = 0;
	t->switching = 1;
	WORLD->fix.form->sched_in(WORLD->fix.task_struct[task_id(t)], p->id);
	store_settle();
	t->switching = 0;
}

/*
 * The run queue's lock and the barrier after it: what the task has stored here
 * is visible before it runs anywhere else.  Nothing interrupts that.
 */
static void switch_fence(struct pcpu *p)
{
	uint8_t irq_off = p->irq_off;

	p->irq_off = 1;
	model_fence(MEM_MB, 0);
	p->irq_off = irq_off;
	pcpu_update(p);
}

/* Gives @p to @next; comes back when somebody gives a pCPU to @prev. */
static void context_switch(struct pcpu *p, struct task *prev, struct task *next)
{
	p->curr = (uint8_t)task_id(next);
	p->irq_off = 0;
	p->preempt_count = 0;
	p->in_irq = 0;
	p->waiting = WAIT_NOTHING;
	next->cpu = p->id;
	WORLD->live.event = (uint8_t)EVENT_ID(p->id, EVENT_STEP);
	charge(COST_SCHEDULE);
	pcpu_update(p);
	if (WORLD->fix.model)
		model_present(p);
	WORLD->fix.ran |= 1u << task_id(next);
	stack_is_used(task_id(next));
	if (WORLD->fix.pausing)
		snapshot_clear_below(next->sp);
	fiber_switch(&prev->sp, next->sp);
}

static void schedule_once(bool preempted)
{
	struct world_live *l = &WORLD->live;
	struct pcpu *p = l->cur, *to;
	struct task *prev = pcpu_task(p), *next;
	uint8_t irq_off = p->irq_off, preempt_count = p->preempt_count, in_irq = p->in_irq;
	bool thread = !prev->idle && prev->state != TASK_DEAD;

	store_settle();
	if (!preempted && prev->state == TASK_RUNNABLE && !p->nr_queued && !p->dying)
		return;
	to = preempted ? &l->pcpu[p->migrate_to] : p;
	if (!to->online || to->dying)
		to = choose_pcpu(CHOICE_MIGRATE, p);
	if (thread) {
		trace_event(TRACE_SCHED_OUT, to->id, 0, 0);
		notify_out(p, prev);
	}
	if (WORLD->fix.model)
		switch_fence(p);
	/* The pCPU may have been told to go while the notifiers ran. */
	if (thread && (!to->online || to->dying))
		to = choose_pcpu(CHOICE_MIGRATE, p);
	p->need_resched = 0;
	p->migrate_to = p->id;
	if (thread && prev->state == TASK_RUNNABLE)
		task_enqueue(prev, to, COST_MIGRATE);
	next = queue_pop(p);
	if (next != prev)
		context_switch(p, prev, next);
	else
		pcpu_update(p);
	if (thread)
		notify_in(prev);
	p = l->cur;
	p->irq_off = irq_off;
	p->preempt_count = preempt_count;
	p->in_irq = in_irq;
	pcpu_update(p);
}

static bool must_preempt(struct pcpu *p)
{
	if (p->preempt_count || p->irq_off || p->in_irq || pcpu_task(p)->idle)
		return false;
	WORLD->fix.asked |= ASKED_SCHED;
	return p->need_resched;
}

/* Who was told to go again while it was being switched in goes again. */
void schedule(bool preempted)
{
	do
		schedule_once(preempted);
	while ((preempted = must_preempt(WORLD->live.cur)));
}

void preempt_if_needed(void)
{
	if (must_preempt(WORLD->live.cur))
		schedule(true);
}

void machine_schedule(void)
{
	struct task *t = pcpu_task(WORLD->live.cur);
	struct access acc = task_word_access(t, ACC_READ | ACC_FULL, SITE());

	store_settle();
	if (!machine_preemptible())
		code_bug(acc.site);
	turn_wait(acc, COST_ATOMIC);
	if (WORLD->fix.model) {
		model_fence(MEM_MB, acc.site);
		model_present(WORLD->live.cur);
	}
	trace_access(TRACE_READ, &acc, *task_word(t), 0);
	if (*task_word(t)) {
		t->state = TASK_BLOCKED;
		trace_event(TRACE_BLOCK, task_id(t), 0, acc.site);
	}
	schedule(false);
}

int machine_wake_up(struct task_struct *task)
{
	struct world *w = WORLD;
	struct task *t = w->live.task;
	struct access acc;
	uint32_t old;

	store_settle();
	for (; w->fix.task_struct[task_id(t)] != task; t++)
		if (task_id(t) + 1 >= w->fix.nr_tasks)
			code_bug(SITE());
	acc = task_word_access(t, ACC_READ | ACC_WRITE | ACC_FULL, SITE());
	turn_wait(acc, COST_ATOMIC);
	if (WORLD->fix.model)
		model_rmw_read(&acc, MEM_FULL);
	old = *task_word(t);
	if (WORLD->fix.model && old)
		model_rmw_write(&acc, MEM_FULL, 0);
	*task_word(t) = 0;
	trace_access(TRACE_RMW, &acc, 0, old);
	if (!old)
		return 0;
	if (t->state == TASK_BLOCKED) {
		t->state = TASK_RUNNABLE;
		trace_event(TRACE_WAKE, task_id(t), t->cpu, acc.site);
		/* A task that is still being switched out queues itself. */
		if (w->live.pcpu[t->cpu].curr != task_id(t))
			task_enqueue(t, choose_pcpu(CHOICE_WAKE, &w->live.pcpu[t->cpu]),
				     COST_WAKE_IDLE);
	}
	return 1;
}
