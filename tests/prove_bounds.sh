#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The bounds that prove has of its own show bugs: for each scenario and memory model a
# planted one breaks its rule within them, with no number given; and they are said.
#
#	tests/prove_bounds.sh
#
# A search ends here with its memory, so that the large ones are no matter of patience:
# what is found by then is found by a whole one too.
# shellcheck disable=SC2086 # words
. "$(dirname "$0")/tap.sh"

header() { # FIELD VARIANT
	sed -n "/^---/q;s/^$1: //p" "kvmcore/variants/$2.patch"
}

# found SCENARIO MODEL VARIANT RULE
found() {
	run "$KICKSIM" prove "$1" --model "$2" --variant "$3" --kernel "$(header Base "$3")" \
		--arch "$(header Arch "$3")" --jobs 1 --memory 6M --ascii --db "$tmp/$3.db" \
		--fail-on tool-error
	grep -q "$4 .*broken in" "$tmp/out" || told "$4 is not broken"
}

# shows SCENARIO RULE MODEL=VARIANT..
shows() {
	scenario=$1 rule=$2
	shift 2
	for pair; do
		verdict "$scenario ${pair%=*}: $rule, by ${pair#*=}" \
			"$(found "$scenario" "${pair%=*}" "${pair#*=}" "$rule")"
	done
}

shows kick-vs-migrate lost-kick sc=cpu-before-mode-kick tso=cpu-before-mode-kick \
	weak=load-without-barrier
shows request-and-kick lost-request sc=check-before-irqs-off tso=mode-without-barrier \
	weak=kick-without-barriers
shows two-senders lost-request sc=entry-ignores-requests tso=check-before-irqs-off
shows two-senders mode-automaton weak=refused-entry-keeps-mode
shows request-mask missed-ack sc=mask-never-waits tso=mode-without-barrier weak=mask-never-waits
shows lockless-walk page-use-after-free sc=flush-without-wait tso=walk-begins-without-barrier \
	weak=walk-begins-without-barrier
shows dirty-log-sync lost-kick sc=cpu-before-mode-kick tso=cpu-before-mode-kick \
	weak=cpu-before-mode-kick
shows self-kick lost-request sc=fastpath-reenters-blind tso=fastpath-reenters-blind \
	weak=fastpath-reenters-blind
shows vm-bugged warning sc=no-self-check-mask tso=no-self-check-mask weak=no-self-check-mask
shows halt-wake lost-wakeup sc=state-after-condition tso=state-after-condition \
	weak=state-after-condition
shows halt-guest lost-wakeup sc=pause-before-state tso=state-without-barrier \
	weak=wake-without-barrier
shows cpu-offline lost-request sc=entry-ignores-requests tso=mode-without-barrier \
	weak=mode-without-barrier
shows mixed lost-request sc=entry-ignores-requests tso=mode-without-barrier \
	weak=mode-without-barrier
shows posted-interrupts stranded-interrupt sc=posted-sleeps-on-it tso=posted-sleeps-on-it \
	weak=posted-sleeps-on-it

expect "a proof says what is smaller in it than in a campaign" 0 \
	'^  bounds: .*: vcpus 1 \(2\), stale-reads 0 \(2\)$' "$KICKSIM" prove request-mask \
	--model weak --stale-reads 0 --db "$tmp/bounds.db" --fail-on tool-error
expect "what is given counts" 0 '^request-mask .* pcpus=1 vcpus=1 kickers=1 .* migrations=1 ' \
	"$KICKSIM" prove request-mask --vcpus 1 --pcpus 1 --db "$tmp/given.db" \
	--fail-on tool-error
expect "--full is a campaign's" 4 '^request-mask .* pcpus=3 vcpus=2 ' \
	"$KICKSIM" prove request-mask --full --memory 6M --db "$tmp/full.db" --fail-on tool-error
verdict "no bounds are smaller there" "$(grep '^  bounds:' "$tmp/out")"
expect "list scenarios says them" 0 '^ *prove takes --vcpus 1 under weak$' \
	"$KICKSIM" list scenarios
finish
