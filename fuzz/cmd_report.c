// SPDX-License-Identifier: GPL-2.0-only
/* kicksim report: one page about a results database, with pictures of its runs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../results/cmd.h"
#include "../results/report.h"
#include "../results/outfile.h"
#include "../results/term.h"
#include "cmd.h"
#include "show.h"
#include "svg.h"
#include "witness.h"

enum { MAX_FILES = 64, MAX_RECORDS = 1 << 16, THUMB_WIDTH = 150 };

struct report_args {
	const char *file[MAX_FILES], *out, *title;
	unsigned int nr_files;
	bool plain;
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "where the page goes (default kicksim.html); - is stdout", 0 },
	{ "title", 't', "TEXT", 0, "what stands at the top (default: the database's name)", 0 },
	{ "no-pictures", 'P', NULL, 0, "do not run the witnesses to draw them", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct report_args *a = state->input;

	switch (key) {
	case 'o':
		a->out = arg;
		return 0;
	case 't':
		a->title = arg;
		return 0;
	case 'P':
		a->plain = true;
		return 0;
	case ARGP_KEY_ARG:
		if (a->nr_files == MAX_FILES)
			cmd_error(state, "more than %d databases: join them with kicksim merge",
				  MAX_FILES);
		a->file[a->nr_files++] = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

struct painter {
	const char *db;
	char option[PATH_MAX + 8];	/* that names it, or "" */
	struct trace trace;
};

static const struct report *report_of(const struct witness *w, const struct run_result *r)
{
	char signature[512];

	for (unsigned int i = 0; i < r->nr_reports; i++)
		if (!strcmp(report_signature(&w->config, &r->report[i], signature,
					     sizeof(signature)), w->expect))
			return &r->report[i];
	return NULL;
}

/* A build that has changed since, or a form that is not here, is no error of the page. */
static int load_quietly(struct witness *w, const char *key, const char *db)
{
	int err = dup(STDERR_FILENO), ret;
	FILE *null = fopen("/dev/null", "w");

	fflush(stderr);
	if (null && err >= 0)
		dup2(fileno(null), STDERR_FILENO);
	ret = witness_load(w, key, db);
	fflush(stderr);
	if (err >= 0) {
		dup2(err, STDERR_FILENO);
		close(err);
	}
	if (null)
		fclose(null);
	return ret;
}

/* What stands at each lane is in words there, too, and the commands tell the rest. */
static void draw_full(const struct show_input *in, FILE *out)
{
	struct timeline *t = timeline_make(in, NULL, false, SVG_LEFT);

	if (t)
		svg_write(out, t, in->id, true);
	timeline_free(t);
}

static bool draw(const char *key, bool full, FILE *out, void *arg)
{
	struct painter *p = arg;
	char line[PATH_MAX + 128];
	struct show_input in = { .trace = &p->trace, .replay_line = line };
	static struct witness w;
	struct run_result result;
	char why[128];
	bool done = false;

	if (load_quietly(&w, key, p->db)) {
		witness_free(&w);
		return false;
	}
	if (run_confine_but_files()) {
		witness_free(&w);
		return false;
	}
	run_prepare(&w.config);
	if (run_schedule(&w.schedule, &p->trace, &result, why, sizeof(why)) &&
	    result.hash == w.hash) {
		form_load_lines(w.config.form);
		in.config = &w.config;
		in.schedule = &w.schedule;
		in.result = &result;
		in.report = report_of(&w, &result);
		in.id = w.id;
		snprintf(line, sizeof(line), "%s replay %s%s", program_invocation_name, w.id,
			 p->option);
		done = in.report != NULL;
	}
	if (done && full)
		draw_full(&in, out);
	else if (done)
		show_svg_thumb(&in, THUMB_WIDTH, out);
	witness_free(&w);
	return done;
}

/* One file is read where it lies; several are joined in one that goes away. */
static int join(struct report_args *a, char path[PATH_MAX])
{
	const char *tmp = getenv("TMPDIR");
	struct store s;
	int fd, code;

	snprintf(path, PATH_MAX, "%s/kicksim-report-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	fd = mkstemp(path);
	if (fd < 0)
		return term_error(TERM_EXIT_SYSTEM, "%s: %s: name another folder in TMPDIR", path,
				  strerror(errno));
	close(fd);
	code = store_open(&s, path, STORE_WRITE);
	for (unsigned int i = 0; code == STORE_OK && i < a->nr_files; i++)
		code = store_merge(&s, a->file[i]);
	store_close(&s);
	return code == STORE_OK ? 0 : term_error(store_exit_code(code), "%s", s.err);
}

static void unlink_database(const char *path)
{
	char beside[PATH_MAX + 8];

	unlink(path);
	snprintf(beside, sizeof(beside), "%s-wal", path);
	unlink(beside);
	snprintf(beside, sizeof(beside), "%s-shm", path);
	unlink(beside);
}

static int write_page(const struct report_args *a, const char *db, FILE *out)
{
	struct painter painter = { .db = db, .trace.max = MAX_RECORDS };
	struct report_options o = {
		.program = program_invocation_name, .version = KICKSIM_VERSION,
		.db = a->nr_files > 1 ? "OUT" : db, .title = a->title,
		.picture = a->plain ? NULL : draw, .arg = &painter,
	};
	struct store s;
	int code = a->plain ? 0 : run_init();

	store_option(o.db, painter.option, sizeof(painter.option));
	if (code)
		return code;
	painter.trace.rec = calloc(MAX_RECORDS, sizeof(*painter.trace.rec));
	if (!painter.trace.rec)
		return term_error(TERM_EXIT_SYSTEM, "no memory for a trace");
	code = store_open(&s, db, STORE_READ);
	if (code == STORE_OK) {
		code = report_write(&s, &o, out);
		store_close(&s);
	}
	free(painter.trace.rec);
	if (code != STORE_OK)
		return term_error(store_exit_code(code), "%s", s.err);
	return 0;
}

static int write_file(const struct report_args *a, const char *db)
{
	struct outfile o;
	int ret = outfile_open(&o, a->out);

	if (ret)
		return ret;
	ret = outfile_close(&o, write_page(a, db, o.out));
	if (!ret && o.out != stdout)
		printf("%s\n", a->out);
	return ret;
}

int cmd_report(int argc, char **argv)
{
	static struct report_args a = { .out = "kicksim.html" };
	struct argp_child children[] = { { &cmd_common, 0, NULL, 2 }, { 0 } };
	struct argp argp = {
		options, parse, "[DB...]",
		"One page of HTML about what a database knows; it needs no network and no server."
		"\vWithout a database, $KICKSIM_DB or " STORE_DEFAULT_PATH "; several are joined for "
		"it.\n\nExamples:\n"
		"  kicksim report -o campaign.html\n"
		"  kicksim report shard-*.db -o all.html --title \"nightly\"\n",
		children, NULL, NULL
	};
	char joined[PATH_MAX];
	int ret = 0;

	if (cmd_parse(&argp, "kicksim report", argc, argv, &a))
		return TERM_EXIT_USAGE;
	if (a.nr_files < 2)
		return write_file(&a, store_path(a.nr_files ? a.file[0] : NULL));
	ret = join(&a, joined);
	if (!ret)
		ret = write_file(&a, joined);
	unlink_database(joined);
	return ret;
}
