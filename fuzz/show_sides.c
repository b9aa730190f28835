// SPDX-License-Identifier: GPL-2.0-only
/* Where in a trace a report was made, and what it was made of. */
#include "show_pick.h"
#include "show_state.h"

uint32_t show_report_index(const struct trace *t, const struct report *x)
{
	uint32_t last = t->nr;

	for (uint32_t i = 0; x && i < t->nr; i++)
		if (t->rec[i].kind == TRACE_REPORT && t->rec[i].off == x->oracle &&
		    t->rec[i].step == x->step && t->rec[i].site == x->site[0])
			last = i;
	return last;
}

uint32_t show_last_at(const struct trace *t, uint16_t site, uint32_t end)
{
	while (site && end-- > 0)
		if (t->rec[end].site == site && t->rec[end].kind != TRACE_REPORT)
			return end;
	return SHOW_NO_RECORD;
}

static bool conflicts(const struct trace_rec *a, const struct trace_rec *b)
{
	return show_is_access(a) && a->pcpu != b->pcpu && a->off < b->off + b->size &&
	       b->off < a->off + a->size;
}

/*
 * The other access was announced when the store was made: it comes next, or it
 * was the last to overtake the store after both had been announced.
 */
void show_race_sides(const struct trace *t, const struct report *x, uint32_t *writer,
		     uint32_t *other)
{
	uint32_t i, w = show_last_at(t, x->site[0], show_report_index(t, x));

	*writer = w;
	*other = SHOW_NO_RECORD;
	if (w == SHOW_NO_RECORD)
		return;
	for (i = w + 1; i < t->nr && *other == SHOW_NO_RECORD; i++)
		if (t->rec[i].site == x->site[1] && conflicts(&t->rec[i], &t->rec[w]))
			*other = i;
	for (i = w; i-- > 0 && *other == SHOW_NO_RECORD;)
		if (t->rec[i].site == x->site[1] && conflicts(&t->rec[i], &t->rec[w]))
			*other = i;
}

/* Stores of one pCPU to one word become visible in order, each by its value. */
uint32_t show_visible(const struct trace *t, uint32_t i)
{
	const struct trace_rec *r = &t->rec[i];
	bool may_wait = r->kind == TRACE_RMW;

	if (!WORLD->fix.model)
		return i;
	for (uint32_t j = i + 1; j < t->nr; j++) {
		const struct trace_rec *x = &t->rec[j];

		if (!show_is_access(x) || x->off != r->off || x->pcpu != r->pcpu)
			continue;
		if (x->kind == TRACE_VISIBLE && x->value == r->value)
			return j;
		/* An RMW that has taken effect is never told of again. */
		if (may_wait && (x->kind == TRACE_WRITE || x->kind == TRACE_RMW))
			break;
	}
	return may_wait ? i : SHOW_NO_RECORD;
}
