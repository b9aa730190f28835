// SPDX-License-Identifier: GPL-2.0-only
/* Configurations: defaults, checks, JSON and options. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "../sim/mem.h"
#include "config.h"

enum { SWARM_MORE = 2 };

#define FIELD(option, member, help) { option, help, offsetof(struct machine_config, member) }

const struct config_field config_fields[] = {
	FIELD("pcpus", nr_pcpus, "pCPUs of the host"),
	FIELD("vcpus", nr_vcpus, "vCPUs of the guest"),
	FIELD("kickers", nr_kickers, "tasks that kick or make requests"),
	FIELD("kicks", kicks, "kicks or requests of each kicker"),
	FIELD("migrations", migrations, "moves of tasks between pCPUs, at most"),
	FIELD("preemptions", preemptions, "preemptions without a move, at most"),
	FIELD("exits", exits, "exits that guests make by themselves, at most"),
	FIELD("halts", halts, "halts that each guest surely makes"),
	FIELD("zaps", zaps, "SPTEs that the MMU task zaps"),
	FIELD("offlines", offlines, "times that a pCPU goes offline"),
	FIELD("timers", timers, "timers that fire in interrupt context"),
	FIELD("alloc-failures", alloc_failures, "GFP_ATOMIC allocations that may fail"),
	FIELD("hotplug-strict", hotplug_strict, "1: the online bit is stable while preemption is off"),
	FIELD("actors", actors, "bitmap of the scenario's optional actors"),
};

const unsigned int nr_config_fields = sizeof(config_fields) / sizeof(config_fields[0]);

const struct config_model config_models[] = {
	[MEM_SC] = { "sc", "every access takes effect at once, in program order" },
	[MEM_TSO] = { "tso", "x86: stores wait in a FIFO buffer; barriers, LOCK and IPIs drain it" },
	[MEM_WEAK] = { "weak", "Linux: stores and loads pass each other where no barrier keeps them" },
	{ NULL, NULL },
};

/* Numbers of a model: option and JSON key, place, range. */
static const struct model_number {
	const char *name;
	size_t offset;
	int min, max;
} model_numbers[] = {
	{ "sb-length", offsetof(struct config, sb_length), MEM_PENDING_MIN, MEM_PENDING_MAX },
	{ "stale-reads", offsetof(struct config, stale_reads), 0, 250 },
};

enum { NR_MODEL_NUMBERS = sizeof(model_numbers) / sizeof(model_numbers[0]) };

static uint8_t *model_number(struct config *c, const struct model_number *n)
{
	return (uint8_t *)c + n->offset;
}

static int *field_value(struct machine_config *m, const struct config_field *f)
{
	return (int *)(void *)((char *)m + f->offset);
}

static int field_get(const struct machine_config *m, const struct config_field *f)
{
	return *(const int *)(const void *)((const char *)m + f->offset);
}

unsigned int config_number(const struct config *c, unsigned int i)
{
	return (unsigned int)field_get(&c->machine, &config_fields[i]);
}

void config_init(struct config *c)
{
	memset(c, 0, sizeof(*c));
	strcpy(c->kernel, "v5.16");
	strcpy(c->arch, "x86");
	strcpy(c->model, config_models[MEM_SC].name);
	c->sb_length = MEM_PENDING_MAX;
	c->stale_reads = 2;
}

static int check_numbers(const struct config *c, const struct machine_scenario *s)
{
	for (unsigned int i = 0; i < nr_config_fields; i++) {
		int v = field_get(&c->machine, &config_fields[i]);
		int min = field_get(&s->min, &config_fields[i]);
		int max = field_get(&s->max, &config_fields[i]);

		if (v < min || v > max)
			return term_error(TERM_EXIT_USAGE,
					  "--%s %d: scenario %s takes %d to %d",
					  config_fields[i].name, v, s->name, min, max);
	}
	return 0;
}

static int no_scenario(const struct config *c)
{
	const struct machine_scenario *const *s = c->form->code->scenarios;
	const char *names[64], *near;
	unsigned int n = 0;

	for (; s[n] && n + 1 < 64; n++)
		names[n] = s[n]->name;
	names[n] = NULL;
	near = term_suggest(c->scenario, names);
	return term_error(TERM_EXIT_USAGE, "no scenario '%s' in %s%s%s%s: see 'kicksim list scenarios'",
			  c->scenario, c->form->id, near ? ", did you mean '" : "", near ? near : "",
			  near ? "'?" : "");
}

