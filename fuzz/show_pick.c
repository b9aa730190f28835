// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include "show_name.h"
#include "show_pick.h"
#include "show_state.h"

enum {
	CONTEXT = 3,			/* another task's records */
	KICK = REPORT_SITES,		/* the pivot that is no place of the report's */
	NR_PIVOTS,
};

struct picker {
	struct show_pick *p;
	const struct show_input *in;
	const struct trace *t;
	uint32_t pivot[NR_PIVOTS];	/* records made at the report's places, and the kick */
	unsigned int tasks;		/* bitmap of those that made them, or run the vCPUs */
	uint64_t requests;		/* bits that calls are about */
	uint64_t ipis;			/* bitmap of pCPUs that their calls have interrupted */
	struct show_state state;
};

static unsigned int vcpu_of_word(const struct trace_rec *r)
{
	struct show_word w;

	if (!show_is_access(r))
		return 0;
	show_word(r->off, &w);
	return w.vcpu < 0 ? 0 : 1u << w.vcpu;
}

/* Whom it is about, and who did it. */
static void find_concerned(struct picker *k)
{
	const struct report *x = k->in->report;
	unsigned int all = (1u << WORLD->fix.config.nr_vcpus) - 1;

	if (x && x->vcpu >= 0)
		k->p->vcpus = 1u << x->vcpu;
	show_state_begin(&k->state);
	for (uint32_t i = 0; i < k->p->to; i++) {
		const struct trace_rec *r = &k->t->rec[i];

		show_state_apply(&k->state, r);
		for (unsigned int n = 0; n < NR_PIVOTS; n++) {
			if (k->pivot[n] != i)
				continue;
			k->tasks |= 1u << r->task;
			if (x->vcpu < 0)
				k->p->vcpus |= vcpu_of_word(r) | k->state.call_vcpus[r->task];
		}
	}
	if (!k->p->vcpus)
		k->p->vcpus = all;
	for (unsigned int task = 0; task < WORLD->fix.nr_tasks; task++) {
		int vcpu = show_task_vcpu(task);

		if (vcpu >= 0 && k->p->vcpus >> vcpu & 1)
			k->tasks |= 1u << task;
	}
	if (!x)
		k->tasks = ~0u;
}

static bool is_owner_of(const struct trace_rec *r, const struct show_word *w)
{
	return show_task_vcpu(r->task) == w->vcpu && !r->in_irq;
}

/* The vCPU's last look at its requests before it goes into the guest. */
static bool is_last_check(const struct picker *k, uint32_t i, const struct show_word *w)
{
	const struct trace_rec *r = &k->t->rec[i];

	for (uint32_t n = i + 1; n < k->t->nr; n++) {
		const struct trace_rec *next = &k->t->rec[n];

		if (next->task != r->task || next->in_irq)
			continue;
		if (next->kind == TRACE_GUEST_ENTER)
			return true;
		if (show_is_access(next) && (next->off == r->off ||
					     vcpu_of_word(next) == 1u << w->vcpu))
			return next->kind == TRACE_READ && next->off != r->off;
	}
	return false;
}

static bool keep_vcpu_word(const struct picker *k, uint32_t i, const struct show_word *w)
{
	const struct trace_rec *r = &k->t->rec[i];
	bool owner = is_owner_of(r, w), is_read = r->kind == TRACE_READ;

	if (!(k->p->vcpus >> w->vcpu & 1))
		return false;
	if (w->watch & WATCH_MODE)
		return !is_read || !owner;
	if (w->watch & WATCH_CPU)
		return is_read ? !owner : r->value != r->old;
	if (!owner)
		return true;
	if (is_read)
		return k->requests && is_last_check(k, i, w);
	return ((r->value ^ r->old) & k->requests) != 0;
}

/* Words that a sleeper and its waker meet on. */
static bool is_about_sleep(const struct show_word *w)
{
	if (!w->field)
		return false;
	return w->field->kind == MACHINE_FIELD_STATE || !strncmp(w->field->name, "wait", 4);
}

static bool is_pivot(const struct picker *k, uint32_t i)
{
	for (unsigned int n = 0; n < NR_PIVOTS; n++)
		if (k->pivot[n] == i)
			return true;
	return false;
}

