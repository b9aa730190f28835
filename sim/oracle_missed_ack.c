// SPDX-License-Identifier: GPL-2.0-only
/*
 * missed-ack: when a call with WAIT returns, each target that was in the guest
 * or reading SPTEs when its request was made has left that stay.  It may have
 * entered again: it then sees what the caller changed.
 */
#include "oracle_priv.h"

/* A request of @vcpu was made, or one that had been made before was repeated. */
void missed_ack_request(struct pcpu *p, int vcpu)
{
	const struct ghost_vcpu *g;
	struct task *t = pcpu_task(p);
	struct call *call = task_call(t);

	if (!call || !(call->flags & MACHINE_CALL_WAIT) || !(call->vcpus >> vcpu & 1) ||
	    t->vcpu == vcpu)
		return;
	g = ghost_vcpu(vcpu);
	call->gen[vcpu] = g->guest || g->reading ? (uint16_t)g->interval : 0;
}

/* A call without a request: whoever is in the guest by now has to leave it. */
void missed_ack_begin(struct task *t)
{
	struct call *call = task_call(t);

	if (!(call->flags & MACHINE_CALL_WAIT) || call->req >= 0)
		return;
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++) {
		const struct ghost_vcpu *g;

		if (!(call->vcpus >> v & 1) || t->vcpu == v)
			continue;
		g = ghost_vcpu(v);
		if (g->guest || g->reading)
			call->gen[v] = (uint16_t)g->interval;
	}
}

bool missed_ack(const struct call *call, int vcpu)
{
	const struct ghost_vcpu *g;

	if (!call->gen[vcpu])
		return false;
	g = ghost_vcpu(vcpu);
	return call->gen[vcpu] == (uint16_t)g->interval && (g->guest || g->reading);
}

void missed_ack_end(struct task *t, uint16_t site)
{
	const struct call *call = task_call(t);

	if (!(call->flags & MACHINE_CALL_WAIT))
		return;
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++)
		if (missed_ack(call, v))
			oracle_report(ORACLE_MISSED_ACK, v, site, ghost_places(v)->kick_site, 0);
}
