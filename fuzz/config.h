/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A configuration is all that a run depends on but its schedule: kernel form,
 * architecture, variant, memory model, scenario and the scenario's numbers.
 *
 * It prints as one line of JSON with fixed keys in a fixed order, so that equal
 * configurations are equal strings; ids of findings are made of that string and
 * the schedule.  config_parse_json() reads it back.
 *
 * The numbers of struct machine_config are one table (config_fields), which
 * options, JSON and messages share.  The numbers of a memory model are written
 * only for the models that have them.
 */
#ifndef FUZZ_CONFIG_H
#define FUZZ_CONFIG_H

#include <argp.h>
#include <stddef.h>
#include "form.h"
#include "../sim/choice.h"
#include "../sim/world.h"

struct config {
	char kernel[32], arch[16], variant[48], model[8], scenario[32];
	struct machine_config machine;
	/* Bitmap of config_fields that the user has set; then of the models' numbers. */
	uint32_t given;
	bool kcsan_strict;
	uint8_t model_id;		/* enum mem_model, after config_load() */
	uint8_t sb_length, stale_reads;	/* of models with store buffers */
	uint32_t step_limit;
	struct form *form;		/* after config_load() */
};

struct config_field {
	const char *name;		/* option and JSON key: "pcpus" */
	const char *help;
	size_t offset;			/* of the int in struct machine_config */
};

extern const struct config_field config_fields[];
extern const unsigned int nr_config_fields;

struct config_model {
	const char *name;		/* its index is enum mem_model */
	const char *sentence;
};

extern const struct config_model config_models[];	/* ends with a NULL name */

/* v5.16, x86, sc, no scenario yet. */
void config_init(struct config *c);
/*
 * Loads the form, fills in the scenario's defaults where the user gave nothing
 * and checks every number.  Returns 0 or an exit code, with a line on stderr.
 */
int config_load(struct config *c);
void config_options(const struct config *c, struct world_options *o);
/* One line of JSON into @buf; returns its length. */
size_t config_print_json(const struct config *c, char *buf, size_t size);
/* The same for people to paste: without what the scenario has by default. */
size_t config_print_short(const struct config *c, char *buf, size_t size);
/* 0, or -1 and a line on stderr that names @where. */
int config_parse_json(struct config *c, const char *json, const char *where);

/* Options --kernel --arch --model --variant --kcsan and one for each number. */
const struct argp *config_argp(void);	/* its input is struct config * */
/* The same below @header, and the scenario as the one word that is no option. */
const struct argp *config_scenario_argp(const char *header);

/* By name; 0, or an exit code and a line on stderr.  -1: no such word. */
int config_set_word(struct config *c, const char *name, const char *text);
int config_set_number(struct config *c, const char *name, const char *text);

/* Whether that has been set. */
bool config_is_given(const struct config *c, const char *name);

/* Field @i, from 0 to nr_config_fields - 1. */
unsigned int config_number(const struct config *c, unsigned int i);

/* Draws each number that was not given, between the scenario's min and max. */
void config_swarm(struct config *c, struct random *r);
/* The build that decides a trace: the form's hash and the simulator's version. */
const char *config_core(const struct config *c, char *buf, size_t size);

#define KICKSIM_VERSION "0.1.0"
/* Raised by whatever makes an old schedule give another trace. */
#define KICKSIM_TRACE_VERSION 1

#endif
