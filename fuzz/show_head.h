/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands above and below a run in the formats that people read. */
#ifndef FUZZ_SHOW_HEAD_H
#define FUZZ_SHOW_HEAD_H

#include "show.h"
#include "../results/term.h"

enum term_ink show_severity_ink(enum severity s);
/* The sign and word of a severity: "X harmful", "* benign". */
const char *show_severity(enum severity s, char buf[32]);
/* "v5.15-x86, sc, kick-vs-migrate: 3 pcpus, 1 vcpus, ..." */
const char *show_config(const struct config *c, char *buf, size_t size);
/* What is broken, in one sentence; or that nothing is. */
const char *show_verdict(const struct show_input *in, char *buf, size_t size);
/* What is broken, with its id, for a title: "k9386189e  lost-request of vcpu0 (harmful)". */
const char *show_headline(const struct show_input *in, char *buf, size_t size);
/* "at rest", "cut at the step limit", ... */
const char *show_end(enum run_end end);

/* Verdict, sentence, configuration and schedule. */
void show_head(const struct show_input *in, FILE *out, unsigned int width);
/* How it ended, what else was seen, and the replay line. */
void show_foot(const struct show_input *in, FILE *out, unsigned int width);

#endif
