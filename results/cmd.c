// SPDX-License-Identifier: GPL-2.0-only
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "manual.h"
#include "term.h"

enum {
	KEY_COLOR = 0x2000,	/* far from the keys of the commands */
	KEY_ASCII,
	KEY_USAGE,
};

enum { KNOWN_MAX = 96 };	/* options of one command */

static const struct argp_option options[] = {
	{ "color", KEY_COLOR, "WHEN", 0, "auto, always or never", 100 },
	{ "ascii", KEY_ASCII, NULL, 0, "No signs beyond ASCII", 100 },
	{ "help", 'h', NULL, 0, "Show this help", 101 },
	{ "usage", KEY_USAGE, NULL, OPTION_HIDDEN, NULL, 101 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'h':
		state->flags &= ~(unsigned int)ARGP_NO_ERRS;
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;
	case KEY_USAGE:
		state->flags &= ~(unsigned int)ARGP_NO_ERRS;
		argp_state_help(state, stdout, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
		return 0;
	case KEY_COLOR:
		if (!term_set_color(arg))
			cmd_error(state, "--color is auto, always or never, not %s", arg);
		return 0;
	case KEY_ASCII:
		term_set_ascii(true);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp cmd_common = { options, parse, NULL, NULL, NULL, NULL, NULL };

static _Noreturn void die(const char *name, const char *fmt, va_list args)
{
	char text[512];

	vsnprintf(text, sizeof(text), fmt, args);
	term_error(TERM_EXIT_USAGE, "%s (%s --help)", text, name);
	exit(argp_err_exit_status);
}

void cmd_error(const struct argp_state *state, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	die(state->name, fmt, args);
}

static _Noreturn __attribute__((format(printf, 2, 3))) void wrong(const char *name,
								  const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	die(name, fmt, args);
}

/* The options of a command, for a word that argp refused. */
struct known {
	const struct argp_option *option[KNOWN_MAX];
	const char *spelled[KNOWN_MAX + 1];	/* ended by NULL */
	unsigned int nr;
};

static void note(const struct argp_option *o, const char *header, void *arg)
{
	struct known *k = arg;

	if (header)
		return;
	assert(k->nr < KNOWN_MAX);
	k->spelled[k->nr] = o->name;
	k->option[k->nr++] = o;
}

/* @word: after its "--".  As getopt_long() has it, a beginning that fits one is enough. */
static const struct argp_option *long_option(const struct known *k, const char *name,
					     const char *word)
{
	size_t length = strcspn(word, "=");
	const struct argp_option *o = NULL, *other = NULL;
	char buf[128];

	for (unsigned int i = 0; i < k->nr; i++) {
		if (strncmp(k->spelled[i], word, length))
			continue;
		other = o;
		o = k->option[i];
		if (!o->name[length]) {
			other = NULL;
			break;
		}
	}
	if (other)
		wrong(name, "'--%.*s': --%s or --%s", (int)length, word, other->name, o->name);
	if (!o)
		wrong(name, "no option '--%.*s'%s", (int)length, word,
		      term_did_you_mean(buf, word, k->spelled));
	if (!o->arg && word[length])
		wrong(name, "--%s takes no value", o->name);
	return o;
}

/* The option of a word like -vt5s that takes the rest of it, or what follows; or NULL. */
static const struct argp_option *short_options(const struct known *k, const char *name,
					       const char *word)
{
	for (const char *c = word + 1; *c; c++) {
		unsigned int i = 0;

		while (i < k->nr && k->option[i]->key != *c)
			i++;
		if (i == k->nr)
			wrong(name, "no option '-%c'", *c);
		if (k->option[i]->arg)
			return c[1] ? NULL : k->option[i];
	}
	return NULL;
}

/* argp knows that a word is wrong, but says so in lines of its own. */
static _Noreturn void say_what_is_wrong(const struct argp *argp, const char *name, char **argv)
{
	struct known known = { .nr = 0 };

	manual_options(argp, note, &known);
	for (; *++argv && strcmp(*argv, "--");) {
		const struct argp_option *o = NULL;

		if (!strncmp(*argv, "--", 2))
			o = long_option(&known, name, *argv + 2);
		else if (**argv == '-')
			o = short_options(&known, name, *argv);
		if (!o || !o->arg || strchr(*argv, '='))
			continue;
		if (!argv[1] && !(o->flags & OPTION_ARG_OPTIONAL))
			wrong(name, "--%s wants %s", o->name, o->arg);
		argv += !(o->flags & OPTION_ARG_OPTIONAL);
	}
	wrong(name, "wrong words");
}

int cmd_parse(const struct argp *argp, const char *name, int argc, char **argv,
	      void *input)
{
	char **words;
	int i, err;

	assert(argc > 0);
	if (manual_take(argp, name))
		return EINVAL;
	/* argp calls the command by argv[0] in all that it says. */
	words = calloc(argc + 1, sizeof(*words));
	assert(words);
	words[0] = (char *)name;
	for (i = 1; i < argc; i++)
		words[i] = argv[i];
	argp_err_exit_status = TERM_EXIT_USAGE;
	err = argp_parse(argp, argc, words, ARGP_IN_ORDER | ARGP_NO_HELP | ARGP_NO_ERRS,
			 NULL, input);
	if (err == EINVAL)
		say_what_is_wrong(argp, name, words);
	free(words);
	return err;
}
