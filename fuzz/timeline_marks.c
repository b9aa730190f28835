// SPDX-License-Identifier: GPL-2.0-only
/* What goes between lanes and below them: arrows, strips, waits, stale values. */
#include <string.h>
#include "show_pick.h"
#include "show_state.h"
#include "timeline.h"

enum { WAIT_SIZE = 10 };		/* of its text */

static struct show_state state;

static const struct trace_rec *rec(const struct timeline *t, uint32_t i)
{
	return &t->in->trace->rec[i];
}

/* Where an IPI that was sent with record @i arrives, or the end. */
static uint32_t arrival(const struct timeline *t, uint32_t i)
{
	const struct trace_rec *r = rec(t, i);
	uint32_t j;

	for (j = i + 1; j < t->in->trace->nr; j++) {
		const struct trace_rec *x = rec(t, j);

		if (x->pcpu != r->off)
			continue;
		if (x->kind == TRACE_GUEST_EXIT && x->value == MACHINE_EXIT_IRQ)
			break;
		if (x->kind == TRACE_IRQ_ENTER && x->off == trace_ipi_event(r))
			break;
	}
	return j;
}

static void add_arrow(struct timeline *t, enum timeline_arrow_kind kind, uint32_t from,
		      uint32_t to, unsigned int to_pcpu)
{
	if (t->nr_arrows == TIMELINE_ARROWS || !(t->pcpus >> to_pcpu & 1))
		return;
	if (!timeline_is_drawn(t, from) && !timeline_is_drawn(t, to))
		return;
	t->arrow[t->nr_arrows++] = (struct timeline_arrow){
		.kind = kind, .from = from, .to = to,
		.from_pcpu = rec(t, from)->pcpu, .to_pcpu = (uint8_t)to_pcpu,
	};
}

/* Some vCPU that the sender's call is for is current on the target. */
static bool meets(const struct timeline *t, uint32_t j, unsigned int vcpus)
{
	int vcpu = j < t->in->trace->nr ? show_task_vcpu(rec(t, j)->task) : -1;

	return !vcpus || (vcpu >= 0 && vcpus >> vcpu & 1);
}

/* Nobody is online to take it. */
static bool is_dropped(const struct timeline *t, uint32_t i)
{
	for (uint32_t j = i + 1; j < t->in->trace->nr; j++) {
		const struct trace_rec *x = rec(t, j);

		if (x->kind == TRACE_IPI_DROPPED)
			return true;
		if (x->kind != TRACE_REPORT)
			break;
	}
	return false;
}

static void add_ipi(struct timeline *t, uint32_t i)
{
	const struct trace_rec *r = rec(t, i);
	enum timeline_arrow_kind kind = ARROW_HIT;
	uint32_t to = arrival(t, i);

	if (r->off >= MAX_PCPUS)
		return;
	if (is_dropped(t, i)) {
		kind = ARROW_DROPPED;
		to = i;
	} else if (to == t->in->trace->nr) {
		kind = ARROW_FLYING;
	} else if (r->value == EVENT_RESCHED &&
		   !meets(t, to, state.call_vcpus[r->task % MAX_TASKS])) {
		kind = ARROW_MISS;
	}
	add_arrow(t, kind, i, to, r->off);
}

static void add_move(struct timeline *t, uint32_t i)
{
	const struct trace_rec *r = rec(t, i);

	for (uint32_t j = i + 1; j < t->in->trace->nr; j++)
		if (rec(t, j)->kind == TRACE_SCHED_IN && rec(t, j)->task == r->task) {
			add_arrow(t, ARROW_MOVE, i, j, rec(t, j)->pcpu);
			return;
		}
}

static void value_text(const struct timeline_strip *s, char buf[TIMELINE_LABEL])
{
	const struct show_vcpu *v = &state.vcpu[s->vcpu];
	char text[SHOW_VALUE];

	if (s->watch == WATCH_CPU)
		snprintf(buf, TIMELINE_LABEL, "%d", v->cpu);
	else
		snprintf(buf, TIMELINE_LABEL, "%.50s",
			 v->requests ? show_requests(v->requests, text) : "none");
}

static void update_strip(struct timeline *t, struct timeline_strip *s, uint32_t i, bool begin)
{
	struct timeline_value *v;

	if (!begin && !(state.vcpu[s->vcpu].changed & s->watch))
		return;
	if (s->nr == TIMELINE_VALUES)
		return;
	v = &s->value[s->nr];
	*v = (struct timeline_value){ .from = i, .x = begin ? t->left : timeline_x(t, i) };
	value_text(s, v->text);
	if (s->nr)
		v[-1].width = v->x - v[-1].x;
	v->width = t->left + t->width - v->x;
	s->nr++;
}

