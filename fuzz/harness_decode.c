// SPDX-License-Identifier: GPL-2.0-only
/* What an input of a fuzzer means to somebody who has nothing but its bytes. */
#include <stdio.h>
#include <string.h>
#include "../results/term.h"
#include "harness.h"
#include "harness_priv.h"

struct search {
	uint32_t tag;
	struct config *found;
};

/* 1: it is @scenario with one of the models. */
static int try_models(struct config *c, const char *scenario, const struct search *s)
{
	snprintf(c->scenario, sizeof(c->scenario), "%s", scenario);
	for (const struct config_model *m = config_models; m->name; m++) {
		snprintf(c->model, sizeof(c->model), "%s", m->name);
		for (int strict = 0; strict < 2; strict++) {
			c->kcsan_strict = strict;
			if (bytes_target(c) != s->tag)
				continue;
			*s->found = *c;
			return 1;
		}
	}
	return 0;
}

/* @id: "v5.16-x86" or "v5.16-x86+variant" */
static int try_form(const char *id, const char *path, void *arg)
{
	const struct search *s = arg;
	const struct machine_scenario *const *all;
	struct config c;
	char words[64], *variant, *arch;

	(void)path;
	config_init(&c);
	snprintf(words, sizeof(words), "%s", id);
	variant = strchr(words, '+');
	if (variant)
		*variant++ = '\0';
	arch = strrchr(words, '-');
	if (!arch)
		return 0;
	*arch++ = '\0';
	snprintf(c.kernel, sizeof(c.kernel), "%s", words);
	snprintf(c.arch, sizeof(c.arch), "%s", arch);
	snprintf(c.variant, sizeof(c.variant), "%s", variant ? variant : "");
	c.form = form_load(c.kernel, c.arch, c.variant);
	for (all = c.form ? c.form->code->scenarios : NULL; all && *all; all++)
		if (try_models(&c, (*all)->name, s))
			return 1;
	return 0;
}

static int find_target(uint32_t tag, struct config *c)
{
	struct search search = { tag, c };
	int ret;

	if (!harness_has_targets() && form_each(try_form, &search))
		return config_load(c);
	ret = harness_targets();
	*c = harness.target[0];
	for (unsigned int i = 0; !ret && i < harness.nr_targets; i++)
		if (harness.tag[i] == tag)
			*c = harness.target[i];
	return ret;
}

int harness_decode(const uint8_t *data, size_t size, struct config *c, struct schedule *s)
{
	static struct bytes base, derived;
	struct bytes_chooser chooser;
	struct run_result result;
	int worst = -2, ret;

	bytes_parse(&base, data, size);
	ret = find_target(base.target, c);
	if (!ret)
		ret = run_init();
	if (ret)
		return ret;
	bytes_configure(&base, c);
	run_prepare(c);
	for (unsigned int i = 0; i >> base.batch_shift == 0; i++) {
		mutate_batch(&derived, &base, i);
		bytes_chooser_init(&chooser, &derived);
		run_once(&chooser.chooser, NULL, &result);
		if (run_severity(&result) <= worst)
			continue;
		worst = run_severity(&result);
		if (!schedule_of_run(s))
			return term_error(TERM_EXIT_USAGE, "a run of more than %d answers",
					  SCHEDULE_MAX);
	}
	return 0;
}
