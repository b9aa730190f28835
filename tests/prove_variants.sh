#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kicksim prove finds the planted bugs of kvmcore/variants, each with what its header
# says: architecture, memory model, scenario with its numbers, and the rule that breaks.
# Its shortest schedule has no more answers than what a campaign has shrunk to.
#
#   tests/prove_variants.sh [--all | NAME..]
#
# Without arguments those in $few, which are quick and of each rule one; --all is for
# all of them, some minutes.  A search has $TIME seconds (10 with --all) and 512M: where
# that is too little to find the bug, the table says so, which is no failure with --all.
set -u

cd "$(dirname "$0")/.." || exit 2
kicksim=${KICKSIM:-out/kicksim}
few="cpu-before-mode-kick cpu-read-plain entry-ignores-requests free-before-flush \
irqs-off-after-mode kick-spins no-online-check request-after-kick state-after-condition \
walk-without-mode"
time=${TIME:-4}
all=false
case ${1:-} in
--all)
	all=true
	time=${TIME:-10}
	few=$(for p in kvmcore/variants/*.patch; do basename "$p" .patch; done)
	;;
-*)
	echo "usage: tests/prove_variants.sh [--all | NAME..]" >&2
	exit 2
	;;
?*)
	few=$*
	;;
esac
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
passed=0
failed=0

header() { # FIELD PATCH
	sed -n "/^---/q;s/^$1: //p" "$2"
}

answers() { # DATABASE RULE: of the shortest schedule that breaks it, or nothing
	"$kicksim" query "SELECT min(nonzero) AS n FROM v_findings WHERE oracle = '$2'" \
		--db "$1" --csv 2>/dev/null | sed -n 2p
}

row() {
	printf '# %-28s %-20s %-22s %9s %7s %7s  %s\n' "$@"
}

row variant rule scenario states prove campaign ""
for name in $few; do
	patch=kvmcore/variants/$name.patch
	rule=$(header Oracle "$patch")
	scenario=$(header Scenario "$patch")
	what="--kernel $(header Base "$patch") --arch $(header Arch "$patch") \
--model $(header Model "$patch") --variant $name"
	if [ "$rule" = none ]; then
		row "$name" none "$scenario" - - - "$(header Why "$patch")"
		continue
	fi
	rm -f "$dir"/*.db*
	# What is split here is options of the header.
	# shellcheck disable=SC2086
	"$kicksim" prove $scenario $what --full --time "${time}s" --memory 512M --jobs 1 --ascii \
		--db "$dir/prove.db" --fail-on tool-error >"$dir/prove.log" 2>"$dir/err"
	# shellcheck disable=SC2086
	"$kicksim" campaign $scenario $what --runs 60000 --seed 1 --jobs 1 --db "$dir/c.db" \
		>"$dir/campaign.log" 2>>"$dir/err"
	prove=$(answers "$dir/prove.db" "$rule")
	campaign=$(answers "$dir/c.db" "$rule")
	states=$(sed -n 's/^  \([^ ]*\) states,.*/\1/p' "$dir/prove.log")
	why=$(sed -n 's/^  \(not exhausted[^;]*\).*/\1/p' "$dir/prove.log")
	# A loop that is found as such has no schedule that ends.
	if [ -z "$prove" ] && grep -q "$rule .*broken in" "$dir/prove.log"; then
		prove=loop
	fi
	row "$name" "$rule" "$scenario" "$states" "${prove:--}" "${campaign:--}" "$why"
	if [ -z "$prove" ] && [ -n "$why" ] && $all; then
		continue
	fi
	if [ -n "$prove" ] && { [ -z "$campaign" ] || [ "$prove" = loop ] ||
				[ "$prove" -le "$campaign" ]; }; then
		passed=$((passed + 1))
		echo "ok $name: $rule"
	else
		failed=$((failed + 1))
		echo "not ok $name: $rule: prove ${prove:-found none}, campaign ${campaign:-none}"
		cat "$dir/err"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