static void begin_strips(struct timeline *t)
{
	static const enum watch watch[2] = { WATCH_CPU, WATCH_REQUESTS };

	for (int v = 0; v < WORLD->fix.config.nr_vcpus; v++)
		for (unsigned int k = 0; k < 2 && t->vcpus >> v & 1; k++) {
			struct timeline_strip *s = &t->strip[t->nr_strips++];

			s->vcpu = v;
			s->watch = watch[k];
			snprintf(s->name, sizeof(s->name), "vcpu%d->%s", v,
				 k ? "requests" : "cpu");
			update_strip(t, s, 0, true);
		}
}

/* A read of a vCPU's cpu by another: was it still true when it was used? */
static void add_stale(struct timeline *t, uint32_t i)
{
	const struct trace_rec *r = rec(t, i);
	struct timeline_stale s = { .pcpu = r->pcpu, .read = i, .value = (int)r->value };
	struct show_word w;

	show_word(r->off, &w);
	if (!(w.watch & WATCH_CPU) || show_task_vcpu(r->task) == w.vcpu ||
	    !(t->vcpus >> w.vcpu & 1))
		return;
	for (uint32_t j = i + 1; j < t->in->trace->nr; j++) {
		const struct trace_rec *x = rec(t, j);

		if (show_takes_effect(&state, x) && x->off == r->off && x->value != r->value &&
		    !s.changed)
			s.changed = j;
		if (x->task != r->task)
			continue;
		if (x->kind == TRACE_CALL_END || (x->kind == TRACE_READ && x->off == r->off))
			return;
		if (x->kind == TRACE_IPI && (int)x->off == s.value) {
			s.used = j;
			break;
		}
	}
	if (!s.used || !s.changed || t->nr_stales == TIMELINE_STALES)
		return;
	s.vcpu = (uint8_t)w.vcpu;
	snprintf(s.task, sizeof(s.task), "%s", show_task(r->task));
	t->stale[t->nr_stales++] = s;
}

static int wait_right(const struct timeline *t, const struct timeline_wait *w)
{
	int bar = timeline_x(t, w->to), text = timeline_text_width(w->text, WAIT_SIZE) + 16;

	return bar + text;
}

/* The first row in which nothing of the pCPU's buffer lies in the way. */
static uint8_t free_row(const struct timeline *t, const struct timeline_wait *w)
{
	int x = timeline_x(t, w->from) - 4;
	uint8_t row = 0;

	for (unsigned int i = 0; i < t->nr_waits; i++) {
		const struct timeline_wait *o = &t->wait[i];

		if (o->pcpu != w->pcpu || o->row != row || wait_right(t, o) < x)
			continue;
		row++;
		i = (unsigned int)-1;
	}
	return row;
}

/* Stores that others could have missed, if the picture shows either end of it. */
static void add_wait(struct timeline *t, uint32_t i)
{
	const struct trace_rec *r = rec(t, i);
	char name[SHOW_NAME], value[SHOW_VALUE];
	uint32_t j, nr = t->in->trace->nr;
	struct timeline_wait *w;
	struct show_word word;

	j = show_visible(t->in->trace, i);
	if (j == i)
		return;
	if (j == SHOW_NO_RECORD)
		j = nr;
	if (t->nr_waits == TIMELINE_WAITS || (j < nr && t->column_of[i] == t->column_of[j]) ||
	    (!timeline_is_drawn(t, i) && !timeline_is_drawn(t, j)))
		return;
	show_word(r->off, &word);
	w = &t->wait[t->nr_waits];
	*w = (struct timeline_wait){ .pcpu = r->pcpu, .from = i, .to = j };
	snprintf(w->text, sizeof(w->text), "%.28s = %.20s",
		 word.field ? show_field_name(&word, name) : show_word_name(&word, name),
		 show_value(&word, r->size, r->value, true, value));
	w->row = free_row(t, w);
	t->nr_waits++;
}

int timeline_marks(struct timeline *t)
{
	show_state_begin(&state);
	t->nr_arrows = t->nr_strips = t->nr_waits = t->nr_stales = 0;
	begin_strips(t);
	for (uint32_t i = 0; i < t->in->trace->nr; i++) {
		const struct trace_rec *r = rec(t, i);

		if (r->kind == TRACE_IPI)
			add_ipi(t, i);
		if (r->kind == TRACE_SCHED_OUT && r->off != r->pcpu)
			add_move(t, i);
		if (r->kind == TRACE_READ)
			add_stale(t, i);
		if ((r->kind == TRACE_WRITE || r->kind == TRACE_RMW) && state.buffered)
			add_wait(t, i);
		show_state_apply(&state, r);
		for (unsigned int n = 0; n < t->nr_strips; n++)
			update_strip(t, &t->strip[n], i, false);
	}
	return 0;
}
