// SPDX-License-Identifier: GPL-2.0-only
/*
 * The diagram that kernel commit messages explain a race with: a column for
 * each CPU, functions as headings, and only the lines that matter.
 *
 * It is for mail, so it is plain ASCII, has blanks and no tabs, and is at most
 * 75 columns wide but for the last line, which is to be pasted.
 */
#include <stdlib.h>
#include <string.h>
#include "show_grid.h"
#include "show_head.h"
#include "show_name.h"
#include "show_pick.h"
#include "show_state.h"

enum {
	WIDTH = 75, INDENT = 2, COLUMN_MIN = 4, COLUMN_WISH = 16, LAST_WISH = 24,
	RECORDS_MAX = 40, LINES_MAX = 4 * RECORDS_MAX, DEPTH_MAX = 3,
};

struct race_line {
	uint8_t pcpu;
	uint8_t indent;
	bool after_gap;			/* lines were left out before it */
	char text[100];
};

/* The functions that a pCPU's column is in, outermost first. */
struct chain {
	unsigned int nr;
	const char *name[DEPTH_MAX];
};

struct race {
	const struct show_input *in;
	FILE *out;
	struct show_pick pick;
	struct chain chain[MAX_PCPUS];
	unsigned int style, nr;
	const char *task[MAX_PCPUS];	/* who was there when the window began */
	struct race_line line[LINES_MAX];
	struct show_state state;
	struct show_grid grid;
};

static void add_line(struct race *c, unsigned int pcpu, unsigned int indent, const char *text)
{
	struct race_line *l = &c->line[c->nr];

	assert(c->nr < LINES_MAX);
	l->pcpu = (uint8_t)pcpu;
	l->indent = (uint8_t)(2 * indent);
	snprintf(l->text, sizeof(l->text), "%s", text);
	c->nr++;
}

/* KVM's own functions of a record, innermost first; headers' are part of their callers. */
static unsigned int functions_of(const struct race *c, const struct trace_rec *r,
				 const char *name[SHOW_FRAMES])
{
	struct show_place place[SHOW_FRAMES];
	unsigned int nr = 0, frames = show_stack(c->in->config->form, r, place);

	for (unsigned int i = 0; i < frames; i++)
		if (!place[i].is_inline &&
		    (!place[i].file || !strstr(place[i].file, "/scenarios/")))
			name[nr++] = place[i].function;
	return nr;
}

static void enter(struct race *c, unsigned int pcpu, const char *function)
{
	struct chain *chain = &c->chain[pcpu];
	char text[100];

	if (chain->nr == DEPTH_MAX)
		chain->nr--;
	snprintf(text, sizeof(text), "%s()", function);
	add_line(c, pcpu, chain->nr, text);
	chain->name[chain->nr++] = function;
}

/*
 * Prints headings until the column is in the record's function.  What a column
 * is in stays there as long as it is on the stack, as in nested source text.
 */
static void enter_function(struct race *c, const struct trace_rec *r)
{
	struct chain *chain = &c->chain[r->pcpu];
	const char *name[SHOW_FRAMES];
	unsigned int nr = functions_of(c, r, name);
	bool is_actor = show_task_vcpu(r->task) < 0 && !r->in_irq;

	if (!nr)
		return;
	for (; chain->nr; chain->nr--)
		for (unsigned int i = 0; i < nr; i++) {
			if (strcmp(chain->name[chain->nr - 1], name[i]))
				continue;
			if (i)
				enter(c, r->pcpu, name[0]);
			return;
		}
	enter(c, r->pcpu, is_actor ? name[nr - 1] : name[0]);
	if (is_actor && nr > 1)
		enter(c, r->pcpu, name[0]);
}

static bool changes_context(const struct trace_rec *r)
{
	return r->kind == TRACE_SCHED_IN || r->kind == TRACE_SCHED_OUT ||
	       r->kind == TRACE_IRQ_ENTER;
}

static void add_record(struct race *c, const struct trace_rec *r)
{
	struct chain *chain = &c->chain[r->pcpu];
	bool has_place = r->site && r->kind != TRACE_GUEST_ENTER && r->kind != TRACE_GUEST_EXIT;
	char text[SHOW_TEXT];

	if (changes_context(r))
		chain->nr = 0;
	if (has_place)
		enter_function(c, r);
	show_text(&c->state, r, c->style, &c->in->config->form->sites, text);
	add_line(c, r->pcpu, chain->nr, text);
}

static void collect(struct race *c)
{
	const struct trace *t = c->in->trace;
	bool gap = c->pick.dropped > 0;

	show_state_begin(&c->state);
	for (unsigned int p = 0; p < MAX_PCPUS; p++)
		c->task[p] = show_task(WORLD->fix.image.pcpu[p].curr);
	for (uint32_t i = 0; i < c->pick.to; i++) {
		const struct trace_rec *r = &t->rec[i];
		unsigned int first = c->nr;

		if (i <= c->pick.from)
			c->task[r->pcpu] = show_task(r->task);
		if (c->pick.keep[i]) {
			add_record(c, r);
			c->line[first].after_gap = gap && i > c->pick.gap;
			gap &= i < c->pick.gap;
		}
		show_state_apply(&c->state, r);
	}
}

