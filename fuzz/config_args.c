// SPDX-License-Identifier: GPL-2.0-only
/* Configurations as command line options and as JSON read back. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "config.h"

static const char *const words[] = { "kernel", "arch", "variant", "model", "kcsan" };

/* Of the memory model. */
static const char *const numbers[] = { "sb-length", "stale-reads" };

enum { NR_NUMBERS = sizeof(numbers) / sizeof(numbers[0]), KEY_NUMBER = 0x1200 };
enum { NR_WORDS = sizeof(words) / sizeof(words[0]), KEY_WORD = 0x1000, KEY_FIELD = 0x1100 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct config *c = state->input;
	int ret;

	if (key >= KEY_WORD && key < KEY_WORD + NR_WORDS)
		ret = config_set_word(c, words[key - KEY_WORD], arg);
	else if (key >= KEY_FIELD && key < KEY_FIELD + (int)nr_config_fields)
		ret = config_set_number(c, config_fields[key - KEY_FIELD].name, arg);
	else if (key >= KEY_NUMBER && key < KEY_NUMBER + NR_NUMBERS)
		ret = config_set_number(c, numbers[key - KEY_NUMBER], arg);
	else
		return ARGP_ERR_UNKNOWN;
	if (ret)
		exit(ret);
	return 0;
}

static struct argp_option options[NR_WORDS + NR_NUMBERS + 32];

/* The table of options follows from the table of fields. */
const struct argp *config_argp(void)
{
	static const char *const help[NR_WORDS] = {
		"kernel form, such as v5.15 (default v5.16)",
		"architecture (default x86)",
		"planted bug: see 'kicksim list variants'",
		"memory model: sc (default), tso or weak",
		"rules for data races: default or strict",
	};
	static const char *const number_help[NR_NUMBERS] = {
		"tso, weak: stores that wait in a store buffer, at most (default 8)",
		"weak: loads of a run that may give an older value (default 2)",
	};
	static const struct argp argp = { options, parse, NULL, NULL, NULL, NULL, NULL };

	for (int i = 0; i < NR_WORDS; i++)
		options[i] = (struct argp_option){ words[i], KEY_WORD + i, "NAME", 0, help[i], 1 };
	for (unsigned int i = 0; i < nr_config_fields; i++)
		options[NR_WORDS + i] = (struct argp_option){
			config_fields[i].name, KEY_FIELD + (int)i, "N", 0, config_fields[i].help, 2
		};
	for (unsigned int i = 0; i < NR_NUMBERS; i++)
		options[NR_WORDS + nr_config_fields + i] = (struct argp_option){
			numbers[i], KEY_NUMBER + (int)i, "N", 0, number_help[i], 2
		};
	return &argp;
}

static error_t parse_scenario(int key, char *arg, struct argp_state *state)
{
	struct config *c = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = c;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num)
			cmd_error(state, "one scenario, not '%s' too", arg);
		if (config_set_word(c, "scenario", arg))
			exit(TERM_EXIT_USAGE);
		return 0;
	case ARGP_KEY_NO_ARGS:
		cmd_error(state, "no scenario: see 'kicksim list scenarios'");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp *config_scenario_argp(const char *header)
{
	static struct argp_child children[] = { { .group = 1 }, { 0 } };
	static const struct argp argp = {
		.parser = parse_scenario, .children = children,
	};

	children[0].argp = config_argp();
	children[0].header = header;
	return &argp;
}

static int bad_json(const char *where, const char *what)
{
	term_error(TERM_EXIT_SYSTEM, "%s: configuration %s: it is not one that kicksim wrote",
		   where, what);
	return -1;
}

/* SQLite reads JSON well and is here anyway. */
int config_parse_json(struct config *c, const char *json, const char *where)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	int ret = -1, rc;

	config_init(c);
	if (sqlite3_open(":memory:", &db) ||
	    sqlite3_prepare_v2(db, "SELECT key, value FROM json_each(?)", -1, &st, NULL) ||
	    sqlite3_bind_text(st, 1, json, -1, SQLITE_STATIC)) {
		bad_json(where, sqlite3_errmsg(db));
		goto out;
	}
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		const char *key = (const char *)sqlite3_column_text(st, 0);
		const char *value = (const char *)sqlite3_column_text(st, 1);

		if (!key || !value) {
			bad_json(where, "has an empty value");
			goto out;
		}
		ret = config_set_word(c, key, value);
		if (ret < 0)
			ret = config_set_number(c, key, value);
		if (ret)
			goto out;
	}
	ret = rc == SQLITE_DONE && *c->scenario ? 0 : bad_json(where, "is not complete JSON");
out:
	sqlite3_finalize(st);
	sqlite3_close(db);
	return ret ? -1 : 0;
}
