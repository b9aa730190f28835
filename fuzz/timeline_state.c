// SPDX-License-Identifier: GPL-2.0-only
/* Lanes: what each pCPU was at each record, as bands. */
#include <stdlib.h>
#include <string.h>
#include "show_state.h"
#include "timeline.h"

enum { NOBODY = 0xff };

struct lane {
	uint8_t task;			/* or NOBODY: idle */
	bool online, guest, irq;
	bool is_open;			/* band[] is being made */
	unsigned int band;
};

struct lanes {
	struct timeline *t;
	struct show_state state;
	struct lane lane[MAX_PCPUS];
	bool *leaves;			/* [record]: the task's last one there */
	bool full;
};

/*
 * A task that is switched out goes on for a while where it was, in its preempt
 * notifiers; it is gone after its last record there.
 */
static void find_leaves(struct lanes *l)
{
	const struct trace *t = l->t->in->trace;

	for (uint32_t i = 0; i < t->nr; i++) {
		const struct trace_rec *r = &t->rec[i];
		uint32_t last = i;

		if (r->kind == TRACE_TASK_END)
			l->leaves[i] = true;
		if (r->kind != TRACE_SCHED_OUT)
			continue;
		for (uint32_t j = i + 1; j < t->nr; j++) {
			const struct trace_rec *x = &t->rec[j];

			if (x->task != r->task)
				continue;
			if (x->kind == TRACE_SCHED_IN)
				break;
			if (x->pcpu == r->pcpu)
				last = j;
		}
		l->leaves[last] = true;
	}
}

static enum timeline_fill mode_fill(uint64_t mode)
{
	const struct machine_layout *m = &WORLD->fix.form->layout;

	if ((int)mode == m->mode_in_guest)
		return FILL_IN_GUEST;
	if ((int)mode == m->mode_exiting)
		return FILL_EXITING;
	if ((int)mode == m->mode_reading)
		return FILL_READING;
	return FILL_OUTSIDE;
}

/* Fill and labels of what @x is. */
static void describe(const struct lanes *l, const struct lane *x, struct timeline_band *b)
{
	const char *task = x->task == NOBODY ? "" : show_task(x->task);
	int vcpu = x->task == NOBODY ? -1 : show_task_vcpu(x->task);
	const char *word;

	b->guest = x->guest;
	if (!x->online) {
		b->fill = FILL_OFFLINE;
		word = "offline";
	} else if (x->irq) {
		b->fill = FILL_IRQ;
		word = "IRQ";
	} else if (x->task == NOBODY) {
		b->fill = FILL_IDLE;
		word = "idle";
	} else if (vcpu < 0) {
		b->fill = FILL_HOST;
		word = task;
	} else {
		b->fill = (uint8_t)mode_fill(l->state.vcpu[vcpu].mode);
		word = show_mode(l->state.vcpu[vcpu].mode, true);
	}
	if (vcpu < 0 || !x->online || x->irq) {
		snprintf(b->label[0], TIMELINE_LABEL, "%.40s", word);
		snprintf(b->label[1], TIMELINE_LABEL, "%.40s", word);
		return;
	}
	snprintf(b->label[0], TIMELINE_LABEL, "%.20s %s%s", task, word,
		 x->guest ? ", guest runs" : "");
	if (WORLD->fix.config.nr_vcpus > 1)
		snprintf(b->label[1], TIMELINE_LABEL, "v%d %s", vcpu, word);
	else
		snprintf(b->label[1], TIMELINE_LABEL, "%s", word);
}

static bool is_same(const struct timeline_band *a, const struct timeline_band *b)
{
	return a->fill == b->fill && a->guest == b->guest && !strcmp(a->label[0], b->label[0]);
}

static int band_end(struct lanes *l, struct timeline_band *b, uint32_t to)
{
	int end = timeline_x(l->t, to);

	b->to = to;
	b->width = end - b->x;
	return end;
}

