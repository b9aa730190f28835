// SPDX-License-Identifier: GPL-2.0-only
/* From bytes to configurations and schedules. */
#include <stdio.h>
#include <string.h>
#include <xxhash.h>
#include "../sim/mem.h"
#include "bytes.h"

uint32_t bytes_target(const struct config *c)
{
	char text[200];
	int n = snprintf(text, sizeof(text), "%s %s %s%s", c->form->id, c->model, c->scenario,
			 c->kcsan_strict ? " strict" : "");

	if (strcmp(c->model, config_models[MEM_SC].name))
		n += snprintf(text + n, sizeof(text) - (size_t)n, " %u %u", c->sb_length,
			      c->stale_reads);

	return (uint32_t)XXH3_64bits(text, (size_t)n);
}

static int *field_of(struct machine_config *m, unsigned int i)
{
	return (int *)(void *)((char *)m + config_fields[i].offset);
}

void bytes_configure(const struct bytes *b, struct config *c)
{
	const struct machine_scenario *s = form_scenario(c->form, c->scenario);
	struct machine_config low = s->min, high = s->max;

	for (unsigned int i = 0; i < b->nr_numbers; i++) {
		unsigned int f = b->number[i].field % nr_config_fields;
		int min = *field_of(&low, f), max = *field_of(&high, f);
		int v = b->number[i].value;

		if (c->given >> f & 1)
			continue;
		*field_of(&c->machine, f) = v >= min && v <= max ? v : min + v % (max - min + 1);
	}
}

struct bytes_number bytes_number_of(const struct config *c, unsigned int i)
{
	return (struct bytes_number){ (uint8_t)i, (uint8_t)config_number(c, i) };
}

/* The event that @next names, or the nearest to it. */
uint32_t bytes_answer(const struct choice_point *p, uint8_t next)
{
	unsigned int nr = (unsigned int)WORLD->fix.config.nr_pcpus;
	unsigned int pcpu = next / NR_EVENT_KINDS % nr;
	uint64_t all = p->others | 1ull << p->first, here, wanted;

	wanted = 1ull << EVENT_ID(pcpu, next % NR_EVENT_KINDS);
	for (unsigned int i = 0; !(all & wanted) && i < nr; i++) {
		here = all & 0xffull << pcpu * NR_EVENT_KINDS;
		/* Nobody asked for what need not happen, unless there is nothing else. */
		wanted = here & ~p->optional ? here & ~p->optional : here;
		pcpu = pcpu + 1 == nr ? 0 : pcpu + 1;
	}
	wanted = all & wanted & -(all & wanted);
	if (wanted >> p->first & 1)
		return 0;
	return 1 + (uint32_t)__builtin_popcountll(p->others & (wanted - 1));
}

static uint32_t bytes_take(struct chooser *chooser, const struct choice_point *p)
{
	struct bytes_chooser *c = (struct bytes_chooser *)chooser;
	const struct bytes_segment *s;

	if (p->kind != CHOICE_EVENT) {
		uint32_t mixed = c->with * 0x9e3779b1u + c->nr_asked++ * 0x85ebca6bu;

		return c->with ? (uint32_t)((uint64_t)(mixed * 0xc2b2ae35u) * p->bound >> 32) : 0;
	}
	if (c->gap) {
		c->gap--;
		return 0;
	}
	if (c->next == c->bytes->nr_segments)
		return 0;
	s = &c->bytes->segment[c->next++];
	if (c->next < c->bytes->nr_segments)
		c->gap = bytes_gap(s[1].length);
	c->with = s->with;
	c->nr_asked = 0;
	return bytes_answer(p, s->next);
}

static void bytes_begin(struct chooser *chooser)
{
	struct bytes_chooser *c = (struct bytes_chooser *)chooser;

	c->next = c->nr_asked = c->with = 0;
	c->gap = c->bytes->nr_segments ? bytes_gap(c->bytes->segment[0].length) : 0;
}

void bytes_chooser_init(struct bytes_chooser *c, const struct bytes *b)
{
	*c = (struct bytes_chooser){ { bytes_begin, bytes_take }, b, 0, 0, 0, 0 };
}
