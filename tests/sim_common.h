/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tests of the machine and of searches share: cmocka, a process with the
 * world mapped, and configurations made from a few words.  Everything is static,
 * for each test is a program of one file.
 */
#ifndef TESTS_SIM_COMMON_H
#define TESTS_SIM_COMMON_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fuzz/engine.h"
#include "fuzz/run.h"
#include "sim/machine.h"

#define UNUSED __attribute__((unused))

/* A sanitized build is there for its checks, not to do all of the work again. */
#if defined(__SANITIZE_ADDRESS__)
enum { SLOW = 10 };
#else
enum { SLOW = 1 };
#endif

static const int sim_signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };

enum { NR_SIM_SIGNALS = sizeof(sim_signals) / sizeof(sim_signals[0]) };

static struct sigaction sim_actions[NR_SIM_SIGNALS];

/* A group's setup: the world is mapped, faults are caught. */
static UNUSED int sim_begin(void **state)
{
	int ret = run_init();

	(void)state;
	for (int i = 0; i < NR_SIM_SIGNALS; i++)
		sigaction(sim_signals[i], NULL, &sim_actions[i]);
	return ret;
}

/* cmocka catches faults itself, anew for each test: kicksim's handlers come back. */
static UNUSED void sim_catch(void)
{
	for (int i = 0; i < NR_SIM_SIGNALS; i++)
		sigaction(sim_signals[i], &sim_actions[i], NULL);
}

/*
 * Makes the world ready for words such as "v5.15 kick-vs-migrate pcpus=2": form,
 * scenario, numbers, variant=, arch=, model=, and "steps=N", where runs are cut.
 */
static UNUSED void sim_prepare(struct config *c, const char *text)
{
	char words[256], *save = NULL, *value;

	config_init(c);
	snprintf(words, sizeof(words), "%s", text);
	assert_int_equal(config_set_word(c, "kernel", strtok_r(words, " ", &save)), 0);
	assert_int_equal(config_set_word(c, "scenario", strtok_r(NULL, " ", &save)), 0);
	for (char *w = strtok_r(NULL, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		value = strchr(w, '=');
		assert_non_null(value);
		*value++ = '\0';
		if (!strcmp(w, "steps"))
			c->step_limit = (uint32_t)atoi(value);
		else if (!strcmp(w, "variant") || !strcmp(w, "arch") || !strcmp(w, "model"))
			assert_int_equal(config_set_word(c, w, value), 0);
		else
			assert_int_equal(config_set_number(c, w, value), 0);
	}
	assert_int_equal(config_load(c), 0);
	sim_catch();
	run_prepare(c);
}

#endif
