// SPDX-License-Identifier: GPL-2.0-only
/* Headers of patches. */
#include <stdio.h>
#include <string.h>
#include "../results/term.h"
#include "variant.h"

static void take_line(struct variant *v, const char *line, size_t n)
{
	const struct { const char *key; char *to; size_t size; } lines[] = {
		{ "Variant: ", v->name, sizeof(v->name) },
		{ "Oracle: ", v->oracle, sizeof(v->oracle) },
		{ "Scenario: ", v->scenario, sizeof(v->scenario) },
		{ "Base: ", v->base, sizeof(v->base) },
		{ "Arch: ", v->arch, sizeof(v->arch) },
		{ "Model: ", v->model, sizeof(v->model) },
		{ "Witness: ", v->witness, sizeof(v->witness) },
		{ "Mutant: ", v->mutant, sizeof(v->mutant) },
		{ "Fixes: ", v->fixes, sizeof(v->fixes) },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		size_t key = strlen(lines[i].key);

		if (n > key && !memcmp(line, lines[i].key, key))
			snprintf(lines[i].to, lines[i].size, "%.*s", (int)(n - key), line + key);
	}
}

void variant_parse(struct variant *v, const char *text)
{
	memset(v, 0, sizeof(*v));
	while (*text && strncmp(text, "---\n", 4)) {
		size_t n = strcspn(text, "\n");

		take_line(v, text, n);
		text += n + (text[n] == '\n');
	}
}

bool variant_read(struct variant *v, const char *path)
{
	char text[4096];
	FILE *in = fopen(path, "r");
	size_t n;

	if (!in)
		return false;
	n = fread(text, 1, sizeof(text) - 1, in);
	text[n] = '\0';
	fclose(in);
	variant_parse(v, text);
	return true;
}

/* "halt-wake --halts 0" */
static int set_scenario(const char *text, struct config *c)
{
	char words[128], *save = NULL, *word, *value;
	int ret;

	snprintf(words, sizeof(words), "%s", text);
	word = strtok_r(words, " ", &save);
	ret = config_set_word(c, "scenario", word ? word : "");
	while (!ret && (word = strtok_r(NULL, " ", &save))) {
		value = strtok_r(NULL, " ", &save);
		if (strncmp(word, "--", 2) || !value)
			return term_error(TERM_EXIT_USAGE, "Scenario: '%s': a name, then "
					  "--OPTION NUMBER", text);
		ret = config_set_number(c, word + 2, value);
	}
	return ret;
}

int variant_config(const struct variant *v, bool patched, struct config *c)
{
	int ret;

	config_init(c);
	ret = config_set_word(c, "kernel", v->base);
	if (!ret)
		ret = config_set_word(c, "arch", v->arch);
	if (!ret)
		ret = config_set_word(c, "model", v->model);
	if (!ret && patched)
		ret = config_set_word(c, "variant", v->name);
	if (!ret)
		ret = set_scenario(v->scenario, c);
	return ret ? ret : config_load(c);
}
