// SPDX-License-Identifier: GPL-2.0-only
/*
 * Completion for bash (and for zsh, by its bashcompinit): commands and options
 * from the tables, and for the values of options what kicksim itself lists.
 */
#include <string.h>

#include "manual.h"
#include "term.h"

/* What completes the value of an option: by its name, or by what it takes. */
static const struct {
	const char *option, *arg, *words;
} values[] = {
	{ "kernel", NULL, "$(kicksim list kernels | sed 's/-[^-]*$//' | sort -u)" },
	{ "kernels", NULL, "$(kicksim list kernels | sed 's/-[^-]*$//' | sort -u)" },
	{ "base", NULL, "$(kicksim list kernels | sed 's/-[^-]*$//' | sort -u)" },
	{ "arch", NULL, "$(kicksim list kernels | sed 's/.*-//' | sort -u)" },
	{ "variant", NULL, "$(kicksim list variants | cut -d' ' -f1)" },
	{ "model", NULL, "sc tso weak" },
	{ "kcsan", NULL, "default strict" },
	{ "color", NULL, "auto always never" },
	{ "as", NULL, "$(kicksim list formats | cut -d' ' -f1)" },
	{ NULL, "SEVERITY", "$(kicksim list severities)" },
	{ NULL, "FILE", "$(compgen -f -- \"$cur\")" },
	{ NULL, "DIR", "$(compgen -d -- \"$cur\")" },
};

/* What completes a command's words. */
static const struct {
	const char *part, *words;
} arguments[] = {
	{ "ID", "@last $(kicksim query 'SELECT id FROM v_findings' --csv 2>/dev/null)" },
	{ "SCENARIO", "$(kicksim list scenarios | cut -d' ' -f1)" },
	{ "FILE", "$(compgen -f -- \"$cur\")" },
	{ "DB", "$(compgen -f -- \"$cur\")" },
	{ "scenarios|", "scenarios kernels variants oracles models formats severities" },
	{ "check|", "check migrate" },
};

static void put_name(const struct argp_option *o, const char *header, void *arg)
{
	(void)arg;
	if (!header)
		printf(" --%s", o->name);
}

static void put_value(const struct argp_option *o, const char *header, void *arg)
{
	(void)arg;
	if (header || !o->arg)
		return;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (values[i].option ? strcmp(values[i].option, o->name) :
				       strcmp(values[i].arg, o->arg))
			continue;
		printf("\t\t--%s", o->name);
		if (o->key > ' ' && o->key < 127)
			printf("|-%c", o->key);
		printf(") words=\"%s\" ;;\n", values[i].words);
		return;
	}
}

/* One command: the values of its options, or else its options and words. */
static void put_command(const struct argp *argp, const char *name, void *arg)
{
	const char *words = argp->args_doc ? argp->args_doc : "";

	(void)arg;
	printf("\t%s)\n\t\tcase $prev in\n", strchr(name, ' ') + 1);
	manual_options(argp, put_value, NULL);
	printf("\t\t*) words=\"");
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++)
		if (strstr(words, arguments[i].part))
			printf("%s ", arguments[i].words);
	printf("\"\n\t\t\t[[ $cur == -* ]] && words=\"");
	manual_options(argp, put_name, NULL);
	printf("\" ;;\n\t\tesac ;;\n");
}

int manual_completion(const struct command *commands, int argc, char **argv)
{
	if (argc != 2 || strcmp(argv[1], "bash"))
		return term_error(TERM_EXIT_USAGE,
				  "which shell: 'kicksim completion bash' (zsh: bashcompinit first)");
	printf("# bash completion for kicksim: eval \"$(kicksim completion bash)\"\n"
	       "_kicksim()\n{\n"
	       "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words\n"
	       "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords=\"help man completion");
	for (const struct command *c = commands; c->name; c++)
		printf(" %s", c->name);
	printf("\"\n\telse case ${COMP_WORDS[1]} in\n");
	for (const struct command *c = commands; c->name; c++)
		manual_ask(c, put_command, NULL);
	printf("\tesac; fi\n"
	       "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
	       "complete -F _kicksim kicksim\n");
	return TERM_EXIT_OK;
}
