// SPDX-License-Identifier: GPL-2.0-only
/* What an exhaustive search costs: by transition, by state, and by a second process. */
#include <stdio.h>
#include <string.h>
#include "bench.h"
#include "prove.h"

enum { GIVE_UP_MS = 20000 };

static struct prove proof;

static void note(struct prove *p, struct snapshot_hash hash, bool end)
{
	(void)hash;
	*(bool *)p->arg |= end && bench_is_lost();
}

/* @lost, if it is given: an end was reached at which a kick of the handshake is lost. */
static void search(const struct config *c, unsigned int jobs, bool reduce, bool *lost)
{
	memset(&proof, 0, sizeof(proof));
	proof.config = c;
	proof.max_bytes = 4ull << 30;
	proof.max_ms = GIVE_UP_MS;
	proof.jobs = jobs;
	proof.reduce = reduce;
	/* Who asks about ends asks about all of them. */
	proof.symmetry = reduce && !lost;
	proof.reached = lost ? note : NULL;
	proof.arg = lost;
	run_prepare(c);
	if (prove_search(&proof))
		proof.stop = PROVE_MEMORY;
}

static double seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

static void print_transitions(const char *kernel, const char *scenario, const char *orders)
{
	double us = seconds(proof.cpu_ns) * 1e6;

	printf("%-11s %s %-7s %9llu states, %5.2f s: %.2f M transitions/s (goal 1) of %.1f events, "
	       "%.2f M events/s, %.1f bytes a state (goal 24)\n", scenario, kernel, orders,
	       (unsigned long long)proof.nr_states, us / 1e6, (double)proof.nr_made / us,
	       (double)proof.nr_events / (double)proof.nr_made, (double)proof.nr_events / us,
	       proof.nr_states ? (double)proof.table_bytes / (double)proof.nr_states : 0.0);
}

/* The same search by one process and by two, and one that leaves out no order. */
static bool print_rate(const char *kernel, const char *scenario)
{
	uint64_t one_ms, one_cpu;
	struct config c;

	if (!bench_config(&c, form_load(kernel, "x86", ""), scenario))
		return false;
	search(&c, 1, true, NULL);
	one_ms = proof.ms;
	one_cpu = proof.cpu_ns;
	print_transitions(kernel, scenario, "reduced");
	search(&c, 2, true, NULL);
	printf("%-11s %s two processes over one: %.2f by the clock, %.2f by the CPU time of the one "
	       "that worked longer (goal 1.7)\n", scenario, kernel,
	       (double)one_ms / (double)(proof.ms ? proof.ms : 1),
	       (double)one_cpu / (double)(proof.most_cpu_ns ? proof.most_cpu_ns : 1));
	search(&c, 1, false, NULL);
	print_transitions(kernel, scenario, "all");
	return true;
}

static void print_search(const char *name, double goal, const char *peers)
{
	printf("%-11s %s, %llu states, begun anew %llu times, %.3f s (goal %g)   %s\n", name,
	       prove_stop_text(proof.stop), (unsigned long long)proof.nr_states,
	       (unsigned long long)proof.nr_restarts, seconds(proof.cpu_ns), goal, peers);
	fflush(stdout);
}

static bool print_handshake(struct form *handshake, const char *scenario, double goal,
			    const char *peers)
{
	bool lost = false;
	struct config c;

	if (!bench_config(&c, handshake, scenario))
		return false;
	search(&c, 1, true, &lost);
	print_search(scenario, goal, peers);
	if (lost)
		fprintf(stderr, "bench: %s loses a kick\n", scenario);
	return !lost;
}

/* kick-vs-migrate with more of everything than by default. */
static bool print_larger(const char *name, int vcpus, int migrations, double goal)
{
	struct config c;

	if (!bench_config(&c, form_load("v5.16", "x86", ""), "kick-vs-migrate"))
		return false;
	c.machine.nr_vcpus = vcpus;
	c.machine.nr_kickers = 2;
	c.machine.migrations = migrations;
	search(&c, 1, true, NULL);
	print_search(name, goal, "");
	return true;
}

bool bench_prove(struct form *handshake)
{
	printf("exhaustive search, sc, CPU seconds; peers on the same handshake, measured elsewhere\n");
	return print_rate("v5.16", "self-kick") && print_rate("v5.16", "cpu-offline") &&
	       print_larger("kick-vs-migrate v5.16, 2 kickers, 2 migrations:", 1, 2, 1) &&
	       print_larger("kick-vs-migrate v5.16, 2 kickers, 2 vCPUs:", 2, 1, 60) &&
	       print_handshake(handshake, "V1K2", 0.01,
			       "SPIN 11,573 states; GenMC 424 executions") &&
	       print_handshake(handshake, "W3bcast", 1,
			       "SPIN 2.4 s, 3.1 M states; GenMC 7.9 s; Nidhugg 20.8 s") &&
	       print_handshake(handshake, "W4pair", 1, "GenMC 0.3 s; SPIN 101 s, 2.8 GB") &&
	       print_handshake(handshake, "W4bcast", 10, "out of reach of all") &&
	       putchar('\n') == '\n';
}
