#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Posted interrupts: no rule that matters can be broken within small bounds, which is
# searched exhaustively, and planted bugs break the two rules that are about them and
# no other.
set -u

cd "$(dirname "$0")/.." || exit 2
kicksim=${KICKSIM:-out/kicksim}
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
passed=0
failed=0

pass() {
	echo "ok - $1"
	passed=$((passed + 1))
}

fail() {
	echo "not ok - $1"
	sed 's/^/# /' "$dir/log" | tail -n 5
	failed=$((failed + 1))
}

# What may be broken by correct code: the kernel's own plain accesses, and IPIs in vain.
harmless='data-race|misdirected-ipi|redundant-ipi'

# broken KERNEL OPTIONS..: searches, and says which rules can be broken
broken() {
	kernel=$1
	shift
	"$kicksim" prove posted-interrupts --kernel "$kernel" "$@" --jobs 1 --memory 512M \
		--time 60s --fail-on oops --color never --ascii --db "$dir/k.db" >"$dir/log" 2>&1
	awk '$3 ~ /,$/ && / broken in / { print $2 }' "$dir/log" |
		grep -Evx "$harmless" | tr '\n' ' '
}

# holds KERNEL OPTIONS..
holds() {
	found=$(broken "$@")
	if [ -z "$found" ] && grep -q '^  exhausted' "$dir/log" &&
	   grep -q 'stranded-interrupt .*holds: exhausted' "$dir/log" &&
	   grep -q 'posted-descriptor .*holds: exhausted' "$dir/log"; then
		pass "$* cannot go wrong"
	else
		fail "$* cannot go wrong: $found"
	fi
}

# alone RULE KERNEL VARIANT OPTIONS..
alone() {
	rule=$1 kernel=$2 variant=$3
	shift 3
	found=$(broken "$kernel" --variant "$variant" "$@")
	if [ "$found" = "$rule " ]; then
		pass "$variant breaks $rule alone"
	else
		fail "$variant breaks $rule alone: $found"
	fi
}

small="--kickers 0 --migrations 0 --pcpus 2"
for kernel in v5.16 v6.1 v6.16; do
	# shellcheck disable=SC2086 # several words
	holds $kernel $small
	# shellcheck disable=SC2086
	holds $kernel $small --actors 2
	holds $kernel --actors 0 --migrations 0
done
# shellcheck disable=SC2086
holds v6.1 $small --halts 0 --pcpus 3 --actors 5
holds v6.1 --kickers 0 --migrations 0 --preemptions 1 --model tso

# shellcheck disable=SC2086
alone stranded-interrupt v6.1 posted-assigned-silently $small --actors 2
# shellcheck disable=SC2086
alone stranded-interrupt v6.1 posted-sleeps-on-it $small
# shellcheck disable=SC2086
alone stranded-interrupt v6.1 posted-on-not-recomputed $small
# shellcheck disable=SC2086
alone posted-descriptor v6.1 posted-keeps-wakeup-vector $small
# shellcheck disable=SC2086
alone stranded-interrupt v6.1 posted-synced-if-active $small --halts 0 --pcpus 3 --actors 5

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
