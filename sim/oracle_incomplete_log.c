// SPDX-License-Identifier: GPL-2.0-only
/*
 * incomplete-log: a dirty log was fetched while a vCPU was still in the guest in
 * which the fetch had found it, so that what it has written there is not in it.
 * The kick before the fetch does not wait; nobody may take the log to be whole
 * while vCPUs run.
 */
#include "oracle_priv.h"

void incomplete_log_begin(struct task *t)
{
	struct call *call = task_call(t);

	if (!(call->flags & MACHINE_CALL_LOG))
		return;
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++)
		if (call->vcpus >> v & 1 && ghost_vcpu(v)->guest)
			call->gen[v] = (uint16_t)ghost_vcpu(v)->interval;
}

void incomplete_log_end(struct task *t, uint16_t site)
{
	const struct call *call = task_call(t);

	if (!(call->flags & MACHINE_CALL_LOG))
		return;
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++) {
		const struct ghost_vcpu *g = ghost_vcpu(v);

		if (g->guest && call->gen[v] == (uint16_t)g->interval)
			oracle_report(ORACLE_INCOMPLETE_LOG, v, site, 0, 0);
	}
}