int config_load(struct config *c)
{
	const struct machine_scenario *s;

	c->model_id = MEM_SC;
	while (config_models[c->model_id].name && strcmp(c->model, config_models[c->model_id].name))
		c->model_id++;
	if (!config_models[c->model_id].name)
		return term_error(TERM_EXIT_USAGE, "no memory model '%s': see 'kicksim list models'",
				  c->model);
	c->form = form_load(c->kernel, c->arch, c->variant);
	if (!c->form)
		return TERM_EXIT_SYSTEM;
	s = form_scenario(c->form, c->scenario);
	if (!s)
		return no_scenario(c);
	for (unsigned int i = 0; i < nr_config_fields; i++)
		if (!(c->given >> i & 1))
			*field_value(&c->machine, &config_fields[i]) =
				field_get(&s->config, &config_fields[i]);
	return check_numbers(c, s);
}

void config_options(const struct config *c, struct world_options *o)
{
	*o = (struct world_options){
		.form = c->form->code,
		.scenario = form_scenario(c->form, c->scenario),
		.config = c->machine,
		.sites = &c->form->sites,
		.step_limit = c->step_limit,
		.kcsan_strict = c->kcsan_strict,
		.model = c->model_id,
		.sb_length = c->sb_length,
		.stale_reads = c->stale_reads,
	};
}

size_t config_print_json(const struct config *c, char *buf, size_t size)
{
	size_t n = (size_t)snprintf(buf, size,
		"{\"kernel\":\"%s\",\"arch\":\"%s\",\"variant\":\"%s\",\"model\":\"%s\","
		"\"scenario\":\"%s\",\"kcsan\":\"%s\"", c->kernel, c->arch, c->variant, c->model,
		c->scenario, c->kcsan_strict ? "strict" : "default");

	if (strcmp(c->model, config_models[MEM_SC].name))
		n += (size_t)snprintf(n < size ? buf + n : NULL, n < size ? size - n : 0,
				      ",\"sb-length\":%u,\"stale-reads\":%u", c->sb_length,
				      c->stale_reads);
	for (unsigned int i = 0; i < nr_config_fields; i++)
		n += (size_t)snprintf(n < size ? buf + n : NULL, n < size ? size - n : 0,
				      ",\"%s\":%d", config_fields[i].name,
				      field_get(&c->machine, &config_fields[i]));
	n += (size_t)snprintf(n < size ? buf + n : NULL, n < size ? size - n : 0, "}");
	return n;
}

size_t config_print_short(const struct config *c, char *buf, size_t size)
{
	const struct machine_scenario *s = form_scenario(c->form, c->scenario);
	size_t n = (size_t)snprintf(buf, size, "{\"kernel\":\"%s\"", c->kernel);
	const struct { const char *name, *value, *dull; } words[] = {
		{ "arch", c->arch, "x86" }, { "variant", c->variant, "" },
		{ "model", c->model, "sc" }, { "scenario", c->scenario, "" },
		{ "kcsan", c->kcsan_strict ? "strict" : "default", "default" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && n < size; i++)
		if (strcmp(words[i].value, words[i].dull))
			n += (size_t)snprintf(buf + n, size - n, ",\"%s\":\"%s\"", words[i].name,
					      words[i].value);
	if (c->model_id != MEM_SC && n < size)
		n += (size_t)snprintf(buf + n, size - n, ",\"sb-length\":%u,\"stale-reads\":%u",
				      c->sb_length, c->stale_reads);
	for (unsigned int i = 0; i < nr_config_fields && n < size; i++) {
		int value = field_get(&c->machine, &config_fields[i]);

		if (value != field_get(&s->config, &config_fields[i]))
			n += (size_t)snprintf(buf + n, size - n, ",\"%s\":%d",
					      config_fields[i].name, value);
	}
	if (n + 1 < size)
		strcpy(buf + n, "}");
	return n + 1;
}

static int set_word(char *to, size_t size, const char *word, const char *what)
{
	if (strlen(word) >= size || !*word || strpbrk(word, "/\"\\ \t\n"))
		return term_error(TERM_EXIT_USAGE, "--%s '%s': not a name", what, word);
	strcpy(to, word);
	return 0;
}

/* -1: not one. */
static int parse_number(const char *text)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(text, &end, 0);
	return errno || end == text || *end || v < 0 || v > INT_MAX ? -1 : (int)v;
}

