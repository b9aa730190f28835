// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run as a page: the picture, and the state at each record, to step through.
 *
 * One file, nothing in it is fetched.  With a second kernel form the same schedule
 * is run there too, below, and the page marks where the two part.  What a page has
 * of a run is made while that run's world is the current one, so each goes into
 * memory before the next is run.
 */
#include <stdlib.h>
#include <string.h>
#include "../results/json.h"
#include "../results/term.h"
#include "html.h"
#include "show_head.h"
#include "svg.h"
#include "witness.h"

#define TEXT(symbol, path)						\
	extern const char symbol[];					\
	__asm__(".pushsection .rodata\n"				\
		".globl " #symbol "\n"					\
		#symbol ":\n"						\
		".incbin \"" path "\"\n"				\
		".byte 0\n"						\
		".popsection\n")

TEXT(show_html_css, "fuzz/show_html.css");
TEXT(show_html_js, "fuzz/show_html.js");

static void put_text(FILE *out, const char *tag, const char *class, const char *text)
{
	fprintf(out, "<%s%s%s%s>", tag, *class ? " class=\"" : "", class, *class ? "\"" : "");
	svg_escape(out, text);
	fprintf(out, "</%s>\n", tag);
}

static void put_picture(struct html_run *h, const struct timeline *t, const char *kind)
{
	char suffix[16];

	snprintf(suffix, sizeof(suffix), "-%u%c", h->number, *kind);
	fprintf(h->body, "<div class=\"%s\">", kind);
	if (svg_write(h->body, t, suffix, false))
		h->failed = true;
	fputs("</div>\n", h->body);
}

static void put_needs(struct html_run *h, const struct explain *x)
{
	char text[512];

	if (!x || !x->nr)
		return;
	snprintf(text, sizeof(text), "What it needs: with any of these the other way round it "
		 "never happens in %u runs", x->runs);
	put_text(h->panes, "h2", "", text);
	fputs("<ol class=\"needs\">\n", h->panes);
	for (unsigned int i = 0; i < x->nr; i++) {
		svg_need_text(h->input, x, i, text, sizeof(text));
		put_text(h->panes, "li", "key", text);
	}
	fputs("</ol>\n", h->panes);
}

static void put_section(struct html_run *h, const struct explain *x)
{
	char text[1024];

	fprintf(h->body, "<section id=\"run%u\">\n", h->number);
	snprintf(text, sizeof(text), "%s: ", h->input->config->form->id);
	show_verdict(h->input, text + strlen(text), sizeof(text) - strlen(text));
	put_text(h->body, "h2", "", text);
	fputs("<div class=\"pic\">\n", h->body);
	put_picture(h, h->folded, "folded");
	put_picture(h, h->unfolded, "unfolded");
	fputs("</div>\n</section>\n", h->body);
	fputs("<div class=\"pane\">", h->panes);
	put_text(h->panes, "h2", "", h->input->config->form->id);
	fprintf(h->panes, "<div class=\"both\"><div><p><code id=\"doing%u\"></code></p>"
		"<table><tbody id=\"state%u\"></tbody></table></div>"
		"<ol id=\"steps%u\"></ol></div>\n", h->number, h->number, h->number);
	put_needs(h, x);
	fputs("</div>\n", h->panes);
}

/* All that the page has of one run, in its world. */
static int add_run(struct html_run *h, const struct show_input *in, struct json *j)
{
	struct explain x, *explain = NULL;

	h->input = in;
	if (in->report) {
		if (explain_make(&x, in, EXPLAIN_RUNS))
			return -1;
		explain = &x;
	}
	h->folded = timeline_make(in, explain, false, SVG_LEFT);
	h->unfolded = timeline_make(in, explain, true, SVG_LEFT);
	h->failed = !h->folded || !h->unfolded;
	if (!h->failed) {
		put_section(h, explain);
		h->failed |= html_records(h, j) != 0;
	}
	timeline_free(h->folded);
	timeline_free(h->unfolded);
	if (explain)
		explain_free(explain);
	return h->failed ? -1 : 0;
}

/* The first record in which two runs differ, or -1. */
static int parting(const struct html_run *a, const struct html_run *b)
{
	uint32_t i;

	for (i = 0; i < a->nr && i < b->nr; i++)
		if (strcmp(a->key[i], b->key[i]))
			return (int)i;
	return a->nr == b->nr ? -1 : (int)i;
}

