/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A replay under gdb.
 *
 * gdb runs "kicksim show" of the finding, whose run keeps a trace, with the
 * commands of fuzz/kicksim.gdb.  They know struct world by its debug information
 * and stop in trace_keep(); nothing in the simulator knows of gdb.
 */
#ifndef FUZZ_GDB_H
#define FUZZ_GDB_H

/*
 * Becomes gdb.  @db and @kernel may be NULL; @until: the step to begin with, or 0.
 * Returns only on failure: an exit code, with a line on stderr.
 */
int gdb_replay(const char *word, const char *db, const char *kernel, unsigned int until);

#endif
