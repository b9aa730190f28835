// SPDX-License-Identifier: GPL-2.0-only
/* What an exhaustive search costs: by transition, by state, and by a second process. */
#include <stdio.h>
#include <string.h>
#include "bench.h"
#include "prove.h"

enum { GIVE_UP_MS = 20000 };

static struct prove proof;

static void search(const struct config *c, unsigned int jobs)
{
	memset(&proof, 0, sizeof(proof));
	proof.config = c;
	proof.max_bytes = 4ull << 30;
	proof.max_ms = GIVE_UP_MS;
	proof.jobs = jobs;
	proof.reduce = true;
	run_prepare(c);
	if (prove_search(&proof))
		proof.stop = PROVE_MEMORY;
}

static double seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

/* The same search by one process and by two. */
static bool print_rate(const char *kernel, const char *scenario)
{
	uint64_t one_ms, one_cpu;
	struct config c;

	if (!bench_config(&c, form_load(kernel, "x86", ""), scenario))
		return false;
	search(&c, 1);
	one_ms = proof.ms;
	one_cpu = proof.cpu_ns;
	printf("%-11s %s %9llu states, %5.2f s: %.2f M transitions/s (goal 1), %.1f bytes a state "
	       "(goal 24)\n", scenario, kernel, (unsigned long long)proof.nr_states,
	       seconds(one_cpu), (double)proof.nr_made / seconds(one_cpu) / 1e6,
	       proof.nr_states ? (double)proof.table_bytes / (double)proof.nr_states : 0.0);
	search(&c, 2);
	printf("%-11s %s two processes over one: %.2f by the clock, %.2f by the CPU time of the one "
	       "that worked longer (goal 1.7)\n", scenario, kernel,
	       (double)one_ms / (double)(proof.ms ? proof.ms : 1),
	       (double)one_cpu / (double)(proof.most_cpu_ns ? proof.most_cpu_ns : 1));
	return true;
}

static bool print_handshake(struct form *handshake, const char *scenario, double goal,
			    const char *peers)
{
	struct config c;

	if (!bench_config(&c, handshake, scenario))
		return false;
	search(&c, 1);
	printf("%-11s %s, %llu states, %.3f s (goal %g)   %s\n", scenario,
	       prove_stop_text(proof.stop), (unsigned long long)proof.nr_states,
	       seconds(proof.cpu_ns), goal, peers);
	return true;
}

bool bench_prove(struct form *handshake)
{
	printf("exhaustive search, sc, CPU seconds; peers on the same handshake, measured elsewhere\n");
	return print_rate("v5.16", "self-kick") && print_rate("v5.16", "cpu-offline") &&
	       print_handshake(handshake, "V1K2", 0.01,
			       "SPIN 11,573 states; GenMC 424 executions") &&
	       print_handshake(handshake, "W3bcast", 1,
			       "SPIN 2.4 s, 3.1 M states; GenMC 7.9 s; Nidhugg 20.8 s") &&
	       print_handshake(handshake, "W4pair", 1, "GenMC 0.3 s; SPIN 101 s, 2.8 GB") &&
	       print_handshake(handshake, "W4bcast", 10, "out of reach of all") &&
	       putchar('\n') == '\n';
}
