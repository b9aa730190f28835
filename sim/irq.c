// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts: their handlers, the calls between pCPUs, ticks and timers.
 *
 * A handler runs on the stack of the context that it interrupts, with
 * interrupts off.  That is where a call is acknowledged, so never while the
 * target has interrupts off.
 */
#include "machine.h"
#include "model.h"

static void call_take(struct pcpu *p)
{
	struct world_live *l = &WORLD->live;

	while (p->call_from) {
		struct pcpu *from = &l->pcpu[__builtin_ctz(p->call_from)];

		from->call_fn(from->call_info);
		store_settle();
		/* Who is acknowledged sees all that came before. */
		if (WORLD->fix.model)
			model_fence(MEM_MB, 0);
		p->call_from &= (uint8_t)~(1 << from->id);
		from->call_unacked &= (uint8_t)~(1 << p->id);
		trace_event(TRACE_ACK, from->id, 0, 0);
		pcpu_update(from);
	}
}

/*
 * The scheduler wants the pCPU: because others wait for it, or because the
 * schedule spends a budget.  Then the task moves on, or stays where it is.
 */
void tick_take(struct pcpu *p)
{
	struct world_live *l = &WORLD->live;
	struct choice_point point = { .kind = CHOICE_MIGRATE };
	int nr = WORLD->fix.config.nr_pcpus;
	struct pcpu *pick;

	p->need_resched = 1;
	p->migrate_to = p->id;
	pcpu_task(p)->from_guest = p->guest >= 0;
	l->due[EVENT_ID(p->id, EVENT_TICK)] = l->now + COST_TICK;
	if (tick_is_due(p)) {
		p->rotations += p->rotations < UINT8_MAX;
		pcpu_update(p);
		return;
	}
	for (int i = 1; l->budget_migrations && i < nr; i++) {
		pick = &l->pcpu[(p->id + i) % nr];
		if (pick->online && !pick->dying)
			choice_add_pcpu(&point, pick);
	}
	if (l->budget_preemptions || !point.bound)
		choice_add_pcpu(&point, p);
	pick = &l->pcpu[choice_pcpu(&point, point.bound > 1 ? choice_take(&point) : 0)];
	/* A tick with nowhere to move to is paid for all the same. */
	if (pick == p && l->budget_preemptions)
		l->budget_preemptions--;
	else
		l->budget_migrations--;
	p->migrate_to = pick->id;
	pcpu_update_all();
}

void irq_handle(enum event_kind kind)
{
	struct pcpu *p = WORLD->live.cur;
	uint8_t irq_off = p->irq_off, waiting = p->waiting, wait_arg = p->wait_arg;
	uint32_t lock_off = p->lock_off;
	void (*fn)(void *) = p->timer_fn;
	bool wakes = kind == EVENT_RESCHED && p->wakeup;

	store_settle();
	p->irq_off = 1;
	p->in_irq++;
	p->waiting = WAIT_NOTHING;
	p->pending &= (uint8_t)~(1 << kind);
	p->arrived &= (uint8_t)~(1 << kind);
	charge(COST_IRQ);
	pcpu_update(p);
	if (WORLD->fix.model)
		model_present(p);
	trace_event(TRACE_IRQ_ENTER, kind, wakes, 0);
	switch (kind) {
	case EVENT_RESCHED:
		if (!wakes)
			break;
		p->wakeup = 0;
		WORLD->fix.form->wakeup_handler();
		store_settle();
		break;
	case EVENT_CALL:
		call_take(p);
		break;
	case EVENT_TICK:
		tick_take(p);
		break;
	case EVENT_TIMER:
		p->timer_fn = NULL;
		fn(p->timer_arg);
		store_settle();
		break;
	default:
		break;
	}
	trace_event(TRACE_IRQ_EXIT, kind, 0, 0);
	p->in_irq--;
	p->irq_off = irq_off;
	pcpu_update(p);
	preempt_if_needed();
	p = WORLD->live.cur;
	p->waiting = waiting;
	p->wait_arg = wait_arg;
	p->lock_off = lock_off;
	pcpu_update(p);
}

