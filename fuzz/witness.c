// SPDX-License-Identifier: GPL-2.0-only
/* Witnesses from databases, files and strings. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../results/store.h"
#include "../results/term.h"
#include "harness.h"
#include "named.h"
#include "witness.h"

enum { MAX_FILE = 1 << 20 };

static int parse_config(struct witness *w, const char *json, const char *where)
{
	if (config_parse_json(&w->config, json, where))
		return TERM_EXIT_USAGE;
	return config_load(&w->config);
}

static int parse_schedule(struct witness *w, const char *text, const char *where)
{
	const char *error, *expected;

	if (!schedule_parse(&w->schedule, text, &error, &expected))
		return 0;
	return term_error(TERM_EXIT_USAGE, "%s: schedule, character %td ('%.12s'): %s is expected",
			  where, error - text + 1, error, expected);
}

static int parse_expect(struct witness *w, const char *text, const char *where)
{
	char *end;

	w->hash = strtoull(text, &end, 16);
	if (end != text + 16 || (*end && *end != ' '))
		return term_error(TERM_EXIT_USAGE,
				  "%s: 'expect' needs a trace hash of 16 hex digits", where);
	w->has_hash = true;
	snprintf(w->expect, sizeof(w->expect), "%s", *end ? end + 1 : "");
	return 0;
}

static int parse_line(struct witness *w, char *line, const char *where, unsigned int *seen)
{
	if (*line == '#' && !*w->note)
		snprintf(w->note, sizeof(w->note), "%s", line + 1 + strspn(line + 1, " "));
	if (*line == '#' || !*line)
		return 0;
	if (!strncmp(line, "config ", 7)) {
		*seen |= 1;
		return parse_config(w, line + 7, where);
	}
	if (!strncmp(line, "schedule ", 9)) {
		*seen |= 2;
		return parse_schedule(w, line + 9, where);
	}
	if (!strncmp(line, "expect ", 7))
		return parse_expect(w, line + 7, where);
	return term_error(TERM_EXIT_USAGE,
			  "%s: '%.20s': a line starts with #, config, schedule or expect", where,
			  line);
}

int witness_parse(struct witness *w, char *text, const char *where)
{
	char *save = NULL, place[512];
	unsigned int seen = 0, nr = 0;
	int ret;

	memset(w, 0, sizeof(*w));
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		snprintf(place, sizeof(place), "%s:%u", where, ++nr);
		ret = parse_line(w, line, place, &seen);
		if (ret)
			return ret;
	}
	if (seen != 3)
		return term_error(TERM_EXIT_USAGE, "%s: no '%s' line: not a whole schedule file",
				  where, seen & 1 ? "schedule" : "config");
	return 0;
}

/* A fuzzer's input is bytes, and some of them are no letters; a schedule's file begins so. */
static bool is_text(const char *data, size_t n)
{
	if (*data == '#' || !strncmp(data, "config ", 7) || !strncmp(data, "schedule ", 9))
		return true;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)data[i] < ' ' ? !isspace((unsigned char)data[i]) :
		    data[i] == 127)
			return false;
	return true;
}

static int load_bytes(struct witness *w, const char *path, const char *data, size_t n)
{
	memset(w, 0, sizeof(*w));
	snprintf(w->note, sizeof(w->note), "input of a fuzzer, %zu bytes: %s", n, path);
	return harness_decode((const uint8_t *)data, n, &w->config, &w->schedule);
}

static int load_file(struct witness *w, const char *path, FILE *in)
{
	char *text = malloc(MAX_FILE + 1);
	size_t n = text ? fread(text, 1, MAX_FILE, in) : 0;
	int ret;

	if (!text || ferror(in)) {
		free(text);
		return term_error(TERM_EXIT_SYSTEM, "%s: %s", path, strerror(errno));
	}
	text[n] = '\0';
	if (n <= BYTES_MAX && !is_text(text, n))
		ret = load_bytes(w, path, text, n);
	else if (strlen(text) != n || n == MAX_FILE)
		ret = term_error(TERM_EXIT_USAGE, "%s: not a schedule file", path);
	else
		ret = witness_parse(w, text, path);
	free(text);
	return ret;
}

