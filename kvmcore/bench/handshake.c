// SPDX-License-Identifier: GPL-2.0-only
/* A form of its own: sizes of the handshake are its scenarios. */
#include <linux/bitops.h>
#include <linux/sched.h>
#include "handshake.h"

enum { OUTSIDE, EXITING, IN_GUEST };

/* A bug for tests: a request that is made between asking and entering is lost. */
#ifdef HANDSHAKE_ASKS_EARLY
enum { ASKS_EARLY = 1 };
#else
enum { ASKS_EARLY = 0 };
#endif

struct handshake_actor {
	struct task_struct task;
	struct handshake *handshake;
	int nr;
};

static void kick(struct handshake_vcpu *vcpu, int nr)
{
	set_bit(nr, &vcpu->requests);
	smp_mb();
	if (cmpxchg(&vcpu->mode, IN_GUEST, EXITING) == IN_GUEST)
		smp_store_release(&vcpu->ipi[READ_ONCE(vcpu->cpu)], 1);
}

/* Whether the vCPU is still in its guest at the end. */
static bool run(struct handshake_vcpu *vcpu)
{
	unsigned long requests;
	int entry;

	for (entry = 0; entry < HANDSHAKE_ENTRIES; entry++) {
		WRITE_ONCE(vcpu->cpu, entry);
		if (ASKS_EARLY)
			requests = READ_ONCE(vcpu->requests);
		smp_store_release(&vcpu->mode, IN_GUEST);
		smp_mb();
		if (!ASKS_EARLY)
			requests = READ_ONCE(vcpu->requests);
		if (requests) {
			WRITE_ONCE(vcpu->mode, OUTSIDE);
			xchg(&vcpu->requests, 0);
			continue;
		}

		/* The guest runs here, until an IPI or its own will ends it. */
		if (smp_load_acquire(&vcpu->ipi[entry]))
			WRITE_ONCE(vcpu->ipi[entry], 0);
		else if (entry == HANDSHAKE_ENTRIES - 1)
			return true;
		smp_store_release(&vcpu->mode, OUTSIDE);
	}
	return false;
}

static __no_kcsan void kicker_fn(void *arg)
{
	struct handshake_actor *me = arg;
	int i;

	if (me->handshake->pairs) {
		kick(&me->handshake->vcpu[me->nr], me->nr);
		return;
	}
	for (i = 0; i < me->handshake->nr_vcpus; i++)
		kick(&me->handshake->vcpu[i], me->nr);
}

static __no_kcsan void vcpu_fn(void *arg)
{
	struct handshake_actor *me = arg;
	struct handshake_vcpu *vcpu = &me->handshake->vcpu[me->nr];

	vcpu->stays = run(vcpu);
}

static void create_actor(struct handshake *handshake, int nr, int cpu, const char *name,
			 void (*fn)(void *))
{
	struct handshake_actor *actor = machine_alloc(name, sizeof(*actor), NULL);

	actor->handshake = handshake;
	actor->nr = nr;
	machine_task(&actor->task, name, fn, actor, cpu);
}

static void setup(int nr_vcpus, int nr_kickers, bool pairs)
{
	struct handshake *handshake = machine_alloc("handshake", sizeof(*handshake), NULL);
	int i;

	handshake->nr_vcpus = nr_vcpus;
	handshake->pairs = pairs;
	for (i = 0; i < nr_vcpus; i++)
		create_actor(handshake, i, i, "vcpu", vcpu_fn);
	for (i = 0; i < nr_kickers; i++)
		create_actor(handshake, i, nr_vcpus + i, "kicker", kicker_fn);
}

static void setup_w1(const struct machine_config *config)
{
	setup(1, 1, false);
}

static void setup_v1k2(const struct machine_config *config)
{
	setup(1, 2, false);
}

static void setup_w3bcast(const struct machine_config *config)
{
	setup(2, 2, false);
}

static void setup_w4bcast(const struct machine_config *config)
{
	setup(3, 2, false);
}

static void setup_w4pair(const struct machine_config *config)
{
	setup(3, 3, true);
}

/* The machine's own idea of a vCPU is not used, so there are none. */
static const struct machine_scenario w1 = {
	.name = "W1", .claim = "one vCPU, one kicker",
	.config = { .nr_pcpus = 2 }, .setup = setup_w1,
};

static const struct machine_scenario v1k2 = {
	.name = "V1K2", .claim = "one vCPU, two kickers",
	.config = { .nr_pcpus = 3 }, .setup = setup_v1k2,
};

static const struct machine_scenario w3bcast = {
	.name = "W3bcast", .claim = "two vCPUs, two kickers, each of which kicks both",
	.config = { .nr_pcpus = 4 }, .setup = setup_w3bcast,
};

static const struct machine_scenario w4bcast = {
	.name = "W4bcast", .claim = "three vCPUs, two kickers, each of which kicks all",
	.config = { .nr_pcpus = 5 }, .setup = setup_w4bcast,
};

static const struct machine_scenario w4pair = {
	.name = "W4pair", .claim = "three vCPUs, and for each a kicker that kicks no other",
	.config = { .nr_pcpus = 6 }, .setup = setup_w4pair,
};

static const struct machine_scenario *const scenarios[] = {
	&w1, &v1k2, &w3bcast, &w4bcast, &w4pair, NULL
};

static const char *const request_names[64];

static const struct machine_percpu_var no_percpu_vars[] = { { .name = NULL } };

static void sched_out(struct task_struct *prev)
{
}

static void sched_in(struct task_struct *next, int cpu)
{
}

extern const struct machine_form kvmcore_form;

__attribute__((__visibility__("default"))) const struct machine_form kvmcore_form = {
	.abi = MACHINE_ABI,
	.name = "handshake",
	.arch = "x86",
	.variant = "",
	.scenarios = scenarios,
	.request_names = request_names,
	.sched_out = sched_out,
	.sched_in = sched_in,
	.percpu_vars = no_percpu_vars,
};
