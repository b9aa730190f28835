// SPDX-License-Identifier: GPL-2.0-only
/* kicksim litmus: LKMM C litmus tests on the memory models. */
#include <errno.h>
#include <fts.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../results/cmd.h"
#include "../results/json.h"
#include "../results/term.h"
#include "cmd.h"
#include "litmus_judge.h"

#define STATES_MAX 4000000

enum { KEY_EXPECT = 0x1000, KEY_STATES, KEY_JSON, KEY_MAX };

struct litmus_options {
	struct mem_opts mem;
	const char *model;
	const char *arch;
	bool expect, states, json;
	uint64_t max_states;
	const char **paths;
	int nr_paths;
	size_t nr[LITMUS_O_MAX];
	size_t nr_beyond[LITMUS_B_MAX];
	size_t nr_tests;
};

/* What an architecture adds to the model; protocol facts, not guesses. */
static const struct { const char *name; uint8_t model, quirks; } archs[] = {
	{ "x86", MEM_TSO, 0 },
	{ "s390", MEM_TSO, 0 },
	{ "arm64", MEM_WEAK, 0 },
	{ "riscv", MEM_WEAK, 0 },
	{ "powerpc", MEM_WEAK, MEM_CASFAIL_MB_BEFORE },
	{ "loongarch", MEM_WEAK, MEM_CASFAIL_MB_BEFORE },
	{ "mips", MEM_WEAK, MEM_CASFAIL_MB_BEFORE | MEM_CASFAIL_MB_AFTER },
	{ NULL, 0, 0 },
};

static const char *const models[] = {
	[MEM_SC] = "sc", [MEM_TSO] = "tso", [MEM_WEAK] = "weak", NULL,
};

static const struct argp_option options[] = {
	{ "model", 'm', "NAME", 0, "sc, tso or weak (default)", 0 },
	{ "arch", 'a', "NAME", 0, "x86, s390, arm64, riscv, powerpc, "
	  "loongarch or mips: its model and what its cmpxchg adds", 0 },
	{ "expect", KEY_EXPECT, NULL, 0, "compare with VERDICTS.tsv or the "
	  "\"Result:\" comment; exit 1 if a verdict is unsound", 0 },
	{ "states", KEY_STATES, NULL, 0, "with --expect: print states too", 0 },
	{ "json", KEY_JSON, NULL, 0, "JSON Lines", 0 },
	{ "max-states", KEY_MAX, "N", 0, "give up a test after N states "
	  "(default 4000000, 0: never)", 0 },
	{ 0 }
};

static void set_model(struct litmus_options *o, const char *name,
		      struct argp_state *state)
{
	char hint[128];
	int i;

	for (i = 0; models[i]; i++) {
		if (!strcmp(models[i], name)) {
			o->model = models[i];
			o->mem.model = i;
			return;
		}
	}
	cmd_error(state, "no memory model '%s'%s", name,
		  term_did_you_mean(hint, name, models));
}

static void set_arch(struct litmus_options *o, const char *name,
		     struct argp_state *state)
{
	int i;

	for (i = 0; archs[i].name; i++) {
		if (!strcmp(archs[i].name, name)) {
			o->arch = archs[i].name;
			o->mem.quirks = archs[i].quirks;
			if (!o->model)
				o->mem.model = archs[i].model;
			return;
		}
	}
	cmd_error(state, "no architecture '%s'", name);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct litmus_options *o = state->input;
	char *end;

