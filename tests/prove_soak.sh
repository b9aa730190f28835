#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# prove against itself and against sampling, on configurations drawn at random: any
# form, architecture, memory model, planted bug and scenario with small numbers.
#
#   tests/prove_soak.sh [NUMBER [SEED]]       (default: 12 configurations, seed 1)
#
# What prove exhausts, by one process or by several, it exhausts with --no-reduction to
# the same rules broken, and a campaign on the same configuration breaks no rule that
# prove says holds.  What is too large for $TIME seconds (1) or refused by the scenario
# is passed over.  A disagreement prints the command lines; with the seed it comes again.
set -u

cd "$(dirname "$0")/.." || exit 2
kicksim=${KICKSIM:-out/kicksim}
number=${1:-12}
seed=${2:-1}
time=${TIME:-1}
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
passed=0
failed=0
large=0

# draw N: $drawn from 0 to N-1, by a linear congruence (MINSTD)
state=$((seed % 2147483646 + 1))
draw() {
	state=$((state * 48271 % 2147483647))
	drawn=$((state / 7 % $1))
}

pick() { # WORDS..: $picked is one of them
	draw $#
	shift "$drawn"
	picked=$1
}

header() { # FIELD PATCH
	sed -n "/^---/q;s/^$1: //p" "$2"
}

# configuration: $what, the words of one
configuration() {
	# shellcheck disable=SC2046
	pick $("$kicksim" list scenarios | cut -d' ' -f1)
	what=$picked
	draw 5
	if [ "$drawn" -lt 2 ]; then
		pick kvmcore/variants/*.patch
		patch=$picked
		draw 2
		[ "$drawn" -eq 0 ] && what=$(header Scenario "$patch")
		what="$what --variant $(header Variant "$patch") --kernel $(header Base "$patch") \
--arch $(header Arch "$patch")"
	else
		# shellcheck disable=SC2046
		pick $("$kicksim" list kernels)
		what="$what --kernel ${picked%-*} --arch ${picked##*-}"
	fi
	pick sc sc tso weak
	what="$what --model $picked"
	for field in pcpus vcpus kickers kicks migrations preemptions exits halts; do
		draw 3
		[ "$drawn" -gt 0 ] && continue
		draw 3
		what="$what --$field $drawn"
	done
}

# prove OPTION..: the rules broken, on $dir/rules; fails if those may not be all
prove() {
	# What is split here is words of the configuration.
	# shellcheck disable=SC2086
	"$kicksim" prove $what "$@" --full --time "${time}s" --memory 1G --ascii \
		--db "$dir/prove.db" >"$dir/log" 2>"$dir/err"
	code=$?
	[ $code -le 1 ] || return $code
	# With a finding it has done its work, whether it is through or not.
	grep -q '^  exhausted' "$dir/log" || return 4
	sed -n 's/^  [^ ]* \([^ ]*\) .*broken in .*/\1/p' "$dir/log" | sort >"$dir/rules"
}

complain() {
	failed=$((failed + 1))
	echo "not ok $what: $1"
	diff "$dir/reduced" "$dir/rules" | sed 's/^/# /'
}

while [ $((passed + failed + large)) -lt "$number" ]; do
	configuration
	rm -f "$dir"/*.db*
	pick 1 2 3
	jobs=$picked
	prove --jobs "$jobs"
	case $? in
	0 | 1)	;;
	2)	continue ;;
	4)	if grep -q "not exhausted" "$dir/log"; then
			large=$((large + 1))
		elif ! grep -q "no kernel form" "$dir/err"; then
			complain "exit code 4: $(cat "$dir/err")"
		fi
		continue ;;
	*)	complain "prove fails: $(tail -1 "$dir/err")"
		continue ;;
	esac
	cp "$dir/rules" "$dir/reduced"
	if prove --no-reduction --jobs 1 && ! cmp -s "$dir/reduced" "$dir/rules"; then
		complain "other rules without reduction than with --jobs $jobs"
		continue
	fi
	# shellcheck disable=SC2086
	"$kicksim" campaign $what --runs 30000 --engine random,pct:3,pos --seed "$seed" --jobs 1 \
		--ascii --db "$dir/c.db" --fail-on tool-error >"$dir/log" 2>"$dir/err" || {
		complain "campaign: $(tail -1 "$dir/err")"
		continue
	}
	"$kicksim" query "SELECT DISTINCT oracle FROM v_findings" --db "$dir/c.db" --csv |
		sed 1d | tr -d '\r' | sort >"$dir/rules"
	if [ -n "$(comm -13 "$dir/reduced" "$dir/rules")" ]; then
		complain "a campaign breaks what prove says holds"
		continue
	fi
	passed=$((passed + 1))
	[ -z "${VERBOSE:-}" ] || echo "ok $what"
done
echo "# $large more were too large for $time seconds"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
