// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include "../results/term.h"
#include "show_events.h"
#include "show_name.h"
#include "show_state.h"

enum { NS_PER_STEP = 1000, PID_BASE = 100, EVENTS_PER_RECORD = 4 };

struct walk {
	const struct show_input *in;
	struct show_events *out;
	const struct trace_rec *rec;
	struct show_state state;	/* before the record */
	uint64_t ns;			/* of the last event */
	int16_t runs[MAX_PCPUS];	/* task on each pCPU, or SHOW_IDLE */
	uint8_t leaves[MAX_PCPUS];	/* enum show_prev + 1 of a task that has given it up */
};

unsigned int show_pid(int task)
{
	return task == SHOW_IDLE ? 0 : PID_BASE + (unsigned int)task;
}

const char *show_comm(int task, unsigned int pcpu, char buf[16])
{
	if (task == SHOW_IDLE)
		snprintf(buf, 16, "swapper/%u", pcpu);
	else
		snprintf(buf, 16, "%s", show_task((unsigned int)task));
	return buf;
}

static struct show_event *put(struct walk *w, enum show_event_kind kind)
{
	const struct trace_rec *r = w->rec;
	struct show_event *e = &w->out->ev[w->out->nr++];
	uint64_t due = (uint64_t)r->step * NS_PER_STEP;

	w->ns = due > w->ns ? due : w->ns + 1;
	*e = (struct show_event){
		.ns = w->ns, .step = r->step, .kind = (uint8_t)kind, .pcpu = r->pcpu,
		.in_irq = r->in_irq, .access = show_is_access(r) && r->kind != TRACE_VISIBLE,
		.task = w->runs[r->pcpu], .value = r->value, .old = r->old,
	};
	return e;
}

static void put_switch(struct walk *w, int16_t to)
{
	uint8_t pcpu = w->rec->pcpu;
	struct show_event *e = put(w, SHOW_EV_SWITCH);

	e->access = false;
	e->from = w->runs[pcpu];
	e->to = to;
	e->arg = w->leaves[pcpu] ? w->leaves[pcpu] - 1 : SHOW_PREV_RUNNABLE;
	w->leaves[pcpu] = 0;
	w->runs[pcpu] = to;
}

/*
 * A task that leaves runs its notifiers first.  Once it is not seen here again
 * the pCPU idles, unless the next task follows at once.
 */
static void follow_leaving(struct walk *w, const struct trace_rec *end)
{
	const struct trace_rec *r = w->rec, *next;

	if (!w->leaves[r->pcpu])
		return;
	for (next = r + 1; next < end; next++)
		if (next->pcpu == r->pcpu || next->task == r->task)
			break;
	if (next < end && next->task == r->task && next->kind != TRACE_SCHED_IN)
		return;
	for (; next < end && next->pcpu != r->pcpu; next++)
		;
	if (next == end || next->task == r->task || next->step > r->step + 1)
		put_switch(w, SHOW_IDLE);
}

/* A record of another task than the last on its pCPU: there was a switch. */
static void follow_task(struct walk *w)
{
	const struct trace_rec *r = w->rec;
	int16_t task = r->task < WORLD->fix.nr_tasks ? r->task : SHOW_IDLE;

	if (w->runs[r->pcpu] != task)
		put_switch(w, task);
}

static void put_migration(struct walk *w)
{
	uint8_t from = w->state.task_pcpu[w->rec->task], to = w->rec->pcpu;
	struct show_event *e;

	if (w->rec->kind != TRACE_SCHED_IN || from == to)
		return;
	e = put(w, SHOW_EV_MIGRATE);
	e->access = false;
	e->to = w->rec->task;
	e->from = from;
	e->arg = to;
}

static void put_text(struct walk *w, struct show_event *e)
{
	struct show_place p;
	char text[SHOW_TEXT];

	if (w->rec->kind == TRACE_REPORT)
		snprintf(text, sizeof(text), "%s", oracle_info[w->rec->off].name);
	else
		show_text(&w->state, w->rec, SHOW_BRIEF, &w->in->config->form->sites, text);
	snprintf(e->text, sizeof(e->text), "%.*s", SHOW_EV_TEXT - 1, text);
	if (show_place(w->in->config->form, w->rec, &p))
		snprintf(e->place, sizeof(e->place), "%.30s %.24s:%u", p.function, show_file(&p),
			 p.line);
}

/* An access: one of the vCPU's three words, or just a step. */
static enum show_event_kind access_kind(const struct walk *w, int16_t *vcpu)
{
	struct show_word word;
	bool writes = show_takes_effect(&w->state, w->rec);

