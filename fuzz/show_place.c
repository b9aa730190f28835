// SPDX-License-Identifier: GPL-2.0-only
/* Where a record happened: function, file and line of each frame. */
#include <string.h>
#include "show_name.h"

const char *show_file(const struct show_place *place)
{
	const char *slash = place->file ? strrchr(place->file, '/') : NULL;

	if (!place->file)
		return "?";
	return slash ? slash + 1 : place->file;
}

/* Functions in headers are inline in a kernel, if not in what we compile. */
static void place_classify(struct show_place *p)
{
	size_t n;

	if (p->file && !strncmp(p->file, "./", 2))
		p->file += 2;
	n = p->file ? strlen(p->file) : 0;
	p->is_inline = n > 2 && !strcmp(p->file + n - 2, ".h");
	p->is_api = p->is_inline && strncmp(show_file(p), "kvm_", 4);
}

static bool frame_at(struct form *f, uint32_t offset, struct show_place *p)
{
	*p = (struct show_place){ .function = NULL };
	if (!offset || (!form_place(f, offset, &p->function, &p->file, &p->line) && !p->function))
		return false;
	place_classify(p);
	return true;
}

/*
 * The site is the innermost frame.  A plain store gets its record only when the
 * machine is called next, by which time its function may be at another line or
 * have returned; so the stack counts from the site's function outwards.
 */
unsigned int show_stack(struct form *f, const struct trace_rec *r,
			struct show_place place[SHOW_FRAMES])
{
	const unsigned int max = sizeof(r->stack) / sizeof(r->stack[0]);
	const struct site *s;
	struct show_place p;
	unsigned int i, nr = 0;

	if (!r->site || r->site > f->sites.nr)
		return 0;
	s = &f->sites.site[r->site];
	place[nr] = (struct show_place){ s->function, s->file, s->line, false, false };
	place_classify(&place[nr++]);
	for (i = 0; i < max; i++)
		if (frame_at(f, r->stack[i], &p) && !strcmp(p.function, s->function))
			break;
	for (i = i == max ? 0 : i + 1; i < max && nr < SHOW_FRAMES; i++)
		if (frame_at(f, r->stack[i], &p))
			place[nr++] = p;
	return nr;
}

bool show_place(struct form *f, const struct trace_rec *r, struct show_place *place)
{
	struct show_place stack[SHOW_FRAMES];
	unsigned int nr = show_stack(f, r, stack), i = 0;

	if (!nr)
		return false;
	while (i + 1 < nr && stack[i].is_api)
		i++;
	*place = stack[i];
	return true;
}
