// SPDX-License-Identifier: GPL-2.0-only
/* From what was found to promises kept and broken. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../results/term.h"
#include "check.h"

static struct check_case *add(struct check *c, const char *group, enum check_status status,
			      uint64_t ms)
{
	static struct check_case overflow;
	struct check_case *k = c->nr_cases < CHECK_CASES ? &c->cases[c->nr_cases++] : &overflow;

	*k = (struct check_case){ .group = group, .status = status, .ms = ms, .oracle = -1 };
	return k;
}

static void regress_case(struct check *c, const struct check_regress *x)
{
	struct check_case *k = add(c, "regress", CHECK_PASS, x->ms);
	const struct check_found *f = x->nr_found ? &x->found : NULL;
	const char *rule = x->witness.expect;
	int n = (int)strcspn(rule, " ");

	snprintf(k->name, sizeof(k->name), "%s", x->name);
	k->found = f;
	k->nr_found = x->nr_found;
	if (x->skipped) {
		k->status = CHECK_SKIP;
		snprintf(k->why, sizeof(k->why), "its form or scenario is not here");
	} else if (f && !f->is_known) {
		k->status = CHECK_FAIL;
		snprintf(k->why, sizeof(k->why), "%s", f->title);
	} else if (x->still_there) {
		snprintf(k->why, sizeof(k->why), "%.*s, still there%s", n, rule,
			 f ? " and known" : "");
	} else if (*rule) {
		snprintf(k->why, sizeof(k->why), "%.*s, gone", n, rule);
	}
}

static void canary_case(struct check *c, const struct check_item *item)
{
	struct check_case *k = add(c, "canary", item->first ? CHECK_PASS : CHECK_MISSED, item->ms);
	char runs[16], budget[16];

	snprintf(k->name, sizeof(k->name), "%s-%s", item->config.kernel,
		 oracle_info[item->want].name);
	term_count(budget, item->max_runs);
	if (item->first)
		snprintf(k->why, sizeof(k->why), "found after %s schedules (budget %s)",
			 term_count(runs, item->first), budget);
	else
		snprintf(k->why, sizeof(k->why),
			 "canary missed: not found in %s schedules; is the search broken?",
			 term_count(runs, item->runs));
	/* What was cut short has not missed anything. */
	if (!item->first && item->runs < item->max_runs)
		k->status = CHECK_SKIP;
}

static void search_case(struct check *c, const struct check_item *item, int oracle)
{
	struct check_case *k = add(c, item->config.scenario, CHECK_PASS, 0);

	snprintf(k->name, sizeof(k->name), "no-%s", oracle_info[oracle].name);
	k->found = item->found;
	k->nr_found = item->nr_found;
	k->oracle = oracle;
	for (const struct check_found *f = NULL; (f = check_next(k, f));)
		if (!f->is_known)
			k->status = CHECK_FAIL;
	if (!item->runs) {
		k->status = CHECK_SKIP;
		snprintf(k->why, sizeof(k->why), "no time was left");
	}
}

const struct check_found *check_next(const struct check_case *k, const struct check_found *f)
{
	for (f = f ? f + 1 : k->found; f && f < k->found + k->nr_found; f++)
		if (k->oracle < 0 || f->report.oracle == k->oracle)
			return f;
	return NULL;
}

bool check_is_first(const struct check *c, const struct check_found *f, const char *name)
{
	for (unsigned int i = 0; i < c->nr_cases; i++)
		for (const struct check_found *x = NULL; (x = check_next(&c->cases[i], x));) {
			if (x == f)
				return true;
			if (x->is_known == f->is_known &&
			    !strcmp(name == f->key ? x->key : x->id, name))
				return false;
		}
	return true;
}

void check_cases(struct check *c)
{
	for (unsigned int i = 0; i < c->nr_items; i++)
		if (c->item[i].kind == CHECK_CANARY)
			canary_case(c, &c->item[i]);
	for (unsigned int i = 0; i < c->nr_items; i++) {
		unsigned int before = c->nr_cases;

		if (c->item[i].kind != CHECK_KERNEL)
			continue;
		for (int o = 0; o < NR_ORACLES; o++)
			if ((int)oracle_info[o].severity >= c->fail_on)
				search_case(c, &c->item[i], o);
		/* The rules of a scenario are looked at in one search. */
		if (c->nr_cases > before)
			c->cases[before].ms = c->item[i].ms;
	}
	for (unsigned int i = 0; i < c->nr_regress; i++)
		regress_case(c, &c->regress[i]);
	for (unsigned int i = 0; i < c->nr_cases; i++)
		c->nr[c->cases[i].status]++;
}

const char *check_replay_line(const struct check *c, const struct check_found *f, char *buf,
			      size_t size)
{
	char json[1024];
	size_t n;

	if (c->db) {
		snprintf(buf, size, "%s replay %s --db %s", program_invocation_name, f->id, c->db);
		return buf;
	}
	if (c->artifacts) {
		snprintf(buf, size, "%s replay %s%s.sched", program_invocation_name, c->artifacts,
			 f->id);
		return buf;
	}
	config_print_short(&f->config, json, sizeof(json));
	n = (size_t)snprintf(buf, size, "%s replay '%s ", program_invocation_name, json);
	if (n < size)
		n += schedule_print(&f->schedule, buf + n, size - n);
	if (n + 1 < size)
		strcpy(buf + n, "'");
	return buf;
}