/*
 * An IPI that nobody waits for; an offline pCPU gets none.  The wake-up vector shares
 * its event with the reschedule IPI: if both are on their way they arrive together.
 */
static void ipi_send(int cpu, enum event_kind kind, bool wakes, uint16_t site)
{
	struct world_live *l = &WORLD->live;

	store_settle();
	turn_wait((struct access){ .site = site }, COST_ATOMIC);
	if (WORLD->fix.model)
		model_fence(MEM_MB, site);
	trace_event(TRACE_IPI, (uint32_t)cpu, wakes ? TRACE_IPI_WAKEUP : kind, site);
	oracle_ipi(l->cur, cpu, kind, site);
	if (cpu < 0 || cpu >= WORLD->fix.config.nr_pcpus)
		return;
	if (l->pcpu[cpu].online) {
		l->pcpu[cpu].wakeup |= wakes;
		event_raise(&l->pcpu[cpu], kind, COST_IPI);
	} else {
		trace_event(TRACE_IPI_DROPPED, (uint32_t)cpu, 0, site);
	}
}

void machine_send_reschedule(int cpu)
{
	ipi_send(cpu, EVENT_RESCHED, false, SITE());
}

void machine_send_notification(int cpu)
{
	ipi_send(cpu, EVENT_NOTIFY, false, SITE());
}

void machine_send_wakeup(int cpu)
{
	ipi_send(cpu, EVENT_RESCHED, true, SITE());
}

/* One target of a call; its call data is ours until the last call is through. */
static void call_send(unsigned int cpu, void (*fn)(void *), void *info, uint16_t site)
{
	struct world_live *l = &WORLD->live;
	struct pcpu *target = &l->pcpu[cpu];

	if (l->cur->call_unacked >> cpu & 1)
		turn_wait_for(WAIT_ACKS, (uint8_t)(1 << cpu), site);
	turn_wait((struct access){ .site = site }, COST_ATOMIC);
	if (WORLD->fix.model)
		model_fence(MEM_MB, site);
	if (!target->online)
		return;
	l->cur->call_fn = fn;
	l->cur->call_info = info;
	l->cur->call_unacked |= (uint8_t)(1 << cpu);
	target->call_from |= (uint8_t)(1 << l->cur->id);
	trace_event(TRACE_IPI, cpu, EVENT_CALL, site);
	oracle_ipi(l->cur, (int)cpu, EVENT_CALL, site);
	event_raise(target, EVENT_CALL, COST_IPI);
}

void machine_call_many(uint64_t cpus, void (*fn)(void *), void *info, bool wait)
{
	struct world_live *l = &WORLD->live;
	uint16_t site = SITE();
	unsigned int me = l->cur->id;

	store_settle();
	WORLD->fix.asked |= ASKED_ANY;
	if (l->cur->irq_off || l->cur->in_irq)
		oracle_report(ORACLE_WARNING, -1, site, 0, 0);
	for (unsigned int cpu = 0; cpu < (unsigned int)WORLD->fix.config.nr_pcpus; cpu++)
		if (cpu != me && cpus >> cpu & 1 && l->pcpu[cpu].online)
			call_send(cpu, fn, info, site);
	if (wait && l->cur->call_unacked & cpus) {
		turn_wait_for(WAIT_ACKS, (uint8_t)cpus, site);
		if (WORLD->fix.model)
			model_present(l->cur);
		trace_event(TRACE_ACKED, 0, 0, site);
	}
}

void machine_timer(uint64_t delta_ns, void (*fn)(void *), void *arg)
{
	struct pcpu *p = WORLD->live.cur;

	store_settle();
	assert(!p->timer_fn);
	p->timer_fn = fn;
	p->timer_arg = arg;
	trace_event(TRACE_TIMER, p->id, 0, SITE());
	event_raise(p, EVENT_TIMER, delta_ns);
}