/* The lane as it is after record @i; before the first one with @i 0 and @begin. */
static void update(struct lanes *l, unsigned int pcpu, uint32_t i, bool begin)
{
	struct lane *x = &l->lane[pcpu];
	struct timeline_band now = { .pcpu = (uint8_t)pcpu, .from = i };
	struct timeline *t = l->t;

	describe(l, x, &now);
	if (x->is_open && is_same(&t->band[x->band], &now))
		return;
	if (t->nr_bands == TIMELINE_BANDS) {
		l->full = true;
		return;
	}
	now.x = begin ? t->left : timeline_x(t, i);
	now.again = x->is_open && t->band[x->band].fill == now.fill &&
		    !strcmp(t->band[x->band].label[1], now.label[1]);
	if (x->is_open)
		band_end(l, &t->band[x->band], i);
	x->is_open = true;
	x->band = t->nr_bands;
	t->band[t->nr_bands++] = now;
}

static void apply(struct lanes *l, uint32_t i)
{
	const struct trace_rec *r = &l->t->in->trace->rec[i];
	struct lane *x = &l->lane[r->pcpu];

	show_state_apply(&l->state, r);
	if (r->kind != TRACE_VISIBLE && r->task < WORLD->fix.nr_tasks)
		x->task = r->task;
	switch (r->kind) {
	case TRACE_GUEST_ENTER:
		x->guest = true;
		break;
	case TRACE_GUEST_EXIT:
		x->guest = false;
		break;
	case TRACE_IRQ_ENTER:
		x->irq = r->off != EVENT_TICK && r->off != EVENT_RESCHED;
		break;
	case TRACE_IRQ_EXIT:
		x->irq = false;
		break;
	case TRACE_OFFLINE:
	case TRACE_ONLINE:
		if (r->off < MAX_PCPUS)
			l->lane[r->off].online = r->kind == TRACE_ONLINE;
		break;
	default:
		break;
	}
	if (l->leaves[i])
		x->task = NOBODY;
}

/* pCPUs where anything happens, or that an IPI is sent to. */
static unsigned int acting(const struct timeline *t)
{
	unsigned int pcpus = 0;

	for (uint32_t i = 0; i < t->in->trace->nr; i++) {
		const struct trace_rec *r = &t->in->trace->rec[i];
		bool names_pcpu = r->kind == TRACE_IPI || r->kind == TRACE_OFFLINE;

		pcpus |= 1u << r->pcpu;
		if (names_pcpu && r->off < (unsigned int)WORLD->fix.config.nr_pcpus)
			pcpus |= 1u << r->off;
	}
	return pcpus;
}

static void begin(struct lanes *l)
{
	show_state_begin(&l->state);
	l->t->nr_bands = 0;
	l->t->pcpus = acting(l->t);
	for (unsigned int p = 0; p < MAX_PCPUS; p++) {
		l->lane[p] = (struct lane){ .task = NOBODY, .online = true };
		if (WORLD->fix.image.pcpu[p].curr < WORLD->fix.nr_tasks)
			l->lane[p].task = WORLD->fix.image.pcpu[p].curr;
		if (l->t->pcpus >> p & 1)
			update(l, p, 0, true);
	}
}

int timeline_lanes(struct timeline *t)
{
	struct lanes *l = calloc(1, sizeof(*l));
	uint32_t nr = t->in->trace->nr;

	if (l)
		l->leaves = calloc(nr + 1u, sizeof(*l->leaves));
	if (!l || !l->leaves) {
		free(l);
		return -1;
	}
	l->t = t;
	find_leaves(l);
	begin(l);
	for (uint32_t i = 0; i < nr; i++) {
		apply(l, i);
		for (unsigned int p = 0; p < MAX_PCPUS; p++)
			if (t->pcpus >> p & 1)
				update(l, p, i, false);
	}
	for (unsigned int p = 0; p < MAX_PCPUS; p++)
		if (l->lane[p].is_open)
			band_end(l, &t->band[l->lane[p].band], nr);
	free(l->leaves);
	free(l);
	return 0;
}
