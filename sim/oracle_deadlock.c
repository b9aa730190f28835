// SPDX-License-Identifier: GPL-2.0-only
/*
 * deadlock: at the end of the run somebody still waits: a pCPU for an ack, a
 * lock or another pCPU, or a task that is no vCPU's sleeps.
 */
#include "oracle_priv.h"

void deadlock_end(void)
{
	const struct world *w = WORLD;

	for (int i = 0; i < w->fix.config.nr_pcpus; i++) {
		const struct pcpu *p = &w->live.pcpu[i];

		if (p->waiting != WAIT_NOTHING && p->waiting != WAIT_IDLE &&
		    p->waiting != WAIT_GUEST)
			oracle_report(ORACLE_DEADLOCK, -1, p->wait_site, 0, 0);
	}
	for (const struct task *t = w->live.task; t < w->live.task + w->fix.nr_tasks; t++)
		if (t->vcpu < 0 && t->state == TASK_BLOCKED)
			oracle_report(ORACLE_DEADLOCK, -1, 0, 0, 0);
}
