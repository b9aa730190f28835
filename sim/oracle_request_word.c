// SPDX-License-Identifier: GPL-2.0-only
/*
 * request-word: only atomic bit operations write vcpu->requests, and no bit
 * keeps the vCPU out of the guest for ever.
 */
#include "oracle_priv.h"

enum { MAX_REFUSED = 8 };		/* entries in a row, none of which handled anything */

void request_word_store(int vcpu, const struct access *acc)
{
	if (!(acc->flags & ACC_READ))
		oracle_report(ORACLE_REQUEST_WORD, vcpu, acc->site, 0, 0);
}

void oracle_entry_refused(int vcpu, uint16_t site)
{
	if (++*ghost_refused(vcpu) < MAX_REFUSED)
		return;
	oracle_report(ORACLE_REQUEST_WORD, vcpu, ghost_places(vcpu)->request_site, site, 0);
	run_finish(RUN_STOPPED);
}

void oracle_request_handled(int vcpu)
{
	*ghost_refused(vcpu) = 0;
}
