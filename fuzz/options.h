/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What commands take as an option's value: numbers, durations ("20s"), sizes
 * ("8G") and severities.  Each function reads the whole word or says that it
 * does not fit; the message, which names the option, is the caller's.
 */
#ifndef FUZZ_OPTIONS_H
#define FUZZ_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* From 0 to @max, decimal or with 0x. */
bool option_u64(const char *arg, uint64_t max, uint64_t *value);
/* Milliseconds, at least 1; a bare number is seconds. */
bool option_duration(const char *arg, uint64_t *ms);
/* Bytes: a number and K, M, G or T. */
bool option_size(const char *arg, uint64_t *bytes);
/* Its enum severity, or -1. */
int option_severity(const char *name);

#endif
