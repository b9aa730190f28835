// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guest mode: the pCPU belongs to the guest until something makes it exit.
 *
 * A host interrupt ends it and stays pending: its handler runs when the host
 * has interrupts on again.  The guest's own exits are surely made (scripted
 * halts) or, within the budget, if the schedule likes.
 */
#include "machine.h"
#include "model.h"

/* Apart, so that what it asks is not on the stack of a guest that runs. */
static __attribute__((noinline)) enum machine_exit own_exit(struct pcpu *p, int vcpu)
{
	struct world_live *l = &WORLD->live;
	struct task *t = pcpu_task(p);
	struct choice_point point = { .kind = CHOICE_EXIT };
	enum machine_exit may[NR_MACHINE_EXITS], pick;
	uint32_t vcpus = (uint32_t)WORLD->fix.config.nr_vcpus;

	if (p->guest_stop || guest_is_awaited(vcpu))
		return MACHINE_EXIT_STOP;
	if (t->guest_scripted) {
		t->guest_scripted--;
		return MACHINE_EXIT_HLT;
	}
	l->budget_exits--;
	for (unsigned int i = 0; i < NR_MACHINE_EXITS; i++)
		if (WORLD->fix.guest_optional[vcpu] >> i & 1)
			may[point.bound++] = (enum machine_exit)i;
	pick = may[point.bound > 1 ? choice_take(&point) : 0];
	if (pick == MACHINE_EXIT_ICR) {
		point = (struct choice_point){ .kind = CHOICE_TARGET, .bound = vcpus };
		p->icr_target = (int8_t)(vcpus > 1 ? choice_take(&point) : 0);
	}
	return pick;
}

/* Forms before AVIC have no such hardware but where a scenario gives it to them. */
static bool has_hardware(int vcpu)
{
	return WORLD->fix.form->layout.vcpu_avic_entry || WORLD->fix.posted_off[vcpu];
}

/*
 * Interrupts that the hardware brings into the guest without the host's doing.
 * While it looks nothing can interrupt it, and the guest does not go on.  False: the
 * guest has to exit.
 */
static bool guest_interrupts(struct pcpu *p, int vcpu, bool notified)
{
	bool goes_on;

	if (!has_hardware(vcpu))
		return true;
	p->guest = -1;
	p->waiting = WAIT_NOTHING;
	pcpu_update(p);
	if (WORLD->fix.model)
		model_present(p);
	goes_on = WORLD->fix.form->guest_interrupts(
		(void *)(SHARED_BASE + WORLD->fix.vcpu_off[vcpu]), notified);
	store_settle();
	return goes_on;
}

/* A notification has come.  One that the guest exits for is the host's interrupt. */
static bool guest_notified(struct pcpu *p, int vcpu)
{
	bool goes_on;

	p->pending &= (uint8_t)~(1 << EVENT_NOTIFY);
	trace_event(TRACE_IRQ_ENTER, EVENT_NOTIFY, 0, 0);
	goes_on = guest_interrupts(p, vcpu, true);
	trace_event(TRACE_IRQ_EXIT, EVENT_NOTIFY, 0, 0);
	return goes_on;
}

/* The guest runs until something happens to its pCPU. */
static unsigned int guest_run(struct pcpu *p, int vcpu)
{
	struct world_live *l = &WORLD->live;

	p->guest = (int8_t)vcpu;
	p->waiting = WAIT_GUEST;
	l->due[EVENT_ID(p->id, EVENT_EXIT)] =
		l->now + l->charge + COST_GUEST_ENTER + COST_GUEST_RUN;
	l->charge = 0;
	pcpu_update(p);
	return turn_event();
}

enum machine_exit machine_guest_enter(int vcpu)
{
	struct world_live *l = &WORLD->live;
	struct pcpu *p = l->cur;
	enum machine_exit reason = MACHINE_EXIT_IRQ;
	unsigned int event;
	uint16_t site = SITE();

	store_settle();
	oracle_guest_enter(p, vcpu, site);
	trace_event(TRACE_GUEST_ENTER, (uint32_t)vcpu, 0, site);
	guest_interrupts(p, vcpu, false);
	do
		event = guest_run(p, vcpu);
	while (event == EVENT_NOTIFY && guest_notified(p, vcpu));
	assert(l->cur == p && event != EVENT_STEP &&
	       (p->guest == vcpu || event == EVENT_NOTIFY));
	if (event == EVENT_TICK)
		tick_take(p);
	else if (event == EVENT_EXIT)
		reason = own_exit(p, vcpu);
	else if (event != EVENT_NOTIFY)
		p->arrived |= (uint8_t)(1 << event);
	p->guest = -1;
	p->guest_stop = 0;
	p->waiting = WAIT_NOTHING;
	oracle_guest_exit(p, vcpu);
	trace_event(TRACE_GUEST_EXIT, (uint32_t)vcpu, reason, site);
	charge(COST_GUEST_EXIT);
	pcpu_update_all();
	return reason;
}

void machine_guest_stop(int vcpu)
{
	struct world_live *l = &WORLD->live;

	store_settle();
	for (struct pcpu *p = l->pcpu; p < l->pcpu + WORLD->fix.config.nr_pcpus; p++) {
		if (p->guest != vcpu)
			continue;
		p->guest_stop = 1;
		l->due[EVENT_ID(p->id, EVENT_EXIT)] = l->now + COST_IPI;
		pcpu_update(p);
	}
}

void machine_wait_vcpu_out(int vcpu, const int *word)
{
	store_settle();
	WORLD->live.cur->lock_off = (uint32_t)((uintptr_t)word - SHARED_BASE);
	turn_wait_for(WAIT_VCPU_OUT, (uint8_t)vcpu, SITE());
}

/* Who waits has seen it: that the vCPU may be in again by its turn is no matter. */
void machine_vcpu_out(int vcpu)
{
	struct world_live *l = &WORLD->live;

	store_settle();
	for (int i = 0; i < WORLD->fix.config.nr_pcpus; i++)
		if (l->pcpu[i].waiting == WAIT_VCPU_OUT && l->pcpu[i].wait_arg == vcpu)
			l->pcpu[i].wait_arg = VCPU_IS_OUT;
	pcpu_update_all();
}

bool guest_is_awaited(int vcpu)
{
	const struct world_live *l = &WORLD->live;

	for (int i = 0; i < WORLD->fix.config.nr_pcpus; i++)
		if (l->pcpu[i].waiting == WAIT_VCPU_OUT && l->pcpu[i].wait_arg == vcpu)
			return true;
	return false;
}

int machine_icr_target(int vcpu)
{
	(void)vcpu;
	WORLD->fix.asked |= ASKED_ANY;
	return WORLD->live.cur->icr_target;
}