	show_word(w->rec->off, &word);
	*vcpu = (int16_t)word.vcpu;
	if (word.vcpu < 0)
		return SHOW_EV_STEP;
	if (word.watch == WATCH_MODE && writes)
		return SHOW_EV_MODE;
	if (word.watch == WATCH_REQUESTS && writes)
		return SHOW_EV_REQUEST;
	if (word.watch == WATCH_CPU && writes)
		return SHOW_EV_CPU_WRITE;
	if (word.watch == WATCH_CPU && w->rec->kind == TRACE_READ)
		return SHOW_EV_CPU_READ;
	return SHOW_EV_STEP;
}

static void put_access(struct walk *w)
{
	int16_t vcpu;
	enum show_event_kind kind = access_kind(w, &vcpu);
	struct show_event *e = put(w, kind);

	e->to = vcpu;
	/* A buffered store says what it stores, not what was there. */
	if (w->rec->kind == TRACE_VISIBLE && vcpu >= 0) {
		const struct show_vcpu *v = &w->state.vcpu[vcpu];

		e->old = kind == SHOW_EV_MODE ? v->mode :
			 kind == SHOW_EV_REQUEST ? v->requests : (uint32_t)v->cpu;
	}
	put_text(w, e);
}

static void put_plain(struct walk *w, enum show_event_kind kind, int to, int arg)
{
	struct show_event *e = put(w, kind);

	e->to = (int16_t)to;
	e->arg = (int16_t)arg;
	put_text(w, e);
}

static void leave(struct walk *w, enum show_prev how)
{
	put_plain(w, SHOW_EV_STEP, 0, 0);
	w->leaves[w->rec->pcpu] = (uint8_t)(how + 1);
}

static void put_record(struct walk *w)
{
	const struct trace_rec *r = w->rec;

	switch (r->kind) {
	case TRACE_SCHED_OUT:
		leave(w, SHOW_PREV_RUNNABLE);
		break;
	case TRACE_BLOCK:
		leave(w, SHOW_PREV_SLEEPS);
		break;
	case TRACE_TASK_END:
		leave(w, SHOW_PREV_DEAD);
		break;
	case TRACE_WAKE:
		put_plain(w, SHOW_EV_WAKE, (int)r->off, (int)r->value);
		break;
	case TRACE_GUEST_ENTER:
		put_plain(w, SHOW_EV_ENTRY, (int)r->off, 0);
		break;
	case TRACE_GUEST_EXIT:
		put_plain(w, SHOW_EV_EXIT, (int)r->off, (int)r->value);
		break;
	case TRACE_IPI:
		put_plain(w, SHOW_EV_IPI, (int)r->off, (int)trace_ipi_event(r));
		break;
	case TRACE_IRQ_ENTER:
		put_plain(w, SHOW_EV_IRQ_ENTRY, 0, (int)r->off);
		break;
	case TRACE_IRQ_EXIT:
		put_plain(w, SHOW_EV_IRQ_EXIT, 0, (int)r->off);
		break;
	case TRACE_REPORT:
		put_plain(w, SHOW_EV_ORACLE, 0, 0);
		break;
	default:
		if (show_is_access(r))
			put_access(w);
		else
			put_plain(w, SHOW_EV_STEP, 0, 0);
	}
}

int show_events_make(const struct show_input *in, struct show_events *e)
{
	struct walk *w = calloc(1, sizeof(*w));

	e->nr = 0;
	e->ev = calloc((size_t)in->trace->nr * EVENTS_PER_RECORD + 1, sizeof(*e->ev));
	if (!w || !e->ev) {
		free(w);
		free(e->ev);
		return term_error(TERM_EXIT_SYSTEM, "no memory for the events of the trace");
	}
	w->in = in;
	w->out = e;
	for (unsigned int i = 0; i < MAX_PCPUS; i++)
		w->runs[i] = SHOW_IDLE;
	show_state_begin(&w->state);
	e->buffered = w->state.buffered;
	for (uint32_t i = 0; i < in->trace->nr; i++) {
		w->rec = &in->trace->rec[i];
		put_migration(w);
		follow_task(w);
		put_record(w);
		follow_leaving(w, in->trace->rec + in->trace->nr);
		show_state_apply(&w->state, w->rec);
	}
	free(w);
	return 0;
}

void show_events_free(struct show_events *e)
{
	free(e->ev);
	e->ev = NULL;
}
