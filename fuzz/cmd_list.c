// SPDX-License-Identifier: GPL-2.0-only
/* kicksim list: what there is to choose from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "cmd.h"
#include "prove_bounds.h"
#include "show.h"
#include "config.h"
#include "../sim/model.h"

static int list_oracles(void)
{
	for (int i = 0; i < NR_ORACLES; i++)
		printf("%-20s %-10s %s\n", oracle_info[i].name,
		       severity_name[oracle_info[i].severity], oracle_info[i].sentence);
	return 0;
}

static int list_models(void)
{
	for (const struct config_model *m = config_models; m->name; m++)
		printf("%-8s%s\n", m->name, m->sentence);
	printf("\n"
	       "tso and weak: at most --sb-length stores wait in a buffer, and each becomes\n"
	       "visible by a choice of the schedule, 0 being at once.  weak: at most\n"
	       "--stale-reads loads of a run give an older value, up to %d values back.\n"
	       "\n"
	       "Left out or simplified, so that what needs it is not found:\n"
	       "  load buffering     no store becomes visible before an earlier load executed\n"
	       "  multi-copy         a store reaches all other pCPUs at once, unlike on POWER\n"
	       "  old values         of one word the last %d; older ones are forgotten\n"
	       "  plain accesses     each is one access, as KCSAN assumes: no tearing, no\n"
	       "                     fusing, no reloading; races are reported, not acted out\n"
	       "  mixed sizes        a word that is accessed in parts is refused: --model sc\n"
	       "  dependencies       a load by a computed index waits for all earlier loads\n"
	       "  barriers           smp_mb__{before,after}_atomic(), where it is a barrier at\n"
	       "                     all, is a full one whatever atomic stands beside it\n"
	       "  RCU, SRCU          readers' barriers only in kernel code; grace periods in\n"
	       "                     litmus tests (RCU), not SRCU's, which are skipped\n"
	       "  devices, caches    no I/O ordering, no instruction fetch, no TLB\n"
	       "Both are at their strongest for what the kernel's model does not cover: IPIs,\n"
	       "acknowledgements and context switches wait until the buffer is empty.\n"
	       "The architecture decides what a barrier is: --arch.\n", MODEL_STALE_MAX,
	       MEM_RING_MAX);
	return 0;
}

/* A scenario, and each architecture's first form that has it. */
struct listed {
	const struct machine_scenario *scenario;
	unsigned int nr;		/* forms in all */
	char forms[128];
};

struct scenario_list {
	struct listed of[64];
	unsigned int nr, nr_forms;
};

static int add_scenarios(const char *id, const char *path, void *arg)
{
	const char *arch = strrchr(id, '-');
	struct scenario_list *list = arg;
	char kernel[64];
	struct form *form;

	(void)path;
	if (strchr(id, '+') || !arch)
		return 0;
	snprintf(kernel, sizeof(kernel), "%.*s", (int)(arch - id), id);
	form = form_load(kernel, arch + 1, "");
	if (!form)
		return 0;
	list->nr_forms++;
	for (const struct machine_scenario *const *s = form->code->scenarios; *s; s++) {
		struct listed *l = list->of;
		size_t n;

		while (l < list->of + list->nr && strcmp(l->scenario->name, (*s)->name))
			l++;
		if (l == list->of + list->nr) {
			if (list->nr == sizeof(list->of) / sizeof(list->of[0]))
				continue;
			list->nr++;
			l->scenario = *s;
		}
		l->nr++;
		n = strlen(l->forms);
		if (strstr(l->forms, arch))
			continue;
		snprintf(l->forms + n, sizeof(l->forms) - n, "%s%s", n ? ", " : "", id);
	}
	return 0;
}

/* Where a proof takes other numbers than a campaign; models with the same in one line. */
static void print_bounds(const char *scenario)
{
	const struct config_model *m, *first, *same;

	for (m = config_models; m->name; m++) {
		const char *words = prove_bounds_words(scenario, m->name);

		for (first = config_models; first < m; first++)
			if (!strcmp(prove_bounds_words(scenario, first->name), words))
				break;
		if (!*words || first != m)
			continue;
		printf("%-20s prove takes %s under", "", words);
		for (same = m; same->name; same++)
			if (!strcmp(prove_bounds_words(scenario, same->name), words))
				printf("%s %s", same == m ? "" : ",", same->name);
		putchar('\n');
	}
}

static int list_scenarios(void)
{
	static struct scenario_list list;
	int ret = form_each(add_scenarios, &list);

	for (unsigned int i = 0; i < list.nr; i++) {
		const struct listed *l = &list.of[i];

		printf("%-20s %s", l->scenario->name, l->scenario->claim);
		if (l->nr < list.nr_forms)
			printf(" [from %s]", l->forms);
		putchar('\n');
		print_bounds(l->scenario->name);
	}
	return list.nr ? ret : TERM_EXIT_SYSTEM;
}

static int print_kernel(const char *id, const char *path, void *arg)
{
	(void)path;
	(void)arg;
	if (!strchr(id, '+'))
		puts(id);
	return 0;
}

static int print_variant(const char *id, const char *path, void *arg)
{
	const char *plus = strchr(id, '+');

	(void)path;
	(void)arg;
	if (plus)
		printf("%-24s %.*s\n", plus + 1, (int)(plus - id), id);
	return 0;
}

static int list_kernels(void)
{
	return form_each(print_kernel, NULL);
}

static int list_variants(void)
{
	return form_each(print_variant, NULL);
}

static int list_formats(void)
{
	for (const struct show_format *f = show_formats; f->name; f++)
		printf("%-10s %s\n", f->name, f->help);
	return 0;
}

static int list_severities(void)
{
	for (int i = NR_SEVERITIES; i--;)
		printf("%s\n", severity_name[i]);
	return 0;
}

static const struct {
	const char *name;
	int (*list)(void);
} lists[] = {
	{ "scenarios", list_scenarios },
	{ "kernels", list_kernels },
	{ "variants", list_variants },
	{ "oracles", list_oracles },
	{ "models", list_models },
	{ "formats", list_formats },
	{ "severities", list_severities },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	const char **word = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*word)
			cmd_error(state, "one word, not '%s' too", arg);
		*word = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		cmd_error(state, "scenarios, kernels, variants, oracles, models, formats or severities");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cmd_list(int argc, char **argv)
{
	const char *names[sizeof(lists) / sizeof(lists[0]) + 1] = { NULL };
	struct argp_child children[] = { { &cmd_common, 0, NULL, 2 }, { 0 } };
	struct argp argp = {
		NULL, parse, "scenarios|kernels|variants|oracles|models|formats|severities",
		"List what there is to choose from.\v"
		"Examples:\n"
		"  kicksim list scenarios\n"
		"  kicksim list oracles\n",
		children, NULL, NULL
	};
	const char *word = NULL, *near;

	if (cmd_parse(&argp, "kicksim list", argc, argv, &word))
		return TERM_EXIT_USAGE;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (!strcmp(word, lists[i].name))
			return lists[i].list();
		names[i] = lists[i].name;
	}
	near = term_suggest(word, names);
	return term_error(TERM_EXIT_USAGE, "nothing called '%s' to list%s%s%s", word,
			  near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
}
