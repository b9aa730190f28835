// SPDX-License-Identifier: GPL-2.0-only
/* Pages in man(7), which man(1) and mandoc(1) format. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "manual.h"
#include "term.h"

static struct {
	void (*fn)(const struct argp *argp, const char *name, void *arg);
	void *arg;
} asked;

void manual_ask(const struct command *command,
		void (*fn)(const struct argp *argp, const char *name, void *arg), void *arg)
{
	char *argv[] = { (char *)command->name, NULL };

	asked.fn = fn;
	asked.arg = arg;
	command->run(1, argv);
	asked.fn = NULL;
}

bool manual_take(const struct argp *argp, const char *name)
{
	if (asked.fn)
		asked.fn(argp, name, asked.arg);
	return asked.fn != NULL;
}

static bool is_end(const struct argp_option *o)
{
	return !o->name && !o->key && !o->doc && !o->group;
}

void manual_options(const struct argp *argp,
		    void (*fn)(const struct argp_option *o, const char *header, void *arg),
		    void *arg)
{
	for (const struct argp_option *o = argp->options; o && !is_end(o); o++)
		if (o->name && !(o->flags & OPTION_HIDDEN))
			fn(o, NULL, arg);
	for (const struct argp_child *c = argp->children; c && c->argp; c++) {
		if (c->header && *c->header)
			fn(NULL, c->header, arg);
		manual_options(c->argp, fn, arg);
	}
}

/* Text as roff: no line is a request, and a hyphen is one that can be copied. */
static void put_text(const char *s, size_t length)
{
	bool at_start = true;

	for (; length--; s++) {
		if (at_start && (*s == '.' || *s == '\''))
			fputs("\\&", stdout);
		if (*s == '-')
			fputs("\\-", stdout);
		else if (*s == '\\')
			fputs("\\e", stdout);
		else
			putchar(*s);
		at_start = *s == '\n';
	}
}

static void put_line(const char *s)
{
	put_text(s, strlen(s));
	putchar('\n');
}

static void put_option(const struct argp_option *o, const char *header, void *arg)
{
	(void)arg;
	if (header) {
		printf(".SS \"%s\"\n", header);
		return;
	}
	printf(".TP\n");
	if (o->key > ' ' && o->key < 127)
		printf("\\fB\\-%c\\fR, ", o->key);
	printf("\\fB\\-\\-");
	put_text(o->name, strlen(o->name));
	printf("\\fR");
	if (o->arg)
		printf("=\\fI%s\\fR", o->arg);
	putchar('\n');
	put_line(o->doc ? o->doc : "");
}

/* "kicksim db" is the page kicksim-db. */
static void put_title(const char *name, const char *what)
{
	char page[64], upper[64];
	size_t i;

	snprintf(page, sizeof(page), "%s", name);
	for (i = 0; page[i]; i++) {
		if (page[i] == ' ')
			page[i] = '-';
		upper[i] = page[i] >= 'a' && page[i] <= 'z' ? (char)(page[i] - 'a' + 'A') : page[i];
	}
	upper[i] = '\0';
	printf(".TH %s 1 2026-11-23 kicksim \"User Commands\"\n.SH NAME\n", upper);
	put_text(page, strlen(page));
	printf(" \\- ");
	put_line(what);
}

static void put_exit_codes(void)
{
	static const char *const codes[][2] = {
		{ "0", "as expected" },
		{ "1", "a finding at or above --fail-on; replay and show: it reproduced" },
		{ "2", "usage, or bad input" },
		{ "3", "diverged, not deterministic, or a canary missed" },
		{ "4", "database, disk, or a missing form" },
		{ "130", "interrupted; what was found is kept" },
	};

	printf(".SH \"EXIT STATUS\"\n");
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		printf(".TP\n%s\n", codes[i][0]);
		put_line(codes[i][1]);
	}
}

static void put_examples(const char *text)
{
	while (*text == '\n' || !strncmp(text, "Examples:\n", 10))
		text += *text == '\n' ? 1 : 10;
	printf(".SH EXAMPLES\n.nf\n");
	put_text(text, strlen(text));
	printf("%s.fi\n", *text && text[strlen(text) - 1] == '\n' ? "" : "\n");
}

/* @arg: what the table of commands says of it. */
static void put_page(const struct argp *argp, const char *name, void *arg)
{
	const char *doc = argp->doc ? argp->doc : "", *rest = strchr(doc, '\v');
	const char *examples = rest ? strstr(rest, "Examples:\n") : NULL;

	put_title(name, arg);
	printf(".SH SYNOPSIS\n.B %s\n", name);
	printf("[\\fIOPTION\\fR...] ");
	put_line(argp->args_doc ? argp->args_doc : "");
	printf(".SH DESCRIPTION\n");
	put_text(doc, rest ? (size_t)(rest - doc) : strlen(doc));
	putchar('\n');
	if (examples && examples > rest + 1) {
		printf(".PP\n");
		put_text(rest + 1, (size_t)(examples - rest) - 2);
		putchar('\n');
	}
	printf(".SH OPTIONS\n");
	manual_options(argp, put_option, NULL);
	put_exit_codes();
	if (rest)
		put_examples(examples ? examples : rest + 1);
	printf(".SH \"SEE ALSO\"\n.BR kicksim (1)\n");
}

static void put_front_page(const struct command *commands)
{
	put_title("kicksim", "simulate and fuzz the way KVM kicks vCPUs");
	printf(".SH SYNOPSIS\n.B kicksim\n\\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIWORD\\fR...]\n"
	       ".SH COMMANDS\n");
	for (; commands->name; commands++) {
		printf(".TP\n.BR kicksim\\-%s (1)\n", commands->name);
		put_line(commands->help);
	}
	printf(".SH ENVIRONMENT\n"
	       ".TP\n.B KICKSIM_DB\nthe results database, if \\-\\-db names none\n"
	       ".TP\n.B KICKSIM_FORMS\nwhere compiled kernel forms are\n"
	       ".TP\n.BR NO_COLOR ,\\  CLICOLOR_FORCE\nno colour; colour into files too\n");
	put_exit_codes();
}

int manual_man(const struct command *commands, int argc, char **argv)
{
	const struct command *c = commands;

	if (argc > 2)
		return term_error(TERM_EXIT_USAGE, "one command, not '%s' too", argv[2]);
	if (argc < 2) {
		put_front_page(commands);
		return TERM_EXIT_OK;
	}
	while (c->name && strcmp(c->name, argv[1]))
		c++;
	if (!c->name)
		return term_error(TERM_EXIT_USAGE, "no command '%s': see 'kicksim help'", argv[1]);
	manual_ask(c, put_page, (void *)c->help);
	return TERM_EXIT_OK;
}