static int load_string(struct witness *w, const char *word)
{
	const char *end = strchr(word, '}');
	char json[1024];
	int ret;

	memset(w, 0, sizeof(*w));
	if (!end || end - word > 1000)
		return term_error(TERM_EXIT_USAGE, "'%.20s': no '}' ends the configuration", word);
	snprintf(json, sizeof(json), "%.*s", (int)(end + 1 - word), word);
	ret = parse_config(w, json, "configuration");
	return ret ? ret : parse_schedule(w, end + 1, "string");
}

static int load_finding(struct witness *w, const char *word, const char *db)
{
	struct store store;
	struct store_entry e;
	char key[STORE_KEY_SIZE];
	int ret = store_open(&store, store_path(db), STORE_READ);

	memset(w, 0, sizeof(*w));
	if (ret)
		return term_error(store_exit_code(ret), "%s", store.err);
	ret = store_find(&store, word, key);
	if (!ret)
		ret = store_load(&store, key, &e);
	if (ret) {
		ret = term_error(ret == STORE_UNKNOWN ? TERM_EXIT_USAGE : store_exit_code(ret),
				 "%s", store.err);
		store_close(&store);
		return ret;
	}
	snprintf(w->id, sizeof(w->id), "%s", e.id);
	snprintf(w->note, sizeof(w->note), "%s", e.f.title);
	snprintf(w->expect, sizeof(w->expect), "%s %s %s %s %s%s%s", e.f.oracle, e.f.kernel,
		 e.f.arch, e.f.model, *e.f.variant ? e.f.variant : "-", *e.f.places ? " " : "",
		 e.f.places);
	w->hash = strtoull(e.f.schedule.trace_hash, NULL, 16);
	w->has_hash = true;
	w->names = strdup(e.f.schedule.named);
	ret = parse_config(w, e.f.schedule.config, store.path);
	if (!ret)
		ret = parse_schedule(w, e.f.schedule.line, store.path);
	store_entry_free(&e);
	store_close(&store);
	return ret;
}

static bool looks_like_id(const char *word)
{
	if (*word == '@')
		return true;
	word += *word == 'k';
	return *word && !word[strspn(word, "0123456789abcdef")] && strlen(word) <= 32;
}

int witness_load(struct witness *w, const char *word, const char *db)
{
	FILE *in;
	int ret;

	if (*word == '{')
		return load_string(w, word);
	if (!strcmp(word, "-"))
		return load_file(w, "stdin", stdin);
	in = fopen(word, "r");
	if (!in && looks_like_id(word))
		return load_finding(w, word, db);
	if (!in)
		return term_error(TERM_EXIT_USAGE,
				  "'%s': no finding's id, no schedule string, and as a file: %s",
				  word, strerror(errno));
	ret = load_file(w, word, in);
	fclose(in);
	return ret;
}

/* Its answers by name: as the database has them, or found by a replay. */
static bool name_answers(struct witness *w, struct named *n)
{
	if (named_of_schedule(n, &w->schedule, w->config.form))
		return true;
	return w->names && !named_parse(n, w->names) && n->nr;
}

int witness_refit(struct witness *w, const char *kernel)
{
	static struct named_chooser chooser;
	static struct named names;
	struct run_result result;
	int ret;

	run_prepare(&w->config);
	if (!name_answers(w, &names))
		return term_error(TERM_EXIT_DIVERGED,
				  "the schedule does not fit, and has no names to fit it by");
	if (kernel) {
		ret = config_set_word(&w->config, "kernel", kernel);
		if (!ret)
			ret = config_load(&w->config);
		if (!ret)
			ret = run_confine();
		if (ret)
			return ret;
		run_prepare(&w->config);
	}
	named_chooser_init(&chooser, &names, w->config.form);
	run_once(&chooser.chooser, NULL, &result);
	w->skipped = named_skipped(&chooser);
	w->has_hash = false;
	*w->id = '\0';
	if (!schedule_of_run(&w->schedule))
		return term_error(TERM_EXIT_DIVERGED, "more than %d answers", SCHEDULE_MAX);
	return 0;
}

void witness_free(struct witness *w)
{
	free(w->names);
	w->names = NULL;
}

void witness_write(const struct witness *w, FILE *out)
{
	char text[SCHEDULE_TEXT], json[1024];

	config_print_json(&w->config, json, sizeof(json));
	schedule_print(&w->schedule, text, sizeof(text));
	fprintf(out, "# %s\nconfig %s\nschedule %s\n", w->note, json, text);
	if (w->has_hash)
		fprintf(out, "expect %016llx%s%s\n", (unsigned long long)w->hash,
			*w->expect ? " " : "", w->expect);
}
