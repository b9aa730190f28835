// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kick against a vCPU that enters its guest and migrates, written down by hand
 * from the kernel's sources and not from kicksim: another program, searching
 * another text, has to come to the same verdicts.
 *
 * One kicker, one vCPU, two pCPUs; sequentially consistent, and each statement is
 * a step.  The kicker runs on neither of the pCPUs.  Macros choose the case:
 *
 *	FORM	515 or 516: vcpu->cpu is read before or after vcpu->mode
 *	REQUEST	1: the kick comes with a request
 *	MOVES	migrations, at most
 *	BUG	0, or a planted bug: 1 entry ignores requests, 2 the request is made
 *		after the kick, 3 requests are checked with interrupts still on
 *
 * The assertions at the end are kicksim's lost-kick and lost-request.
 */
#define OUTSIDE		0
#define IN_GUEST	1
#define EXITING		2

byte mode = OUTSIDE;		/* vcpu->mode */
byte cpu = 0;			/* vcpu->cpu */
bool request = false;		/* a bit in vcpu->requests */

byte where = 0;			/* the pCPU that the vCPU's task is on */
bool irqs = true;		/* interrupts are on there */
bool guest = false;		/* hardware is in the guest */
bool ipi[2];			/* pending */
bool kicked = false;		/* this stay was found in guest mode */
bool done = false;		/* the kicker is through */

/* Interrupts are taken where no guest runs and they are on. */
active proctype handler()
{
end:	do
	:: atomic { ipi[0] && (where != 0 || irqs) -> ipi[0] = false }
	:: atomic { ipi[1] && (where != 1 || irqs) -> ipi[1] = false }
	od
}

active proctype vcpu()
{
	byte moves = MOVES;
	bool stop;

again:
	/* Preemptible: the scheduler may move the task, and the notifiers say so. */
	if
	:: moves > 0 ->
		moves--;
		where = 1 - where;
		cpu = where
	:: true
	fi;
	/* A request that is seen here is handled. */
	if
	:: request && BUG != 1 -> request = false
	:: else
	fi;
#if BUG == 3
	mode = IN_GUEST;
	stop = (mode == EXITING || request);
	irqs = false;
#else
	irqs = false;
	mode = IN_GUEST;
#if BUG == 1
	stop = (mode == EXITING);
#else
	stop = (mode == EXITING);
	stop = (stop || request);
#endif
#endif
	if
	:: stop ->
		atomic { mode = OUTSIDE; kicked = false };
		irqs = true;
		goto again
	:: else
	fi;
	guest = true;
end_in_guest:
	ipi[where];		/* the only thing that makes this guest exit */
	guest = false;
	atomic { mode = OUTSIDE; kicked = false };
	irqs = true;
	!ipi[where];
	goto again
}

active proctype kicker()
{
	byte target;
	bool send;

#if REQUEST && BUG != 2
	request = true;
#endif
#if FORM == 515
	target = cpu;
#endif
	atomic {
		send = (mode == IN_GUEST);
		if
		:: send -> mode = EXITING; kicked = true
		:: else
		fi
	};
	if
	:: send ->
#if FORM == 516
		target = cpu;
#endif
		ipi[target] = true
	:: else
	fi;
#if REQUEST && BUG == 2
	request = true;
#endif
	done = true
}

/* Nothing can happen any more: the guest has run on, or been left. */
active proctype judge()
{
end:	timeout;
	assert(done);
	assert(!(guest && request));
#if !REQUEST
	assert(!(guest && kicked))
#endif
}
