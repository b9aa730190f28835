// SPDX-License-Identifier: GPL-2.0-only
/*
 * mode-automaton: vcpu->mode goes round OUTSIDE -> IN_GUEST (-> EXITING) ->
 * OUTSIDE and OUTSIDE -> READING -> OUTSIDE, always by the vCPU's own task, but
 * for IN_GUEST -> EXITING, which anybody may do by cmpxchg.  An interrupt handler
 * on top of that task needs none: the task stands still meanwhile, and the others
 * can only store the same.  It is judged as the vCPU's task stores it, be that
 * visible to others or not.
 */
#include "oracle_priv.h"

static bool owner_may(const struct machine_layout *m, int old, int new)
{
	if (old == new)
		return true;
	if (old == m->mode_outside)
		return new == m->mode_in_guest || new == m->mode_reading;
	if (old == m->mode_in_guest)
		return new == m->mode_exiting || new == m->mode_outside;
	if (m->mode_use == MACHINE_MODE_STAYS && old == m->mode_exiting && new == m->mode_in_guest)
		return true;
	return new == m->mode_outside;
}

/* By who is not the vCPU's task, or is on top of it. */
static bool kick_may(struct pcpu *p, int vcpu, const struct access *acc, int old, int new)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;

	if (new != m->mode_exiting)
		return false;
	if (pcpu_task(p)->vcpu == vcpu)
		return old == m->mode_in_guest || old == new;
	return acc->flags & ACC_READ && old == m->mode_in_guest;
}

/*
 * Where the mode stays, who finds IN_GUEST_MODE may have found that of the last stay:
 * the next begins when others can see the store, which a barrier follows.
 */
static bool begins_unseen(int new, bool rmw)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;

	return m->mode_use == MACHINE_MODE_STAYS && WORLD->fix.model && !rmw &&
	       new == m->mode_in_guest;
}

void mode_automaton_store(struct pcpu *p, int vcpu, const struct access *acc, int old, int new)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;
	struct ghost_vcpu *g = ghost_vcpu(vcpu);
	bool rmw = acc->flags & ACC_READ;
	bool ok = is_owner(p, vcpu) ? owner_may(m, old, new) :
				      kick_may(p, vcpu, acc, old, new);

	/* Only with interrupts off is the next check the last one. */
	if (new != old && (new == m->mode_in_guest || new == m->mode_reading) && !p->irq_off)
		ok = false;
	if (!ok)
		oracle_report(ORACLE_MODE_AUTOMATON, vcpu, acc->site, 0, 0);
	if (new == m->mode_reading && old != new)
		g->interval++;
	/* Who walks before the others can see it has nothing to acknowledge yet. */
	g->reading = new == m->mode_reading && (rmw || !WORLD->fix.model);
	if ((is_owner(p, vcpu) || g->mode == old) && !begins_unseen(new, rmw))
		g->mode = (uint8_t)new;
	if (new == m->mode_outside)
		missed_leave_outside(vcpu);
}

void mode_automaton_visible(int vcpu, int new)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;
	struct ghost_vcpu *g = ghost_vcpu(vcpu);

	if (new == m->mode_reading && g->mode == m->mode_reading)
		g->reading = 1;
	if (begins_unseen(new, false))
		g->mode = (uint8_t)new;
}

void mode_automaton_guest_enter(int vcpu, uint16_t site)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;
	int mode = ghost_vcpu(vcpu)->mode;

	if (m->mode_use != MACHINE_MODE_UNUSED && mode != m->mode_in_guest &&
	    mode != m->mode_exiting && !begins_unseen(m->mode_in_guest, false))
		oracle_report(ORACLE_MODE_AUTOMATON, vcpu, site, 0, 0);
}

/*
 * Where the mode stays what it is, a stay ends with the guest's exit all the same: the
 * next entry is preceded by a store of its own.
 */
void mode_automaton_leave(int vcpu)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;

	if (m->mode_use != MACHINE_MODE_STAYS)
		return;
	ghost_vcpu(vcpu)->mode = (uint8_t)m->mode_outside;
	ghost_vcpu(vcpu)->kicked_interval = 0;
	missed_leave_outside(vcpu);
}

void mode_automaton_sched_out(struct task *t)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;

	if (t->vcpu < 0)
		return;
	if (m->mode_use == MACHINE_MODE_LEAVES && ghost_vcpu(t->vcpu)->mode != m->mode_outside)
		oracle_report(ORACLE_MODE_AUTOMATON, t->vcpu, 0, 0, 0);
	mode_automaton_leave(t->vcpu);
}
