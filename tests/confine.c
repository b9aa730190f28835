// SPDX-License-Identifier: GPL-2.0-only
/*
 * What foreign code is refused, and what a process that runs it can still do.
 *
 * Filters last as long as a process, so each is tried in a child.  All that is
 * refused works before, or its refusal would say nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "fuzz/confine.h"

static const char *const attempt_name[] = {
	"a socket pair", "a file to write", "a file to write and make", "a process",
	"a program", "a name taken away", "a signal to another process",
};

enum { NR_ATTEMPTS = sizeof(attempt_name) / sizeof(attempt_name[0]) };

/* 0, or the error that it was refused with. */
static int attempt(int what)
{
	char *no_words[] = { NULL };
	int fds[2], ret = -1;
	pid_t pid;

	errno = 0;
	switch (what) {
	case 0:
		ret = socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
		break;
	case 1:
		ret = open("/dev/null", O_WRONLY);
		break;
	case 2:
		ret = open("/dev/null", O_RDWR | O_CREAT, 0666);
		break;
	case 3:
		pid = fork();
		if (!pid)
			_exit(0);
		ret = pid < 0 ? -1 : 0;
		break;
	case 4:
		/* Without the filter it fails, too, but not for lack of leave. */
		ret = execve("/nowhere", no_words, no_words) && errno == ENOENT ? 0 : -1;
		break;
	case 5:
		ret = unlink("/nowhere") && errno == ENOENT ? 0 : -1;
		break;
	case 6:
		ret = kill(getppid(), 0);
		break;
	}
	return ret < 0 ? errno : 0;
}

/* Runs @fn in a child; its exit status, or 128 and the signal that it died of. */
static int in_child(int (*fn)(int), int arg)
{
	pid_t pid = fork();
	int st;

	assert_true(pid >= 0);
	if (!pid) {
		signal(SIGSYS, SIG_DFL);	/* cmocka's own */
		_exit(fn(arg));
	}
	assert_int_equal(waitpid(pid, &st, 0), pid);
	return WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
}

static int confined_attempt(int what)
{
	return confine_process(CONFINE_ALL) ? 100 : attempt(what);
}

static int half_confined_attempt(int what)
{
	return confine_process(CONFINE_BUT_FILES) ? 100 : attempt(what);
}

/* Reading, memory, what is open already, and an end of its own choice. */
static int still_works(int fd)
{
	char c = 0;
	int in;

	if (confine_process(CONFINE_ALL))
		return 100;
	in = open("/proc/self/cmdline", O_RDONLY);
	if (in < 0 || read(in, &c, 1) != 1 || write(fd, &c, 1) != 1)
		return 1;
	if (mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
		return 2;
	return kill(getpid(), 0) ? 3 : 0;
}

static void test_process(void **state)
{
	int fds[2];
	char c;

	(void)state;
	for (int i = 0; i < NR_ATTEMPTS; i++) {
		if (in_child(attempt, i) || in_child(confined_attempt, i) != EPERM)
			fail_msg("%s: %d before, %d after", attempt_name[i], in_child(attempt, i),
				 in_child(confined_attempt, i));
	}
	/* Who keeps books keeps its files and its workers, and nothing else. */
	for (int i = 0; i < NR_ATTEMPTS; i++)
		assert_int_equal(in_child(half_confined_attempt, i), i == 0 || i == 4 ? EPERM : 0);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(in_child(still_works, fds[1]), 0);
	assert_int_equal(read(fds[0], &c, 1), 1);
}

/* A page with a function that calls getpid() by itself. */
static int (*make_code(void))(void)
{
	static const unsigned char getpid_itself[] = { 0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3 };
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int (*fn)(void);

	assert_true(page != MAP_FAILED);
	memcpy(page, getpid_itself, sizeof(getpid_itself));
	memcpy(&fn, &page, sizeof(fn));
	return fn;
}

enum { OWN_CALL, OTHER_CALL, UNCONFINED };

static int call_getpid(int who)
{
	int (*fn)(void) = make_code();

	if (who != UNCONFINED && confine_code((uintptr_t)fn, 4096))
		return 100;
	return (who == OTHER_CALL ? getpid() : fn()) == getpid() ? 0 : 1;
}

static void test_code(void **state)
{
	(void)state;
	assert_int_equal(in_child(call_getpid, UNCONFINED), 0);
	assert_int_equal(in_child(call_getpid, OTHER_CALL), 0);
	assert_int_equal(in_child(call_getpid, OWN_CALL), 128 + SIGSYS);
}

static void test_objects(void **state)
{
	(void)state;
	assert_int_equal(confine_check("out/kvmcore/v5.16-x86.so"), 0);
	assert_int_not_equal(confine_check("/proc/self/exe"), 0);
	assert_int_not_equal(confine_check("/dev/null"), 0);
	assert_int_not_equal(confine_check("/nowhere"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_code),
		cmocka_unit_test(test_objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
