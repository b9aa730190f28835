// SPDX-License-Identifier: GPL-2.0-only
/* An explanation in sentences. */
#include <stdlib.h>
#include <string.h>
#include "../results/json.h"
#include "../results/term.h"
#include "explain.h"
#include "show_grid.h"
#include "show_head.h"
#include "show_name.h"
#include "show_state.h"

#define SCHEMA "kicksim.explain/1"

enum { RISE = 5 };			/* percent: what the curve's table tells */

/* Each record's text and place, as the run was before it. */
struct telling {
	const struct explain *x;
	const struct show_input *in;
	FILE *out;
	unsigned int width;
	struct show_state state;
	char (*text)[SHOW_TEXT];	/* [trace->nr] */
};

static int telling_begin(struct telling *t, const struct explain *x,
			 const struct show_input *in, FILE *out)
{
	memset(t, 0, sizeof(*t));
	t->x = x;
	t->in = in;
	t->out = out;
	t->width = show_width(out);
	t->text = calloc(in->trace->nr + 1u, sizeof(*t->text));
	if (!t->text)
		return term_error(TERM_EXIT_SYSTEM, "no memory to show the trace");
	show_state_begin(&t->state);
	for (uint32_t i = 0; i < in->trace->nr; i++) {
		const struct trace_rec *r = &in->trace->rec[i];

		show_text(&t->state, r, 0, &in->config->form->sites, t->text[i]);
		show_state_apply(&t->state, r);
	}
	return 0;
}

/* 10,000: figures that are compared with a command's. */
static const char *number(char buf[32], uint32_t n)
{
	if (n < 1000)
		snprintf(buf, 32, "%u", n);
	else if (n < 1000000)
		snprintf(buf, 32, "%u,%03u", n / 1000, n % 1000);
	else
		snprintf(buf, 32, "%u,%03u,%03u", n / 1000000, n / 1000 % 1000, n % 1000);
	return buf;
}

/* What is rare is told as a fraction: a rounded percentage would say never. */
static const char *share(char buf[64], uint32_t shown, uint32_t runs)
{
	char a[32], b[32];
	double percent = runs ? 100.0 * shown / runs : 0;

	if (shown == runs || (percent >= 10 && percent < 99.5))
		snprintf(buf, 64, "%.0f %%", percent);
	else if (percent >= 1 && percent < 99.5)
		snprintf(buf, 64, "%.1f %%", percent);
	else
		snprintf(buf, 64, "%s of %s", number(a, shown), number(b, runs));
	return buf;
}

/* "step 28  pCPU1 kicker0  cpu = vcpu0->cpu (0)  v5.15.c:119 kvm_vcpu_kick()" */
static void put_step(struct telling *t, const char *lead, uint32_t i, unsigned int indent)
{
	const struct trace_rec *r = &t->in->trace->rec[i];
	struct show_place place;
	char who[64], line[1024], where[256] = "";
	size_t n;

	snprintf(who, sizeof(who), "pCPU%u %s", r->pcpu,
		 r->kind == TRACE_VISIBLE ? "buffer" : show_task(r->task));
	if (show_place(t->in->config->form, r, &place))
		snprintf(where, sizeof(where), "%s:%u %s()", show_file(&place), place.line,
			 place.function);
	n = (size_t)snprintf(line, sizeof(line), "%sstep %-4u %-14s %s", lead, r->step, who,
			     t->text[i]);
	if (n + strlen(where) + 2 <= t->width) {
		fprintf(t->out, "%s%*s%s\n", line,
			n < indent + 64 && indent + 66 + strlen(where) <= t->width ?
			(int)(indent + 66 - n) : *where ? 2 : 0, "", where);
		return;
	}
	fprintf(t->out, "%s\n", line);
	if (*where)
		fprintf(t->out, "%*s%s\n", (int)indent + 25, "", where);
}

