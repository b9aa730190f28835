// SPDX-License-Identifier: GPL-2.0-only
/* Kept schedules on the form under test, and new ones on its base: fitted by name. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "check.h"
#include "named.h"
#include "options.h"

static bool is_form(const struct config *a, const struct config *b)
{
	return !strcmp(a->kernel, b->kernel) && !strcmp(a->arch, b->arch) &&
	       !strcmp(a->variant, b->variant);
}

/* Its form is @form instead; scenario, numbers and memory model stay.  0, or an exit code. */
static int set_form(struct config *c, const struct config *form)
{
	strcpy(c->kernel, form->kernel);
	strcpy(c->arch, form->arch);
	strcpy(c->variant, form->variant);
	c->form = form_load(c->kernel, c->arch, c->variant);
	/* Not config_load(): another form may lack the scenario, which is no error. */
	return c->form && form_scenario(c->form, c->scenario) ? config_load(c) : TERM_EXIT_SYSTEM;
}

/* Runs what @names mean in the world that is prepared. */
static unsigned int run_named(const struct named *names, const struct form *form,
			      struct run_result *r)
{
	static struct named_chooser chooser;

	named_chooser_init(&chooser, names, form);
	run_once(&chooser.chooser, NULL, r);
	return named_skipped(&chooser);
}

bool check_base_breaks(struct check *c, const struct check_found *f)
{
	static struct named names;
	struct config base = f->config;
	struct run_result r;

	run_prepare(&f->config);
	if (!named_of_schedule(&names, &f->schedule, f->config.form) || set_form(&base, &c->base))
		return false;
	run_prepare(&base);
	run_named(&names, base.form, &r);
	return r.fired >> f->report.oracle & 1;
}

/* The worst report at or above fail_on, or NULL. */
static const struct report *worst(const struct check *c, const struct run_result *r)
{
	const struct report *best = NULL;
	int most = c->fail_on - 1;

	for (unsigned int i = 0; i < r->nr_reports; i++) {
		int severity = (int)oracle_info[r->report[i].oracle].severity;

		if (severity > most) {
			most = severity;
			best = &r->report[i];
		}
	}
	return best;
}

void check_regress_replay(struct check *c, struct check_regress *x)
{
	static struct named names;
	struct witness *w = &x->witness;
	uint64_t begin = check_now_ms();
	const struct report *report;
	struct run_result r;
	char oracle[32];

	run_prepare(&w->config);
	if (!named_of_schedule(&names, &w->schedule, w->config.form) &&
	    (!w->names || named_parse(&names, w->names))) {
		x->skipped = true;
		return;
	}
	if (set_form(&w->config, &c->kernel)) {
		x->skipped = true;
		return;
	}
	run_prepare(&w->config);
	x->without_place = run_named(&names, w->config.form, &r);
	snprintf(oracle, sizeof(oracle), "%.*s", (int)strcspn(w->expect, " "), w->expect);
	for (unsigned int o = 0; o < NR_ORACLES; o++)
		if (r.fired >> o & 1 && !strcmp(oracle_info[o].name, oracle))
			x->still_there = true;
	report = worst(c, &r);
	if (report && check_keep(&x->found, &w->config, report, &r))
		x->nr_found = 1;
	x->ms = check_now_ms() - begin;
}

static int add(struct check *c, const char *word, const char *name, const char *db)
{
	struct check_regress *x = &c->regress[c->nr_regress];
	int ret;

	if (c->nr_regress == CHECK_REGRESS)
		return 0;
	ret = witness_load(&x->witness, word, db);
	if (ret && ret != TERM_EXIT_SYSTEM)
		return ret;
	snprintf(x->name, sizeof(x->name), "%s", name);
	/* A form that is not here has been told of: this schedule is left out. */
	x->skipped = ret != 0;
	x->is_own = !ret && is_form(&x->witness.config, &c->kernel);
	c->nr_regress++;
	return 0;
}

static int is_schedule(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 6 && !strcmp(d->d_name + n - 6, ".sched");
}

static int load_folder(struct check *c)
{
	struct dirent **entry;
	char path[PATH_MAX];
	int nr = scandir(c->corpus, &entry, is_schedule, alphasort), ret = 0;

	if (nr < 0)
		return term_error(TERM_EXIT_USAGE, "--corpus %s: %s: name a folder of .sched files",
				  c->corpus, strerror(errno));
	for (int i = 0; i < nr; i++) {
		snprintf(path, sizeof(path), "%s/%s", c->corpus, entry[i]->d_name);
		if (!ret)
			ret = add(c, path, entry[i]->d_name, NULL);
		free(entry[i]);
	}
	free(entry);
	return ret;
}

struct ids {
	const struct check *c;
	unsigned int nr;
	char id[CHECK_REGRESS][STORE_KEY_SIZE];
};

static int take_id(const struct store_entry *e, void *arg)
{
	struct ids *ids = arg;

	if (option_severity(e->f.severity) < ids->c->fail_on ||
	    strcmp(e->f.variant, ids->c->kernel.variant))
		return 0;
	strcpy(ids->id[ids->nr++], e->key);
	return ids->nr == CHECK_REGRESS;
}

/* Those of the database that were kept of this form. */
static int load_database(struct check *c)
{
	static struct ids ids;
	struct store_filter filter = { .kernel = c->kernel.kernel, .arch = c->kernel.arch };
	struct store store;
	int ret = store_open(&store, c->db, STORE_READ);

	if (ret == STORE_MISSING)
		return 0;
	ids = (struct ids){ .c = c };
	if (!ret) {
		ret = store_each(&store, &filter, take_id, &ids);
		store_close(&store);
	}
	if (ret)
		return term_error(store_exit_code(ret), "%s", store.err);
	for (unsigned int i = 0; !ret && i < ids.nr; i++) {
		char id[STORE_ID_SIZE];

		snprintf(id, sizeof(id), "%.9s", ids.id[i]);
		ret = add(c, ids.id[i], id, c->db);
	}
	return ret;
}

int check_regress_load(struct check *c)
{
	int ret = c->corpus ? load_folder(c) : 0;

	return ret || !c->db ? ret : load_database(c);
}
