// SPDX-License-Identifier: GPL-2.0-only
/* Making a claim: running the command, and keeping what lasts of its answer. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../results/term.h"
#include "claim.h"
#include "cmd.h"
#include "config.h"

/* Options that say what is run, and how much of it. */
static const char *const options[] = {
	"kernel", "arch", "model", "variant", "kcsan", "runs", "seed", "memory", "no-reduction",
	"sb-length", "stale-reads", NULL
};

static bool is_option(const char *word)
{
	const char *name = word + 2;
	size_t n = strcspn(name, "=");

	if (strncmp(word, "--", 2))
		return false;
	for (const char *const *o = options; *o; o++)
		if (strlen(*o) == n && !strncmp(*o, name, n))
			return true;
	for (unsigned int i = 0; i < nr_config_fields; i++)
		if (strlen(config_fields[i].name) == n && !strncmp(config_fields[i].name, name, n))
			return true;
	return false;
}

static bool is_plain(const char *word)
{
	for (const char *p = word; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("-_+.:,=", *p))
			return false;
	return *word && strlen(word) < 128;
}

int claim_word(struct claim *c, const char *word)
{
	if (!is_plain(word) || c->nr_words == CLAIM_WORDS)
		return term_error(TERM_EXIT_USAGE, "claim: '%s': at most %d words of letters, "
				  "digits and -_+.:,=", word, CLAIM_WORDS);
	if (!c->nr_words && strcmp(word, "diff") && strcmp(word, "prove"))
		return term_error(TERM_EXIT_USAGE, "claim: '%s': what diff and prove answer can "
				  "be claimed", word);
	if (*word == '-' && !is_option(word))
		return term_error(TERM_EXIT_USAGE, "claim: '%s': only options that say what is "
				  "run, in full, such as --kernel", word);
	c->word[c->nr_words] = strdup(word);
	if (!c->word[c->nr_words])
		return term_error(TERM_EXIT_SYSTEM, "no memory for a claim");
	c->nr_words++;
	return 0;
}

static void say(char *lines, const char *line, int n)
{
	size_t at = strlen(lines);

	snprintf(lines + at, CLAIM_TEXT - at, "%.*s\n", n, line);
}

/* Leaves out times, and what is only of use beside this machine's database. */
static void keep_line(struct claim *c, const char *line, unsigned int *nr_hold, bool *skip)
{
	const char *choices = strstr(line, " choices, ");

	if (!strncmp(line, "first difference:", 17))
		*skip = true;
	else if (*skip && isdigit((unsigned char)*line))
		*skip = false;
	if (strstr(line, " holds: exhausted")) {
		++*nr_hold;
		return;
	}
	if (*skip || !*line || !strncmp(line, "  replay: ", 10) ||
	    !strncmp(line, "  reduction: ", 13))
		return;
	if (strstr(line, " states, ") && choices) {
		char hold[64];

		snprintf(hold, sizeof(hold), "  %u other rules hold: exhausted", *nr_hold);
		say(c->said, hold, (int)strlen(hold));
		say(c->said, line, (int)(choices + 8 - line));
		return;
	}
	say(c->said, line, (int)strlen(line));
}

static void listen_to(struct claim *c, FILE *answer)
{
	unsigned int nr_hold = 0;
	bool skip = false;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, answer)) > 0) {
		line[n - 1] = line[n - 1] == '\n' ? '\0' : line[n - 1];
		keep_line(c, line, &nr_hold, &skip);
	}
	free(line);
}

/* In a process of its own: commands set up one world, and may end. */
static int answer(struct claim *c, int out, const char *db)
{
	unsigned int n = c->nr_words;

	if (dup2(out, STDOUT_FILENO) < 0)
		return TERM_EXIT_SYSTEM;
	c->word[n++] = (char *)(uintptr_t)"--ascii";
	if (!strcmp(c->word[0], "diff"))
		return cmd_diff((int)n, c->word);
	/* More processes make other numbers of states. */
	c->word[n++] = (char *)(uintptr_t)"--jobs=1";
	c->word[n++] = (char *)(uintptr_t)db;
	return cmd_prove((int)n, c->word);
}

static int ask(struct claim *c, const char *db)
{
	int fds[2], status;
	FILE *in;
	pid_t pid;

	if (pipe(fds) || !(in = fdopen(fds[0], "r")))
		return term_error(TERM_EXIT_SYSTEM, "claim: pipe: %s", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return term_error(TERM_EXIT_SYSTEM, "claim: fork: %s", strerror(errno));
	if (!pid)
		exit(answer(c, fds[1], db));
	close(fds[1]);
	listen_to(c, in);
	fclose(in);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return term_error(TERM_EXIT_SYSTEM, "claim: wait: %s", strerror(errno));
	if (!WIFEXITED(status))
		return term_error(TERM_EXIT_SYSTEM, "claim: %s ended by signal %d", c->word[0],
				  WTERMSIG(status));
	if (WEXITSTATUS(status) <= TERM_EXIT_FINDING)
		return 0;
	return term_error(WEXITSTATUS(status), "claim: %s ended with exit code %d: there is no "
			  "answer to claim", c->word[0], WEXITSTATUS(status));
}

/* The value of option @i, which may be part of the word or the next one. */
static const char *option_value(const struct claim *c, unsigned int i, const char *name)
{
	size_t n = strlen(name);

	if (strncmp(c->word[i], name, n))
		return NULL;
	if (c->word[i][n] == '=')
		return c->word[i] + n + 1;
	return !c->word[i][n] && i + 1 < c->nr_words ? c->word[i + 1] : NULL;
}

static int name_form(struct claim *c, const struct config *config, const char *kernel)
{
	const struct form *f = form_load(kernel, config->arch, config->variant);
	char line[128];
	int n;

	if (!f)
		return TERM_EXIT_SYSTEM;
	n = snprintf(line, sizeof(line), "form %s %s", f->id, f->hash);
	say(c->forms, line, n);
	return 0;
}

static int name_forms(struct claim *c)
{
	struct config config;
	unsigned int nr = 0;
	int ret = 0;

	config_init(&config);
	for (unsigned int i = 0; i < c->nr_words; i++) {
		const char *arch = option_value(c, i, "--arch");
		const char *variant = option_value(c, i, "--variant");

		if ((arch && config_set_word(&config, "arch", arch)) ||
		    (variant && config_set_word(&config, "variant", variant)))
			return TERM_EXIT_USAGE;
	}
	for (unsigned int i = 0; i < c->nr_words && !ret; i++) {
		const char *kernel = option_value(c, i, "--kernel");

		if (kernel)
			ret = name_form(c, &config, kernel);
		nr += kernel != NULL;
	}
	return nr || ret ? ret : name_form(c, &config, config.kernel);
}

int claim_run(struct claim *c)
{
	char dir[] = "/tmp/kicksim-claim-XXXXXX", db[64], path[64];
	int ret;

	if (!mkdtemp(dir))
		return term_error(TERM_EXIT_SYSTEM, "claim: %s: %s", dir, strerror(errno));
	snprintf(db, sizeof(db), "--db=%s/db", dir);
	ret = ask(c, db);
	for (unsigned int i = 0; i < 3; i++) {
		static const char *const ends[] = { "", "-wal", "-shm" };

		snprintf(path, sizeof(path), "%s/db%s", dir, ends[i]);
		unlink(path);
	}
	rmdir(dir);
	return ret ? ret : name_forms(c);
}
