// SPDX-License-Identifier: GPL-2.0-only
/* The run of a finding made again, and the files that show it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "../results/term.h"
#include "check_format.h"
#include "show_name.h"

enum { MAX_RECORDS = 1 << 16 };

int check_view_open(struct check_view *v, const struct check *c, const struct check_found *f)
{
	char why[128];

	memset(v, 0, sizeof(*v));
	v->trace.max = MAX_RECORDS;
	v->trace.rec = calloc(MAX_RECORDS, sizeof(*v->trace.rec));
	if (!v->trace.rec)
		return term_error(TERM_EXIT_SYSTEM, "no memory for the trace");
	run_prepare(&f->config);
	if (!run_schedule(&f->schedule, &v->trace, &v->result, why, sizeof(why)) ||
	    v->result.hash != f->hash) {
		free(v->trace.rec);
		return term_error(TERM_EXIT_DIVERGED, "%s: one schedule, two traces: report it", f->id);
	}
	form_load_lines(f->config.form);
	v->in = (struct show_input){
		.config = &f->config,
		.trace = &v->trace,
		.schedule = &f->schedule,
		.result = &v->result,
		.id = f->id,
		.replay_line = check_replay_line(c, f, v->line, sizeof(v->line)),
	};
	for (unsigned int i = 0; i < v->result.nr_reports; i++) {
		char key[sizeof(f->key)];

		check_key(&f->config, &v->result.report[i], key, sizeof(key));
		if (!v->in.report && !strcmp(key, f->key))
			v->in.report = &v->result.report[i];
	}
	return 0;
}

void check_view_close(struct check_view *v)
{
	free(v->trace.rec);
}

bool check_view_place(const struct check_view *v, const char **file, unsigned int *line)
{
	const struct report *r = v->in.report;

	for (int site = REPORT_SITES - 1; r && site >= 0; site--) {
		for (uint32_t i = v->trace.nr; r->site[site] && i-- > 0;) {
			struct show_place place;

			if (v->trace.rec[i].site != r->site[site])
				continue;
			if (!show_place(v->in.config->form, &v->trace.rec[i], &place) ||
			    !place.file)
				continue;
			*file = place.file;
			*line = place.line;
			return true;
		}
	}
	return false;
}

/* The folders of a prefix such as "out/new-". */
static int make_folders(const char *prefix)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s", prefix);
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0777) && errno != EEXIST)
			return term_error(TERM_EXIT_SYSTEM, "--artifact-prefix %s: %s", prefix,
					  strerror(errno));
		*slash = '/';
	}
	return 0;
}

static FILE *open_file(const struct check *c, const struct check_found *f, const char *ending,
		       char path[PATH_MAX])
{
	FILE *out;

	snprintf(path, PATH_MAX, "%s%s.%s", c->artifacts, f->id, ending);
	out = fopen(path, "w");
	if (!out)
		term_error(TERM_EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	return out;
}

static int close_file(FILE *out, const char *path)
{
	bool good = term_flushed(out);

	if (fclose(out) || !good)
		return term_error(TERM_EXIT_SYSTEM, "%s: cannot be written: %s", path,
				  strerror(errno));
	return 0;
}

static int write_schedule(const struct check *c, const struct check_found *f)
{
	static struct witness w;
	char path[PATH_MAX];
	FILE *out = open_file(c, f, "sched", path);

	if (!out)
		return TERM_EXIT_SYSTEM;
	memset(&w, 0, sizeof(w));
	w.config = f->config;
	w.schedule = f->schedule;
	w.hash = f->hash;
	w.has_hash = true;
	snprintf(w.note, sizeof(w.note), "%s, %s", f->title, f->why);
	snprintf(w.expect, sizeof(w.expect), "%s", f->signature);
	witness_write(&w, out);
	return close_file(out, path);
}

/* What a reviewer opens; a format that this build lacks is no file. */
static const struct { const char *format, *ending; } views[] = {
	{ "columns", "txt" }, { "race", "race.txt" }, { "svg", "svg" }, { "html", "html" },
};

static int write_views(const struct check *c, const struct check_found *f)
{
	static struct check_view v;
	char path[PATH_MAX];
	int ret = check_view_open(&v, c, f);

	if (ret)
		return ret;
	for (size_t i = 0; !ret && i < sizeof(views) / sizeof(views[0]); i++) {
		const struct show_format *s = show_formats;
		FILE *out;

		while (s->name && strcmp(s->name, views[i].format))
			s++;
		if (!s->name)
			continue;
		out = open_file(c, f, views[i].ending, path);
		if (!out)
			ret = TERM_EXIT_SYSTEM;
		else if ((ret = s->show(&v.in, out)))
			fclose(out);
		else
			ret = close_file(out, path);
	}
	check_view_close(&v);
	return ret;
}

int check_artifacts(const struct check *c)
{
	const struct check_found *f;
	int ret = make_folders(c->artifacts);

	for (unsigned int i = 0; i < c->nr_cases; i++)
		for (f = NULL; !ret && (f = check_next(&c->cases[i], f));) {
			if (f->is_known || !check_is_first(c, f, f->id))
				continue;
			ret = write_schedule(c, f);
			if (!ret)
				ret = write_views(c, f);
		}
	return ret;
}
