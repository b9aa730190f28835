// SPDX-License-Identifier: GPL-2.0-only
/* kicksim import: a KCSAN report, and what the race that it tells of leads to. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "cmd.h"
#include "keep.h"
#include "options.h"
#include "triage.h"

enum { KEY_KCSAN = 0x100, KEY_AGAINST, RUNS = 300000, SHRINK_STEPS = 4000000 };

struct import_options {
	const char *report, *kernel, *against, *arch, *db;
	uint64_t runs;
};

static const struct argp_option options[] = {
	{ "kcsan", KEY_KCSAN, "FILE", 0, "the report; - is stdin", 0 },
	{ "kernel", 'k', "FORM", 0, "kernel form to look in (default v5.15)", 0 },
	{ "against", KEY_AGAINST, "FORM", 0, "then the same on this one (default v5.16)", 0 },
	{ "arch", 'A', "ARCH", 0, "default x86", 0 },
	{ "runs", 'r', "N", 0, "runs on each form (default 300000)", 0 },
	{ "db", 'd', "FILE", 0, "results database that keeps what is found", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct import_options *o = state->input;

	switch (key) {
	case KEY_KCSAN:
		o->report = arg;
		return 0;
	case 'k':
		o->kernel = arg;
		return 0;
	case KEY_AGAINST:
		o->against = arg;
		return 0;
	case 'A':
		o->arch = arg;
		return 0;
	case 'd':
		o->db = arg;
		return 0;
	case 'r':
		if (!option_u64(arg, UINT64_MAX, &o->runs) || !o->runs)
			cmd_error(state, "--runs %s: not a number of runs", arg);
		return 0;
	case ARGP_KEY_END:
		if (!o->report)
			cmd_error(state, "no report: --kcsan FILE");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int read_report(const char *file, struct kcsan_report *r)
{
	bool is_stdin = !strcmp(file, "-");
	FILE *in = is_stdin ? stdin : fopen(file, "r");
	int ret;

	if (!in)
		return term_error(TERM_EXIT_USAGE, "%s: %s", file, strerror(errno));
	ret = kcsan_read(r, in, is_stdin ? "stdin" : file);
	if (!is_stdin)
		fclose(in);
	return ret;
}

static const char *side_text(const struct kcsan_side *s)
{
	if (s->reads && s->writes)
		return s->marked ? "marked read-write" : "plain read-write";
	if (s->writes)
		return s->marked ? "marked write" : "plain write";
	return s->marked ? "marked read" : "plain read";
}

static void print_report(const struct kcsan_report *r)
{
	printf("KCSAN: data-race in %s / %s   %u bytes, %s", r->function[0], r->function[1],
	       r->side[0].size, side_text(&r->side[0]));
	if (r->nr_sides > 1)
		printf(" vs %s", side_text(&r->side[1]));
	printf("\n");
}

/* Shrinks and keeps; @id stays "" without a database. */
static int keep_hit(struct triage_hit *h, struct store *store, const char *campaign, char *id)
{
	static const _Atomic int go_on;
	static struct shrunk s;
	struct store_stored stored;
	struct keep_origin from = { .campaign = campaign, .engine = "import", .first_runs = 1 };
	int ret;

	*id = '\0';
	if (!store)
		return 0;
	ret = run_confine_but_files();
	if (ret)
		return ret;
	run_prepare(&h->config);
	if (!shrink(&h->config, &h->schedule, &h->report, SHRINK_STEPS, &go_on, &s))
		return term_error(TERM_EXIT_DIVERGED, "a schedule that shows %s does not replay: "
				  "report it", oracle_info[h->report.oracle].name);
	ret = keep_finding(store, &h->config, &s, &from, &stored);
	if (ret)
		return term_error(store_exit_code(ret), "%s", store->err);
	strcpy(id, stored.id);
	return 0;
}

static int print_hit(const struct triage *t, struct triage_hit *h, struct store *store,
		     const char *campaign)
{
	const struct oracle_info *o = &oracle_info[h->report.oracle];
	enum term_sign sign = o->severity >= SEVERITY_DEGRADED ? TERM_BAD : TERM_ODD;
	char id[STORE_ID_SIZE], runs[16];
	int ret = keep_hit(h, store, campaign, id);

	if (ret)
		return ret;
	printf("%s %-9s %-20s in 1 of %s runs with the race%s%s\n", term_sign(sign),
	       severity_name[o->severity], o->name, term_count(runs, t->races / h->runs),
	       *id ? "   " : "", id);
	return 0;
}

/* What the runs with the race broke, worst first; *worst: its severity, or -1. */
static int print_consequences(struct triage *t, struct store *store, const char *campaign,
			      int *worst)
{
	int ret = print_hit(t, &t->race, store, campaign);

	*worst = -1;
	for (int severity = NR_SEVERITIES; !ret && severity--;) {
		for (unsigned int i = 0; !ret && i < NR_ORACLES; i++) {
			if (!t->hit[i].runs || (int)oracle_info[i].severity != severity)
				continue;
			*worst = *worst > severity ? *worst : severity;
			ret = print_hit(t, &t->hit[i], store, campaign);
		}
	}
	return ret;
}

