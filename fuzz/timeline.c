// SPDX-License-Identifier: GPL-2.0-only
/* Columns: which records have one, what stands in it and how wide it is. */
#include <stdlib.h>
#include <string.h>
#include "show_pick.h"
#include "show_state.h"
#include "timeline.h"

enum {
	PICK_MAX = 36,			/* columns that a reader can follow */
	ALL_MAX = 24,			/* a run so short is drawn whole */
	STEP_MIN = 58, EVENT_MIN = 46, FOLD_WIDTH = 22, FOLD_EMPTY = 10, PAD = 8,
	CAPTION_SIZE = 10,
};

/* Estimated upwards, in 1/100 of the font's size. */
static int char_width(unsigned char c)
{
	if (c >= 0xc0)
		return 90;
	if (c >= 0x80)
		return 0;
	if (strchr("iljI.,:;|!'()[] ", c))
		return 42;
	if (strchr("mwMW@%=+<>~_", c))
		return 98;
	return c >= 'A' && c <= 'Z' ? 75 : 65;
}

int timeline_text_width(const char *text, int size)
{
	int width = 0;

	while (*text)
		width += char_width((unsigned char)*text++);
	return (width * size + 99) / 100;
}

static bool is_step(const struct trace_rec *r)
{
	return (show_is_access(r) && r->kind != TRACE_VISIBLE) || r->kind == TRACE_IPI;
}

/* The last part of a field's name: "arch.apic.irr" is "irr". */
static const char *short_name(const struct show_word *w, char buf[SHOW_NAME])
{
	const char *name = w->field ? show_field_name(w, buf) : show_word_name(w, buf);
	const char *dot = strrchr(name, '.');

	return dot ? dot + 1 : name;
}

static void caption_bits(const struct trace_rec *r, const struct show_word *w, char c[2][28])
{
	uint64_t set = r->value & ~r->old, gone = r->old & ~r->value;
	char name[SHOW_NAME], bits[SHOW_VALUE];

	snprintf(c[0], TIMELINE_CAPTION, "%s %.18s", !(set | gone) ? "keep" : set ? "set" : "clear",
		 set | gone ? show_value(w, r->size, set ? set : gone, true, bits) : "");
	snprintf(c[1], TIMELINE_CAPTION, "in %.20s", short_name(w, name));
}

static void caption_access(const struct trace_rec *r, const char *op, char c[2][28])
{
	char name[SHOW_NAME], value[SHOW_VALUE];
	const char *field, *v;
	struct show_word w;
	bool bits;

	show_word(r->off, &w);
	field = short_name(&w, name);
	v = show_value(&w, r->size, r->value, true, value);
	bits = w.field && w.field->kind == MACHINE_FIELD_REQUESTS;
	switch (r->kind) {
	case TRACE_READ:
		snprintf(c[0], TIMELINE_CAPTION, "read %.20s", field);
		snprintf(c[1], TIMELINE_CAPTION, "%s %.18s", r->flags & ACC_STALE ? "old:" : "is",
			 bits && !r->value ? "empty" : v);
		break;
	case TRACE_CAS_FAILED:
		snprintf(c[0], TIMELINE_CAPTION, "cmpxchg");
		snprintf(c[1], TIMELINE_CAPTION, "fails: %.18s", v);
		break;
	case TRACE_RMW:
		if (bits) {
			caption_bits(r, &w, c);
			break;
		}
		snprintf(c[0], TIMELINE_CAPTION, "%s %.16s", strstr(op, "compare") ? "cmpxchg" :
			 strstr(op, "exchange") ? "xchg" : strstr(op, "lock") ? "lock" : "rmw",
			 field);
		snprintf(c[1], TIMELINE_CAPTION, "to %.20s", v);
		break;
	case TRACE_VISIBLE:
		snprintf(c[0], TIMELINE_CAPTION, "visible:");
		snprintf(c[1], TIMELINE_CAPTION, "%.12s = %.12s", field, v);
		break;
	default:
		snprintf(c[0], TIMELINE_CAPTION, "%.20s", field);
		snprintf(c[1], TIMELINE_CAPTION, "= %.24s", v);
	}
}

