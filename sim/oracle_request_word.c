// SPDX-License-Identifier: GPL-2.0-only
/*
 * request-word: only atomic bit operations write vcpu->requests, and no bit
 * keeps the vCPU out of the guest for ever.
 */
#include "oracle_priv.h"

enum { MAX_REFUSED = 8 };		/* such entries in a row, none of which handled anything */

void request_word_store(int vcpu, const struct access *acc)
{
	if (!(acc->flags & ACC_READ))
		oracle_report(ORACLE_REQUEST_WORD, vcpu, acc->site, 0, 0);
}

/* Whether a task that is no vCPU's has still something to do. */
static bool others_go_on(void)
{
	const struct world *w = WORLD;

	for (const struct task *t = w->live.task; t < w->live.task + w->fix.nr_tasks; t++) {
		const struct pcpu *p = &w->live.pcpu[t->cpu];

		if (t->vcpu < 0 && t->state == TASK_RUNNABLE &&
		    (p->curr != task_id(t) || step_enabled(p)))
			return true;
	}
	return false;
}

/*
 * As long as others make requests, kick, and want the pCPU, an entry may be refused
 * again and again, and no bit is to blame; nor is one where no bit is set, and to be
 * switched out begins a new row.  Counting all would only make states differ that
 * have all else in common.
 */
void oracle_entry_refused(int vcpu, uint16_t site)
{
	uint8_t *refused = ghost_refused(vcpu);

	WORLD->fix.asked |= ASKED_ANY;
	*refused = others_go_on() || !vcpu_requests(vcpu) ? 0 : *refused + 1;
	if (*refused < MAX_REFUSED)
		return;
	oracle_report(ORACLE_REQUEST_WORD, vcpu, ghost_places(vcpu)->request_site, site, 0);
	run_finish(RUN_STOPPED);
}

void oracle_request_handled(int vcpu)
{
	*ghost_refused(vcpu) = 0;
}
