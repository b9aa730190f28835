// SPDX-License-Identifier: GPL-2.0-only
/*
 * The handshake of handshake.c, for Spin: each access is a step, and there is
 * nothing around it.  Macros choose the size as its scenarios do:
 *
 *	VCPUS, KICKERS	how many there are
 *	PAIRS		1: a kicker kicks the vCPU of its number; 0: all, one by one
 */
#define ENTRIES		2
#define OUTSIDE		0
#define EXITING		1
#define IN_GUEST	2

byte requests[VCPUS], mode[VCPUS], cpu[VCPUS], ipi[VCPUS * ENTRIES];
bool stays[VCPUS];
byte nr_done;

inline kick(v, nr)
{
	requests[v] = requests[v] | (1 << nr);
	atomic {
		found = mode[v];
		if
		:: found == IN_GUEST -> mode[v] = EXITING
		:: else
		fi
	}
	if
	:: found == IN_GUEST ->
		where = cpu[v];
		ipi[v * ENTRIES + where] = 1
	:: else
	fi
}

proctype kicker(byte nr)
{
	byte v, found, where;

#if PAIRS
	kick(nr, nr);
#else
	do
	:: v < VCPUS ->
		kick(v, nr);
		v++
	:: else -> break
	od;
#endif
	nr_done++
}

proctype vcpu(byte v)
{
	byte entry, value;

	do
	:: entry < ENTRIES ->
		cpu[v] = entry;
		mode[v] = IN_GUEST;
		value = requests[v];
		if
		:: value ->
			mode[v] = OUTSIDE;
			requests[v] = 0
		:: else ->
			value = ipi[v * ENTRIES + entry];
			if
			:: value -> ipi[v * ENTRIES + entry] = 0
			:: !value && entry == ENTRIES - 1 ->
				stays[v] = true;
				break
			:: else
			fi;
			mode[v] = OUTSIDE
		fi;
		entry++
	:: else -> break
	od;
	nr_done++
}

init {
	byte i;

	atomic {
		do
		:: i < VCPUS -> run vcpu(i); i++
		:: else -> break
		od;
		i = 0;
		do
		:: i < KICKERS -> run kicker(i); i++
		:: else -> break
		od;
		i = 0
	}
	nr_done == VCPUS + KICKERS;
	do
	:: i < VCPUS ->
		assert(!(stays[i] && requests[i] && !ipi[i * ENTRIES + ENTRIES - 1]));
		i++
	:: else -> break
	od
}
