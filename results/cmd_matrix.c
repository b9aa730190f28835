// SPDX-License-Identifier: GPL-2.0-only
/*
 * kicksim matrix: each kernel form on each architecture under each model.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "json.h"
#include "matrix.h"
#include "term.h"

enum { KEY_DB = 0x1000, KEY_JSON, KEY_SEVERITY, KEY_SCENARIO };

struct args {
	const char *db, *severity, *scenario;
	bool json;
};

static const char *const severities[] = {
	"benign", "warn", "race", "degraded", "oops", "harmful", NULL
};

static const struct argp_option options[] = {
	{ "db", KEY_DB, "FILE", 0,
	  "Results file; else $KICKSIM_DB, else " STORE_DEFAULT_PATH, 1 },
	{ "severity", KEY_SEVERITY, "SEVERITY", 0,
	  "What breaks a cell: findings at or above it (default degraded)", 1 },
	{ "scenario", KEY_SCENARIO, "NAME", 0, "Of this scenario only", 1 },
	{ "json", KEY_JSON, NULL, 0, "Print JSON Lines, one for each cell", 1 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;
	char buf[128];
	int i = 0;

	switch (key) {
	case KEY_DB:
		args->db = arg;
		return 0;
	case KEY_SEVERITY:
		while (severities[i] && strcmp(severities[i], arg))
			i++;
		if (!severities[i])
			cmd_error(state, "--severity %s: benign, warn, race, degraded, oops or"
				  " harmful%s", arg, term_did_you_mean(buf, arg, severities));
		args->severity = arg;
		return 0;
	case KEY_SCENARIO:
		args->scenario = arg;
		return 0;
	case KEY_JSON:
		args->json = true;
		term_set_json(true);
		return 0;
	case ARGP_KEY_ARG:
		cmd_error(state, "no word belongs here, not %s: a file is named by --db", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = { { &cmd_common, 0, NULL, 0 }, { 0 } };

static const struct argp argp = {
	options, parse, NULL,
	"Each kernel form on each architecture under each memory model: what is broken,"
	" what is proved, and what nothing was found in, from a results file."
	" ninja matrix fills one."
	"\v"
	"  kicksim matrix\n"
	"  kicksim matrix --scenario two-senders --severity race --json",
	children, NULL, NULL
};

/* "v5.16-x86+variant" is the kernel "v5.16+variant" on x86. */
static void print_cell_json(const char *row, const char *model, const struct matrix_cell *c)
{
	static const char *const verdict[] = { "nothing", "broken", "proved", "sampled" };
	int end = (int)strcspn(row, "+"), dash = end;
	char arch[96], kernel[96];
	struct json j;

	while (dash && row[dash] != '-')
		dash--;
	snprintf(arch, sizeof(arch), "%.*s", end - dash - 1, row + dash + 1);
	snprintf(kernel, sizeof(kernel), "%.*s%s", dash, row, row + end);
	json_open(&j, stdout, "kicksim.matrix/1");
	json_text(&j, "kernel", kernel);
	json_text(&j, "arch", arch);
	json_text(&j, "model", model);
	json_text(&j, "verdict", verdict[matrix_verdict(c)]);
	json_int(&j, "runs", c->runs);
	json_int(&j, "scenarios", c->scenarios);
	json_int(&j, "proved", c->proved);
	json_int(&j, "findings", c->findings);
	json_array(&j, "worst");
	for (int i = 0; i < c->nr_rules && i < MATRIX_RULES; i++)
		json_text(&j, NULL, c->rule[i]);
	json_end(&j);
	json_close(&j);
}

static void print_json(const struct matrix *m)
{
	for (int r = 0; r < m->nr_rows; r++)
		for (int c = 0; c < m->nr_columns; c++)
			print_cell_json(m->row[r], m->column[c], &m->cell[r][c]);
}

/* The sign stands for the colour where there is none. */
static void print_cell(const struct matrix_cell *c, int width)
{
	static const enum term_ink ink[] = { TERM_DIM, TERM_RED, TERM_GREEN, TERM_PLAIN };
	static const enum term_sign sign[] = { TERM_DOT, TERM_BAD, TERM_GOOD, TERM_ODD };
	enum matrix_verdict v = matrix_verdict(c);
	char text[MATRIX_TEXT];
	int n = (int)strlen(matrix_text(c, text));

	printf("  %s%s %s%s%*s", term_ink(stdout, ink[v]),
	       v == MATRIX_NOTHING ? " " : term_sign(sign[v]), text,
	       term_ink(stdout, TERM_PLAIN), n < width ? width - n : 0, "");
}

static void print_table(const struct matrix *m)
{
	int width[MATRIX_COLUMNS] = { 0 }, left = 6, r, c;
	char text[MATRIX_TEXT];

	for (r = 0; r < m->nr_rows; r++) {
		if ((int)strlen(m->row[r]) > left)
			left = (int)strlen(m->row[r]);
		for (c = 0; c < m->nr_columns; c++) {
			int n = (int)strlen(matrix_text(&m->cell[r][c], text));

			if (n > width[c])
				width[c] = n;
			if ((int)strlen(m->column[c]) > width[c])
				width[c] = (int)strlen(m->column[c]);
		}
	}
	/* Nothing is to the right of the last. */
	width[m->nr_columns - 1] = 0;
	printf("%-*s", left, "");
	for (c = 0; c < m->nr_columns; c++)
		printf("    %-*s", width[c], m->column[c]);
	for (r = 0; r < m->nr_rows; r++) {
		printf("\n%-*s", left, m->row[r]);
		for (c = 0; c < m->nr_columns; c++)
			print_cell(&m->cell[r][c], width[c]);
	}
	printf("\n%s\n", matrix_legend);
}

int cmd_matrix(int argc, char **argv)
{
	static struct matrix m;
	struct args args = { .severity = "degraded" };
	struct store s;
	int code;

	if (cmd_parse(&argp, "kicksim matrix", argc, argv, &args))
		return TERM_EXIT_USAGE;
	code = store_open(&s, store_path(args.db), STORE_READ);
	if (code == STORE_OK) {
		code = matrix_load(&s, args.severity, args.scenario, &m);
		store_close(&s);
	}
	if (code != STORE_OK)
		return term_error(store_exit_code(code), "%s", s.err);
	if (!m.nr_rows)
		return term_error(TERM_EXIT_USAGE, "%s: nothing has been searched%s%s: fill it with:"
				  " ninja matrix", s.path, args.scenario ? " of scenario " : "",
				  args.scenario ? args.scenario : "");
	if (args.json)
		print_json(&m);
	else
		print_table(&m);
	if (!term_flushed(stdout))
		return term_error(TERM_EXIT_SYSTEM,
				  "stdout: the answer could not be written; is the disk full?");
	return TERM_EXIT_OK;
}
