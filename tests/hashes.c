// SPDX-License-Identifier: GPL-2.0-only
/*
 * Not a test but a witness for determinism.sh: runs seeds of every scenario and
 * prints what came of each, one line a run.
 *
 *	hashes FIRST LAST [backwards]
 */
#include <stdio.h>
#include <stdlib.h>
#include "fuzz/engine.h"
#include "fuzz/run.h"

static int run_seed(const struct config *c, unsigned int seed)
{
	static const char *const engines[] = { "random", "pos", "pct:3" };
	struct run_result result;
	struct engine e;

	if (!engine_parse(&e, engines[seed % 3]))
		return 1;
	engine_seed(&e, seed);
	run_once(&e.chooser, NULL, &result);
	return printf("%s %s %s %s %u: %016llx %d %x %u\n", c->kernel, c->arch, c->scenario,
		      c->model, seed, (unsigned long long)result.hash, (int)result.end,
		      result.fired, result.steps) < 0;
}

static int run_config(const char *kernel, const char *arch, const char *model,
		      const char *scenario, unsigned int first, unsigned int last, bool backwards)
{
	struct config c;

	config_init(&c);
	if (config_set_word(&c, "kernel", kernel) || config_set_word(&c, "arch", arch) ||
	    config_set_word(&c, "model", model) || config_set_word(&c, "scenario", scenario) ||
	    config_load(&c))
		return 1;
	run_prepare(&c);
	for (unsigned int seed = first; seed <= last; seed++)
		if (run_seed(&c, backwards ? first + last - seed : seed))
			return 1;
	return 0;
}

int main(int argc, char **argv)
{
	static const struct { const char *kernel, *arch, *model; } kinds[] = {
		{ "v5.15", "x86", "sc" }, { "v5.16", "x86", "tso" }, { "v5.16", "arm64", "weak" },
	};
	unsigned int first, last;

	if (argc < 3 || run_init())
		return 2;
	first = (unsigned int)atoi(argv[1]);
	last = (unsigned int)atoi(argv[2]);
	for (int i = 0; i < 3; i++) {
		int kind = argc > 3 ? 2 - i : i;
		struct form *f = form_load(kinds[kind].kernel, kinds[kind].arch, "");

		if (!f)
			return 4;
		for (const struct machine_scenario *const *s = f->code->scenarios; *s; s++)
			if (run_config(kinds[kind].kernel, kinds[kind].arch, kinds[kind].model,
				       (*s)->name, first, last, argc > 3))
				return 1;
	}
	return 0;
}
