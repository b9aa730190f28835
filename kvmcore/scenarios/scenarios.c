// SPDX-License-Identifier: GPL-2.0-only
/* The scenarios that a form offers; the first is what a new user meets. */
#include "form.h"

extern const struct machine_scenario scenario_kick_vs_migrate, scenario_request_and_kick;

const struct machine_scenario *const form_scenarios[] = {
	&scenario_kick_vs_migrate,
	&scenario_request_and_kick,
	NULL,
};
