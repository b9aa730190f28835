/* SPDX-License-Identifier: GPL-2.0-only */
/* What the chooser of a steer asks of its streams. */
#ifndef FUZZ_STEER_PRIV_H
#define FUZZ_STEER_PRIV_H

#include "steer.h"

/* The stream of what @actor does at @site in its present phase, or NULL. */
struct steer_stream *steer_step(struct steer *s, unsigned int actor, uint16_t site);
/* One that is not of steps, or NULL. */
struct steer_stream *steer_other(struct steer *s, enum steer_kind kind, unsigned int actor,
				 uint32_t off);
/* Counts what the run has done since; it is void if that breaks an order. */
void steer_catch_up(struct steer *s);

#endif
