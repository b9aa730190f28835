#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# explain names the orderings that a finding is known to come from, and no others;
# the pictures made of it are well-formed.
. "$(dirname "$0")/tap.sh"
COLUMNS=240
export COLUMNS

# explain FILE : into $tmp/text, and its needs into $tmp/needs, one a line
explain() {
	timeout -s KILL 120 "$KICKSIM" explain "$1" --runs 2000 >"$tmp/text" 2>"$tmp/err" ||
		{ cat "$tmp/err"; return 1; }
	awk '/^It needs/ { on = 1; next }
	     on && /^$/ { exit }
	     on && /^  [0-9]/ { if (line) print line; line = $0; next }
	     on { line = line " " $0 }
	     END { if (line) print line }' "$tmp/text" | tr -s ' ' >"$tmp/needs"
}

needs() {
	grep -q -- "$1" "$tmp/needs" || { cat "$tmp/needs"; return 1; }
}

needs_not() {
	! grep -- "$1" "$tmp/needs"
}

needs_in_all() {
	[ "$(wc -l <"$tmp/needs")" -eq "$1" ] || { cat "$tmp/needs"; return 1; }
}

says() {
	grep -q -- "$1" "$tmp/text" || { cat "$tmp/text"; return 1; }
}

# Two correct senders: the commit message's race, and the second's trust in the first.
check "claim-d2 is explained" explain corpus/claim-d2.sched
check "cpu is read before the vCPU moves" \
	needs 'kicker0 cpu = vcpu0->cpu (0) .*before step [0-9]* pCPU3 vcpu0 vcpu0->cpu = 3'
check "the vCPU moves" needs 'vcpu0 moves from pCPU0 to pCPU3'
check "mode is IN_GUEST before the cmpxchg" \
	needs 'vcpu0 mode = vcpu0->mode (IN_GUEST_MODE) .*before .*kicker0 cmpxchg'
check "requests are checked before the second is made" \
	needs 'vcpu0 requests = vcpu0->requests (0) .*before .*kicker1 vcpu0->requests |= EVENT'
check "the first cmpxchg comes before the second" \
	needs 'kicker0 cmpxchg .*before .*kicker1 cmpxchg vcpu0->mode fails'
check "nothing else but that cpu is set at all" needs_in_all 6
check "the first sender's request does not matter" needs_not 'kicker0 vcpu0->requests'
check "it has a point of no return" says 'Point of no return: step 67 '

# An IPI to an offline CPU: the look at the mask, the CPU's going, the IPI.
check "claim-j is explained" explain corpus/claim-j-v5.15.sched
check "online is checked before the CPU goes" needs 'kicker0 cpu_online_mask .*before .*hotplug'
check "the CPU goes before the IPI is sent" \
	needs 'pCPU0 goes offline .*before .*kicker0 send_reschedule(0)'
check "the request does not matter" needs_not 'EVENT'

# What happens in whatever order needs none.
check "claim-i-mask is explained" explain corpus/claim-i-mask.sched
check "no ordering is needed" says 'No ordering of two steps is needed'
check "it always happens" says 'with nothing kept 100 %'

same_again() {
	timeout -s KILL 120 "$KICKSIM" explain corpus/claim-b.sched --runs 400 >"$tmp/a" &&
	timeout -s KILL 120 "$KICKSIM" explain corpus/claim-b.sched --runs 400 >"$tmp/b" &&
	cmp "$tmp/a" "$tmp/b"
}
check "the same answer each time" same_again

one_object() {
	timeout -s KILL 120 "$KICKSIM" explain corpus/claim-b.sched --runs 400 --json |
		grep -c '^{"schema":"kicksim.explain/1",.*}$' | grep -qx 1
}
check "JSON is one object" one_object

# There is nothing to explain.
refuses 2 "nothing is broken" explain corpus/claim-f-after.sched
refuses 2 "--runs 'x'" explain corpus/claim-b.sched --runs x

well_formed() {
	for sched in corpus/claim-b.sched corpus/claim-f-after.sched corpus/claim-j-v5.16.sched; do
		"$KICKSIM" show "$sched" --as svg >"$tmp/picture.svg" || return 1
		xmllint --noout --nonet "$tmp/picture.svg" || return 1
	done
}
check "pictures are well-formed" well_formed
finish
