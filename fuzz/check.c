// SPDX-License-Identifier: GPL-2.0-only
/* A check from its items to its verdict. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "../results/term.h"
#include "check.h"

enum { SALT_FIRST = 0, SALT_AGAIN = 0x6b9f };

/* Bugs that are there: a search that misses them is broken. */
static const struct {
	const char *scenario;
	enum oracle oracle;
	unsigned int share;		/* of canary_runs, in percent */
} canaries[] = {
	{ "kick-vs-migrate", ORACLE_LOST_KICK, 10 },
	{ "two-senders", ORACLE_LOST_REQUEST, 100 },
};

enum { NR_CANARIES = sizeof(canaries) / sizeof(canaries[0]) };

static void *shared(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static struct check_item *add_item(struct check *c, enum check_kind kind,
				   const struct config *form, const char *scenario)
{
	struct check_item *item = &c->item[c->nr_items++];

	item->kind = kind;
	item->config = *form;
	item->want = -1;
	item->max_runs = c->max_runs;
	snprintf(item->config.scenario, sizeof(item->config.scenario), "%s", scenario);
	item->swarm = !strcmp(scenario, "mixed");
	return item;
}

static int add_canaries(struct check *c)
{
	struct config config;
	int ret = 0;

	for (int i = 0; !ret && i < NR_CANARIES; i++) {
		struct check_item *item;

		config_init(&config);
		strcpy(config.kernel, "v5.15");
		item = add_item(c, CHECK_CANARY, &config, canaries[i].scenario);
		item->want = canaries[i].oracle;
		item->max_runs = c->canary_runs * canaries[i].share / 100;
		item->max_runs += !item->max_runs;
		ret = config_load(&item->config);
	}
	return ret;
}

/* Each scenario on the form, and right after it on the base. */
static int add_searches(struct check *c)
{
	const struct machine_scenario *const *s;
	struct form *form = form_load(c->kernel.kernel, c->kernel.arch, c->kernel.variant);
	struct form *base = NULL;
	int ret = 0;

	if (form && c->has_base)
		base = form_load(c->base.kernel, c->base.arch, c->base.variant);
	if (!form || (c->has_base && !base))
		return TERM_EXIT_SYSTEM;
	c->kernel.form = form;
	c->base.form = base;
	for (s = form->code->scenarios; !ret && *s && c->nr_items + 2 <= CHECK_ITEMS; s++) {
		ret = config_load(&add_item(c, CHECK_KERNEL, &c->kernel, (*s)->name)->config);
		if (ret || !c->has_base)
			continue;
		add_item(c, CHECK_BASE, &c->base, (*s)->name);
		if (form_scenario(base, (*s)->name))
			ret = config_load(&c->item[c->nr_items - 1].config);
		else
			c->item[c->nr_items - 1].missing = true;
	}
	return ret;
}

/* The base's search of the same scenario, or NULL. */
static struct check_item *base_of(struct check *c, const struct check_item *item)
{
	return c->has_base && !item[1].missing ? &c->item[item - c->item + 1] : NULL;
}

static struct check_found *find_key(struct check_item *item, const char *key)
{
	for (unsigned int i = 0; i < item->nr_found; i++)
		if (!strcmp(item->found[i].key, key))
			return &item->found[i];
	return NULL;
}

/* "lost-kick v5.15 x86 sc - f:0:write4 g:6:call" says key "lost-kick f g". */
static bool expects(const char *signature, const char *key)
{
	char text[512], mine[512], *save = NULL, *word;
	size_t n = 0;
	int i = 0;

	snprintf(text, sizeof(text), "%s", signature);
	*mine = '\0';
	for (word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save), i++)
		if (!i || i > 4)
			n += (size_t)snprintf(mine + n, sizeof(mine) - n, "%s%.*s", i ? " " : "",
					      (int)strcspn(word, ":"), word);
	return !strcmp(mine, key);
}

/* Without a base: known is what a schedule was kept of. */
static void judge_by_corpus(struct check *c, struct check_found *f)
{
	for (unsigned int i = 0; i < c->nr_regress; i++) {
		const struct check_regress *x = &c->regress[i];

		if (!x->is_own || !expects(x->witness.expect, f->key))
			continue;
		f->is_known = true;
		snprintf(f->why, sizeof(f->why), "kept as %s", x->name);
		return;
	}
	snprintf(f->why, sizeof(f->why), "new: no kept schedule shows it");
}

static void judge(struct check *c, struct check_found *f, struct check_item *base)
{
	char runs[16];

	if (!c->has_base) {
		judge_by_corpus(c, f);
		return;
	}
	if (base && find_key(base, f->key))
		f->is_known = true;
	if (f->is_known)
		snprintf(f->why, sizeof(f->why), "on %s too", c->base.form->id);
	else if (base)
		snprintf(f->why, sizeof(f->why), "new: not in %s (0 in %s schedules, the same "
			 "among them)", c->base.form->id, term_count(runs, base->runs));
	else
		snprintf(f->why, sizeof(f->why), "new: %s has no such scenario",
			 c->base.form->id);
}

