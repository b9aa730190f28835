// SPDX-License-Identifier: GPL-2.0-only
/* kicksim claim: an answer for an e-mail, and whether somebody's holds here. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "claim.h"
#include "cmd.h"

struct claim_options {
	const char *verify, *by;
	struct claim *claim;
};

static const struct argp_option options[] = {
	{ "by", 'b', "NAME", 0, "who has tested it: 'A B <a@b.org>' (default: git's user)", 0 },
	{ "verify", 'v', "FILE", 0, "run the claim in a mail again and compare; - is stdin", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct claim_options *o = state->input;

	switch (key) {
	case 'b':
		o->by = arg;
		return 0;
	case 'v':
		o->verify = arg;
		return 0;
	case ARGP_KEY_ARGS:
		if (o->verify)
			cmd_error(state, "--verify takes its command from the mail");
		for (int i = state->next; i < state->argc; i++)
			if (claim_word(o->claim, state->argv[i]))
				exit(TERM_EXIT_USAGE);
		return 0;
	case ARGP_KEY_NO_ARGS:
		if (!o->verify)
			cmd_error(state, "no command: diff or prove, with its words");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char *git_user(char *buf, size_t size)
{
	FILE *git = popen("echo \"$(git config user.name) <$(git config user.email)>\" "
			  "2>/dev/null", "r");
	bool read = git && fgets(buf, (int)size, git);

	if (git)
		pclose(git);
	buf[read ? strcspn(buf, "\n") : 0] = '\0';
	return strstr(buf, " <>") || *buf == ' ' || !*buf ? NULL : buf;
}

/* Prints the first line in which the answers differ. */
static void print_difference(const char *claimed, const char *here)
{
	size_t n = strcspn(claimed, "\n"), m = strcspn(here, "\n");

	while (n == m && n && !strncmp(claimed, here, n)) {
		claimed += n + (claimed[n] == '\n');
		here += m + (here[m] == '\n');
		n = strcspn(claimed, "\n");
		m = strcspn(here, "\n");
	}
	printf("claimed %.*s\nhere    %.*s\n", n ? (int)n : 9, n ? claimed : "(nothing)",
	       m ? (int)m : 9, m ? here : "(nothing)");
}

static int verify(struct claim *claimed, const char *path)
{
	static struct claim here;
	FILE *in = strcmp(path, "-") ? fopen(path, "r") : stdin;
	int ret;

	if (!in)
		return term_error(TERM_EXIT_USAGE, "%s: %s", path, strerror(errno));
	ret = claim_read(claimed, in, strcmp(path, "-") ? path : "stdin");
	if (in != stdin)
		fclose(in);
	for (unsigned int i = 0; i < claimed->nr_words && !ret; i++)
		ret = claim_word(&here, claimed->word[i]);
	if (!ret)
		ret = claim_run(&here);
	if (ret)
		return ret;
	if (strcmp(claimed->forms, here.forms))
		print_difference(claimed->forms, here.forms);
	if (strcmp(claimed->said, here.said)) {
		print_difference(claimed->said, here.said);
		printf("DIFFERENT\n");
		ret = TERM_EXIT_FINDING;
	} else {
		printf("MATCH%s\n", strcmp(claimed->forms, here.forms) ?
		       ": the same answers, of other objects" : "");
	}
	claim_free(&here);
	return ret;
}

int cmd_claim(int argc, char **argv)
{
	static struct claim claim;
	struct claim_options o = { .claim = &claim };
	struct argp_child children[] = { { &cmd_common, 0, NULL, 2 }, { 0 } };
	struct argp argp = {
		options, parse, "diff|prove WORD...\n--verify FILE",
		"Say what a command found out, in a block of text for an e-mail that others can "
		"have run again.\v"
		"Exit codes: --verify says 0 for MATCH and 1 for DIFFERENT.\n\n"
		"Examples:\n"
		"  kicksim claim diff two-senders --kernel v6.1 --kernel mine --runs 20000\n"
		"  kicksim claim --by 'A B <a@b.org>' prove request-and-kick >>cover-letter.txt\n"
		"  kicksim claim --verify mail.txt\n",
		children, NULL, NULL
	};
	char by[256];
	int ret;

	if (cmd_parse(&argp, "kicksim claim", argc, argv, &o))
		return TERM_EXIT_USAGE;
	if (o.verify) {
		ret = verify(&claim, o.verify);
	} else {
		ret = claim_run(&claim);
		if (!ret)
			claim_print(&claim, o.by ? o.by : git_user(by, sizeof(by)), stdout);
	}
	claim_free(&claim);
	if (!ret && !term_flushed(stdout))
		return term_error(TERM_EXIT_SYSTEM, "cannot write all of the output");
	return ret;
}
