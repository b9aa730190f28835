// SPDX-License-Identifier: GPL-2.0-only
/* The benchmark: prints one table, and what others need for the same. */
#include <stdio.h>
#include <string.h>
#include "../results/term.h"
#include "../sim/mem.h"
#include "bench.h"
#include "run.h"

struct workload {
	const char *kernel;		/* NULL: the handshake */
	const char *scenario;
	int model;			/* enum mem_model */
	unsigned int nr_fibers;
	/* Runs a second of others on the same handshake, one core; 0: not known. */
	unsigned int relacy, shuttle;
};

static const struct workload workloads[] = {
	{ "v5.15", "kick-vs-migrate", MEM_SC, 2, 0, 0 },
	{ "v5.16", "kick-vs-migrate", MEM_SC, 2, 0, 0 },
	{ "v5.16", "kick-vs-migrate", MEM_TSO, 2, 0, 0 },
	{ "v5.16", "kick-vs-migrate", MEM_WEAK, 2, 0, 0 },
	{ NULL, "W1", MEM_SC, 2, 1180000, 231000 },
	{ NULL, "W1", MEM_TSO, 2, 1180000, 0 },
	{ NULL, "W1", MEM_WEAK, 2, 1180000, 0 },
	{ NULL, "V1K2", MEM_SC, 3, 0, 0 },
	{ NULL, "W3bcast", MEM_SC, 4, 377000, 83000 },
};

static void print_number(unsigned int n)
{
	if (n)
		printf(" %9u", n);
	else
		printf(" %9s", "-");
}

static int print_workload(const struct workload *w, struct form *handshake)
{
	struct form *form = w->kernel ? form_load(w->kernel, "x86", "") : handshake;
	struct bench_floor floor;
	struct bench_rate rate;
	struct config c;
	char name[64];
	double ns;

	if (!bench_config(&c, form, w->scenario))
		return TERM_EXIT_SYSTEM;
	c.model_id = (uint8_t)w->model;
	bench_floor(w->nr_fibers, &floor);
	bench_rate(&c, &rate);
	ns = rate.ns_run / rate.events;
	snprintf(name, sizeof(name), "%s%s%s %s", w->scenario, w->kernel ? " " : "",
		 w->kernel ? w->kernel : "", config_models[w->model].name);
	printf("%-27s %9.0f %8.1f %6.1f   %6.1f %6.1f %6.1f", name, 1e9 / rate.ns_run, ns,
	       rate.events, floor.ns_switch, floor.ns_choice, ns / floor.ns_choice);
	print_number(w->relacy);
	print_number(w->shuttle);
	putchar('\n');
	if (rate.lost)
		return term_error(TERM_EXIT_FINDING, "%s: %lu runs lost a kick", w->scenario,
				  (unsigned long)rate.lost);
	return 0;
}

static int print_rates(const char *path)
{
	struct form *handshake = bench_form(path);
	int ret = handshake ? 0 : TERM_EXIT_SYSTEM;

	printf("%-27s %9s %8s %6s   %6s %6s %6s %9s %9s\n", "random, all oracles", "runs/s",
	       "ns/event", "events", "switch", "choice", "ratio", "Relacy", "Shuttle");
	for (size_t i = 0; !ret && i < sizeof(workloads) / sizeof(workloads[0]); i++)
		ret = print_workload(&workloads[i], handshake);
	printf("\nOne core, best of some batches.  switch: ns of a bare switch between as many\n"
	       "fibers; choice: of one to whom a random choice says; ratio: to the latter.\n"
	       "Relacy, Shuttle: runs/s of the same handshake, measured elsewhere.\n\n");
	return ret;
}

static int print_finds(void)
{
	static const char *const engines[] = { "random", "pct:3", "pos" };
	enum { SEEDS = 20 };
	struct config c;

	if (!bench_config(&c, form_load("v5.15", "x86", ""), "kick-vs-migrate"))
		return TERM_EXIT_SYSTEM;
	printf("first lost kick of v5.15, median of %d cold starts:", SEEDS);
	for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {
		unsigned int nr_missed;
		double ns = bench_find(&c, engines[i], SEEDS, &nr_missed);

		printf("%s %s %.2f ms", i ? "," : "", engines[i], ns / 1e6);
		if (nr_missed)
			printf(" (%u found none)", nr_missed);
	}
	printf("\n");
	return 0;
}

int main(int argc, char **argv)
{
	int ret;

	if (argc != 2)
		return term_error(TERM_EXIT_USAGE, "usage: bench HANDSHAKE.so");
	ret = run_init();
	if (!ret && !strcmp(argv[1], "--runs-only"))
		return bench_quiet_runs();
	if (!ret)
		ret = print_rates(argv[1]);
	if (!ret && !bench_prove(bench_form(argv[1])))
		ret = TERM_EXIT_SYSTEM;
	if (!ret)
		ret = print_finds();
	if (!ret)
		ret = bench_quiet();
	return ret;
}
