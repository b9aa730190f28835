#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Two questions about weak machines, answered on the compiled code.
#
# Q2: one sender on v5.15.  May its early read of vcpu->cpu pass its request?
# Q3: two senders since v5.16.  May one of them see mode IN_GUEST_MODE and yet the
#     vcpu->cpu from before, so that the other relies on an IPI that nobody sent?
#
# A line for each architecture: a schedule of the corpus that loses a request, or
# what orders the two.  The pair of stores by itself, with what lies between them
# on each architecture, is under tests/q3 and is gone through exhaustively.
. "$(dirname "$0")/tap.sh"

# loses CORPUS TEXT..: the schedule loses a request, bit for bit as it was kept
loses() {
	file=corpus/claim-$1.sched
	shift
	run "$KICKSIM" replay "$file"
	verdict "$* ($file)" "$(told "$(ended 1
		printed lost-request "$tmp/out"; printed '^identical: ' "$tmp/out")")"
}

# pair VERDICT TEST TEXT..: the two stores in a litmus test of their own
pair() {
	seen=$1 file=tests/q3/$2.litmus
	shift 2
	expect "$* ($file)" 0 "^Observation [^ ]* $seen " "$KICKSIM" litmus "$file"
}

# proves ANSWER TEXT SCENARIO OPTION..: all runs of small bounds were gone through, and
# this is what they say of lost-request
proves() {
	answer=$1 text=$2
	shift 2
	run "$KICKSIM" prove "$@" --kernel v5.16 --model weak --pcpus 3 --vcpus 1 --migrations 0 \
		--preemptions 1 --sb-length 4 --stale-reads 0 --db "$tmp/prove.db"
	verdict "$text" "$(told "$(printed '^ *exhausted' "$tmp/out"
		printed "lost-request +$answer" "$tmp/out")")"
}

for arch in arm64 riscv mips powerpc; do
	loses q2-$arch "Q2 $arch: v5.15 loses the request of one sender"
done
loses q3-riscv "Q3 riscv to 6.6: found, two senders on v5.16"
pair Sometimes riscv-6.1 "Q3 riscv to 6.6: nothing orders the stores"
pair Never riscv-6.12 "Q3 riscv since 6.7: handling the load's request does"
loses q3-arm64 "Q3 arm64 without steal time: found, two senders on v5.16"
loses q3-mips "Q3 mips: found, two senders of a mask request on v5.16"
pair Sometimes arm64-no-steal "Q3 arm64 without steal time, mips: nothing orders the stores"
pair Never arm64-steal "Q3 arm64 with steal time: smp_wmb() of the load's request does"
pair Never loongarch "Q3 loongarch: the exchange in smp_store_mb() does"
pair Never release "Q3 x86 since 5.17, and what would mend the others: a release"

holds='holds: exhausted' broken='harmful, broken'
fixed='Q3: with the mode after cpu nothing is lost'
proves "$broken" "Q3 riscv: exhausted, lost" two-senders --arch riscv
proves "$holds" "$fixed (riscv)" two-senders --arch riscv --variant mode-after-cpu-riscv
proves "$broken" "Q3 arm64: exhausted, lost" two-senders --arch arm64 --variant load-without-steal
proves "$holds" "$fixed (arm64)" two-senders --arch arm64 --variant mode-after-cpu-arm64
masks='request-mask --kickers 2 --actors 4 --arch mips'
# shellcheck disable=SC2086 # several words
proves "$broken" "Q3 mips: exhausted, lost" $masks
# shellcheck disable=SC2086
proves "$holds" "$fixed (mips)" $masks --variant mode-after-cpu-mips
finish
