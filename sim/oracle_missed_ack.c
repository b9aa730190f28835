// SPDX-License-Identifier: GPL-2.0-only
/*
 * missed-ack: when a call with WAIT returns, each target that was in the guest
 * or reading SPTEs when the call began has left that stay.  It may have entered
 * again: it then sees what the caller changed.
 */
#include "oracle_priv.h"

void missed_ack_begin(struct task *t)
{
	if (!(t->call_flags & MACHINE_CALL_WAIT))
		return;
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++) {
		const struct ghost_vcpu *g = ghost_vcpu(v);
		bool busy = (g->guest || g->reading) && t->vcpu != v;

		t->call_gen[v] = t->call_vcpus >> v & 1 && busy ? g->interval : 0;
	}
}

void missed_ack_end(struct task *t, uint16_t site)
{
	if (!(t->call_flags & MACHINE_CALL_WAIT))
		return;
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++) {
		const struct ghost_vcpu *g = ghost_vcpu(v);

		if (t->call_gen[v] && t->call_gen[v] == g->interval && (g->guest || g->reading))
			oracle_report(ORACLE_MISSED_ACK, v, site, g->kick_site, 0);
		t->call_gen[v] = 0;
	}
}
