// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "../results/term.h"
#include "gdb.h"

/* The text of fuzz/kicksim.gdb; the assembler reads it, from the top folder. */
extern const char gdb_script[];
__asm__(".pushsection .rodata\n"
	".globl gdb_script\n"
	"gdb_script:\n"
	".incbin \"fuzz/kicksim.gdb\"\n"
	".byte 0\n"
	".popsection\n");

/* An open file without a name, which gdb inherits. */
static int script_open(void)
{
	size_t size = strlen(gdb_script);
	int fd = memfd_create("kicksim.gdb", 0);

	if (fd < 0 || write(fd, gdb_script, size) != (ssize_t)size)
		return -1;
	return fd;
}

int gdb_replay(const char *word, const char *db, const char *kernel, unsigned int until)
{
	char program[PATH_MAX], script[32], go[32];
	const char *argv[20] = { "gdb", "-q", "-x", script };
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	int fd = script_open(), nr = 4;

	if (!strcmp(word, "-"))
		return term_error(TERM_EXIT_USAGE, "--gdb reads your commands from stdin: "
				  "save the schedule in a file");
	if (n < 0 || fd < 0)
		return term_error(TERM_EXIT_SYSTEM, "cannot prepare gdb: %s", strerror(errno));
	program[n] = '\0';
	snprintf(script, sizeof(script), "/proc/self/fd/%d", fd);
	snprintf(go, sizeof(go), "step-to %u", until);
	if (until) {
		argv[nr++] = "-ex";
		argv[nr++] = go;
	}
	argv[nr++] = "--args";
	argv[nr++] = program;
	argv[nr++] = "show";
	argv[nr++] = word;
	if (db) {
		argv[nr++] = "--db";
		argv[nr++] = db;
	}
	if (kernel) {
		argv[nr++] = "--kernel";
		argv[nr++] = kernel;
	}
	execvp("gdb", (char *const *)argv);
	return term_error(TERM_EXIT_SYSTEM, "cannot start gdb: %s: install the package gdb",
			  strerror(errno));
}
