// SPDX-License-Identifier: GPL-2.0-only
/* Waiting for one's turn, and handing over to whoever has it. */
#include "fiber.h"
#include "machine.h"

void run_finish(enum run_end end)
{
	struct world *w = WORLD;
	void *nowhere;

	store_settle();
	w->live.ended = (uint8_t)end;
	fiber_switch(&nowhere, w->fix.host_sp);
	__builtin_unreachable();
}

/* Picks the next event and returns once one happens on the running pCPU. */
unsigned int turn_event(void)
{
	struct world_live *l = &WORLD->live;
	struct pcpu *q;
	struct task *from;
	unsigned int e;

	if (__builtin_expect(WORLD->fix.pausing, 0))
		return snapshot_turn();
	e = event_next();
	if (e == EVENT_NONE)
		run_finish(RUN_QUIESCENT);
	q = &l->pcpu[e / NR_EVENT_KINDS];
	if (q == l->cur)
		return e % NR_EVENT_KINDS;
	from = &l->task[l->cur->curr];
	l->event = (uint8_t)e;
	l->cur = q;
	fiber_switch(&from->sp, l->task[q->curr].sp);
	return WORLD->live.event % NR_EVENT_KINDS;
}

void turn_wait(struct access acc, enum cost cost)
{
	struct world_live *l = &WORLD->live;
	struct pcpu *p = l->cur;
	unsigned int kind;

	if (__builtin_expect(l->steps >= WORLD->fix.step_limit, 0))
		run_finish(RUN_STEP_LIMIT);
	l->due[EVENT_ID(p->id, EVENT_STEP)] = l->now + (uint64_t)cost + l->charge;
	l->charge = 0;
	for (;;) {
		p->acc = acc;
		if (acc.size)
			race_check(p);
		kind = turn_event();
		if (__builtin_expect(kind == EVENT_STEP, 1))
			break;
		/* What was interrupted is not about to happen: the handler is. */
		p->acc.size = 0;
		p->race.size = 0;
		irq_handle((enum event_kind)kind);
		p = l->cur;
	}
	p->acc.size = 0;
	p->last_site = acc.site;
	l->steps++;
}

void turn_wait_for(enum wait_kind kind, uint8_t arg, uint16_t site)
{
	struct world_live *l = &WORLD->live;
	unsigned int event;

	store_settle();
	for (;;) {
		struct pcpu *p = l->cur;

		p->waiting = kind;
		p->wait_arg = arg;
		p->wait_site = site;
		l->due[EVENT_ID(p->id, EVENT_STEP)] = l->now + COST_STEP + l->charge;
		if (kind == WAIT_PCPU_IDLE || kind == WAIT_PREEMPT_ON)
			l->hotplug_waits = p->id + 1;
		pcpu_update(p);
		event = turn_event();
		p = l->cur;
		if (event == EVENT_STEP && step_enabled(p))
			break;
		if (event != EVENT_STEP)
			irq_handle((enum event_kind)event);
	}
	if (kind == WAIT_PCPU_IDLE || kind == WAIT_PREEMPT_ON)
		l->hotplug_waits = 0;
	l->cur->waiting = WAIT_NOTHING;
	l->cur->wait_site = 0;
	pcpu_update(l->cur);
	l->charge = 0;
	if (++l->steps >= WORLD->fix.step_limit)
		run_finish(RUN_STEP_LIMIT);
}

/* Where a fiber starts: on its pCPU, for whatever event happens there first. */
void task_entry(void)
{
	struct world *w = WORLD;
	struct task *t = pcpu_task(w->live.cur);
	unsigned int id = task_id(t);
	unsigned int kind = w->live.event % NR_EVENT_KINDS;

	while (kind != EVENT_STEP) {
		irq_handle((enum event_kind)kind);
		kind = turn_event();
	}
	if (!t->idle) {
		trace_event(TRACE_TASK_START, id, 0, 0);
		w->fix.task_fn[id](w->fix.task_arg[id]);
		store_settle();
		trace_event(TRACE_TASK_END, id, 0, 0);
		t->state = TASK_DEAD;
	}
	for (;;) {
		schedule(false);
		/* Only the idle task comes back here: it waits for work. */
		turn_wait_for(WAIT_IDLE, 0, 0);
	}
}
