// SPDX-License-Identifier: GPL-2.0-only
/* What is new goes into the results database, from where the next check replays it. */
#include <stdio.h>
#include <string.h>
#include "../results/term.h"
#include "check_format.h"
#include "keep.h"

static int keep(struct store *s, const struct check *c, const struct check_found *f,
		const char *campaign)
{
	static struct shrunk shrunk;
	struct keep_origin from = {
		.campaign = campaign, .engine = "check", .seed = c->seed,
		.first_runs = f->first_run,
	};
	struct store_stored stored;
	char core[40];
	int ret;

	shrunk.schedule = f->schedule;
	shrunk.report = f->report;
	shrunk.result.hash = f->hash;
	shrunk.result.steps = f->steps;
	run_prepare(&f->config);
	ret = store_core(s, &(struct store_core){ config_core(&f->config, core, sizeof(core)),
						  KICKSIM_VERSION, f->config.form->id });
	return ret ? ret : keep_finding(s, &f->config, &shrunk, &from, &stored);
}

static int begin(struct store *s, const struct check *c, char id[STORE_KEY_SIZE])
{
	char json[512], core[40];
	int ret;

	snprintf(json, sizeof(json), "{\"check\":\"%s\",\"base\":\"%s\",\"seed\":\"%llu\","
		 "\"runs\":%llu}", c->kernel.form->id, c->has_base ? c->base.form->id : "",
		 (unsigned long long)c->seed, (unsigned long long)c->max_runs);
	config_core(&c->kernel, core, sizeof(core));
	ret = store_core(s, &(struct store_core){ core, KICKSIM_VERSION, c->kernel.form->id });
	if (ret)
		return ret;
	return store_campaign_begin(s, &(struct store_campaign){ "check", json, core,
								 (int)c->jobs }, id);
}

static void totals(const struct check *c, struct store_sample *t)
{
	*t = (struct store_sample){ .t_ms = (int64_t)c->ms, .runs = (int64_t)c->shared->runs };
	for (unsigned int i = 0; i < c->nr_items; i++) {
		t->events += (int64_t)c->item[i].steps;
		t->findings += c->item[i].nr_found;
		t->cpu_ns += (int64_t)c->item[i].ms * 1000000;
	}
}

int check_store(const struct check *c)
{
	struct store_sample sample;
	char id[STORE_KEY_SIZE];
	struct store s;
	int ret = store_open(&s, c->db, STORE_WRITE);

	if (ret)
		return term_error(store_exit_code(ret), "%s", s.err);
	ret = begin(&s, c, id);
	for (unsigned int i = 0; i < c->nr_cases; i++)
		for (const struct check_found *f = NULL; !ret && (f = check_next(&c->cases[i], f));)
			if (!f->is_known)
				ret = keep(&s, c, f, id);
	totals(c, &sample);
	if (!ret)
		ret = store_campaign_end(&s, id, !c->interrupted, &sample);
	if (ret)
		ret = term_error(store_exit_code(ret), "%s", s.err);
	store_close(&s);
	return ret;
}