static bool keep_access(const struct picker *k, uint32_t i)
{
	const struct report *x = k->in->report;
	const struct trace_rec *r = &k->t->rec[i];
	struct show_word w;

	if (is_pivot(k, i))
		return true;
	show_word(r->off, &w);
	if (w.vcpu >= 0)
		return keep_vcpu_word(k, i, &w);
	for (unsigned int n = 0; n < NR_PIVOTS; n++)
		if (k->pivot[n] != SHOW_NO_RECORD && show_is_access(&k->t->rec[k->pivot[n]]) &&
		    k->t->rec[k->pivot[n]].off == r->off)
			return true;
	return x && x->oracle == ORACLE_LOST_WAKEUP && is_about_sleep(&w);
}

static bool keep_event(struct picker *k, uint32_t i)
{
	const struct report *x = k->in->report;
	const struct trace_rec *r = &k->t->rec[i];
	bool concerned = k->tasks >> r->task & 1;

	switch (r->kind) {
	case TRACE_GUEST_ENTER:
	case TRACE_GUEST_EXIT:
		return r->off < MAX_VCPUS && k->p->vcpus >> r->off & 1;
	case TRACE_IPI:
		if (concerned && r->off < MAX_PCPUS)
			k->ipis |= 1ull << r->off;
		return concerned;
	case TRACE_IRQ_ENTER:
		return (r->off == EVENT_RESCHED || r->off == EVENT_CALL) &&
		       k->ipis >> r->pcpu & 1;
	case TRACE_OFFLINE:
	case TRACE_ONLINE:
		return true;
	case TRACE_PAGE_FREE:
	case TRACE_PAGE_ALLOC:
		return x && x->oracle == ORACLE_PAGE_UAF;
	case TRACE_MB:
	case TRACE_RMB:
	case TRACE_WMB:
		return concerned && k->state.buffered;
	case TRACE_WAKE:
		return concerned || (r->off < MAX_TASKS && k->tasks >> r->off & 1);
	case TRACE_IPI_DROPPED:
	case TRACE_ACK:
	case TRACE_ACKED:
	case TRACE_SCHED_OUT:
	case TRACE_SCHED_IN:
	case TRACE_BLOCK:
		return concerned;
	default:
		return false;
	}
}

/*
 * The window begins with the first thing that the earliest pivot's doer did to
 * the vCPUs: in the call that it was made in, or else in the same stay around
 * the guest, which begins with a store to mode.
 */
static uint32_t window_begin(const struct picker *k, uint32_t pivot)
{
	const struct trace_rec *x = &k->t->rec[pivot];
	uint32_t from = pivot;

	for (uint32_t i = pivot; i-- > 0;) {
		const struct trace_rec *r = &k->t->rec[i];
		struct show_word w;

		if (r->task != x->task)
			continue;
		if (r->kind == TRACE_CALL_BEGIN || r->kind == TRACE_CALL_END)
			break;
		if (!show_is_access(r))
			continue;
		show_word(r->off, &w);
		if (w.vcpu < 0 || !(k->p->vcpus >> w.vcpu & 1))
			continue;
		if (!is_owner_of(r, &w)) {
			from = i;
		} else if (w.watch & WATCH_MODE && r->kind == TRACE_WRITE) {
			show_word(x->off, &w);
			return show_is_access(x) && w.watch & WATCH_REQUESTS ? i : from;
		}
	}
	return from;
}

/* A use of a freed page is told before it is made. */
static uint32_t use_of_page(const struct trace *t, const struct report *x)
{
	for (uint32_t i = show_report_index(t, x); i < t->nr; i++)
		if (t->rec[i].site == x->site[0] && t->rec[i].pcpu == x->pcpu &&
		    show_is_access(&t->rec[i]))
			return i;
	return SHOW_NO_RECORD;
}

/*
 * A request is lost to a kick that was taken for made: somebody, perhaps another,
 * has marked this stay in the guest as about to end.
 */
static uint32_t last_kick(const struct picker *k, int vcpu)
{
	for (uint32_t i = k->p->to; i-- > 0;) {
		const struct trace_rec *r = &k->t->rec[i];
		struct show_word w;

		if (!show_is_access(r))
			continue;
		show_word(r->off, &w);
		if (w.vcpu != vcpu || !(w.watch & WATCH_MODE))
			continue;
		if (r->kind == TRACE_RMW)
			return i;
		if (r->kind == TRACE_WRITE)
			break;
	}
	return SHOW_NO_RECORD;
}

