// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "engine.h"
#include "show_run.h"
#include "triage.h"

enum { SLICE = 500, MAX_PAIRS = 256 };

/* Pairs of places whose report has been compared with the wanted one. */
struct pair {
	uint16_t site[2];
	bool same;
};

struct search {
	struct triage *t;
	struct pair pair[MAX_PAIRS];
	unsigned int nr_pairs;
	struct engine engine[3];
	uint64_t seed;
};

/* The race of @x as kicksim would report it. */
static bool reported(const struct config *c, const struct report *x, struct kcsan_report *r)
{
	static struct show_run run;
	static struct witness w;
	char *text = NULL;
	size_t size;
	FILE *mem;
	bool ok;

	memset(&w, 0, sizeof(w));
	w.config = *c;
	if (!schedule_of_run(&w.schedule) || show_run_begin(&run, &w))
		return false;
	mem = open_memstream(&text, &size);
	run.input.report = x;
	ok = mem && !show_kcsan(&run.input, mem);
	if (mem)
		fclose(mem);
	show_run_end(&run);
	mem = ok ? fmemopen(text, size, "r") : NULL;
	ok = mem && !kcsan_read(r, mem, "a run's own report");
	if (mem)
		fclose(mem);
	free(text);
	return ok;
}

static bool is_wanted(struct search *s, const struct config *c, const struct report *x)
{
	struct kcsan_report r;
	struct pair *p = s->pair;

	if (x->oracle != ORACLE_DATA_RACE)
		return false;
	for (; p < s->pair + s->nr_pairs; p++)
		if (p->site[0] == x->site[0] && p->site[1] == x->site[1])
			return p->same;
	if (s->nr_pairs == MAX_PAIRS)
		return false;
	*p = (struct pair){ { x->site[0], x->site[1] }, false };
	s->nr_pairs++;
	p->same = reported(c, x, &r) && kcsan_same(s->t->wanted, &r);
	return p->same;
}

static void keep(struct triage_hit *h, const struct config *c, const struct report *x)
{
	if (h->runs++)
		return;
	h->config = *c;
	h->report = *x;
	if (!schedule_of_run(&h->schedule))
		h->runs = 0;
}

static void look(struct search *s, const struct config *c, const struct run_result *result)
{
	struct run_result r = *result;
	const struct report *race = NULL;
	uint32_t counted = 0;

	for (unsigned int i = 0; i < r.nr_reports && !race; i++)
		if (is_wanted(s, c, &r.report[i]))
			race = &r.report[i];
	if (!race)
		return;
	s->t->races++;
	keep(&s->t->race, c, race);
	for (unsigned int i = 0; i < r.nr_reports; i++) {
		unsigned int o = r.report[i].oracle;

		if (o != ORACLE_DATA_RACE && !(counted >> o & 1))
			keep(&s->t->hit[o], c, &r.report[i]);
		counted |= 1u << o;
	}
}

static int search_scenario(struct search *s, const char *kernel, const char *arch,
			   const char *scenario)
{
	struct run_result result;
	struct config c;
	int ret;

	config_init(&c);
	snprintf(c.kernel, sizeof(c.kernel), "%s", kernel);
	snprintf(c.arch, sizeof(c.arch), "%s", arch);
	snprintf(c.scenario, sizeof(c.scenario), "%s", scenario);
	ret = config_load(&c);
	if (ret)
		return ret;
	run_prepare(&c);
	s->nr_pairs = 0;		/* places are the form's, but worlds differ */
	for (unsigned int i = 0; i < SLICE; i++, s->t->runs++) {
		struct engine *e = &s->engine[s->seed % 3];

		engine_seed(e, s->seed++);
		run_once(&e->chooser, NULL, &result);
		engine_done(e);
		look(s, &c, &result);
	}
	return 0;
}

int triage_search(struct triage *t, const char *kernel, const char *arch, uint64_t runs)
{
	static struct search s;
	struct form *form = form_load(kernel, arch, "");
	int ret = form ? 0 : TERM_EXIT_SYSTEM;

	memset(&s, 0, sizeof(s));
	s.t = t;
	s.seed = 1;
	engine_parse(&s.engine[0], "random");
	engine_parse(&s.engine[1], "pct:3");
	engine_parse(&s.engine[2], "pos");
	while (!ret && t->runs < runs)
		for (unsigned int i = 0; !ret && form->code->scenarios[i]; i++)
			ret = search_scenario(&s, kernel, arch, form->code->scenarios[i]->name);
	return ret;
}
