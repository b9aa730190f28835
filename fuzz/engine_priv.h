/* SPDX-License-Identifier: GPL-2.0-only */
/* The delay engine's part of engine.c's table. */
#ifndef FUZZ_ENGINE_PRIV_H
#define FUZZ_ENGINE_PRIV_H

#include "engine.h"

void delay_begin(struct engine *e);
uint32_t delay_take(struct chooser *c, const struct choice_point *p);
/* Moves to the next schedule; false after the last one within the depth. */
bool delay_next(struct engine *e);

#endif
