// SPDX-License-Identifier: GPL-2.0-only
/*
 * Not a test: accepts what schedules of the corpus do at present.
 *
 *	bless FILE..
 *
 * The expect line of each file gets the trace hash of this build, and keeps the
 * broken rule with its places if the run still breaks it; else it gets the worst
 * that the run does break, and a line on stdout says so.  Read the difference
 * before you commit it.  A schedule that does not fit any more stays as it is:
 * that is for a person to mend.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fuzz/run.h"
#include "fuzz/witness.h"

/* The signature to expect from now on, in @buf. */
static void choose_signature(const struct witness *w, const struct run_result *r, char *buf,
			     size_t size)
{
	int worst = -1;

	*buf = '\0';
	for (unsigned int i = 0; i < r->nr_reports; i++) {
		int severity = (int)oracle_info[r->report[i].oracle].severity;
		char signature[512];

		report_signature(&w->config, &r->report[i], signature, sizeof(signature));
		if (!strcmp(signature, w->expect)) {
			snprintf(buf, size, "%s", signature);
			return;
		}
		if (severity > worst)
			snprintf(buf, size, "%s", signature);
		worst = severity > worst ? severity : worst;
	}
}

/* By way of a second file, so that an interrupted bless loses nothing. */
static int rewrite(const struct witness *w, const char *path)
{
	char new[4096];
	FILE *out;

	snprintf(new, sizeof(new), "%s.new", path);
	out = fopen(new, "w");
	if (out)
		witness_write(w, out);
	if (!out || fclose(out) || rename(new, path)) {
		fprintf(stderr, "bless: %s: %s\n", path, strerror(errno));
		unlink(new);
		return 4;
	}
	return 0;
}

static int bless(const char *path)
{
	static struct witness w;
	struct run_result result;
	char why[128], signature[512];
	int ret = witness_load(&w, path, NULL);

	if (ret)
		return ret;
	run_prepare(&w.config);
	if (!run_schedule(&w.schedule, NULL, &result, why, sizeof(why))) {
		fprintf(stderr, "bless: %s: the schedule does not fit: %s\n", path, why);
		return 3;
	}
	choose_signature(&w, &result, signature, sizeof(signature));
	if (*w.expect && strcmp(w.expect, signature))
		printf("%s: was: %s\n%s: is:  %s\n", path, w.expect, path, signature);
	snprintf(w.expect, sizeof(w.expect), "%s", signature);
	w.hash = result.hash;
	w.has_hash = true;
	ret = rewrite(&w, path);
	witness_free(&w);
	return ret;
}

int main(int argc, char **argv)
{
	int ret = run_init(), worst = ret;

	for (int i = 1; i < argc && worst != 4; i++) {
		ret = bless(argv[i]);
		worst = ret > worst ? ret : worst;
	}
	return worst;
}
