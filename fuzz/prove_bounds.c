// SPDX-License-Identifier: GPL-2.0-only
/* Numbers that proofs have of their own. */
#include <stdio.h>
#include <string.h>
#include "../sim/mem.h"
#include "prove_bounds.h"

/* What one kicker's interrupts and one zap do to each other, and nobody moves. */
#define MIXED "--vcpus 1 --kickers 1 --kicks 1 --migrations 0 --preemptions 0 --exits 1 " \
	      "--offlines 0 --timers 0 --alloc-failures 0 --actors 9"

static const struct {
	const char *scenario, *models, *words;
} bounds[] = {
	/* Two vCPUs and somebody who waits for both; under weak, one that moves. */
	{ "request-mask", "sc", "--pcpus 2" },
	{ "request-mask", "tso", "--migrations 0" },
	{ "request-mask", "weak", "--vcpus 1" },
	/* An IPI that somebody else relies on goes astray whatever the loads are. */
	{ "two-senders", "weak", "--stale-reads 0" },
	{ "self-kick", "weak", "--exits 1" },
	/* The device alone: its sleepers, and the move that loses a wake-up. */
	{ "posted-interrupts", "sc tso", "--kickers 0" },
	{ "posted-interrupts", "weak", "--kickers 0 --stale-reads 0" },
	{ "cpu-offline", "weak", "--stale-reads 0" },
	/* arm64 only */
	{ "halt-guest", "weak", "--stale-reads 0" },
	{ "mixed", "sc", MIXED },
	{ "mixed", "tso", MIXED " --halts 0" },
	{ "mixed", "weak", MIXED " --halts 0 --stale-reads 0" },
};

enum { NR_BOUNDS = sizeof(bounds) / sizeof(bounds[0]) };

const char *prove_bounds_words(const char *scenario, const char *model)
{
	for (unsigned int i = 0; i < NR_BOUNDS; i++)
		if (!strcmp(bounds[i].scenario, scenario) && strstr(bounds[i].models, model))
			return bounds[i].words;
	return "";
}

void prove_bounds_set(struct config *c)
{
	const char *words = prove_bounds_words(c->scenario, c->model);
	char name[32], number[16];
	int n;

	for (; sscanf(words, " --%31s %15s%n", name, number, &n) == 2; words += n)
		if (!config_is_given(c, name))
			config_set_number(c, name, number);
}

static size_t add(char *buf, size_t size, size_t n, const char *name, unsigned int value,
		  unsigned int other)
{
	if (value == other || n >= size)
		return n;
	return n + (size_t)snprintf(buf + n, size - n, "%s%s %u (%u)", n ? ", " : "", name, value,
				    other);
}

void prove_bounds_differ(const struct config *c, char *buf, size_t size)
{
	static struct config campaign;
	size_t n = 0;

	config_init(&campaign);
	campaign.machine = form_scenario(c->form, c->scenario)->config;
	*buf = 0;
	for (unsigned int i = 0; i < nr_config_fields; i++)
		n = add(buf, size, n, config_fields[i].name, config_number(c, i),
			config_number(&campaign, i));
	if (c->model_id == MEM_SC)
		return;
	n = add(buf, size, n, "sb-length", c->sb_length, campaign.sb_length);
	add(buf, size, n, "stale-reads", c->stale_reads, campaign.stale_reads);
}
