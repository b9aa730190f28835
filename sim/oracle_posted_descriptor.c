// SPDX-License-Identifier: GPL-2.0-only
/*
 * posted-descriptor: where a vCPU's notifications go is where they are heeded.
 *
 * A guest is entered with NDST naming its pCPU, with the vector that notifies guests
 * and with notifications on.  At the end of the run a descriptor has the vector that
 * wakes if and only if the vCPU is on one list of those to wake, once, and that is
 * pCPU NDST's; and each list leads round to where it begins.
 */
#include "model.h"
#include "oracle_priv.h"

static void report(int vcpu)
{
	oracle_report(ORACLE_POSTED_DESCRIPTOR, vcpu,
		      vcpu < 0 ? 0 : ghost_places(vcpu)->posted_site, 0, 0);
}

static unsigned int ndst(uint64_t control)
{
	return (unsigned int)(control >> WORLD->fix.form->layout.posted_ndst_shift);
}

static bool wakes(uint64_t control)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;

	return (uint8_t)(control >> m->posted_nv_shift) == m->posted_nv_wakeup;
}

/* By what its own task has written, be that visible to others or not. */
void posted_descriptor_guest_enter(const struct pcpu *p, int vcpu)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;
	uint32_t off = WORLD->fix.posted_off[vcpu];
	uint64_t control;

	if (!off)
		return;
	control = WORLD->fix.model ? model_peek(p, off + m->posted_control, sizeof(control)) :
		  vcpu_posted_control(vcpu);
	if (control & m->posted_sn || wakes(control) || ndst(control) != p->id)
		report(vcpu);
}

/* The vCPU whose node stands at @off of shared memory, or -1. */
static int node_vcpu(uint64_t off)
{
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++)
		if (WORLD->fix.posted_off[v] &&
		    off == WORLD->fix.posted_off[v] + WORLD->fix.form->layout.posted_node)
			return v;
	return -1;
}

/* Counts the vCPUs on @cpu's list; false: it does not lead back to its head. */
static bool list_count(int cpu, unsigned int on[MAX_VCPUS][MAX_PCPUS])
{
	const struct world_fixed *f = &WORLD->fix;
	uint64_t head = f->percpu_off + (uint64_t)cpu * f->percpu_size +
			(uint64_t)(f->form->layout.posted_list - f->form->percpu_start);
	uint64_t at = head;

	for (unsigned int i = 0; i <= MAX_VCPUS; i++) {
		int vcpu;

		at = *(const uint64_t *)(SHARED_BASE + at) - SHARED_BASE;
		if (at == head)
			return true;
		vcpu = node_vcpu(at);
		if (vcpu < 0)
			return false;
		on[vcpu][cpu]++;
	}
	return false;
}

static bool is_right(int vcpu, const unsigned int on[MAX_PCPUS])
{
	uint64_t control = vcpu_posted_control(vcpu);
	unsigned int times = 0;

	for (int i = 0; i < WORLD->fix.config.nr_pcpus; i++)
		times += on[i];
	if (!wakes(control))
		return !times;
	return times == 1 && ndst(control) < MAX_PCPUS && on[ndst(control)] == 1;
}

static __attribute__((noinline)) void look_at_lists(void)
{
	unsigned int on[MAX_VCPUS][MAX_PCPUS] = { { 0 } };

	for (int i = 0; i < WORLD->fix.config.nr_pcpus; i++)
		if (!list_count(i, on))
			report(-1);
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++)
		if (WORLD->fix.posted_off[v] && !is_right(v, on[v]))
			report(v);
}

void posted_descriptor_end(void)
{
	uint32_t any = 0;

	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++)
		any |= WORLD->fix.posted_off[v];
	if (any)
		look_at_lists();
}
