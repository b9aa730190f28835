// SPDX-License-Identifier: GPL-2.0-only
/* kicksim prove: options, and what the exit code says. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include "../results/cmd.h"
#include "../results/term.h"
#include "cmd.h"
#include "options.h"
#include "prove.h"
#include "prove_bounds.h"

struct prove_options {
	struct config config;
	const char *db, *checkpoint, *resume;
	uint64_t max_bytes, max_ms, jobs, checkpoint_ms;
	int fail_on;
	bool reduce, symmetry, keep_dead, full;
};

static volatile sig_atomic_t interrupted, status_wanted;

static const struct argp_option options[] = {
	{ "memory", 'M', "SIZE", 0, "for visited states and the path, such as 8G (default 4G)", 0 },
	{ "jobs", 'j', "N", 0, "processes that search (default: all cores)", 0 },
	{ "checkpoint", 'c', "FILE", 0, "where to keep what is done, now and then and when it stops "
	  "early", 0 },
	{ "checkpoint-every", 'e', "DURATION", 0, "how often (default 3m)", 0 },
	{ "resume", 'r', "FILE", 0, "go on from such a file, and keep it up to date", 0 },
	{ "full", 'F', NULL, 0, "take a campaign's numbers where none is given, not those that can be "
	  "exhausted soon", 0 },
	{ "time", 't', "DURATION", 0, "give up after it, such as 10m (default: never)", 0 },
	{ "db", 'd', "FILE", 0, "results database (default results/kicksim.db)", 0 },
	{ "fail-on", 'f', "SEVERITY", 0, "exit 1 for a finding at or above it (default degraded)",
	  0 },
	{ "no-reduction", 'R', NULL, 0, "visit what no rule can tell apart, too: --all-orders, "
	  "--keep-dead and --no-symmetry", 0 },
	{ "all-orders", 'O', NULL, 0, "follow all events of a state, even if one may stand for all",
	  0 },
	{ "keep-dead", 'K', NULL, 0, "take states for two that differ only in values which nobody "
	  "reads any more", 0 },
	{ "no-symmetry", 'S', NULL, 0, "take states for two that are each other's mirror images: with "
	  "pCPUs that are alike in each other's places", 0 },
	{ 0 }
};

static void on_signal(int sig)
{
	if (sig == SIGUSR1)
		status_wanted = 1;
	else if (interrupted)
		_exit(130);		/* once to end well, twice to end */
	else
		interrupted = 1;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct prove_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->config;
		return 0;
	case 'M':
		if (!option_size(arg, &o->max_bytes))
			cmd_error(state, "--memory '%s': a number and K, M, G or T", arg);
		return 0;
	case 't':
		if (!option_duration(arg, &o->max_ms))
			cmd_error(state, "--time '%s': a number and ms, s, m or h", arg);
		return 0;
	case 'j':
		if (!option_u64(arg, PROVE_JOBS, &o->jobs) || !o->jobs)
			cmd_error(state, "--jobs '%s': 1 to %d", arg, PROVE_JOBS);
		return 0;
	case 'c':
		o->checkpoint = arg;
		return 0;
	case 'e':
		if (!option_duration(arg, &o->checkpoint_ms))
			cmd_error(state, "--checkpoint-every '%s': a number and ms, s, m or h", arg);
		return 0;
	case 'r':
		o->resume = arg;
		return 0;
	case 'd':
		o->db = arg;
		return 0;
	case 'f':
		o->fail_on = option_severity(arg);
		if (o->fail_on < 0)
			cmd_error(state, "'%s': benign, warn, race, degraded, harmful, oops or "
				  "tool-error", arg);
		return 0;
	case 'F':
		o->full = true;
		return 0;
	case 'R':
		o->reduce = o->symmetry = false;
		o->keep_dead = true;
		return 0;
	case 'O':
		o->reduce = false;
		return 0;
	case 'S':
		o->symmetry = false;
		return 0;
	case 'K':
		o->keep_dead = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void catch_signals(void)
{
	/* Not on a fiber's stack: what is left below its stack pointer shows in hashes. */
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_ONSTACK | SA_RESTART };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGUSR1, &sa, NULL);
}

static int exit_code(const struct prove *p, int worst, int fail_on)
{
	if (p->stop == PROVE_INTERRUPTED)
		return 130;
	if (worst >= fail_on)
		return TERM_EXIT_FINDING;
	return p->stop == PROVE_EXHAUSTED ? TERM_EXIT_OK : TERM_EXIT_SYSTEM;
}

static int run(const struct prove_options *o)
{
	static struct prove p;
	struct store store;
	int worst, ret = store_open(&store, store_path(o->db), STORE_WRITE);

	if (ret)
		return term_error(store_exit_code(ret), "%s", store.err);
	p = (struct prove){
		.config = &o->config, .db = store_path(o->db),
		.max_bytes = o->max_bytes, .max_ms = o->max_ms,
		.jobs = o->jobs ? (unsigned int)o->jobs :
				  (unsigned int)sysconf(_SC_NPROCESSORS_ONLN),
		.checkpoint = o->checkpoint ? o->checkpoint : o->resume, .resume = o->resume,
		.checkpoint_ms = o->checkpoint_ms,
		.reduce = o->reduce, .symmetry = o->symmetry, .keep_dead = o->keep_dead,
		.interrupted = &interrupted, .status_wanted = &status_wanted,
	};
	catch_signals();
	ret = run_confine_but_files();
	if (!ret) {
		run_prepare(&o->config);
		ret = prove_search(&p);
	}
	if (!ret) {
		prove_print(&p);
		ret = prove_findings(&p, &store, &worst);
	}
	store_close(&store);
	return ret ? ret : exit_code(&p, worst, o->fail_on);
}

int cmd_prove(int argc, char **argv)
{
	struct prove_options o = {
		.max_bytes = 4ull << 30, .checkpoint_ms = 180000, .fail_on = SEVERITY_DEGRADED,
		.reduce = true, .symmetry = true,
	};
	struct argp_child children[] = {
		{ config_scenario_argp("What is searched:"), 0, NULL, 1 }, { &cmd_common, 0, NULL, 2 }, { 0 }
	};
	struct argp argp = {
		options, parse, "SCENARIO",
		"Go through everything that a bounded configuration can do.\v"
		"Exit code 0: exhausted, no rule at or above --fail-on is broken; 1: one is; "
		"4: not exhausted; 130: interrupted.\n\n"
		"Where a number is not given it is the scenario's, or a smaller one with which each\n"
		"race of the scenario's claim is still there: 'kicksim list scenarios'.\n\nExamples:\n"
		"  kicksim prove kick-vs-migrate --kernel v5.15\n"
		"  kicksim prove request-and-kick --kickers 2 --migrations 2 --memory 8G\n"
		"  kicksim prove two-senders --checkpoint two.prove    (Ctrl-C; later:)\n"
		"  kicksim prove two-senders --resume two.prove\n",
		children, NULL, NULL
	};
	int ret;

	config_init(&o.config);
	if (cmd_parse(&argp, "kicksim prove", argc, argv, &o))
		return TERM_EXIT_USAGE;
	if (!o.full)
		prove_bounds_set(&o.config);
	ret = config_load(&o.config);
	if (!ret)
		ret = run_init();
	return ret ? ret : run(&o);
}