static void put_order(struct telling *t, unsigned int nr, const struct explain_need *n)
{
	char lead[16];

	snprintf(lead, sizeof(lead), "  %u. ", nr);
	put_step(t, lead, n->a, 5);
	if (n->kind == EXPLAIN_STALE)
		put_step(t, "     does not see ", n->b, 18);
	else
		put_step(t, "     before ", n->b, 12);
}

static void put_fact(struct telling *t, unsigned int nr, const struct explain_need *n)
{
	const struct trace_rec *r = &t->in->trace->rec[n->a];
	if (n->kind == EXPLAIN_MOVE)
		fprintf(t->out, "  %u. %s moves from pCPU%u to pCPU%u\n", nr, show_task(r->task),
			r->pcpu, r->off);
	else if (n->kind == EXPLAIN_EXIT)
		fprintf(t->out, "  %u. the guest of %s exits by itself (%s)\n", nr,
			show_task(r->task), show_exit(r->value));
	put_step(t, "     ", n->a, 5);
}

static void put_needs(struct telling *t)
{
	const struct explain *x = t->x;
	char runs[32], text[256];

	if (!x->nr) {
		snprintf(text, sizeof(text),
			 "No ordering of two steps is needed: each of %u that were tried may be the "
			 "other way round, or can be no other way.", x->nr_tried);
		show_paragraph(t->out, 0, t->width, TERM_PLAIN, text);
		return;
	}
	snprintf(text, sizeof(text), x->nr == 1 ?
		 "It needs this; the other way round it never happens in %s runs:" :
		 "It needs these %2$u; with any one of them the other way round it never happens "
		 "in %1$s runs:", number(runs, x->runs), x->nr);
	show_paragraph(t->out, 0, t->width, TERM_BOLD, text);
	for (unsigned int i = 0; i < x->nr; i++) {
		if (explain_is_order(&x->need[i]))
			put_order(t, i + 1, &x->need[i]);
		else
			put_fact(t, i + 1, &x->need[i]);
		if (x->need[i].runs < x->runs)
			fprintf(t->out, "     (%s runs only: most attempts cannot be turned round)\n",
				number(runs, x->need[i].runs));
	}
}

static void put_chances(struct telling *t)
{
	const struct explain *x = t->x;
	char text[512], kept[64], free[64];

	snprintf(text, sizeof(text), "Of %u candidates %u may be either way and %u follow from the "
		 "code.", x->nr_tried, x->nr_either, x->nr_fixed);
	show_paragraph(t->out, 0, t->width, TERM_PLAIN, text);
	snprintf(text, sizeof(text), "Random runs show the bug: %s%s%swith nothing kept %s.",
		 x->nr ? "with these kept " : "",
		 x->nr ? share(kept, x->kept_shown, x->kept_runs) : "", x->nr ? ", " : "",
		 share(free, x->free_shown, x->free_runs));
	show_paragraph(t->out, 0, t->width, TERM_PLAIN, text);
}

/* Records after which P is at least RISE percent from what was told last. */
static void put_curve(struct telling *t)
{
	const struct explain *x = t->x;
	uint32_t told = 0, step = (x->curve_runs * RISE + 99) / 100;
	char runs[32], p[64];

	fprintf(t->out, "P(bug) of %s runs that go on at random after a step:\n",
		number(runs, x->curve_runs));
	for (uint32_t i = 0; i < x->nr_records; i++) {
		uint32_t n = x->curve[i], by = n > told ? n - told : told - n;
		char lead[32];

		if (i && by < step && i != x->no_return)
			continue;
		snprintf(lead, sizeof(lead), "  %8s  ", share(p, n, x->curve_runs));
		put_step(t, lead, i, 12);
		told = n;
	}
}

static void put_no_return(struct telling *t)
{
	const struct explain *x = t->x;
	uint32_t i = x->no_return;
	char text[256], p[64];

	if (i == EXPLAIN_NO_RECORD) {
		snprintf(text, sizeof(text), "There is no point of no return: up to the end some "
			 "runs get away.");
		show_paragraph(t->out, 0, t->width, TERM_PLAIN, text);
		return;
	}
	snprintf(text, sizeof(text), "Point of no return: step %u (P(bug) %s %s 100 %%).",
		 t->in->trace->rec[i].step, share(p, i ? x->curve[i - 1] : 0, x->curve_runs),
		 term_sign(TERM_ARROW));
	show_paragraph(t->out, 0, t->width, TERM_BOLD, text);
}