static bool is_idle(const char *task)
{
	return !strcmp(task, "swapper");
}

/*
 * The column to narrow: the widest, as long as it has more than it needs.  The
 * last one needs more, for it has nowhere to run over.
 */
static unsigned int to_narrow(const unsigned int width[MAX_PCPUS])
{
	unsigned int widest = 0, last = 0;

	for (unsigned int p = 0; p < MAX_PCPUS; p++)
		if (width[p])
			last = p;
	for (unsigned int p = 1; p < last; p++)
		if (width[p] > width[widest])
			widest = p;
	if (width[widest] <= COLUMN_WISH && width[last] > LAST_WISH)
		return last;
	return widest;
}

/* As wide as the text wants to be, or as there is room for. */
static void build(struct race *c, unsigned int column[MAX_PCPUS])
{
	unsigned int width[MAX_PCPUS] = { 0 }, sum = 0;

	for (unsigned int i = 0; i < c->nr; i++) {
		const struct race_line *l = &c->line[i];
		unsigned int n = l->indent + (unsigned int)strlen(l->text) + 2;

		if (n > width[l->pcpu])
			width[l->pcpu] = n;
	}
	for (unsigned int p = 0; p < MAX_PCPUS; p++) {
		if (width[p] && width[p] < 8 + strlen(c->task[p]))
			width[p] = 8 + (unsigned int)strlen(c->task[p]);
		sum += width[p] ? width[p] + 1 : 0;
	}
	for (; sum > WIDTH - INDENT + 1; sum--) {
		unsigned int p = to_narrow(width);

		assert(width[p] > COLUMN_MIN);
		width[p]--;
	}
	show_grid_begin(&c->grid, c->out, INDENT);
	for (unsigned int p = 0; p < MAX_PCPUS; p++)
		column[p] = width[p] ? show_grid_column(&c->grid, width[p], false) : 0;
}

static void print(struct race *c)
{
	unsigned int column[MAX_PCPUS], present = 0;
	char text[128];

	build(c, column);
	for (unsigned int i = 0; i < c->nr; i++)
		present |= 1u << c->line[i].pcpu;
	for (unsigned int p = 0; p < MAX_PCPUS; p++) {
		if (!(present >> p & 1))
			continue;
		snprintf(text, sizeof(text), is_idle(c->task[p]) ? "CPU%u" : "CPU%u (%s)", p,
			 c->task[p]);
		show_grid_put(&c->grid, column[p], TERM_PLAIN, 0, text);
	}
	show_grid_row(&c->grid);
	for (unsigned int i = 0; i < c->nr; i++) {
		const struct race_line *l = &c->line[i];

		if (l->after_gap)
			fprintf(c->out, "%*s... (%u records left out)\n", INDENT, "",
				c->pick.dropped);
		snprintf(text, sizeof(text), "%*s%s", l->indent, "", l->text);
		show_grid_spill(&c->grid, column[l->pcpu], TERM_PLAIN, l->indent + 2u, WIDTH,
				text);
		show_grid_row(&c->grid);
	}
}

/* What is broken, as the last lines of the diagram. */
static void print_verdict(const struct show_input *in, FILE *out)
{
	char text[1024], title[512];
	const struct report *x = in->report;

	if (x)
		snprintf(text, sizeof(text), "%s (%s): %s.",
			 report_title(in->config, x, title, sizeof(title)),
			 severity_name[oracle_info[x->oracle].severity],
			 oracle_info[x->oracle].sentence);
	else
		snprintf(text, sizeof(text), "No oracle fired in this run.");
	fputc('\n', out);
	show_paragraph(out, INDENT, WIDTH, TERM_PLAIN, text);
	show_paragraph(out, INDENT, WIDTH, TERM_PLAIN,
		       show_config(in->config, text, sizeof(text)));
	fprintf(out, "  replay: %s\n", in->replay_line);
}

int show_race(const struct show_input *in, FILE *out)
{
	struct race *c = calloc(1, sizeof(*c));
	bool has_utf8 = term_has_utf8();

	if (!c || (c->in = in, show_pick(&c->pick, in, RECORDS_MAX))) {
		free(c);
		return term_error(TERM_EXIT_SYSTEM, "no memory to show the trace");
	}
	c->out = out;
	c->style = SHOW_BRIEF;
	if (WORLD->fix.config.nr_vcpus == 1)
		c->style |= SHOW_ONE_VCPU;
	term_set_ascii(true);
	collect(c);
	print(c);
	print_verdict(in, out);
	term_set_ascii(!has_utf8);
	free(c->pick.keep);
	free(c);
	return 0;
}