static int set_model_number(struct config *c, const struct model_number *n, const char *text)
{
	int v = parse_number(text);

	if (v < n->min || v > n->max)
		return term_error(TERM_EXIT_USAGE, "--%s '%s': not a number from %d to %d", n->name,
				  text, n->min, n->max);
	*model_number(c, n) = (uint8_t)v;
	c->given |= 1u << (nr_config_fields + (unsigned int)(n - model_numbers));
	return 0;
}

bool config_is_given(const struct config *c, const char *name)
{
	unsigned int bit = 0;

	while (bit < nr_config_fields && strcmp(config_fields[bit].name, name))
		bit++;
	for (unsigned int i = 0; bit == nr_config_fields + i && i < NR_MODEL_NUMBERS; i++)
		bit += strcmp(model_numbers[i].name, name) != 0;
	return c->given >> bit & 1;
}

int config_set_number(struct config *c, const char *name, const char *text)
{
	for (unsigned int i = 0; i < NR_MODEL_NUMBERS; i++)
		if (!strcmp(model_numbers[i].name, name))
			return set_model_number(c, &model_numbers[i], text);
	for (unsigned int i = 0; i < nr_config_fields; i++) {
		int v;

		if (strcmp(config_fields[i].name, name))
			continue;
		v = parse_number(text);
		if (v < 0)
			return term_error(TERM_EXIT_USAGE, "--%s '%s': not a number from 0 up",
					  name, text);
		*field_value(&c->machine, &config_fields[i]) = v;
		c->given |= 1u << i;
		return 0;
	}
	return term_error(TERM_EXIT_USAGE, "no number '%s' in a configuration", name);
}

int config_set_word(struct config *c, const char *name, const char *text)
{
	if (!strcmp(name, "kernel"))
		return set_word(c->kernel, sizeof(c->kernel), text, name);
	if (!strcmp(name, "arch"))
		return set_word(c->arch, sizeof(c->arch), text, name);
	if (!strcmp(name, "model"))
		return set_word(c->model, sizeof(c->model), text, name);
	if (!strcmp(name, "scenario"))
		return set_word(c->scenario, sizeof(c->scenario), text, name);
	if (!strcmp(name, "variant"))
		return *text ? set_word(c->variant, sizeof(c->variant), text, name) : 0;
	if (!strcmp(name, "kcsan") && (!strcmp(text, "default") || !strcmp(text, "strict"))) {
		c->kcsan_strict = !strcmp(text, "strict");
		return 0;
	}
	if (!strcmp(name, "kcsan"))
		return term_error(TERM_EXIT_USAGE, "--kcsan '%s': default or strict", text);
	return -1;
}

/*
 * A little more or less than the default, and small numbers more often: most
 * bugs need few actors, and those few are then seen in more of their
 * interleavings.
 */
void config_swarm(struct config *c, struct random *r)
{
	const struct machine_scenario *s = form_scenario(c->form, c->scenario);

	for (unsigned int i = 0; i < nr_config_fields; i++) {
		int min = field_get(&s->min, &config_fields[i]);
		int most = field_get(&s->config, &config_fields[i]) + SWARM_MORE;
		int max = field_get(&s->max, &config_fields[i]);
		uint32_t span = (uint32_t)(max - min) + 1;
		uint32_t a = random_below(r, span), b = random_below(r, span);

		if (c->given >> i & 1)
			continue;
		/* A bitmap has no small end. */
		if (config_fields[i].offset == offsetof(struct machine_config, actors))
			b = a;
		else if (most < max)
			a = random_below(r, (uint32_t)(most - min) + 1);
		*field_value(&c->machine, &config_fields[i]) = min + (int)(a < b ? a : b);
	}
}

const char *config_core(const struct config *c, char *buf, size_t size)
{
	snprintf(buf, size, "%s%02x", c->form->hash, KICKSIM_TRACE_VERSION);
	return buf;
}
