// SPDX-License-Identifier: GPL-2.0-only
/* The lessons, each one thing more than the one before it. */
#include "learn.h"

const struct learn_lesson learn_lessons[LEARN_LESSONS] = {
	{
		.title = "Three outcomes of a kick",
		.intro = "A kick wants a vCPU out of its guest.  It looks at vcpu->mode with a\n"
			 "cmpxchg from IN_GUEST_MODE to EXITING_GUEST_MODE.  OUTSIDE: nothing to\n"
			 "do.  IN_GUEST: it sends an IPI.  EXITING: somebody else has sent one.",
		.task = "See all three, in as many games as you like ('r' starts anew).",
		.hint = "Let vcpu0 go on until it enters its guest before the kickers do anything.",
		.moral = "An IPI is sent once for each stay in the guest; who comes second relies on it.",
		.kernel = "v5.16", .variant = "", .scenario = "two-senders",
		.numbers = { "migrations", "0" },
		.goal = LEARN_OUTCOMES,
	},
	{
		.title = "Requests before kicks",
		.intro = "A caller sets a bit in vcpu->requests, then kicks.  Here the two are the\n"
			 "wrong way round.",
		.task = "Get the vCPU into its guest with a request that nobody will tell it of.",
		.hint = "The kick has to come while the vCPU is outside, the request after it has looked.",
		.moral = "A kick promises that what was requested before it is seen, and nothing else.",
		.kernel = "v5.16", .variant = "request-after-kick", .scenario = "halt-wake",
		.numbers = { "halts", "0" },
		.goal = LEARN_ORACLE, .oracle = ORACLE_LOST_REQUEST,
	},
	{
		.title = "The last look comes after the mode",
		.intro = "The vCPU sets mode = IN_GUEST_MODE, then looks at its requests; the kicker\n"
			 "sets a request, then looks at mode.  One of them sees the other.  Here the\n"
			 "vCPU looks first.",
		.task = "Make both of them look too early.",
		.hint = "Stop the vCPU between its look at requests and its store of mode.",
		.moral = "This is the store buffering handshake: store, barrier, load, on both sides.",
		.kernel = "v5.16", .variant = "check-before-irqs-off", .scenario = "request-and-kick",
		.numbers = { NULL },
		.goal = LEARN_ORACLE, .oracle = ORACLE_LOST_REQUEST,
	},
	{
		.title = "Migration",
		.intro = "v5.15 reads vcpu->cpu first and mode later.  In between the vCPU may move.",
		.task = "Make the kick miss.  You may migrate vcpu0 once.",
		.hint = "The kicker reads cpu; then vcpu0 is preempted, moves, and enters its guest.",
		.moral = "v5.16 reads cpu after it has seen IN_GUEST_MODE: a vCPU that is in its\n"
			 "guest, or is about to be, has stored its cpu before.",
		.kernel = "v5.15", .variant = "", .scenario = "kick-vs-migrate",
		.numbers = { NULL },
		.goal = LEARN_ORACLE, .oracle = ORACLE_LOST_KICK,
	},
	{
		.title = "READING_SHADOW_PAGE_TABLES and WAIT",
		.intro = "A vCPU walks page tables without a lock, with interrupts off and mode\n"
			 "READING_SHADOW_PAGE_TABLES.  Who frees a page first sends a request that\n"
			 "waits until every such walker has answered.  Here it does not wait.",
		.task = "Free a page under a walker that still uses it.",
		.hint = "Stop the vCPU in its walk once it has the page; let the zapper do all of its work.",
		.moral = "A request with KVM_REQUEST_WAIT is the grace period of the walkers.",
		.kernel = "v5.16", .variant = "flush-without-wait", .scenario = "lockless-walk",
		.numbers = { NULL },
		.goal = LEARN_ORACLE, .oracle = ORACLE_PAGE_UAF,
	},
	{
		.title = "An offline CPU",
		.intro = "The kick asks cpu_online() and then sends.  If a CPU can go offline between\n"
			 "the two, the IPI has nowhere to go.",
		.task = "Send an IPI to an offline CPU.",
		.hint = "Let the kicker get past its look at cpu_online_mask before the CPU goes.",
		.moral = "With stop_machine() this cannot happen (--hotplug-strict 1), because the\n"
			 "kicker has preemption off.  Without, the IPI is dropped and nothing is lost:\n"
			 "a vCPU that ran there has left its guest.",
		.kernel = "v5.16", .variant = "", .scenario = "cpu-offline",
		.numbers = { NULL },
		.goal = LEARN_ORACLE, .oracle = ORACLE_OFFLINE_IPI,
	},
	{
		.title = "Write the fix",
		.intro = "kvm_vcpu_kick() of v5.15 loses kicks, and with two senders even requests.\n"
			 "Six lines have to change.",
		.task = "Edit kvm_vcpu_kick() until nothing is lost.",
		.hint = "Read vcpu->cpu once, with READ_ONCE(), and only if kvm_arch_vcpu_should_kick().",
		.moral = "'kicksim prove kick-vs-migrate --kernel v5.15 --variant learn' turns \"not\n"
			 "found\" into \"cannot happen\", within its bounds.",
		.kernel = "v5.15", .variant = "", .scenario = "two-senders",
		.numbers = { NULL },
		.goal = LEARN_FIX, .oracle = ORACLE_LOST_REQUEST,
	},
};
