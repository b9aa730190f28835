/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The handshake of a kick with nothing around it, for benchmarks.
 *
 * A vCPU enters its guest twice, each time on another pCPU; kickers make a
 * request, of all vCPUs or of one each, and interrupt whom they find in guest
 * mode.  There are no guests, ticks or interrupts of the machine in it: an IPI is
 * a word in memory.  So its runs cost what accesses and switches cost, and other
 * tools can run it too.
 *
 * Its one object, named "handshake", is the struct below.
 */
#ifndef KVMCORE_BENCH_HANDSHAKE_H
#define KVMCORE_BENCH_HANDSHAKE_H

#include <stdbool.h>

enum {
	HANDSHAKE_ENTRIES = 2,		/* each on a pCPU of its own */
	HANDSHAKE_MAX_VCPUS = 3,
};

struct handshake_vcpu {
	unsigned long requests;
	int mode;
	int cpu;			/* number of the entry that is on its way */
	int ipi[HANDSHAKE_ENTRIES];
	int stays;			/* in the guest when the run is over */
};

struct handshake {
	int nr_vcpus;
	int pairs;			/* a kicker kicks the vCPU of its number, not all */
	struct handshake_vcpu vcpu[HANDSHAKE_MAX_VCPUS];
};

/* After a run: somebody stays in the guest with a request, and no IPI comes. */
static inline bool handshake_is_lost(const struct handshake *h)
{
	const struct handshake_vcpu *v;

	for (v = h->vcpu; v < h->vcpu + h->nr_vcpus; v++)
		if (v->stays && v->requests && !v->ipi[HANDSHAKE_ENTRIES - 1])
			return true;
	return false;
}

#endif