static void caption_event(const struct trace_rec *r, char c[2][28])
{
	static const struct {
		enum trace_kind kind;
		const char *text[2];
	} fixed[] = {
		{ TRACE_GUEST_ENTER, { "VM-enter", "" } }, { TRACE_TASK_START, { "starts", "" } },
		{ TRACE_TASK_END, { "ends", "" } }, { TRACE_BLOCK, { "blocks", "" } },
		{ TRACE_MB, { "smp_mb", "" } }, { TRACE_RMB, { "smp_rmb", "" } },
		{ TRACE_WMB, { "smp_wmb", "" } }, { TRACE_IRQ_EXIT, { "IRQ", "ends" } },
		{ TRACE_ACKED, { "all have", "acked" } }, { TRACE_CALL_END, { "call", "ends" } },
		{ TRACE_CALL_BEGIN, { "call", "begins" } },
		{ TRACE_IPI_DROPPED, { "IPI is", "dropped" } },
		{ TRACE_PAGE_FREE, { "page", "freed" } }, { TRACE_TIMER, { "arms", "timer" } },
		{ TRACE_PAGE_ALLOC, { "page", "allocated" } },
	};

	snprintf(c[0], TIMELINE_CAPTION, "%s", trace_kind_name[r->kind]);
	for (unsigned int i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (fixed[i].kind == r->kind)
			for (unsigned int k = 0; k < 2; k++)
				snprintf(c[k], TIMELINE_CAPTION, "%s", fixed[i].text[k]);
	switch (r->kind) {
	case TRACE_GUEST_EXIT:
		snprintf(c[0], TIMELINE_CAPTION, "VM-exit");
		snprintf(c[1], TIMELINE_CAPTION, "%s",
			 r->value == MACHINE_EXIT_IRQ ? "IRQ" : show_exit(r->value));
		break;
	case TRACE_IPI:
		snprintf(c[0], TIMELINE_CAPTION, "send IPI");
		snprintf(c[1], TIMELINE_CAPTION, "to pCPU%d", (int)r->off);
		break;
	case TRACE_IRQ_ENTER:
		snprintf(c[0], TIMELINE_CAPTION, "IRQ:");
		snprintf(c[1], TIMELINE_CAPTION, "%s",
			 r->off == EVENT_RESCHED ? (r->value ? "wake-up" : "resched") :
			 r->off == EVENT_CALL ? "call" : r->off == EVENT_TIMER ? "timer" :
			 r->off == EVENT_NOTIFY ? "notify" : "tick");
		break;
	case TRACE_SCHED_OUT:
	case TRACE_SCHED_IN:
		snprintf(c[0], TIMELINE_CAPTION, r->kind == TRACE_SCHED_OUT ? "sched" : "sched");
		snprintf(c[1], TIMELINE_CAPTION, r->kind == TRACE_SCHED_OUT ? "out" : "in");
		break;
	case TRACE_WAKE:
		snprintf(c[0], TIMELINE_CAPTION, "wakes");
		snprintf(c[1], TIMELINE_CAPTION, "%s", show_task(r->off));
		break;
	case TRACE_ACK:
		snprintf(c[0], TIMELINE_CAPTION, "acks");
		snprintf(c[1], TIMELINE_CAPTION, "pCPU%u", r->off);
		break;
	case TRACE_OFFLINE:
	case TRACE_ONLINE:
		snprintf(c[0], TIMELINE_CAPTION, "pCPU%u", r->off);
		snprintf(c[1], TIMELINE_CAPTION, "%s", trace_kind_name[r->kind]);
		break;
	case TRACE_REPORT:
		snprintf(c[0], TIMELINE_CAPTION, "rule is");
		snprintf(c[1], TIMELINE_CAPTION, "broken");
		break;
	default:
		break;
	}
}

static void fill_column(struct timeline_column *c, const struct trace_rec *r,
			const struct sites *sites, const struct show_state *before)
{
	const char *op = r->site && r->site <= sites->nr ? sites->site[r->site].op : "";
	int need[2];

	c->is_step = is_step(r);
	if (show_is_access(r))
		caption_access(r, op, c->caption);
	else
		caption_event(r, c->caption);
	if (r->kind == TRACE_IRQ_ENTER && show_is_bad(before, r)) {
		strcpy(c->caption[0], "IPI finds");
		strcpy(c->caption[1], "no vCPU");
	}
	need[0] = timeline_text_width(c->caption[0], CAPTION_SIZE);
	need[1] = timeline_text_width(c->caption[1], CAPTION_SIZE);
	c->width = c->is_step ? STEP_MIN : EVENT_MIN;
	for (unsigned int k = 0; k < 2; k++)
		if (c->width < need[k] + PAD)
			c->width = need[k] + PAD;
}

/* Which records get columns; the end of the picked window is the end of the picture. */
static bool *choose(struct timeline *t, bool unfolded)
{
	uint32_t nr = t->in->trace->nr;
	struct show_pick pick;

	if (show_pick(&pick, t->in, PICK_MAX))
		return NULL;
	t->vcpus = pick.vcpus;
	for (uint32_t i = 0; i < nr; i++) {
		const struct trace_rec *r = &t->in->trace->rec[i];

		pick.keep[i] |= unfolded || nr <= ALL_MAX ||
				(t->explain && explain_is_side(t->explain, i));
		/* Drawn as what they are about, not as a step. */
		if (r->kind == TRACE_IPI_DROPPED || (r->kind == TRACE_REPORT && !unfolded))
			pick.keep[i] = false;
	}
	return pick.keep;
}

static void add_columns(struct timeline *t, const bool *keep)
{
	static struct show_state state;
	uint32_t nr = t->in->trace->nr;

	show_state_begin(&state);
	for (uint32_t i = 0; i < nr; i++) {
		const struct trace_rec *r = &t->in->trace->rec[i];
		struct timeline_column *c = &t->column[t->nr_columns];

		if (!keep[i] && t->nr_columns && c[-1].is_fold) {
			c[-1].to = i + 1;
			c[-1].steps += is_step(r);
		} else {
			*c = (struct timeline_column){ .from = i, .to = i + 1 };
			c->is_fold = !keep[i];
			c->steps = c->is_fold && is_step(r);
			if (keep[i])
				fill_column(c, r, &t->in->config->form->sites, &state);
			t->nr_columns++;
		}
		t->column_of[i] = t->nr_columns - 1;
		show_state_apply(&state, r);
	}
}

static void place_columns(struct timeline *t)
{
	int x = t->left;

	for (unsigned int i = 0; i < t->nr_columns; i++) {
		struct timeline_column *c = &t->column[i];

		if (c->is_fold)
			c->width = c->steps ? FOLD_WIDTH : FOLD_EMPTY;
		c->x = x;
		x += c->width;
	}
	t->width = x - t->left;
}

/* From @x on, the first stretch of the band without a fold; false: there is none. */
static bool stretch(const struct timeline *t, const struct timeline_band *b, int *x, int *end)
{
	int right = b->x + b->width;

	for (unsigned int i = 0; i < t->nr_columns; i++) {
		const struct timeline_column *c = &t->column[i];

		if (c->x + c->width <= *x || c->is_fold)
			continue;
		*x = c->x > *x ? c->x : *x;
		for (; i < t->nr_columns && !t->column[i].is_fold; i++)
			*end = t->column[i].x + t->column[i].width;
		*end = *end < right ? *end : right;
		return *x < *end;
	}
	return false;
}

/* The band before says the same, and is seen. */
static bool is_said(const struct timeline *t, const struct timeline_band *b)
{
	const struct timeline_band *before = b;
	int x;

	if (!b->again)
		return false;
	do
		before--;
	while (before->pcpu != b->pcpu);
	return timeline_label(t, before, &x) || is_said(t, before);
}

const char *timeline_label(const struct timeline *t, const struct timeline_band *b, int *at)
{
	for (unsigned int k = 0; k < (is_said(t, b) ? 1u : 2u); k++) {
		int need = timeline_text_width(b->label[k], TIMELINE_LABEL_SIZE) + 9, end;

		for (*at = b->x; stretch(t, b, at, &end); *at = end)
			if (end - *at >= need)
				return b->label[k];
	}
	return NULL;
}

/*
 * A band without room for its short label gets a wider column: the first that it
 * begins in, or goes into.  One that lies within a fold needs none.
 */
static void widen(struct timeline *t)
{
	for (unsigned int i = 0; i < t->nr_bands; i++) {
		struct timeline_band *b = &t->band[i];
		int need = timeline_text_width(b->label[1], TIMELINE_LABEL_SIZE) + 9;
		int x = b->x, end;

		if (is_said(t, b) || timeline_label(t, b, &x))
			continue;
		x = b->x;
		if (!stretch(t, b, &x, &end))
			continue;
		for (unsigned int n = 0; n < t->nr_columns; n++) {
			struct timeline_column *c = &t->column[n];

			if (c->is_fold || x < c->x || x >= c->x + c->width)
				continue;
			/* It ends or begins in the middle of a column: half is another's. */
			c->width += 2 * (need - (end - x));
			break;
		}
		place_columns(t);
		timeline_lanes(t);
	}
}

struct timeline *timeline_make(const struct show_input *in, const struct explain *explain,
			       bool unfolded, int left)
{
	struct timeline *t = calloc(1, sizeof(*t));
	bool *keep;
	int ret = -1;

	if (!t)
		return NULL;
	t->in = in;
	t->explain = explain;
	t->left = left;
	t->column_of = calloc(in->trace->nr + 1u, sizeof(*t->column_of));
	t->column = calloc(in->trace->nr + 1u, sizeof(*t->column));
	keep = choose(t, unfolded);
	if (t->column_of && t->column && keep) {
		add_columns(t, keep);
		place_columns(t);
		ret = timeline_lanes(t);
		if (!ret) {
			widen(t);
			ret = timeline_marks(t);
		}
	}
	free(keep);
	if (!ret)
		return t;
	timeline_free(t);
	return NULL;
}

void timeline_free(struct timeline *t)
{
	if (!t)
		return;
	free(t->column_of);
	free(t->column);
	free(t);
}

int timeline_x(const struct timeline *t, uint32_t rec)
{
	const struct timeline_column *c;

	if (rec >= t->in->trace->nr)
		return t->left + t->width;
	c = &t->column[t->column_of[rec]];
	if (!c->is_fold)
		return c->x + c->width / 2;
	return c->x + (int)((uint64_t)c->width * (2 * (rec - c->from) + 1) /
			    (2 * (c->to - c->from)));
}

bool timeline_is_drawn(const struct timeline *t, uint32_t rec)
{
	return rec < t->in->trace->nr && !t->column[t->column_of[rec]].is_fold;
}
