// SPDX-License-Identifier: GPL-2.0-only
/*
 * request-word: only atomic bit operations write vcpu->requests, and no bit
 * keeps the vCPU out of the guest for ever.
 */
#include "oracle_priv.h"

enum { MAX_REFUSED = 8 };		/* such entries in a row, none of which handled anything */

static uint64_t load_requests(void)
{
	return WORLD->fix.form->layout.requests_of_load;
}

/* Somebody who reads the word learns what the vCPU had before it was switched out. */
void request_word_look(int vcpu)
{
	if (ghost_places(vcpu)->away && load_requests())
		WORLD->fix.load_is_seen = 1;
}

void oracle_hide_load(int vcpu, void *shared)
{
	uint64_t *word = (uint64_t *)((char *)shared + WORLD->fix.vcpu_off[vcpu] +
				      WORLD->fix.form->layout.vcpu_requests);

	if (ghost_places(vcpu)->away)
		*word &= ~load_requests();
}

/* Others change the word bit by bit, and do not learn of the rest. */
static bool is_of_bits(const struct access *acc, uint64_t changed)
{
	return acc->flags & ACC_READ && !(changed & load_requests()) && !(changed & (changed - 1));
}

void request_word_store(struct pcpu *p, int vcpu, const struct access *acc, uint64_t old,
			uint64_t value)
{
	bool whole = acc->size == sizeof(value);

	if (!(acc->flags & ACC_READ))
		oracle_report(ORACLE_REQUEST_WORD, vcpu, acc->site, 0, 0);
	if (whole && acc->flags & ACC_READ && is_owner(p, vcpu) && load_requests() &&
	    (value & load_requests()) == load_requests())
		ghost_places(vcpu)->away = 0;
	else if (!whole || !is_of_bits(acc, old ^ value))
		request_word_look(vcpu);
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
