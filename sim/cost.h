/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What things cost in simulated nanoseconds.
 *
 * One table, so that a dull run (answer 0 at every choice) is a plausible timed
 * run of a 3 GHz server: who is due first is decided by these numbers alone.
 * They are orders of magnitude, not measurements of one machine, and nothing
 * but the dull order and the printed times depends on them: any interleaving is
 * reached by some schedule whatever they are.
 */
#ifndef SIM_COST_H
#define SIM_COST_H

enum cost {
	COST_READ = 4,			/* a load that hits some cache */
	COST_WRITE = 4,
	COST_ATOMIC = 20,		/* a locked operation or full barrier */
	COST_STEP = 10,			/* straight-line code without shared memory */
	COST_SCHEDULE = 600,		/* context switch with its run-queue lock */
	COST_MIGRATE = 1500,		/* stopper task and the remote run queue */
	COST_WAKE_IDLE = 900,		/* an idle pCPU leaves its C-state */
	COST_IPI = 700,			/* from the ICR write to the remote vector */
	COST_IRQ = 300,			/* entry and exit of an interrupt handler */
	COST_GUEST_ENTER = 500,
	COST_GUEST_EXIT = 800,
	COST_GUEST_RUN = 50000,		/* until the guest exits by itself */
	COST_TICK = 4000000,		/* CONFIG_HZ=250 */
	COST_OFFLINE = 100000,
	COST_STALL = 20000,		/* a passed-over event: an SMI, a stolen CPU */
};

#endif
