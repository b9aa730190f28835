// SPDX-License-Identifier: GPL-2.0-only
/*
 * lost-request: what a kick was to make the vCPU see (a request bit, a pending
 * interrupt, or the order to leave, where a caller relies on it) waits while the
 * guest runs and no IPI is on its way.
 */
#include "oracle_priv.h"

void lost_request_end(int vcpu)
{
	const struct ghost_vcpu *g = ghost_vcpu(vcpu);

	if (!g->guest)
		return;
	if (vcpu_requests(vcpu) & g->must_see || vcpu_irq_pending(vcpu))
		oracle_report(ORACLE_LOST_REQUEST, vcpu, g->request_site, g->check_site, 0);
	else if (g->must_leave && g->kicked_interval == g->interval)
		oracle_report(ORACLE_LOST_REQUEST, vcpu, g->kick_site, g->ipi_site, 0);
}
