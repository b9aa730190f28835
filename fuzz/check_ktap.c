// SPDX-License-Identifier: GPL-2.0-only
/*
 * KTAP, version 1: plan before results, results after their subtests, and what
 * explains a result before it, because kunit.py drops what follows.
 */
#include <string.h>
#include "check_format.h"

static unsigned int group_size(const struct check *c, unsigned int first)
{
	unsigned int i = first;

	while (i < c->nr_cases && !strcmp(c->cases[i].group, c->cases[first].group))
		i++;
	return i - first;
}

/* '#' begins a directive. */
static void put_text(FILE *out, const char *text)
{
	for (; *text; text++)
		fputc(*text == '#' || *text == '\n' ? ' ' : *text, out);
}

static void put_diagnostics(const struct check *c, const struct check_case *k, FILE *out)
{
	static char replay[SCHEDULE_TEXT + 1200];

	if (*k->why && k->status != CHECK_SKIP) {
		fputs("    # ", out);
		put_text(out, k->why);
		fputc('\n', out);
	}
	for (const struct check_found *f = NULL; (f = check_next(k, f));) {
		fputs("    # ", out);
		put_text(out, f->title);
		fprintf(out, "\n    # %s%s\n", f->is_known ? "known: " : "", f->why);
		if (!f->is_known)
			fprintf(out, "    # replay: %s\n",
				check_replay_line(c, f, replay, sizeof(replay)));
	}
}

static bool is_bad(const struct check_case *k)
{
	return k->status == CHECK_FAIL || k->status == CHECK_MISSED;
}

static void put_group(const struct check *c, unsigned int first, unsigned int nr,
		      unsigned int number, FILE *out)
{
	unsigned int fail = 0, skip = 0;

	fprintf(out, "    KTAP version 1\n    # Subtest: %s\n    1..%u\n", c->cases[first].group, nr);
	for (unsigned int i = 0; i < nr; i++) {
		const struct check_case *k = &c->cases[first + i];

		put_diagnostics(c, k, out);
		fprintf(out, "    %s %u ", is_bad(k) ? "not ok" : "ok", i + 1);
		put_text(out, k->name);
		if (k->status == CHECK_SKIP)
			fprintf(out, " # SKIP %s", k->why);
		fputc('\n', out);
		fail += is_bad(k);
		skip += k->status == CHECK_SKIP;
	}
	fprintf(out, "    # %s: pass:%u fail:%u skip:%u total:%u\n", c->cases[first].group,
		nr - fail - skip, fail, skip, nr);
	fprintf(out, "%s %u %s%s\n", fail ? "not ok" : "ok", number, c->cases[first].group,
		skip == nr ? " # SKIP nothing of it ran" : "");
}

int check_ktap(const struct check *c, FILE *out)
{
	unsigned int nr_groups = 0, number = 0, nr;
	char text[128];

	for (unsigned int i = 0; i < c->nr_cases; i += group_size(c, i))
		nr_groups++;
	fprintf(out, "KTAP version 1\n1..%u\n", nr_groups);
	for (unsigned int i = 0; i < c->nr_cases; i += nr) {
		nr = group_size(c, i);
		put_group(c, i, nr, ++number, out);
	}
	fprintf(out, "%s\n", check_counts(c, text, sizeof(text)));
	return 0;
}
