// SPDX-License-Identifier: GPL-2.0-only
/* One side of a comparison: runs, and keys of what happened in them. */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include "../results/term.h"
#include "diff.h"
#include "show_name.h"
#include "show_state.h"

int diff_open(struct diff_side *s, const struct config *c)
{
	const struct sites *sites;

	s->config = *c;
	sites = &c->form->sites;
	s->trace.max = DIFF_RECORDS;
	s->trace.rec = calloc(DIFF_RECORDS, sizeof(*s->trace.rec));
	s->site = calloc(sites->nr + 1u, sizeof(*s->site));
	if (!s->trace.rec || !s->site)
		return term_error(TERM_EXIT_SYSTEM, "no memory for two traces");
	for (unsigned int i = 1; i <= sites->nr; i++)
		s->site[i] = XXH3_64bits(sites->site[i].function, strlen(sites->site[i].function));
	return 0;
}

void diff_close(struct diff_side *s)
{
	free(s->trace.rec);
	free(s->site);
	s->trace.rec = NULL;
	s->site = NULL;
}

void diff_prepare(struct diff_side *s)
{
	run_prepare(&s->config);
	memset(s->word, 0, sizeof(s->word));
}

static uint64_t word_key(struct diff_side *s, uint32_t off)
{
	char name[SHOW_NAME];
	struct show_word w;

	if (off >= SHARED_MAX)
		return off;
	if (s->word[off])
		return s->word[off];
	show_word(off, &w);
	show_word_name(&w, name);
	if (w.field)
		w.rest = (w.rest - w.field->offset) % w.field->size;
	s->word[off] = XXH3_64bits_withSeed(name, strlen(name), w.rest) | 1;
	return s->word[off];
}

static uint64_t value_key(struct diff_side *s, uint64_t value)
{
	return value - SHARED_BASE < SHARED_MAX ? word_key(s, (uint32_t)(value - SHARED_BASE)) :
						  value;
}

static bool has_word(const struct trace_rec *r)
{
	return show_is_access(r) || r->kind == TRACE_PAGE_FREE || r->kind == TRACE_PAGE_ALLOC;
}

uint64_t diff_key(struct diff_side *s, uint32_t i)
{
	const struct trace_rec *r = &s->trace.rec[i];
	uint64_t key[5] = {
		r->kind | (uint64_t)r->pcpu << 8 | (uint64_t)r->task << 16 |
			(uint64_t)r->size << 24 | (uint64_t)r->flags << 32 |
			(uint64_t)r->in_irq << 40,
		has_word(r) ? word_key(s, r->off) : r->off,
		value_key(s, r->value),
		value_key(s, r->old),
		r->site <= s->config.form->sites.nr ? s->site[r->site] : 0,
	};

	return XXH3_64bits(key, sizeof(key));
}

/* A call of one of KVM's functions that kick or make requests, and what is in it. */
static void count(struct diff_side *s, const struct run_result *r)
{
	const struct sites *sites = &s->config.form->sites;

	s->runs++;
	for (unsigned int o = 0; o < NR_ORACLES; o++)
		s->hits[o] += r->fired >> o & 1;
	for (uint32_t i = 0; i < s->trace.nr; i++) {
		const struct trace_rec *x = &s->trace.rec[i];
		bool is_rmw = x->kind == TRACE_RMW || x->kind == TRACE_CAS_FAILED;

		s->calls += x->kind == TRACE_CALL_BEGIN;
		s->ipis += x->kind == TRACE_IPI;
		s->cmpxchgs += is_rmw && x->site && x->site <= sites->nr &&
			       strstr(sites->site[x->site].op, "compare_exchange");
	}
}

uint64_t diff_run(struct diff_side *s, struct chooser *chooser, bool counted)
{
	struct run_result result;
	uint64_t key;

	s->trace.nr = s->trace.lost = 0;
	run_once(chooser, &s->trace, &result);
	if (counted)
		count(s, &result);
	key = (uint64_t)result.end ^ (uint64_t)s->trace.lost << 8 ^ (uint64_t)s->trace.nr << 32;
	for (uint32_t i = 0; i < s->trace.nr; i++)
		key = trace_mix(key, diff_key(s, i));
	return key;
}

const char *diff_text(struct diff_side *s, uint32_t i, char *buf)
{
	static struct show_state state;
	const struct trace_rec *r = &s->trace.rec[i];
	struct show_place place;
	char text[SHOW_TEXT];
	size_t n;

	if (i >= s->trace.nr) {
		snprintf(buf, DIFF_TEXT, "the run has ended");
		return buf;
	}
	show_state_begin(&state);
	for (uint32_t j = 0; j < i; j++)
		show_state_apply(&state, &s->trace.rec[j]);
	n = (size_t)snprintf(buf, DIFF_TEXT, "pCPU%u %s: %.200s", r->pcpu, show_task(r->task),
			     show_text(&state, r, 0, &s->config.form->sites, text));
	form_load_lines(s->config.form);
	if (show_place(s->config.form, r, &place))
		snprintf(buf + n, DIFF_TEXT - n, " in %s(), %s:%u", place.function,
			 place.file ? place.file : "?", place.line);
	return buf;
}
