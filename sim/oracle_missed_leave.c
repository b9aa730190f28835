// SPDX-License-Identifier: GPL-2.0-only
/*
 * missed-leave: a call that waits and leaves no bit has seen that a vCPU was not
 * outside, by its cmpxchg of vcpu->mode, and returns while the vCPU's guest runs
 * and the mode has not been OUTSIDE_GUEST_MODE since.
 *
 * That is the promise of KVM_REQ_OUTSIDE_GUEST_MODE to the letter.  missed-ack is
 * what callers need of it: there a vCPU that was in its guest when the call began
 * is still in it.
 */
#include "oracle_priv.h"

/* The cmpxchg of a call gave @mode. */
void missed_leave_look(struct pcpu *p, int vcpu, const struct access *acc, int mode)
{
	struct task *t = pcpu_task(p);
	struct call *call = task_call(t);

	if (!call || !(call->flags & MACHINE_CALL_WAIT) || call->req >= 0)
		return;
	/* What an older value tells of is over. */
	if ((acc->flags & (ACC_READ | ACC_WRITE | ACC_STALE)) != (ACC_READ | ACC_WRITE))
		return;
	if (!(call->vcpus >> vcpu & 1) || t->vcpu == vcpu ||
	    mode == WORLD->fix.form->layout.mode_outside)
		return;
	/* What its task has left already, if not yet for all to see, is no stay. */
	if (ghost_vcpu(vcpu)->mode != WORLD->fix.form->layout.mode_outside)
		call->stays |= (uint8_t)(1 << vcpu);
}

/* The vCPU is outside: whoever waits for that may return. */
void missed_leave_outside(int vcpu)
{
	struct world *w = WORLD;

	for (struct task *t = w->live.task; t < w->live.task + w->fix.nr_tasks; t++)
		for (unsigned int i = 0; i < t->call_depth; i++)
			t->call[i].stays &= (uint8_t)~(1 << vcpu);
}

void missed_leave_end(struct task *t, uint16_t site)
{
	const struct call *call = task_call(t);

	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++) {
		const struct ghost_vcpu *g;

		if (!(call->stays >> v & 1))
			continue;
		g = ghost_vcpu(v);
		if ((g->guest || g->reading) && !missed_ack(call, v))
			oracle_report(ORACLE_MISSED_LEAVE, v, site, g->kick_site, g->ipi_site);
	}
}
