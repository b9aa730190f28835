// SPDX-License-Identifier: GPL-2.0-only
/* A claim as a block of text, written and read. */
#include <stdlib.h>
#include <string.h>
#include "../results/term.h"
#include "claim.h"

#define BEGIN	"-- 8< -- kicksim"
#define END	"-- >8 --"
#define COMMAND	"$ kicksim"

enum { WIDTH = 72 };

void claim_print(const struct claim *c, const char *by, FILE *out)
{
	int column = fprintf(out, BEGIN "\n" COMMAND) - (int)strlen(BEGIN "\n");

	for (unsigned int i = 0; i < c->nr_words; i++) {
		if (column + 1 + (int)strlen(c->word[i]) > WIDTH - 2)
			column = fprintf(out, " \\\n     ") - 3;
		column += fprintf(out, " %s", c->word[i]);
	}
	fprintf(out, "\n%s%s", c->said, c->forms);
	if (!strcmp(c->word[0], "diff"))
		fprintf(out, "sampling is not proof: what was not found is not excluded\n");
	fprintf(out, "whether it is so here, too: kicksim claim --verify THIS-MAIL\n");
	if (by)
		fprintf(out, "Tested-by: %s\n", by);
	fprintf(out, END "\n");
}

/* The words of the command's line; *@more: it goes on in the next one. */
static int read_words(struct claim *c, char *line, bool *more)
{
	char *save = NULL;
	int ret = 0;

	*more = false;
	for (char *w = strtok_r(line, " \t", &save); w && !ret; w = strtok_r(NULL, " \t", &save)) {
		*more = !strcmp(w, "\\");
		if (!*more)
			ret = claim_word(c, w);
	}
	return ret;
}

/* A line without what mail programs put around it; NULL: it is not of the block. */
static char *unquote(char *line, const char *quote, size_t nr_quote)
{
	size_t n = strcspn(line, "\r\n");

	while (n && (line[n - 1] == ' ' || line[n - 1] == '\t'))
		n--;
	line[n] = '\0';
	/* What quotes an empty line has no blank behind it. */
	if (n < nr_quote)
		return strncmp(line, quote, n) ? NULL : line + n;
	return strncmp(line, quote, nr_quote) ? NULL : line + nr_quote;
}

static void read_line(struct claim *c, const char *line)
{
	char *to = strncmp(line, "form ", 5) ? c->said : c->forms;
	size_t at = strlen(to);

	if (*line && strncmp(line, "Tested-by: ", 11) && strncmp(line, "sampling is ", 12) &&
	    strncmp(line, "whether it is so", 16))
		snprintf(to + at, CLAIM_TEXT - at, "%s\n", line);
}

int claim_read(struct claim *c, FILE *in, const char *path)
{
	char *line = NULL, *begin, *quote = NULL, *text;
	bool more = false, ended = false;
	size_t size = 0, nr_quote = 0;
	unsigned int nr = 0;
	int ret = 0;

	while (!ret && !ended && getline(&line, &size, in) > 0) {
		nr++;
		if (!quote) {
			begin = strstr(line, BEGIN);
			if (!begin)
				continue;
			nr_quote = (size_t)(begin - line);
			quote = strndup(line, nr_quote);
			continue;
		}
		text = unquote(line, quote, nr_quote);
		if (!text)
			ret = term_error(TERM_EXIT_USAGE, "%s:%u: a line of the claim is quoted "
					 "otherwise than its first", path, nr);
		else if (!strcmp(text, END))
			ended = true;
		else if (more || (!c->nr_words && !strncmp(text, COMMAND, strlen(COMMAND))))
			ret = read_words(c, more ? text : text + strlen(COMMAND), &more);
		else if (c->nr_words)
			read_line(c, text);
		else
			ret = term_error(TERM_EXIT_USAGE, "%s:%u: the claim begins with no '"
					 COMMAND "' command", path, nr);
	}
	free(line);
	free(quote);
	if (!ret && (!ended || !c->nr_words))
		ret = term_error(TERM_EXIT_USAGE, "%s: no whole claim: it goes from '" BEGIN
				 "' to '" END "'", path);
	return ret;
}

void claim_free(struct claim *c)
{
	for (unsigned int i = 0; i < c->nr_words; i++)
		free(c->word[i]);
	c->nr_words = 0;
}
