// SPDX-License-Identifier: GPL-2.0-only
/*
 * avic-entry: the entry of the physical ID table is where the hardware finds a
 * vCPU.  IsRunning means that the vCPU's task is on that pCPU; a guest that runs
 * with AVIC has IsRunning, and its own pCPU, in its entry.
 */
#include "oracle_priv.h"

static bool is_running(int vcpu, unsigned int *cpu)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;
	uint64_t entry;

	if (!m->vcpu_avic_entry)
		return false;
	entry = *(const uint64_t *)(SHARED_BASE + WORLD->fix.vcpu_off[vcpu] +
				    m->vcpu_avic_entry);
	*cpu = (unsigned int)(entry & m->avic_cpu_mask);
	return entry & m->avic_running;
}

static void report(int vcpu)
{
	const struct ghost_vcpu *g = ghost_vcpu(vcpu);

	oracle_report(ORACLE_AVIC_ENTRY, vcpu, g->store_site, g->check_site, 0);
}

void avic_entry_guest_enter(const struct pcpu *p, int vcpu)
{
	unsigned int cpu;

	if (is_running(vcpu, &cpu) && cpu != p->id)
		report(vcpu);
}

void avic_entry_end(const struct task *t)
{
	unsigned int cpu;

	if (t->vcpu < 0 || !is_running(t->vcpu, &cpu))
		return;
	if (t->state != TASK_RUNNABLE || t->cpu != cpu ||
	    WORLD->live.pcpu[cpu].curr != task_id(t))
		report(t->vcpu);
}
