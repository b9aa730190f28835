#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Posted interrupts: no rule that matters can be broken within small bounds, which is
# searched exhaustively, and planted bugs break the two rules that are about them and
# no other.
. "$(dirname "$0")/tap.sh"

# What correct code may do: the kernel's own plain accesses, and IPIs in vain.
harmless='data-race|misdirected-ipi|redundant-ipi'

# search KERNEL OPTIONS.. : which rules can be broken, into $broken, each with a space
search() {
	kernel=$1
	shift
	run "$KICKSIM" prove posted-interrupts --kernel "$kernel" "$@" --jobs 1 --memory 512M \
		--time 100s --fail-on oops --color never --ascii --db "$tmp/k.db"
	broken=$(awk '/ broken in / { print $2 }' "$tmp/out" | grep -Evx "$harmless" |
		tr '\n' ' ')
}

# holds KERNEL OPTIONS..
holds() {
	search "$@"
	verdict "$*: nothing goes wrong" "$(told "$(
		printf %s "$broken"
		printed '^  exhausted' "$tmp/out"
		printed 'stranded-interrupt .*holds: exhausted' "$tmp/out"
		printed 'posted-descriptor .*holds: exhausted' "$tmp/out")")"
}

# alone RULE VARIANT OPTIONS..
alone() {
	rule=$1
	shift
	search v6.1 --variant "$@"
	verdict "$1 breaks $rule alone" "$(told "$([ "$broken" = "$rule " ] || echo "breaks: $broken")")"
}

small="--kickers 0 --migrations 0 --pcpus 2"
inhibited="--kickers 0 --migrations 0 --halts 0 --actors 5"

# shellcheck disable=SC2086 # several words
for kernel in v5.16 v6.1 v6.16; do
	holds $kernel $small
	holds $kernel $small --actors 2
	holds $kernel --actors 0 --kickers 1 --migrations 0
done
# shellcheck disable=SC2086
holds v6.1 $inhibited
holds v6.1 --kickers 0 --migrations 0 --preemptions 1 --model tso

# A vCPU without a device that moves on its way to sleep; and what would mend it.
search v6.12 --actors 0 --pcpus 2 --kickers 1
verdict "v6.12 strands an interrupt" "$(told "$(
	[ "$broken" = "stranded-interrupt " ] || echo "breaks: $broken")")"
holds v6.12 --actors 0 --pcpus 2 --kickers 1 --variant posted-load-wakes

# shellcheck disable=SC2086
{
	alone stranded-interrupt posted-assigned-silently $small --actors 2
	alone stranded-interrupt posted-sleeps-on-it $small
	alone stranded-interrupt posted-on-not-recomputed $small
	alone stranded-interrupt posted-synced-if-active $inhibited
	alone posted-descriptor posted-keeps-wakeup-vector $small
}
finish