	switch (key) {
	case 'm':
		set_model(o, arg, state);
		return 0;
	case 'a':
		set_arch(o, arg, state);
		return 0;
	case KEY_EXPECT:
		o->expect = true;
		return 0;
	case KEY_STATES:
		o->states = true;
		return 0;
	case KEY_JSON:
		o->json = true;
		return 0;
	case KEY_MAX:
		errno = 0;
		o->max_states = strtoull(arg, &end, 10);
		if (errno || *end || end == arg || *arg == '-')
			cmd_error(state, "--max-states '%s': not a number",
				  arg);
		return 0;
	case ARGP_KEY_ARG:
		o->paths[o->nr_paths++] = strcmp(arg, "-") ? arg :
							     "/dev/stdin";
		return 0;
	case ARGP_KEY_NO_ARGS:
		cmd_error(state, "no file: name litmus tests or folders");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void report(struct litmus_options *o, const struct litmus_case *c)
{
	if (c->outcome == LITMUS_O_BAD)
		term_error(TERM_EXIT_USAGE, "%s:%u: %s", c->path,
			   c->t ? c->t->error_line : 0,
			   c->t ? c->t->error_text : strerror(errno));
	if (o->json)
		litmus_show_json(c, models[o->mem.model], stdout);
	else if (!o->expect || o->states)
		litmus_show(c, stdout);
	else
		litmus_show_line(c, stdout);
	o->nr[c->outcome]++;
	o->nr_beyond[c->beyond]++;
	o->nr_tests++;
}

static void run_file(struct litmus_options *o, const char *path)
{
	struct litmus_case c = { .path = path };
	size_t len;
	char *text = litmus_read(path, &len);

	if (text) {
		c.t = litmus_parse(text, len);
		if (o->expect)
			litmus_expect(&c, text);
		if (c.t->error == LITMUS_FINE)
			litmus_explore(c.t, &o->mem, o->max_states, &c.r);
	}
	litmus_judge(&c, o->mem.model);
	report(o, &c);
	litmus_result_free(&c.r);
	litmus_free(c.t);
	free(text);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool is_test(const FTSENT *e)
{
	const char *dot = strrchr(e->fts_name, '.');

	/* A file that was named is meant, whatever it is called. */
	if (e->fts_level == 0)
		return e->fts_info == FTS_F || e->fts_info == FTS_DEFAULT;
	return e->fts_info == FTS_F && dot && !strcmp(dot, ".litmus");
}

static int run_paths(struct litmus_options *o)
{
	FTS *walk = fts_open((char **)o->paths, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	FTSENT *e;

	if (!walk)
		return term_error(TERM_EXIT_SYSTEM, "cannot walk: %s",
				  strerror(errno));
	while ((e = fts_read(walk))) {
		if (is_test(e)) {
			run_file(o, e->fts_path);
		} else if (e->fts_info == FTS_NS || e->fts_info == FTS_DNR ||
			   e->fts_info == FTS_ERR || e->fts_info == FTS_SLNONE) {
			term_error(TERM_EXIT_USAGE, "%s: %s", e->fts_path,
				   strerror(e->fts_errno ?: ENOENT));
			o->nr[LITMUS_O_BAD]++;
		}
	}
	fts_close(walk);
	if (!o->nr_tests && !o->nr[LITMUS_O_BAD])
		return term_error(TERM_EXIT_USAGE, "%s: no *.litmus files",
				  o->paths[0]);
	return TERM_EXIT_OK;
}

static void summary(const struct litmus_options *o)
{
	enum litmus_outcome i;
	enum litmus_beyond b;
	size_t nr_beyond = 0;

	printf("\n%zu tests, model %s%s%s\n", o->nr_tests,
	       models[o->mem.model], o->arch ? ", arch " : "",
	       o->arch ? o->arch : "");
	for (i = 0; i < LITMUS_O_MAX; i++)
		if (o->nr[i] || i <= LITMUS_O_UNSOUND)
			printf("  %6zu  %-16s  %s\n", o->nr[i],
			       litmus_outcome_name(i), litmus_outcome_text(i));
	for (b = LITMUS_B_MCA; b < LITMUS_B_MAX; b++)
		nr_beyond += o->nr_beyond[b];
	if (!nr_beyond)
		return;
	printf("Sometimes in the kernel's model, Never here: %zu\n",
	       nr_beyond);
	for (b = LITMUS_B_MCA; b < LITMUS_B_MAX; b++)
		if (o->nr_beyond[b])
			printf("  %6zu  %s\n", o->nr_beyond[b],
			       litmus_beyond_text(b));
}

static void summary_json(const struct litmus_options *o)
{
	enum litmus_outcome i;
	struct json j;

	json_open(&j, stdout, "kicksim.litmus-summary/1");
	json_text(&j, "model", models[o->mem.model]);
	json_int(&j, "tests", o->nr_tests);
	for (i = 0; i < LITMUS_O_MAX; i++)
		json_int(&j, litmus_outcome_name(i), o->nr[i]);
	json_close(&j);
}

int cmd_litmus(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &cmd_common, 0, NULL, 0 }, { 0 }
	};
	static const struct argp argp = {
		options, parse, "FILE|FOLDER...",
		"Run LKMM C litmus tests exhaustively.\v"
		"  kicksim litmus SB.litmus\n"
		"  kicksim litmus --expect --model tso tests/litmus",
		children, NULL, NULL
	};
	struct litmus_options o = {
		.mem = { .model = MEM_WEAK }, .max_states = STATES_MAX,
	};
	int ret;

	o.paths = calloc(argc + 1, sizeof(*o.paths));
	if (!o.paths)
		return term_error(TERM_EXIT_SYSTEM, "out of memory");
	ret = cmd_parse(&argp, "kicksim litmus", argc, argv, &o);
	if (!ret)
		ret = run_paths(&o);
	free(o.paths);
	if (ret)
		return ret;
	if (o.json)
		summary_json(&o);
	else if (o.expect)
		summary(&o);
	if (!term_flushed(stdout))
		return term_error(TERM_EXIT_SYSTEM, "cannot write to stdout");
	if (o.expect && (o.nr[LITMUS_O_UNSOUND] || o.nr[LITMUS_O_DIFFERS]))
		return TERM_EXIT_FINDING;
	return o.nr[LITMUS_O_BAD] ? TERM_EXIT_USAGE : TERM_EXIT_OK;
}
