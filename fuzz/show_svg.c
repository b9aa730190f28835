// SPDX-License-Identifier: GPL-2.0-only
/* A run as a picture: the timeline. */
#include "../results/term.h"
#include "show.h"
#include "svg.h"

int show_svg(const struct show_input *in, FILE *out)
{
	struct timeline *t;
	struct explain x;
	bool has_bug = in->report != NULL;
	int ret;

	if (has_bug && explain_make(&x, in, EXPLAIN_RUNS))
		return term_error(TERM_EXIT_SYSTEM, "no memory to explain the run");
	t = timeline_make(in, has_bug ? &x : NULL, false, SVG_LEFT);
	ret = t ? svg_write(out, t, "", true) : -1;
	timeline_free(t);
	if (has_bug)
		explain_free(&x);
	return ret ? term_error(TERM_EXIT_SYSTEM, "no memory to draw the run") : 0;
}
