// SPDX-License-Identifier: GPL-2.0-only
/* What a finding needs, as a test that other tools can judge. */
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "export.h"
#include "litmus_judge.h"
#include "show.h"

enum { MAX_STATES = 400000 };

struct made {
	char *code;			/* without name and comment */
	size_t size;
	enum litmus_verdict verdict[3];	/* by enum mem_model; LITMUS_UNKNOWN: too many states */
	bool race;
};

/* "lost-request-v5.15-x86": a name for a test and a file. */
static void put_name(const struct show_input *in, FILE *out)
{
	fprintf(out, "C %s-%s\n", oracle_info[in->report->oracle].name, in->config->form->id);
}

/* Runs the test on each model.  NULL, or why it cannot be. */
static const char *judge(struct made *m)
{
	static char why[256];
	struct litmus_case c = { .path = "" };
	size_t size = m->size + 64;
	char *text = malloc(size);
	int n = text ? snprintf(text, size, "C t\n%s", m->code) : -1;

	if (n < 0)
		return "memory is short";
	c.t = litmus_parse(text, (size_t)n);
	if (c.t->error != LITMUS_FINE)
		snprintf(why, sizeof(why), "line %u of it: %s", c.t->error_line, c.t->error_text);
	else
		why[0] = '\0';
	for (unsigned int model = MEM_SC; model <= MEM_WEAK && !*why; model++) {
		struct mem_opts opts = { .model = (uint8_t)model };

		litmus_explore(c.t, &opts, MAX_STATES, &c.r);
		litmus_judge(&c, model);
		m->verdict[model] = c.r.stop == LITMUS_EXHAUSTED ? c.seen : LITMUS_UNKNOWN;
		m->race |= c.r.race;
		litmus_result_free(&c.r);
		memset(&c.r, 0, sizeof(c.r));
	}
	litmus_free(c.t);
	free(text);
	return *why ? why : NULL;
}

static void put_comment(const struct export *e, const struct made *m, FILE *out)
{
	const struct show_input *in = e->in;
	char title[512];

	fprintf(out, "\n(*\n * Result: Sometimes%s\n *\n * %s: what it needs, of the run that is\n"
		" * replayed by: %s\n *\n", m->race ? " DATARACE" : "",
		report_title(in->config, in->report, title, sizeof(title)), in->replay_line);
	for (unsigned int p = 0; p < e->nr_procs; p++)
		fprintf(out, " * P%u is %s.\n", p, show_task(e->task[p]));
	fputs(" * Not said here: IPIs, the guest, who runs on which pCPU", out);
	fprintf(out, "%s.\n", e->nr_unsaid ? " (and the need of it that the run has)" : "");
	for (unsigned int model = MEM_SC; model <= MEM_WEAK; model++)
		fprintf(out, " * On %s: %s.\n", config_models[model].name,
			m->verdict[model] == LITMUS_UNKNOWN ? "not exhausted" :
			litmus_verdict_name(m->verdict[model]));
	fputs(" *)\n\n", out);
}

static int refuse(const char *why)
{
	return term_error(TERM_EXIT_USAGE, "no litmus form: %s", why);
}

static int write_test(struct export *e, FILE *out)
{
	unsigned int model = e->in->config->model_id;
	struct made m = { .code = NULL };
	FILE *code = open_memstream(&m.code, &m.size);
	const char *why;
	int ret = 0;

	if (!code)
		return term_error(TERM_EXIT_SYSTEM, "no memory for the test");
	export_code(e, code);
	fclose(code);
	why = judge(&m);
	if (why) {
		ret = refuse(why);
	} else if (m.verdict[model] == LITMUS_NEVER) {
		ret = refuse("what its accesses saw cannot be seen without what is left out");
	} else {
		put_name(e->in, out);
		put_comment(e, &m, out);
		fputs(m.code, out);
	}
	free(m.code);
	return ret;
}

int show_litmus(const struct show_input *in, FILE *out)
{
	struct export *e;
	struct explain x;
	int ret;

	if (!in->report)
		return refuse("nothing is broken in this run");
	e = calloc(1, sizeof(*e));
	if (!e || explain_make(&x, in, EXPLAIN_RUNS)) {
		free(e);
		return term_error(TERM_EXIT_SYSTEM, "no memory to explain the run");
	}
	ret = export_choose(e, in, &x) ? write_test(e, out) : refuse(e->why_not);
	explain_free(&x);
	free(e);
	return ret;
}
