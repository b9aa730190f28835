// SPDX-License-Identifier: GPL-2.0-only
/* The table of oracles, their reports, and who is told what. */
#include "oracle_priv.h"

const struct oracle_info oracle_info[NR_ORACLES] = {
#define ORACLE(id, name, severity, sentence) [ORACLE_##id] = { name, severity, sentence },
#include "oracles.def"
#undef ORACLE
};

const char *const severity_name[NR_SEVERITIES] = {
	[SEVERITY_BENIGN] = "benign",
	[SEVERITY_WARN] = "warn",
	[SEVERITY_RACE] = "race",
	[SEVERITY_DEGRADED] = "degraded",
	[SEVERITY_HARMFUL] = "harmful",
	[SEVERITY_OOPS] = "oops",
	[SEVERITY_TOOL_ERROR] = "tool-error",
};

void oracle_report(enum oracle oracle, int vcpu, uint16_t site0, uint16_t site1, uint16_t site2)
{
	struct ghost *g = &WORLD->live.ghost;
	struct report r = {
		.oracle = (uint8_t)oracle,
		.pcpu = WORLD->live.cur->id,
		.vcpu = (int8_t)vcpu,
		.site = { site0, site1, site2 },
		.step = WORLD->live.steps,
	};

	g->fired |= 1u << oracle;
	for (unsigned int i = 0; i < g->nr_reports; i++)
		if (g->report[i].oracle == oracle && g->report[i].site[0] == site0 &&
		    g->report[i].site[1] == site1 && g->report[i].site[2] == site2)
			return;
	trace_event(TRACE_REPORT, oracle, 0, site0);
	if (g->nr_reports < MAX_REPORTS)
		g->report[g->nr_reports++] = r;
}

int oracle_find(const char *name)
{
	for (int i = 0; i < NR_ORACLES; i++)
		if (!strcmp(oracle_info[i].name, name))
			return i;
	return -1;
}

void oracle_store(struct pcpu *p, const struct access *acc, uint64_t old, uint64_t value)
{
	const struct word_meta *m = &WORLD->fix.meta[acc->off / 4];
	struct ghost_vcpu *g = ghost_places(m->vcpu);

	if (m->watch & WATCH_MODE) {
		missed_leave_look(p, m->vcpu, acc, (int)old);
		lost_kick_mode(p, m->vcpu, acc, (int)old, (int)value);
		mode_automaton_store(p, m->vcpu, acc, (int)old, (int)value);
	}
	if (m->watch & WATCH_REQUESTS) {
		request_word_store(m->vcpu, acc);
		missed_ack_request(p, m->vcpu);
		if (value & ~old)
			g->request_site = acc->site;
	}
	if (m->watch & WATCH_CPU)
		g->store_site = acc->site;
	if (m->watch & WATCH_POSTED)
		g->posted_site = acc->site;
	if (m->watch & WATCH_PROBE)
		WORLD->fix.probe(acc, true);
}

void oracle_visible(const struct access *acc, uint64_t value)
{
	const struct word_meta *m = &WORLD->fix.meta[acc->off / 4];

	if (m->watch & WATCH_MODE)
		mode_automaton_visible(m->vcpu, (int)value);
}

void oracle_load(struct pcpu *p, const struct access *acc, uint64_t value)
{
	const struct word_meta *m = &WORLD->fix.meta[acc->off / 4];

	if (m->watch & WATCH_MODE)
		missed_leave_look(p, m->vcpu, acc, (int)value);
	if (m->watch & WATCH_REQUESTS && is_owner(p, m->vcpu))
		ghost_places(m->vcpu)->check_site = acc->site;
	if (m->watch & WATCH_PROBE)
		WORLD->fix.probe(acc, false);
}

void oracle_ipi(struct pcpu *p, int target, unsigned int kind, uint16_t site)
{
	cpu_consistency_ipi(target, site);
	if (target >= 0 && target < WORLD->fix.config.nr_pcpus)
		ipi_sent(p, target, kind, site);
}

void oracle_guest_enter(struct pcpu *p, int vcpu, uint16_t site)
{
	struct ghost_vcpu *g = ghost_vcpu(vcpu);

	g->interval++;
	g->guest = p->id + 1;
	g->ipis = 0;
	*ghost_refused(vcpu) = 0;
	mode_automaton_guest_enter(vcpu, site);
	cpu_consistency_guest_enter(p, vcpu, site);
	avic_entry_guest_enter(p, vcpu);
	posted_descriptor_guest_enter(p, vcpu);
}

void oracle_guest_exit(struct pcpu *p, int vcpu)
{
	(void)p;
	ghost_vcpu(vcpu)->guest = 0;
	mode_automaton_leave(vcpu);
}

void oracle_sched_out(struct pcpu *p, struct task *t)
{
	(void)p;
	mode_automaton_sched_out(t);
	/* When it is back it has requests of its own making. */
	if (t->vcpu >= 0)
		*ghost_refused(t->vcpu) = 0;
}

void oracle_call_begin(struct pcpu *p, struct task *t, uint64_t vcpus, int req,
		       unsigned int flags)
{
	(void)p;
	assert(t->call_depth < CALL_DEPTH);
	t->call[t->call_depth++] = (struct call){
		.flags = (uint8_t)flags,
		.vcpus = (uint8_t)vcpus,
		.req = (int8_t)req,
	};
	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++) {
		if (!(vcpus >> v & 1) || req < 0)
			continue;
		ghost_vcpu(v)->must_see |= 1ull << (req & 63);
		if (!(flags & MACHINE_CALL_NO_WAKEUP) &&
		    !(WORLD->fix.form->layout.requests_no_wake >> (req & 63) & 1))
			ghost_vcpu(v)->must_wake |= 1ull << (req & 63);
	}
	lost_kick_begin(t);
	missed_ack_begin(t);
	incomplete_log_begin(t);
}

void oracle_call_end(struct pcpu *p, struct task *t, uint16_t site)
{
	(void)p;
	assert(t->call_depth > 0);
	missed_ack_end(t, site);
	missed_leave_end(t, site);
	incomplete_log_end(t, site);
	t->call_depth--;
	/* Nothing of it is left: equal states are equal bytes. */
	t->call[t->call_depth] = (struct call){ 0 };
}

void oracle_end(bool quiescent)
{
	struct world *w = WORLD;

	if (!quiescent) {
		oracle_report(ORACLE_SOFT_LOCKUP, -1, 0, 0, 0);
		return;
	}
	for (int v = 0; v < w->fix.config.nr_vcpus; v++) {
		lost_request_end(v);
		lost_kick_end(v);
	}
	for (struct task *t = w->live.task; t < w->live.task + w->fix.nr_tasks; t++)
		lost_wakeup_end(t);
	for (struct task *t = w->live.task; t < w->live.task + w->fix.nr_tasks; t++) {
		avic_entry_end(t);
		stranded_interrupt_end(t);
	}
	posted_descriptor_end();
	deadlock_end();
}
