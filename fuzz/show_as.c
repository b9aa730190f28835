// SPDX-License-Identifier: GPL-2.0-only
/* The table of formats. */
#include <stdio.h>
#include <string.h>
#include "../results/term.h"
#include "show.h"

const struct show_format show_formats[] = {
	{ "columns", show_columns, "one line a step, one column a pCPU" },
	{ "race", show_race, "the diagram for a commit message, what matters only" },
	{ "kcsan", show_kcsan, "a data race as KCSAN reports it" },
	{ "svg", show_svg, "a timeline as a picture, with what the bug comes from" },
	{ "html", show_html, "the same as a page to step through, on two forms if wanted" },
	{ "litmus", show_litmus, "what the bug needs as an LKMM litmus test" },
	{ "counts", show_counts, "accesses, barriers and IPIs, and how many in kicks" },
	{ "json", show_json, "JSON Lines, one object a step" },
	{ "ftrace", show_ftrace, "the text of the kernel's trace file" },
	{ "tracedat", show_tracedat, "trace.dat, for trace-cmd and KernelShark" },
	{ "perfetto", show_perfetto, "JSON trace events, for Perfetto" },
	{ NULL, NULL, NULL }
};

enum { NR_FORMATS = sizeof(show_formats) / sizeof(show_formats[0]) - 1 };

const char *show_format_names(void)
{
	static char text[256];
	size_t n = 0;

	for (unsigned int i = 0; i < NR_FORMATS; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s", i ? ", " : "",
				      show_formats[i].name);
	return text;
}

int show_as(const char *format, const struct show_input *in, FILE *out)
{
	const char *names[NR_FORMATS + 1];
	char hint[128];
	int ret;

	for (unsigned int i = 0; i < NR_FORMATS; i++) {
		names[i] = show_formats[i].name;
		if (strcmp(names[i], format))
			continue;
		ret = show_formats[i].show(in, out);
		if (!ret && !term_flushed(out))
			return term_error(TERM_EXIT_SYSTEM, "cannot write all of the output");
		return ret;
	}
	names[NR_FORMATS] = NULL;
	return term_error(TERM_EXIT_USAGE, "--as '%s': no such format%s", format,
			  term_did_you_mean(hint, format, names));
}
