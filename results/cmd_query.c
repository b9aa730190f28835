// SPDX-License-Identifier: GPL-2.0-only
/*
 * kicksim query: ask a results file.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "query.h"
#include "term.h"

enum { KEY_DB = 0x1000, KEY_JSON, KEY_CSV };

struct args {
	const char *db;
	const char *word;
	enum table_format format;
};

static const struct argp_option options[] = {
	{ "db", KEY_DB, "FILE", 0,
	  "Results file; else $KICKSIM_DB, else " STORE_DEFAULT_PATH, 1 },
	{ "json", KEY_JSON, NULL, 0, "Print JSON Lines", 1 },
	{ "csv", KEY_CSV, NULL, 0, "Print comma-separated values", 1 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	switch (key) {
	case KEY_DB:
		args->db = arg;
		return 0;
	case KEY_JSON:
		args->format = TABLE_JSON;
		term_set_json(true);
		return 0;
	case KEY_CSV:
		args->format = TABLE_CSV;
		return 0;
	case ARGP_KEY_ARG:
		if (args->word)
			cmd_error(state, "one name, or SQL in quotes, not also %s", arg);
		args->word = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = { { &cmd_common, 0, NULL, 0 }, { 0 } };

static const struct argp argp = {
	options, parse, "[NAME|SQL|-]",
	"Ask a results file: a named query, SQL that reads, or - for SQL on stdin."
	" Without a word, list the named queries."
	"\v"
	"  kicksim query findings --db nightly.db\n"
	"  kicksim query \"SELECT oracle, sum(hits) FROM v_findings GROUP BY 1\"",
	children, NULL, NULL
};

static int list_queries(enum table_format format)
{
	const struct query *q;
	struct table t;
	char about[256];

	table_open(&t, stdout, format, "kicksim.query-name/1");
	table_column(&t, "name");
	table_column(&t, "answers");
	for (q = query_list; q->name; q++) {
		table_text(&t, q->name);
		table_text(&t, query_about(q, about));
	}
	table_close(&t);
	return TERM_EXIT_OK;
}

/* SQL always has a space, a name never. */
static bool is_name(const char *word)
{
	return word[strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-_")] == '\0';
}

/* All of stdin as a string to be freed, or NULL. */
static char *read_stdin(void)
{
	char *text = NULL;
	size_t size = 0;

	/* No SQL has a zero byte, so the first one would end it anyway. */
	if (getdelim(&text, &size, '\0', stdin) < 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* Rows that came before an error stay printed: they are true. */
static int run(const struct args *args, const char *sql)
{
	struct store s;
	int code;

	code = store_open(&s, store_path(args->db), STORE_READ);
	if (code == STORE_OK) {
		code = query_run(&s, sql, stdout, args->format);
		store_close(&s);
	}
	if (code != STORE_OK)
		return term_error(store_exit_code(code), "%s", s.err);
	return TERM_EXIT_OK;
}

static int answer(const struct args *args)
{
	const struct query *q;
	char buf[128], *text;
	int exit_code;

	if (!args->word)
		return list_queries(args->format);
	if (!strcmp(args->word, "-")) {
		text = read_stdin();
		if (!text)
			return term_error(TERM_EXIT_USAGE, "there is no SQL on stdin");
		exit_code = run(args, text);
		free(text);
		return exit_code;
	}
	if (!is_name(args->word))
		return run(args, args->word);
	q = query_find(args->word);
	if (!q)
		return term_error(TERM_EXIT_USAGE,
				  "no query is called %s%s; list them with: kicksim query",
				  args->word, query_did_you_mean(args->word, buf));
	return run(args, q->sql);
}

int cmd_query(int argc, char **argv)
{
	struct args args = { .format = TABLE_ALIGNED };
	int exit_code;

	if (cmd_parse(&argp, "kicksim query", argc, argv, &args))
		return TERM_EXIT_USAGE;
	exit_code = answer(&args);
	if (!term_flushed(stdout))
		return term_error(TERM_EXIT_SYSTEM,
				  "stdout: the answer could not be written; is the disk full?");
	return exit_code;
}
