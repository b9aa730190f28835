// SPDX-License-Identifier: GPL-2.0-only
/*
 * stranded-interrupt: at the end of the run, when nothing is on its way, a vCPU
 * sleeps or is in its guest although something is posted for it.  ON alone is as
 * bad: it keeps all that is posted from then on from being told.
 */
#include "oracle_priv.h"

void stranded_interrupt_end(const struct task *t)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;
	const struct ghost_vcpu *g;

	if (t->vcpu < 0)
		return;
	g = ghost_vcpu(t->vcpu);
	/* One that can run, or is being switched out, comes to its entry yet. */
	if (t->state != TASK_BLOCKED && !g->guest)
		return;
	if (vcpu_posted(t->vcpu) || vcpu_posted_control(t->vcpu) & m->posted_on)
		oracle_report(ORACLE_STRANDED_INTERRUPT, t->vcpu, g->posted_site, 0, 0);
}
