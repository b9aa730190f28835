// SPDX-License-Identifier: GPL-2.0-only
/*
 * cpu-consistency: a vCPU runs its guest on the pCPU that vcpu->cpu names, and
 * a number that is used as a CPU is one.
 */
#include "model.h"
#include "oracle_priv.h"

/* The store may still be in the pCPU's own store buffer. */
static int own_vcpu_cpu(const struct pcpu *p, int vcpu)
{
	return (int)model_peek(p, WORLD->fix.vcpu_off[vcpu] + WORLD->fix.form->layout.vcpu_cpu,
			       sizeof(int));
}

void cpu_consistency_guest_enter(struct pcpu *p, int vcpu, uint16_t site)
{
	int cpu = WORLD->fix.model ? own_vcpu_cpu(p, vcpu) : vcpu_cpu(vcpu);

	if (cpu != p->id || !p->irq_off)
		oracle_report(ORACLE_CPU_CONSISTENCY, vcpu, site, ghost_vcpu(vcpu)->store_site, 0);
}

void cpu_consistency_ipi(int target, uint16_t site)
{
	if (target < 0 || target >= WORLD->fix.config.nr_pcpus)
		oracle_report(ORACLE_CPU_CONSISTENCY, -1, site, 0, 0);
}
