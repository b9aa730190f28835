/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What code of a user's may do to the system while it runs here: nothing.
 *
 * A form that kicksim has not built itself (lifted, or in $KICKSIM_FORMS) is
 * foreign.  Before it is loaded its object is looked at: it must ask the machine
 * only, and have nothing that runs at load time.  Before it first runs, no system
 * call may come from its text any more: one is SIGSYS, which a run takes for a
 * fault, that is for a finding.  A process can go on to give up the network, other
 * programs and the system's settings, and one that has what it needs also new
 * processes and writing to files that are not open yet; what it is refused then
 * fails with EPERM.
 *
 * Both last as long as the process and go to its children.
 */
#ifndef FUZZ_CONFINE_H
#define FUZZ_CONFINE_H

#include <stddef.h>
#include <stdint.h>

/* 0, or an exit code with the reason on stderr.  Of the object in the file. */
int confine_check(const char *path);
/* No system calls from here; an exit code. */
int confine_code(uint64_t start, uint64_t size);
enum confine {
	CONFINE_ALL,			/* for processes that have all files open */
	CONFINE_BUT_FILES,		/* for those that keep books while foreign code runs */
};

/* An exit code. */
int confine_process(enum confine how);

#endif
