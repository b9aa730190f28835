// SPDX-License-Identifier: GPL-2.0-only
/* A line a step: who did what where, and what the vCPUs were after it. */
#include <stdlib.h>
#include <string.h>
#include "show_columns.h"
#include "show_head.h"
#include "show_name.h"

static const char *mode_text(uint64_t mode, bool is_short)
{
	const struct machine_layout *l = &WORLD->fix.form->layout;

	if (!is_short)
		return show_mode(mode, true);
	if ((int)mode == l->mode_in_guest)
		return "IN";
	return (int)mode == l->mode_exiting ? "EXIT" : (int)mode == l->mode_reading ? "READ" :
	       (int)mode == l->mode_outside ? "OUT" : "?";
}

/* Values that the step has changed bear a star.  @at: the first of the columns. */
static void put_state(struct columns *c, unsigned int at, const struct show_vcpu *x)
{
	bool mode = x->changed & WATCH_MODE, cpu = x->changed & WATCH_CPU;
	bool requests = x->changed & WATCH_REQUESTS;
	char text[32];

	snprintf(text, sizeof(text), "%s%s", mode_text(x->mode, c->short_modes), mode ? "*" : "");
	show_grid_put(&c->grid, at, mode ? TERM_BOLD : TERM_PLAIN, 0, text);
	snprintf(text, sizeof(text), "%d%s", x->cpu, cpu ? "*" : "");
	show_grid_put(&c->grid, at + 1, cpu ? TERM_BOLD : TERM_PLAIN, 0, text);
	snprintf(text, sizeof(text), "%llx%s", (unsigned long long)x->requests,
		 requests ? "*" : "");
	if (!x->requests)
		text[0] = '-';
	show_grid_put(&c->grid, at + 2, requests ? TERM_BOLD : TERM_PLAIN, 0, text);
}

/* The vCPU that a record is about: whose word it touches, or whose task made it. */
static int subject_of(const struct trace_rec *r)
{
	struct show_word w;

	if (r->kind == TRACE_GUEST_ENTER || r->kind == TRACE_GUEST_EXIT)
		return r->off < MAX_VCPUS ? (int)r->off : -1;
	if (!show_is_access(r))
		return show_task_vcpu(r->task);
	show_word(r->off, &w);
	return w.vcpu >= 0 ? w.vcpu : show_task_vcpu(r->task);
}

static void put_states(struct columns *c, const struct trace_rec *r)
{
	int subject = subject_of(r);
	char text[16];

	if (c->follow) {
		if (subject < 0)
			return;
		snprintf(text, sizeof(text), "vcpu%d", subject);
		show_grid_put(&c->grid, c->who, TERM_PLAIN, 0, text);
		put_state(c, c->who + 1, &c->state.vcpu[subject]);
		return;
	}
	for (unsigned int v = 0; v < MAX_VCPUS; v++)
		if (c->vcpus >> v & 1)
			put_state(c, c->vcpu[v], &c->state.vcpu[v]);
}

/* The function's name stands above its first step, and again after another's. */
static void put_function(struct columns *c, const struct trace_rec *r,
			 const struct show_place *place)
{
	const char **last = c->lanes ? &c->heading : &c->function[r->pcpu];
	bool same = *last && !strcmp(*last, place->function) &&
		    (!c->lanes || c->heading_pcpu == r->pcpu);
	char text[256];

	c->heading_pcpu = r->pcpu;
	*last = place->function;
	if (same)
		return;
	snprintf(text, sizeof(text), "%s() %s", place->function, show_file(place));
	if (c->lanes)
		show_grid_put(&c->grid, c->pcpu[r->pcpu], TERM_BOLD, 0,
			      term_has_utf8() ? "┌" : "+");
	show_grid_spill(&c->grid, c->lanes ? c->text : c->pcpu[r->pcpu], TERM_BLUE, 1, c->width,
			text);
	show_grid_row(&c->grid);
}

