// SPDX-License-Identifier: GPL-2.0-only
/*
 * misdirected-ipi, redundant-ipi, ipi-to-offline-cpu: what the seed calls
 * benign, counted and kept.
 */
#include "oracle_priv.h"

static bool runs_here(const struct pcpu *target, int vcpu)
{
	return WORLD->live.task[target->curr].vcpu == vcpu;
}

void ipi_sent(struct pcpu *p, int cpu, unsigned int kind, uint16_t site)
{
	const struct pcpu *target = &WORLD->live.pcpu[cpu];
	const struct call *call = task_call(pcpu_task(p));
	unsigned int vcpus = call ? call->vcpus : 0;
	bool hit = !vcpus;

	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++) {
		struct ghost_vcpu *g;

		if (!(vcpus >> v & 1))
			continue;
		g = ghost_vcpu(v);
		g->ipi_site = site;
		hit |= runs_here(target, v);
		if (kind == EVENT_RESCHED && g->guest == cpu + 1 && ++g->ipis > 1)
			oracle_report(ORACLE_REDUNDANT_IPI, v, site, 0, 0);
	}
	if (!target->online)
		oracle_report(ORACLE_OFFLINE_IPI, -1, site, 0, 0);
	else if (!hit)
		oracle_report(ORACLE_MISDIRECTED_IPI, -1, site, 0, 0);
}
