// SPDX-License-Identifier: GPL-2.0-only
/* The task that unlinks and frees shadow pages. */
#include "scenario.h"

/* Each zap but the first needs a page to be linked again. */
static __actor void zapper(void *arg)
{
	struct actor *me = arg;
	int i;

	for (i = 0; i < me->count; i++) {
		if (i)
			kvm_mmu_map_leaf(me->kvm);
		kvm_mmu_zap_leaf(me->kvm);
	}
}

void scenario_zapper(struct kvm *kvm, const struct machine_config *config, int nr)
{
	scenario_actor(kvm, config, "zapper", nr, zapper)->count = config->zaps;
}