static int add_second(struct html_run *h, const struct show_input *first, struct json *j)
{
	static struct show_run run;
	static struct witness w;
	int ret;

	memset(&w, 0, sizeof(w));
	w.config = *first->config;
	w.schedule = *first->schedule;
	ret = witness_refit(&w, first->compare);
	if (!ret)
		ret = show_run_begin(&run, &w);
	if (ret)
		return ret;
	ret = add_run(h, &run.input, j);
	show_run_end(&run);
	return ret < 0 ? term_error(TERM_EXIT_SYSTEM, "no memory to draw the run") : ret;
}

static void put_head(const struct show_input *in, FILE *out)
{
	char text[1024];

	show_headline(in, text, sizeof(text));
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width\">\n", out);
	put_text(out, "title", "", text);
	fprintf(out, "<style>\n%s</style>\n</head>\n<body>\n<header>\n", show_html_css);
	put_text(out, "h1", "", text);
	if (in->report)
		put_text(out, "p", "", oracle_info[in->report->oracle].sentence);
	put_text(out, "p", "dim", show_config(in->config, text, sizeof(text)));
	fputs("<p class=\"dim\">replay: <code>", out);
	svg_escape(out, in->replay_line);
	fputs("</code></p>\n</header>\n<nav>\n"
	      "<button data-key=\"ArrowLeft\" title=\"Left\">\xe2\x97\x80 step</button>\n"
	      "<button data-key=\"ArrowRight\" title=\"Right\">step \xe2\x96\xb6</button>\n"
	      "<span id=\"where\"></span>\n"
	      "<button data-key=\"f\" title=\"f\">fold / unfold</button>\n", out);
	if (in->compare)
		fputs("<button data-key=\"p\" title=\"p\">where they part</button>\n", out);
	fputs("<button data-key=\"t\" title=\"t\">light / dark</button>\n<span class=\"dim\">"
	      "\xe2\x86\x90 \xe2\x86\x92 steps, \xe2\x86\x91 \xe2\x86\x93 records, "
	      "Home, End</span>\n</nav>\n", out);
}

/* JSON inside a script element must not look like its end. */
static void put_data(FILE *out, const char *json)
{
	for (; *json; json++)
		if (*json == '<')
			fputs("\\u003c", out);
		else
			fputc(*json, out);
}

/* Texts in memory: the pictures, below them what steps, and the data. */
enum { BODY, PANES, DATA, NR_PARTS };

struct page {
	FILE *out[NR_PARTS];
	char *text[NR_PARTS];
	size_t size[NR_PARTS];
	struct html_run run[2];
};

static int make(struct page *p, const struct show_input *in)
{
	struct json j;
	int ret, part = -1;

	json_open(&j, p->out[DATA], "kicksim.page/1");
	json_array(&j, "runs");
	for (unsigned int n = 0; n < 2; n++) {
		p->run[n].number = n;
		p->run[n].body = p->out[BODY];
		p->run[n].panes = p->out[PANES];
	}
	ret = add_run(&p->run[0], in, &j) ?
	      term_error(TERM_EXIT_SYSTEM, "no memory to draw the run") : 0;
	if (!ret && in->compare)
		ret = add_second(&p->run[1], in, &j);
	json_end(&j);
	if (!ret && in->compare)
		part = parting(&p->run[0], &p->run[1]);
	if (part < 0)
		json_null(&j, "part");
	else
		json_int(&j, "part", part);
	json_close(&j);
	return ret;
}

static void put_page(struct page *p, FILE *out)
{
	fputs(p->text[BODY], out);
	fprintf(out, "<div class=\"panes%s\">\n%s</div>\n", p->run[1].input ? " two" : "",
		p->text[PANES]);
	fputs("<script type=\"application/json\" id=\"data\">", out);
	put_data(out, p->text[DATA]);
	fprintf(out, "</script>\n<script>\n%s</script>\n</body>\n</html>\n", show_html_js);
}

int show_html(const struct show_input *in, FILE *out)
{
	struct page *p = calloc(1, sizeof(*p));
	bool has_memory = p != NULL;
	int ret;

	for (unsigned int n = 0; has_memory && n < NR_PARTS; n++) {
		p->out[n] = open_memstream(&p->text[n], &p->size[n]);
		has_memory = p->out[n] != NULL;
	}
	if (has_memory) {
		/* Names in it are the first world's. */
		put_head(in, p->out[BODY]);
		ret = make(p, in);
	} else {
		ret = term_error(TERM_EXIT_SYSTEM, "no memory to draw the run");
	}
	for (unsigned int n = 0; p && n < NR_PARTS; n++)
		if (p->out[n])
			fclose(p->out[n]);
	if (!ret)
		put_page(p, out);
	for (unsigned int n = 0; p && n < 2; n++)
		html_run_free(&p->run[n]);
	for (unsigned int n = 0; p && n < NR_PARTS; n++)
		free(p->text[n]);
	free(p);
	return ret;
}