static void put_arrow(struct columns *c, const struct trace_rec *r)
{
	if (c->lanes || r->kind != TRACE_IPI || r->off >= MAX_PCPUS || r->off == r->pcpu ||
	    !(c->acting >> r->off & 1))
		return;
	c->grid.arrow_from = (int)c->pcpu[r->pcpu];
	c->grid.arrow_to = (int)c->pcpu[r->off];
}

static enum term_ink ink_of(const struct columns *c, const struct trace_rec *r)
{
	if (show_is_bad(&c->state, r))
		return TERM_RED;
	switch (r->kind) {
	case TRACE_IPI:
	case TRACE_IRQ_ENTER:
	case TRACE_IRQ_EXIT:
		return TERM_MAGENTA;
	case TRACE_SCHED_IN:
	case TRACE_SCHED_OUT:
		return TERM_YELLOW;
	case TRACE_GUEST_ENTER:
	case TRACE_GUEST_EXIT:
		return TERM_GREEN;
	default:
		return TERM_PLAIN;
	}
}

/* A report breaks through the columns: it is not one pCPU's doing. */
static void put_report(struct columns *c, const struct trace_rec *r)
{
	const struct run_result *result = c->in->result;
	const struct oracle_info *o = &oracle_info[r->off % NR_ORACLES];
	char severity[32], title[512], text[640];
	unsigned int i = 0;

	while (i < result->nr_reports && (result->report[i].oracle != r->off ||
					  result->report[i].site[0] != r->site ||
					  result->report[i].step != r->step))
		i++;
	snprintf(text, sizeof(text), "%s: %s", show_severity(o->severity, severity),
		 i < result->nr_reports ?
		 report_title(c->in->config, &result->report[i], title, sizeof(title)) :
		 o->name);
	show_paragraph(c->out, NUMBER_WIDTH + 1, c->width, show_severity_ink(o->severity), text);
}

static void put_number(struct columns *c, const struct trace_rec *r)
{
	char text[16];

	if (c->any_step && c->step == r->step)
		return;
	c->any_step = true;
	c->step = r->step;
	snprintf(text, sizeof(text), "%*u", NUMBER_WIDTH, r->step);
	show_grid_put(&c->grid, c->number, TERM_DIM, 0, text);
}

static void put_record(struct columns *c, const struct trace_rec *r)
{
	const struct sites *sites = &c->in->config->form->sites;
	char text[SHOW_TEXT + 16], line[16] = "";
	enum term_ink ink = ink_of(c, r);
	struct show_place place;

	if (r->kind == TRACE_REPORT) {
		put_report(c, r);
		return;
	}
	if (show_place(c->in->config->form, r, &place)) {
		put_function(c, r, &place);
		if (place.file && place.line)
			snprintf(line, sizeof(line), ":%u ", place.line);
	} else {
		c->function[r->pcpu] = c->heading = NULL;
	}
	put_number(c, r);
	snprintf(text, sizeof(text), "%s", line);
	show_text(&c->state, r, c->style, sites, text + strlen(text));
	if (c->lanes)
		show_grid_put(&c->grid, c->pcpu[r->pcpu], TERM_BOLD, 0, term_sign(TERM_ODD));
	show_grid_spill(&c->grid, c->lanes ? c->text : c->pcpu[r->pcpu], ink, 1, c->text_end,
			text);
	put_arrow(c, r);
	show_state_apply(&c->state, r);
	put_states(c, r);
	show_grid_row(&c->grid);
}

int show_columns(const struct show_input *in, FILE *out)
{
	struct columns *c = calloc(1, sizeof(*c));

	if (!c)
		return term_error(TERM_EXIT_SYSTEM, "no memory to show the trace");
	c->in = in;
	c->out = out;
	c->width = show_width(out);
	columns_layout(c);
	show_head(in, out, c->width);
	columns_heading(c);
	show_state_begin(&c->state);
	for (uint32_t i = 0; i < in->trace->nr; i++)
		put_record(c, &in->trace->rec[i]);
	show_foot(in, out, c->width);
	free(c);
	return 0;
}
