// SPDX-License-Identifier: GPL-2.0-only
/*
 * lost-wakeup: at the end of the run a vCPU's task sleeps although a request
 * that must wake it, or an interrupt, is there.
 */
#include "oracle_priv.h"

void lost_wakeup_end(const struct task *t)
{
	const struct ghost_vcpu *g;

	if (t->vcpu < 0 || t->state != TASK_BLOCKED)
		return;
	g = ghost_vcpu(t->vcpu);
	if (vcpu_requests(t->vcpu) & g->must_wake || vcpu_irq_pending(t->vcpu))
		oracle_report(ORACLE_LOST_WAKEUP, t->vcpu, g->request_site, g->check_site, 0);
}