/* A kept schedule's finding belongs to a scenario that is searched as well. */
static struct check_item *base_for_scenario(struct check *c, const char *scenario)
{
	for (unsigned int i = 0; i < c->nr_items; i++)
		if (c->item[i].kind == CHECK_BASE && !c->item[i].missing &&
		    !strcmp(c->item[i].config.scenario, scenario))
			return &c->item[i];
	return NULL;
}

static void judge_all(struct check *c)
{
	for (unsigned int i = 0; i < c->nr_items; i++) {
		struct check_item *item = &c->item[i];

		for (unsigned int k = 0; item->kind == CHECK_KERNEL && k < item->nr_found; k++)
			judge(c, &item->found[k], base_of(c, item));
	}
	for (unsigned int i = 0; i < c->nr_regress; i++)
		if (c->regress[i].nr_found)
			judge(c, &c->regress[i].found,
			      base_for_scenario(c, c->regress[i].found.config.scenario));
}

/* The @n-th finding that is not known, or NULL; its base's search into *base. */
static struct check_found *candidate(struct check *c, unsigned int n)
{
	for (unsigned int i = 0; i < c->nr_items; i++)
		for (unsigned int k = 0; c->item[i].kind == CHECK_KERNEL && k < c->item[i].nr_found;
		     k++)
			if (!c->item[i].found[k].is_known && !n--)
				return &c->item[i].found[k];
	for (unsigned int i = 0; i < c->nr_regress; i++)
		if (c->regress[i].nr_found && !c->regress[i].found.is_known && !n--)
			return &c->regress[i].found;
	return NULL;
}

static const char *first_name(const struct check *c, unsigned int i)
{
	return i < c->nr_items ? c->item[i].config.scenario : c->regress[i - c->nr_items].name;
}

static void first(struct check *c, unsigned int i)
{
	if (i >= c->nr_items) {
		if (!c->regress[i - c->nr_items].skipped)
			check_regress_replay(c, &c->regress[i - c->nr_items]);
	} else if (!c->item[i].missing) {
		check_search(c, &c->item[i], SALT_FIRST);
	}
}

static bool has_candidate(struct check *c, const struct check_item *base)
{
	const struct check_found *f;

	for (unsigned int n = 0; (f = candidate(c, n)); n++)
		if (!strcmp(f->config.scenario, base->config.scenario))
			return true;
	return false;
}

/* What one search of the base has missed another may meet. */
static void again(struct check *c, unsigned int i)
{
	struct check_item *item = &c->item[i];

	if (item->kind != CHECK_BASE || item->missing || !has_candidate(c, item))
		return;
	item->max_runs *= 2;
	check_search(c, item, SALT_AGAIN);
}

/*
 * The very schedule on the base; then it is shrunk.  The list of candidates must
 * not change while others go through it, so the answer waits in @why.
 */
static void last(struct check *c, unsigned int i)
{
	struct check_found *f = candidate(c, i);

	if (c->has_base && check_base_breaks(c, f))
		strcpy(f->why, "by this schedule too");
	else
		check_shrink(c, f);
}

static void settle(struct check *c)
{
	struct check_found *f;
	unsigned int n = 0;

	while ((f = candidate(c, n)))
		if (!strcmp(f->why, "by this schedule too")) {
			f->is_known = true;
			snprintf(f->why, sizeof(f->why), "on %s by the same schedule",
				 c->base.form->id);
		} else {
			n++;
		}
}

static int compare(struct check *c)
{
	unsigned int nr = 0;
	int ret = 0;

	judge_all(c);
	if (c->has_base && candidate(c, 0))
		ret = check_pool(c, c->nr_items, again, first_name);
	judge_all(c);
	while (candidate(c, nr))
		nr++;
	if (!ret && nr)
		ret = check_pool(c, nr, last, first_name);
	settle(c);
	return ret;
}

int check_run(struct check *c)
{
	int ret;

	c->shared = shared(sizeof(*c->shared));
	c->item = shared(CHECK_ITEMS * sizeof(*c->item));
	c->regress = shared(CHECK_REGRESS * sizeof(*c->regress));
	if (!c->shared || !c->item || !c->regress)
		return term_error(TERM_EXIT_SYSTEM, "no memory: %s", strerror(errno));
	c->ms = check_now_ms();
	ret = add_canaries(c);
	if (!ret)
		ret = add_searches(c);
	if (!ret)
		ret = check_regress_load(c);
	if (!ret)
		ret = check_pool(c, c->nr_items + c->nr_regress, first, first_name);
	if (!ret)
		ret = compare(c);
	if (ret)
		return ret;
	c->ms = check_now_ms() - c->ms;
	check_cases(c);
	return 0;
}

int check_verdict(const struct check *c)
{
	if (c->interrupted)
		return 130;
	if (c->shared->diverged)
		return TERM_EXIT_DIVERGED;
	if (c->nr[CHECK_FAIL])
		return TERM_EXIT_FINDING;
	return c->nr[CHECK_MISSED] ? TERM_EXIT_DIVERGED : TERM_EXIT_OK;
}
