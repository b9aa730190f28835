// SPDX-License-Identifier: GPL-2.0-only
/* Running programs and hearing them out. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../results/term.h"
#include "proc.h"

enum { NO_PROGRAM = 127 };

static void child(const char *const argv[], const char *dir, int out)
{
	int null = open("/dev/null", O_RDONLY);

	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 ||
	    (dir && chdir(dir)) || setenv("LC_ALL", "C", 1))
		_exit(NO_PROGRAM - 1);
	execvp(argv[0], (char *const *)argv);
	_exit(errno == ENOENT ? NO_PROGRAM : NO_PROGRAM - 1);
}

static void listen_to(int fd, struct text *said)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			text_add(said, buf, (size_t)n);
}

int proc_run(const char *const argv[], const char *dir, struct text *said)
{
	int fds[2], status = 0;
	pid_t pid;

	text_add(said, "", 0);
	if (pipe(fds))
		return term_error(-1, "pipe: %s", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return term_error(-1, "fork: %s", strerror(errno));
	if (!pid) {
		close(fds[0]);
		child(argv, dir, fds[1]);
	}
	close(fds[1]);
	listen_to(fds[0], said);
	close(fds[0]);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return term_error(-1, "%s: %s", argv[0], strerror(errno));
	if (!WIFEXITED(status))
		return term_error(-1, "%s ended by signal %d", argv[0], WTERMSIG(status));
	if (WEXITSTATUS(status) == NO_PROGRAM)
		term_error(TERM_EXIT_SYSTEM, "no program '%s': './setup' installs it", argv[0]);
	return WEXITSTATUS(status);
}

void words_add(struct words *words, const char *fmt, ...)
{
	va_list ap;
	int n;

	assert(words->n < WORDS_MAX);
	va_start(ap, fmt);
	n = vasprintf(&words->w[words->n++], fmt, ap);
	va_end(ap);
	if (n < 0)
		exit(term_error(TERM_EXIT_SYSTEM, "no memory for a program's words"));
}

void words_free(struct words *words)
{
	for (unsigned int i = 0; i < words->n; i++)
		free(words->w[i]);
	*words = (struct words){ 0 };
}
