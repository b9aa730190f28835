// SPDX-License-Identifier: GPL-2.0-only
/*
 * lost-kick: a kick without a request found the vCPU in guest mode, and that
 * stay in the guest goes on with no IPI under way.  It is judged at the end of
 * the run, when the guest is all that could still move.
 */
#include "mem.h"
#include "oracle_priv.h"

static void must_end(struct ghost_vcpu *g, const struct call *call, uint32_t interval)
{
	g->kicked_interval = interval;
	g->must_leave = call->flags & MACHINE_CALL_MUST_LEAVE ? 1 : 0;
}

void lost_kick_begin(struct task *t)
{
	const struct call *call = task_call(t);

	/* Under weak, nothing says that the kicker sees the guest to be entered. */
	if (call->req >= 0 || WORLD->fix.model == MEM_WEAK)
		return;
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++) {
		struct ghost_vcpu *g;

		if (!(call->vcpus >> v & 1) || t->vcpu == v)
			continue;
		g = ghost_vcpu(v);
		if (g->guest)
			must_end(g, call, g->interval);
	}
}

void lost_kick_mode(struct pcpu *p, int vcpu, const struct access *acc, int old, int new)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;
	struct task *t = pcpu_task(p);
	const struct call *call = task_call(t);
	struct ghost_vcpu *g = ghost_vcpu(vcpu);

	if (new == m->mode_outside)
		g->kicked_interval = 0;
	/* What its task has left already, if not yet for all to see, needs no kick. */
	if (old != m->mode_in_guest || new != m->mode_exiting || g->mode != m->mode_in_guest)
		return;
	g->kick_site = acc->site;
	/* Not in the guest yet: the stay that is about to begin counts. */
	if (call && call->vcpus >> vcpu & 1 && call->req < 0 && t->vcpu != vcpu)
		must_end(g, call, g->interval + !g->guest);
}

void lost_kick_end(int vcpu)
{
	const struct ghost_vcpu *g = ghost_vcpu(vcpu);

	if (g->guest && g->kicked_interval == g->interval && !g->must_leave)
		oracle_report(ORACLE_LOST_KICK, vcpu, g->kick_site, g->ipi_site, 0);
}