int explain_print(const struct explain *x, const struct show_input *in, FILE *out)
{
	struct telling *t = malloc(sizeof(*t));
	int ret = t ? telling_begin(t, x, in, out) :
		  term_error(TERM_EXIT_SYSTEM, "no memory to show the trace");

	if (!ret) {
		show_head(in, out, t->width);
		put_needs(t);
		fputc('\n', out);
		put_chances(t);
		fputc('\n', out);
		put_curve(t);
		put_no_return(t);
		fprintf(out, "replay: %s\n", in->replay_line);
		free(t->text);
	}
	free(t);
	return ret;
}

static void json_step(struct json *j, const struct telling *t, const char *key, uint32_t i)
{
	const struct trace_rec *r = &t->in->trace->rec[i];
	struct show_place place;

	json_object(j, key);
	json_int(j, "record", i);
	json_int(j, "step", r->step);
	json_int(j, "pcpu", r->pcpu);
	json_text(j, "task", show_task(r->task));
	json_text(j, "kind", trace_kind_name[r->kind]);
	json_text(j, "text", t->text[i]);
	if (show_place(t->in->config->form, r, &place)) {
		json_text(j, "function", place.function);
		json_text(j, "file", place.file);
		json_int(j, "line", place.line);
	}
	json_end(j);
}

static void json_needs(struct json *j, const struct telling *t)
{
	static const char *const kind[] = {
		[EXPLAIN_ORDER] = "order", [EXPLAIN_STALE] = "stale-load",
		[EXPLAIN_MOVE] = "move", [EXPLAIN_EXIT] = "guest-exit",
	};

	json_array(j, "needs");
	for (unsigned int i = 0; i < t->x->nr; i++) {
		const struct explain_need *n = &t->x->need[i];

		json_object(j, NULL);
		json_text(j, "kind", kind[n->kind]);
		json_step(j, t, explain_is_order(n) ? "before" : "step", n->a);
		if (explain_is_order(n))
			json_step(j, t, "after", n->b);
		json_int(j, "turned_runs", n->runs);
		json_int(j, "turned_shown", n->shown);
		json_end(j);
	}
	json_end(j);
}

int explain_print_json(const struct explain *x, const struct show_input *in, FILE *out)
{
	struct telling *t = malloc(sizeof(*t));
	int ret = t ? telling_begin(t, x, in, out) :
		  term_error(TERM_EXIT_SYSTEM, "no memory to show the trace");
	char title[512];
	struct json j;

	if (ret) {
		free(t);
		return ret;
	}
	json_open(&j, out, SCHEMA);
	json_text(&j, "id", in->id);
	json_text(&j, "title", report_title(in->config, in->report, title, sizeof(title)));
	json_needs(&j, t);
	json_int(&j, "candidates", x->nr_tried);
	json_int(&j, "either_way", x->nr_either);
	json_int(&j, "fixed", x->nr_fixed);
	json_int(&j, "kept_runs", x->kept_runs);
	json_int(&j, "kept_shown", x->kept_shown);
	json_int(&j, "free_runs", x->free_runs);
	json_int(&j, "free_shown", x->free_shown);
	json_int(&j, "curve_runs", x->curve_runs);
	json_array(&j, "curve");
	for (uint32_t i = 0; i < x->nr_records; i++)
		json_int(&j, NULL, x->curve[i]);
	json_end(&j);
	if (x->no_return == EXPLAIN_NO_RECORD)
		json_null(&j, "no_return");
	else
		json_step(&j, t, "no_return", x->no_return);
	json_text(&j, "replay", in->replay_line);
	json_close(&j);
	free(t->text);
	free(t);
	return 0;
}
