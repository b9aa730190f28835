// SPDX-License-Identifier: GPL-2.0-only
/* What a search found becomes findings, and the search a proof's row. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include "../results/term.h"
#include "keep.h"
#include "prove.h"

enum { SHRINK_STEPS = 12000000 };	/* about a second */

/* Loops without a choice are bounded: a cycle's prefix need not show in a run. */
static bool is_cycle(const struct prove_found *f)
{
	return f->report.oracle == ORACLE_SOFT_LOCKUP;
}

static int not_shown(const struct prove *p, const struct prove_found *f)
{
	char title[256];

	if (is_cycle(f)) {
		term_warn("%s %s can go round for ever, but does not in the timed order: "
			  "no schedule was kept", p->config->form->id, p->config->scenario);
		return 0;
	}
	return term_error(TERM_EXIT_DIVERGED,
			  "nondeterminism: %s in %s %s: found by the search, not by its replay: "
			  "report it", report_title(p->config, &f->report, title, sizeof(title)),
			  p->config->form->id, p->config->scenario);
}

static void print_finding(const struct prove *p, const struct shrunk *s, const char *id,
			  bool is_new)
{
	char line[1024], title[256], option[PATH_MAX + 8];
	enum severity severity = oracle_info[s->report.oracle].severity;
	size_t shown = schedule_print(&s->schedule, line, sizeof(line));

	printf("%s %-9s %s\n", term_sign(severity >= SEVERITY_DEGRADED ? TERM_BAD : TERM_ODD),
	       severity_name[severity], report_title(p->config, &s->report, title, sizeof(title)));
	store_option(p->db, option, sizeof(option));
	printf("  %s: %u answer%s%s, %u steps%s\n", p->config->form->id, s->schedule.nr,
	       s->schedule.nr == 1 ? "" : "s", s->fewest ? " (fewest possible)" : "",
	       s->result.steps, is_new ? "" : "; known before");
	printf("  schedule: %.*s%s\n  replay: %s replay %s%s\n", shown > 62 ? 60 : 62, line,
	       shown > 62 ? "..." : "", program_invocation_name, id, option);
	fflush(stdout);
}

static int work_out(struct prove *p, const struct prove_found *f, struct store *store,
		    const char *campaign)
{
	static const _Atomic int go_on;
	static struct shrunk s;
	struct keep_origin from = {
		.campaign = campaign, .engine = "prove",
		.first_runs = 1, .first_cpu_ns = p->cpu_ns,
	};
	struct store_stored stored;
	int ret;

	if (!shrink(p->config, &f->schedule, &f->report, SHRINK_STEPS, &go_on, &s))
		return not_shown(p, f);
	ret = keep_finding(store, p->config, &s, &from, &stored);
	if (ret)
		return term_error(store_exit_code(ret), "%s", store->err);
	print_finding(p, &s, stored.id, stored.is_new);
	return 0;
}

static void print_bounds(const struct config *c, char *buf, size_t size)
{
	size_t n = 0;

	for (unsigned int i = 0; i < nr_config_fields; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s\"%s\":%u", i ? "," : "{",
				      config_fields[i].name, config_number(c, i));
	snprintf(buf + n, size - n, "}");
}

static void print_verdicts(const struct prove *p, char *buf, size_t size)
{
	size_t n = 0;

	for (unsigned int o = 0; o < NR_ORACLES; o++)
		n += (size_t)snprintf(buf + n, size - n, "%s\"%s\":%llu", o ? "," : "{",
				      oracle_info[o].name, (unsigned long long)p->broken[o]);
	snprintf(buf + n, size - n, "}");
}

static int store_row(const struct prove *p, struct store *store)
{
	const struct config *c = p->config;
	char json[1024], bounds[1024], verdicts[1024], core[40], key[STORE_KEY_SIZE];

	config_print_json(c, json, sizeof(json));
	print_bounds(c, bounds, sizeof(bounds));
	print_verdicts(p, verdicts, sizeof(verdicts));
	return store_proof(store, &(struct store_proof){
		.config = json, .kernel = c->kernel, .arch = c->arch, .model = c->model,
		.variant = c->variant, .scenario = c->scenario, .bounds = bounds,
		.verdicts = verdicts, .core = config_core(c, core, sizeof(core)),
		.states = (int64_t)p->nr_states, .transitions = (int64_t)p->nr_transitions,
		.depth = p->depth, .wall_ms = (int64_t)p->ms,
		.exhausted = p->stop == PROVE_EXHAUSTED,
	}, key);
}

static int begin(const struct prove *p, struct store *store, char campaign[STORE_KEY_SIZE])
{
	char json[1024], core[40];
	int ret;

	config_print_json(p->config, json, sizeof(json));
	config_core(p->config, core, sizeof(core));
	ret = store_core(store, &(struct store_core){ core, KICKSIM_VERSION,
						      p->config->form->id });
	if (!ret)
		ret = store_campaign_begin(store, &(struct store_campaign){
			"prove", json, core, 1 }, campaign);
	return ret;
}

static int end(const struct prove *p, struct store *store, const char *campaign)
{
	int ret = store_row(p, store);

	if (ret)
		return ret;
	return store_campaign_end(store, campaign, p->stop == PROVE_EXHAUSTED,
				  &(struct store_sample){
		.t_ms = (int64_t)p->ms, .runs = (int64_t)p->nr_ends,
		.events = (int64_t)p->nr_transitions, .states = (int64_t)p->nr_states,
		.findings = p->nr_found, .cpu_ns = (int64_t)p->cpu_ns });
}

int prove_findings(struct prove *p, struct store *store, int *worst)
{
	char campaign[STORE_KEY_SIZE];
	int ret = begin(p, store, campaign), bad = 0;

	*worst = -1;
	for (unsigned int o = 0; o < NR_ORACLES; o++)
		if (p->fired >> o & 1 && (int)oracle_info[o].severity > *worst)
			*worst = (int)oracle_info[o].severity;
	if (ret)
		return term_error(store_exit_code(ret), "%s", store->err);
	for (unsigned int i = 0; i < p->nr_found && !bad; i++)
		bad = work_out(p, &p->found[i], store, campaign);
	ret = end(p, store, campaign);
	if (ret)
		return term_error(store_exit_code(ret), "%s", store->err);
	return bad;
}
