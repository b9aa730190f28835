// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a run costs, as counts: which accesses, barriers and IPIs were made,
 * where, and how many of them inside a call that kicks or makes a request.
 *
 * Simulated time would be an opinion about some machine; these are facts about
 * the code.
 */
#include <stdlib.h>
#include <string.h>
#include "../results/table.h"
#include "../results/term.h"
#include "show_grid.h"
#include "show_head.h"
#include "show_name.h"
#include "show_state.h"

enum { MAX_ROWS = 512 };

enum counted {
	COUNT_CMPXCHG, COUNT_CMPXCHG_FAILED, COUNT_RMW, COUNT_READ, COUNT_WRITE, COUNT_MB,
	COUNT_WMB, COUNT_RMB, COUNT_IPI, NR_COUNTED
};

static const char *const counted_name[NR_COUNTED] = {
	"cmpxchg", "cmpxchg fails", "other RMW", "read", "write", "smp_mb", "smp_wmb", "smp_rmb",
	"IPI",
};

struct row {
	enum counted what;
	char word[SHOW_NAME];
	char place[160];
	uint32_t run, calls;
};

struct counts {
	const struct show_input *in;
	struct row row[MAX_ROWS];
	unsigned int nr;
	uint32_t in_calls[NR_COUNTED];
	uint32_t nr_calls;
	uint8_t depth[MAX_TASKS][2];	/* of calls, by task and whether in an interrupt */
};

static int what_counts(const struct counts *c, const struct trace_rec *r)
{
	const struct sites *sites = &c->in->config->form->sites;
	const char *op = r->site && r->site <= sites->nr ? sites->site[r->site].op : "";

	switch (r->kind) {
	case TRACE_CAS_FAILED:
		return COUNT_CMPXCHG_FAILED;
	case TRACE_RMW:
		return strstr(op, "compare_exchange") ? COUNT_CMPXCHG : COUNT_RMW;
	case TRACE_READ:
		return COUNT_READ;
	case TRACE_WRITE:
		return COUNT_WRITE;
	case TRACE_MB:
		return COUNT_MB;
	case TRACE_WMB:
		return COUNT_WMB;
	case TRACE_RMB:
		return COUNT_RMB;
	case TRACE_IPI:
		return COUNT_IPI;
	default:
		return -1;
	}
}

static void name_row(const struct counts *c, const struct trace_rec *r, struct row *row)
{
	struct show_place place;
	struct show_word w;

	if (show_is_access(r)) {
		show_word(r->off, &w);
		show_word_name(&w, row->word);
	} else if (r->kind == TRACE_IPI) {
		snprintf(row->word, sizeof(row->word), "to pCPU%u", r->off);
	}
	if (!show_place(c->in->config->form, r, &place))
		return;
	if (place.line)
		snprintf(row->place, sizeof(row->place), "%s() %s:%u", place.function,
			 show_file(&place), place.line);
	else
		snprintf(row->place, sizeof(row->place), "%s() %s", place.function,
			 show_file(&place));
}

/* More kinds of rows than fit share the last one. */
static struct row *find_row(struct counts *c, const struct row *like)
{
	for (unsigned int i = 0; i < c->nr; i++)
		if (c->row[i].what == like->what && !strcmp(c->row[i].word, like->word) &&
		    !strcmp(c->row[i].place, like->place))
			return &c->row[i];
	if (c->nr == MAX_ROWS)
		return &c->row[MAX_ROWS - 1];
	c->row[c->nr] = *like;
	return &c->row[c->nr++];
}

static void count(struct counts *c, const struct trace_rec *r)
{
	uint8_t *depth = &c->depth[r->task % MAX_TASKS][r->in_irq != 0];
	int what = what_counts(c, r);
	struct row like = { 0 }, *row;

	if (r->kind == TRACE_CALL_BEGIN) {
		c->nr_calls++;
		(*depth)++;
	} else if (r->kind == TRACE_CALL_END && *depth) {
		(*depth)--;
	}
	if (what < 0)
		return;
	like.what = (enum counted)what;
	name_row(c, r, &like);
	row = find_row(c, &like);
	row->run++;
	row->calls += *depth > 0;
	c->in_calls[what] += *depth > 0;
}

/* What calls do comes first, then what there is most of. */
static int compare(const void *va, const void *vb)
{
	const struct row *a = va, *b = vb;
	int place;

	if (!a->calls != !b->calls)
		return a->calls ? -1 : 1;
	if (a->what != b->what)
		return a->what < b->what ? -1 : 1;
	if (a->run != b->run)
		return a->run > b->run ? -1 : 1;
	place = strcmp(a->place, b->place);
	return place ? place : strcmp(a->word, b->word);
}

static void print_head(const struct counts *c, FILE *out)
{
	unsigned int width = show_width(out);
	char text[1024];
	size_t n;

	show_paragraph(out, 0, width, TERM_BOLD, show_verdict(c->in, text, sizeof(text)));
	show_paragraph(out, 0, width, TERM_PLAIN, show_config(c->in->config, text, sizeof(text)));
	n = (size_t)snprintf(text, sizeof(text), "%u call%s: cmpxchg %u (fails %u)", c->nr_calls,
			     c->nr_calls == 1 ? "" : "s",
			     c->in_calls[COUNT_CMPXCHG] + c->in_calls[COUNT_CMPXCHG_FAILED],
			     c->in_calls[COUNT_CMPXCHG_FAILED]);
	for (int i = COUNT_RMW; i < NR_COUNTED; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, ", %s %u", counted_name[i],
				      c->in_calls[i]);
	show_paragraph(out, 0, width, TERM_PLAIN, text);
	fputc('\n', out);
}

int show_counts(const struct show_input *in, FILE *out)
{
	static const char *const column[] = { "calls", "run", "what", "word", "where" };
	struct counts *c = calloc(1, sizeof(*c));
	struct table t;

	if (!c)
		return term_error(TERM_EXIT_SYSTEM, "no memory to show the trace");
	c->in = in;
	for (uint32_t i = 0; i < in->trace->nr; i++)
		count(c, &in->trace->rec[i]);
	qsort(c->row, c->nr, sizeof(c->row[0]), compare);
	print_head(c, out);
	table_open(&t, out, TABLE_ALIGNED, NULL);
	for (unsigned int i = 0; i < sizeof(column) / sizeof(column[0]); i++)
		table_column(&t, column[i]);
	for (unsigned int i = 0; i < c->nr; i++) {
		table_int(&t, c->row[i].calls);
		table_int(&t, c->row[i].run);
		table_text(&t, counted_name[c->row[i].what]);
		table_text(&t, *c->row[i].word ? c->row[i].word : NULL);
		table_text(&t, *c->row[i].place ? c->row[i].place : NULL);
	}
	table_close(&t);
	free(c);
	return 0;
}
