/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The named form of a schedule survives a rebuild.
 *
 * Positions count choices, and one access more or less shifts them all.  So each
 * answer other than 0 is also kept as what it meant: the kind of choice, who was
 * let go (task and pCPU), at which site ("function:ordinal:op"), and how many
 * times that very alternative had been offered before.  named_chooser finds the
 * same alternatives again in another build or form, skips those that are gone,
 * and goes on dully everywhere else.
 */
#ifndef FUZZ_NAMED_H
#define FUZZ_NAMED_H

#include "form.h"
#include "schedule.h"

/*
 * Replays @s in the prepared world and prints it as a JSON array; returns the
 * length, 0 if it does not fit into @size.
 */
size_t named_print(const struct schedule *s, const struct form *f, char *buf, size_t size);

#endif
