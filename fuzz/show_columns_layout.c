// SPDX-License-Identifier: GPL-2.0-only
/* Which columns there are, and how wide. */
#include "show_columns.h"
#include "show_name.h"

enum {
	PITCH_MIN = 8, PITCH_MAX = 34,	/* from one pCPU's column to the next */
	TEXT_MIN = 24, TEXT_MAX = 60,	/* of the last one, which has nowhere to run over */
};

static unsigned int hex_digits(uint64_t value)
{
	unsigned int n = 1;

	while (value >>= 4)
		n++;
	return n;
}

/* What of the machine the trace has to do with. */
static void columns_survey(struct columns *c)
{
	const struct trace *t = c->in->trace;
	struct show_word w;

	c->request_width = 3;
	show_state_begin(&c->state);
	for (uint32_t i = 0; i < t->nr; i++) {
		const struct trace_rec *r = &t->rec[i];

		c->acting |= 1u << r->pcpu;
		show_state_apply(&c->state, r);
		if (!show_is_access(r))
			continue;
		show_word(r->off, &w);
		if (w.vcpu < 0)
			continue;
		c->vcpus |= 1u << w.vcpu;
		if (w.watch & WATCH_REQUESTS && hex_digits(r->value) > c->request_width)
			c->request_width = hex_digits(r->value);
	}
	c->request_width++;
	if (c->in->report && c->in->report->vcpu >= 0)
		c->vcpus |= 1u << c->in->report->vcpu;
}

enum { LANES = 1, FOLLOW = 2, SHORT = 4 };

static unsigned int state_width(const struct columns *c, unsigned int how)
{
	unsigned int one = (how & SHORT ? 5u : 9u) + 1 + 3 + 1 + c->request_width + 1;

	if (how & FOLLOW)
		return 6 + one;
	return (unsigned int)__builtin_popcount(c->vcpus) * one;
}

/* Whether it fits like this; takes it if so. */
static bool columns_try(struct columns *c, unsigned int how)
{
	bool lanes = how & LANES;
	unsigned int nr = (unsigned int)__builtin_popcount(c->acting);
	unsigned int fixed = NUMBER_WIDTH + 1 + state_width(c, how);
	unsigned int before = lanes ? nr : nr - 1, rest = c->width - fixed;
	unsigned int pitch = lanes ? 2 : PITCH_MIN;

	if (fixed + before * pitch + TEXT_MIN + 1 > c->width)
		return false;
	if (!lanes && before)
		pitch = (rest - TEXT_MIN - 1) / before;
	if (!lanes && pitch > rest / nr)
		pitch = rest / nr;
	if (pitch > PITCH_MAX)
		pitch = PITCH_MAX;
	c->pitch = pitch;
	c->text_width = rest - before * pitch - 1;
	if (c->text_width > TEXT_MAX)
		c->text_width = TEXT_MAX;
	c->follow = how & FOLLOW;
	c->short_modes = how & SHORT;
	c->lanes = lanes;
	return true;
}

/* From the most to the least that can be shown in so many columns. */
static void columns_choose(struct columns *c)
{
	static const unsigned int wishes[] = {
		0, SHORT, FOLLOW, FOLLOW | SHORT, LANES, LANES | SHORT, LANES | FOLLOW,
		LANES | FOLLOW | SHORT,
	};
	unsigned int i = 0, all = c->vcpus;

	if (!c->acting)
		c->acting = 1;
	while (i < sizeof(wishes) / sizeof(wishes[0]) && !columns_try(c, wishes[i]))
		i++;
	if (i == sizeof(wishes) / sizeof(wishes[0])) {
		/* So narrow that lines will be folded by the terminal itself. */
		c->width = 80;
		i = columns_try(c, LANES | FOLLOW | SHORT);
		assert(i);
	}
	c->style = SHOW_BRIEF | (__builtin_popcount(all) == 1 ? SHOW_ONE_VCPU : 0u);
	if (c->text_width < 40)
		c->style |= SHOW_BARE_READ;
}

static void add_state(struct columns *c, unsigned int v)
{
	c->vcpu[v] = show_grid_column(&c->grid, c->short_modes ? 5 : 9, false);
	show_grid_column(&c->grid, 3, false);
	show_grid_column(&c->grid, c->request_width, false);
}

static void columns_build(struct columns *c)
{
	struct show_grid *g = &c->grid;

	unsigned int left = c->acting;

	show_grid_begin(g, c->out, 0);
	c->number = show_grid_column(g, NUMBER_WIDTH, false);
	for (unsigned int p = 0; p < MAX_PCPUS; p++) {
		if (!(c->acting >> p & 1))
			continue;
		left &= left - 1;
		c->pcpu[p] = show_grid_column(g, left || c->lanes ? c->pitch - 1 :
					      c->text_width, true);
	}
	if (c->lanes)
		c->text = show_grid_column(g, c->text_width, false);
	c->text_end = g->end - 1;
	for (unsigned int v = 0; v < MAX_VCPUS; v++) {
		if (!(c->vcpus >> v & 1))
			continue;
		if (c->follow)
			c->who = show_grid_column(g, 5, false);
		add_state(c, v);
		if (c->follow)
			return;
	}
}

void columns_layout(struct columns *c)
{
	columns_survey(c);
	columns_choose(c);
	columns_build(c);
}

/* Who runs on @p at the start, if somebody does. */
static const char *first_task(unsigned int p)
{
	unsigned int task = WORLD->fix.image.pcpu[p].curr;

	return WORLD->fix.image.task[task].idle ? "" : show_task(task);
}

void columns_heading(struct columns *c)
{
	struct show_grid *g = &c->grid;
	char text[64];

	show_grid_put(g, c->number, TERM_BOLD, 0, "    #");
	for (unsigned int p = 0; p < MAX_PCPUS; p++) {
		if (!(c->acting >> p & 1))
			continue;
		snprintf(text, sizeof(text), c->lanes ? "%u" : "pCPU%u %s", p, first_task(p));
		show_grid_put(g, c->pcpu[p], TERM_BOLD, 0, text);
	}
	if (c->lanes)
		show_grid_put(g, c->text, TERM_BOLD, 0, "on the pCPU marked");
	for (unsigned int v = 0; v < MAX_VCPUS; v++) {
		if (!(c->vcpus >> v & 1))
			continue;
		snprintf(text, sizeof(text), "vcpu%u", v);
		if (!c->follow)
			show_grid_put(g, c->vcpu[v], TERM_BOLD, 0, text);
		if (!c->short_modes || c->follow)
			show_grid_put(g, c->vcpu[v], TERM_BOLD, 0, "mode");
		show_grid_put(g, c->vcpu[v] + 1, TERM_BOLD, 0, "cpu");
		show_grid_put(g, c->vcpu[v] + 2, TERM_BOLD, 0, "req");
		if (c->follow)
			break;
	}
	show_grid_row(g);
}