static void find_pivots(struct picker *k)
{
	const struct report *x = k->in->report;

	for (unsigned int n = 0; n < REPORT_SITES; n++)
		k->pivot[n] = x ? show_last_at(k->t, x->site[n], k->p->to) : SHOW_NO_RECORD;
	if (x && x->oracle == ORACLE_DATA_RACE)
		show_race_sides(k->t, x, &k->pivot[0], &k->pivot[1]);
	if (x && x->oracle == ORACLE_PAGE_UAF)
		k->pivot[REPORT_SITES - 1] = use_of_page(k->t, x);
	k->pivot[KICK] = SHOW_NO_RECORD;
	if (x && x->oracle == ORACLE_LOST_REQUEST)
		k->pivot[KICK] = last_kick(k, x->vcpu);
}

static void find_window(struct picker *k)
{
	const struct report *x = k->in->report;
	struct show_pick *p = k->p;
	bool any = false;

	p->from = 0;
	p->to = show_report_index(k->t, x);
	find_pivots(k);
	for (unsigned int n = 0; n < NR_PIVOTS; n++)
		if (k->pivot[n] != SHOW_NO_RECORD && k->pivot[n] >= p->to)
			p->to = k->pivot[n] + 1;
	find_concerned(k);
	for (unsigned int n = 0; n < NR_PIVOTS; n++) {
		uint32_t from;

		if (k->pivot[n] == SHOW_NO_RECORD)
			continue;
		from = x->oracle == ORACLE_DATA_RACE ? k->pivot[n] :
		       window_begin(k, k->pivot[n]);
		if (!any || from < p->from)
			p->from = from;
		any = true;
	}
}

/* Too many: the earliest go, but not the pivots and not what the window begins with. */
static void drop(struct picker *k, uint32_t kept, uint32_t max)
{
	struct show_pick *p = k->p;

	for (uint32_t i = p->from + 1; i < p->to && kept > max; i++) {
		if (!p->keep[i] || is_pivot(k, i))
			continue;
		p->keep[i] = false;
		if (!p->dropped++)
			p->gap = i;
		kept--;
	}
}

static bool keep_record(struct picker *k, uint32_t i)
{
	return show_is_access(&k->t->rec[i]) ? keep_access(k, i) : keep_event(k, i);
}

/*
 * What only one task does explains nothing: the last things that another has
 * done to the vCPUs belong to it.
 */
static void add_context(struct picker *k)
{
	struct show_pick *p = k->p;
	unsigned int tasks = 0, others = 0;

	for (uint32_t i = p->from; i < p->to; i++)
		if (p->keep[i])
			tasks |= 1u << k->t->rec[i].task;
	if (tasks & (tasks - 1) || k->in->report->oracle == ORACLE_DATA_RACE)
		return;
	while (p->from > 0 && others < CONTEXT) {
		p->from--;
		p->keep[p->from] = keep_record(k, p->from);
		others += p->keep[p->from] && !(tasks >> k->t->rec[p->from].task & 1);
	}
}

int show_pick(struct show_pick *p, const struct show_input *in, uint32_t max)
{
	struct picker *k = calloc(1, sizeof(*k));
	uint32_t kept = 0;

	*p = (struct show_pick){ .keep = calloc(in->trace->nr + 1, sizeof(*p->keep)) };
	if (!k || !p->keep) {
		free(k);
		free(p->keep);
		return -1;
	}
	k->p = p;
	k->in = in;
	k->t = in->trace;
	find_window(k);
	for (uint32_t i = 0; i < p->to; i++) {
		const struct trace_rec *r = &k->t->rec[i];

		if (r->kind == TRACE_CALL_BEGIN && r->value)
			k->requests |= 1ull << ((r->value - 1) & 63);
	}
	for (uint32_t i = p->from; i < p->to; i++)
		p->keep[i] = keep_record(k, i);
	if (in->report)
		add_context(k);
	for (uint32_t i = p->from; i < p->to; i++)
		kept += p->keep[i];
	drop(k, kept, max);
	free(k);
	return 0;
}
