// SPDX-License-Identifier: GPL-2.0-only
/* Which events can happen. */
#include "machine.h"
#include "model.h"

bool step_enabled(const struct pcpu *p)
{
	const struct world_live *l = &WORLD->live;

	switch ((enum wait_kind)p->waiting) {
	case WAIT_NOTHING:
		return true;
	case WAIT_ACKS:
		return !(p->call_unacked & p->wait_arg);
	case WAIT_LOCK:
		if (WORLD->fix.model)
			return model_step_enabled(p);
		return !*(const int *)(SHARED_BASE + p->lock_off);
	case WAIT_IDLE:
		return p->nr_queued;
	case WAIT_PCPU_IDLE:
		if (WORLD->fix.model && !model_step_enabled(p))
			return false;
		return l->pcpu[p->wait_arg].waiting == WAIT_IDLE &&
		       !l->pcpu[p->wait_arg].nr_queued && !l->pcpu[p->wait_arg].pending;
	case WAIT_PREEMPT_ON:
		if (WORLD->fix.model && !model_step_enabled(p))
			return false;
		for (unsigned int i = 0; i < (unsigned int)WORLD->fix.config.nr_pcpus; i++)
			if (i != p->id && l->pcpu[i].online && l->pcpu[i].guest < 0 &&
			    (l->pcpu[i].preempt_count || l->pcpu[i].irq_off))
				return false;
		return true;
	case WAIT_VCPU_OUT:
		return p->wait_arg == VCPU_IS_OUT ||
		       !*(const int *)(SHARED_BASE + p->lock_off);
	case WAIT_ROOM:
	case WAIT_RMW:
	case WAIT_DRAINED:
		return model_step_enabled(p);
	case WAIT_GUEST:
		break;
	}
	return false;
}

/*
 * A tick must come while others wait for the pCPU: always for a task that is no
 * vCPU's, which comes to an end; for vCPUs only until each has had its turn, else
 * two guests that want nothing would alternate for ever.  A turn that the next tick
 * cut short was none: who waits in the middle of something has what the guest has
 * that runs, which nobody interrupts on its way there.
 */
bool tick_is_due(const struct pcpu *p)
{
	const struct task *t = WORLD->live.task;

	if (!p->nr_queued)
		return false;
	if (p->rotations < 2 * (p->nr_queued + 1))
		return true;
	for (unsigned int i = 0; t[p->curr].vcpu >= 0 && i < p->nr_queued; i++)
		if (t[p->queue[i]].vcpu < 0 || (p->guest >= 0 && !t[p->queue[i]].from_guest))
			return true;
	return false;
}

/* The scheduler may want the pCPU of a task that does not give it up anyway. */
static inline void tick_offer(const struct pcpu *p, uint64_t *must, uint64_t *may)
{
	const struct world_live *l = &WORLD->live;

	if (p->need_resched || p->curr >= WORLD->fix.nr_tasks)
		return;
	if (p->nr_queued && tick_is_due(p))
		*must |= 1 << EVENT_TICK;
	else if (l->budget_migrations || l->budget_preemptions)
		*may |= 1 << EVENT_TICK;
}

/* The guest leaves by itself: surely, or if it likes. */
static inline void exit_offer(const struct pcpu *p, uint64_t *must, uint64_t *may)
{
	if (WORLD->live.task[p->curr].guest_scripted || p->guest_stop ||
	    guest_is_awaited(p->guest))
		*must |= 1 << EVENT_EXIT;
	else if (WORLD->live.budget_exits && WORLD->fix.guest_optional[p->guest])
		*may |= 1 << EVENT_EXIT;
}

void pcpu_update(struct pcpu *p)
{
	struct world_live *l = &WORLD->live;
	uint64_t must = 0, may = 0;
	unsigned int shift = p->id * NR_EVENT_KINDS;

	if (p->online) {
		must = p->waiting == WAIT_NOTHING || step_enabled(p);
		if (!p->irq_off || p->guest >= 0) {
			must |= p->pending & ~p->arrived;
			tick_offer(p, &must, &may);
		}
		if (p->guest >= 0)
			exit_offer(p, &must, &may);
	}
	if (__builtin_expect(WORLD->fix.model, 0) && model_can_drain(p))
		must |= 1 << EVENT_DRAIN;
	l->enabled = (l->enabled & ~(0xffull << shift)) | ((must | may) << shift);
	l->optional = (l->optional & ~(0xffull << shift)) | (may << shift);
	/* What a hotplug task waits for is the state of the others. */
	if (l->hotplug_waits && l->hotplug_waits != p->id + 1)
		pcpu_update(&l->pcpu[l->hotplug_waits - 1]);
}

void pcpu_update_all(void)
{
	for (int i = 0; i < WORLD->fix.config.nr_pcpus; i++)
		pcpu_update(&WORLD->live.pcpu[i]);
}

void event_raise(struct pcpu *target, enum event_kind kind, uint64_t delay_ns)
{
	struct world_live *l = &WORLD->live;

	if (!(target->pending >> kind & 1))
		l->due[EVENT_ID(target->id, kind)] = l->now + delay_ns;
	target->pending |= 1 << kind;
	/* What a switch raises is no reason for the tick that brings the next switch. */
	for (int i = 0; !pcpu_task(l->cur)->switching && i < WORLD->fix.config.nr_pcpus; i++)
		l->pcpu[i].rotations = 0;
	pcpu_update_all();
}
