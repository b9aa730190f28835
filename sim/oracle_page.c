// SPDX-License-Identifier: GPL-2.0-only
/* page-use-after-free: nobody touches a shadow page that has been given back. */
#include "oracle_priv.h"

void oracle_page_access(const struct access *acc)
{
	const struct ghost *g = &WORLD->live.ghost;

	for (unsigned int i = 0; i < MAX_PAGES; i++)
		if (acc->off - g->page_off[i] < g->page_size[i])
			oracle_report(ORACLE_PAGE_UAF, pcpu_task(WORLD->live.cur)->vcpu, acc->site,
				      0, 0);
}