static int begin(struct store *store, const struct import_options *o,
		 char campaign[STORE_KEY_SIZE])
{
	struct config c;
	char json[1024], core[40];
	int ret;

	config_init(&c);
	snprintf(c.kernel, sizeof(c.kernel), "%s", o->kernel);
	snprintf(c.arch, sizeof(c.arch), "%s", o->arch);
	snprintf(c.scenario, sizeof(c.scenario), "kick-vs-migrate");
	ret = config_load(&c);
	if (ret)
		return ret;
	config_print_json(&c, json, sizeof(json));
	config_core(&c, core, sizeof(core));
	ret = store_open(store, o->db, STORE_WRITE);
	if (!ret)
		ret = store_core(store, &(struct store_core){ core, KICKSIM_VERSION, c.form->id });
	if (!ret)
		ret = store_campaign_begin(store, &(struct store_campaign){
			.engine = "import", .config = json, .core = core, .jobs = 1 }, campaign);
	return ret ? term_error(store_exit_code(ret), "%s", store->err) : 0;
}

static void suggest(const struct triage *t, int worst)
{
	printf("suggested triage: ");
	if (worst >= SEVERITY_HARMFUL)
		printf("not benign: see what is harmful above\n");
	else if (t->hit[ORACLE_LOST_KICK].runs)
		printf("benign for callers that make a request first;\n"
		       "  callers that only kick may miss one\n");
	else
		printf("benign in all that was run\n");
}

static int compare(const struct import_options *o, const struct kcsan_report *wanted)
{
	static struct triage t;
	char runs[16];
	int ret;

	t.wanted = wanted;
	ret = triage_search(&t, o->against, o->arch, o->runs);
	if (ret)
		return ret;
	printf("on %s: %llu of %s runs have the race", o->against, (unsigned long long)t.races,
	       term_count(runs, t.runs));
	for (unsigned int i = 0; i < NR_ORACLES; i++)
		if (t.hit[i].runs && oracle_info[i].severity >= SEVERITY_DEGRADED)
			printf(", %llu %s", (unsigned long long)t.hit[i].runs, oracle_info[i].name);
	printf("\n");
	return 0;
}

static int triage(const struct import_options *o, const struct kcsan_report *wanted)
{
	static struct triage t;
	static struct store store;
	char campaign[STORE_KEY_SIZE], runs[16];
	int ret, worst = -1;

	printf("searching %s-%s: all scenarios, %s runs\n", o->kernel, o->arch,
	       term_count(runs, o->runs));
	t.wanted = wanted;
	ret = triage_search(&t, o->kernel, o->arch, o->runs);
	if (!ret && o->db)
		ret = begin(&store, o, campaign);
	if (ret)
		return ret;
	if (!t.races) {
		printf("none of %s runs has this race: is it another form's (--kernel), or of code "
		       "that is not modelled?\n", term_count(runs, t.runs));
		return TERM_EXIT_DIVERGED;
	}
	ret = print_consequences(&t, o->db ? &store : NULL, campaign, &worst);
	if (!ret && worst < SEVERITY_HARMFUL)
		printf("%s nothing harmful in %llu runs with the race (%s in all)\n",
		       term_sign(TERM_GOOD), (unsigned long long)t.races, term_count(runs, t.runs));
	if (!ret)
		suggest(&t, worst);
	if (!ret && o->against)
		ret = compare(o, wanted);
	if (o->db)
		store_close(&store);
	return ret ? ret : worst >= SEVERITY_HARMFUL ? TERM_EXIT_FINDING : TERM_EXIT_OK;
}

int cmd_import(int argc, char **argv)
{
	struct import_options o = {
		.kernel = "v5.15", .against = "v5.16", .arch = "x86", .runs = RUNS,
	};
	struct argp_child children[] = { { &cmd_common, 0, NULL, 2 }, { 0 } };
	struct argp argp = {
		options, parse, NULL,
		"Find the data race of a KCSAN report, and what else goes wrong with it.\v"
		"Exit codes: 0 nothing harmful came of it, 1 something did, 3 no run had the race.\n\n"
		"Examples:\n"
		"  kicksim import --kcsan report.txt\n"
		"  dmesg | kicksim import --kcsan - --kernel v5.15 --db triage.db\n",
		children, NULL, NULL
	};
	struct kcsan_report report;
	int ret;

	if (cmd_parse(&argp, "kicksim import", argc, argv, &o))
		return TERM_EXIT_USAGE;
	ret = read_report(o.report, &report);
	if (!ret)
		ret = run_init();
	if (ret)
		return ret;
	print_report(&report);
	ret = triage(&o, &report);
	if (ret <= TERM_EXIT_FINDING)
		printf("sampling is not proof: what was not found is not excluded\n");
	return ret;
}
