#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kicksim prove and a Promela model that Spin checks come to the same verdicts, on
# the kick of v5.15 and v5.16 and on three planted bugs.
#
# Spin may be missing: then the test is skipped, with a line that says so.
set -u

top=$(cd "$(dirname "$0")/.." && pwd)
kicksim=${KICKSIM:-out/kicksim}
case $kicksim in
/*) ;;
*) kicksim=$top/$kicksim ;;	# the test works in a folder of its own
esac
if ! command -v spin >/dev/null 2>&1; then
	echo "1..0 # SKIP spin is not installed"
	exit 0
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
n=0
failed=0

# verdict_of_spin FORM REQUEST BUG: "holds" or "broken"
verdict_of_spin() {
	spin -a "-DFORM=$1" "-DREQUEST=$2" "-DBUG=$3" -DMOVES=1 "$top/tests/kick.pml" \
		>spin.log 2>&1 && cc -O1 -w -DSAFETY -o pan pan.c >>spin.log 2>&1 &&
		./pan >>spin.log 2>&1
	if grep -q 'errors: 0' spin.log && ! grep -q 'out of memory\|max search depth' spin.log; then
		echo holds
	elif grep -q 'assertion violated' spin.log; then
		echo broken
	else
		cat spin.log >&2
		echo "no verdict"
	fi
}

# verdict_of_kicksim RULE SCENARIO FORM VARIANT
verdict_of_kicksim() {
	"$kicksim" prove "$2" --kernel "$3" ${4:+--variant "$4"} --db "$dir/k.db" \
		--fail-on oops --color never --ascii >prove.log 2>prove.err
	if ! grep -q '^  exhausted' prove.log; then
		cat prove.log prove.err >&2
		echo "no verdict"
	elif grep -q "$1 .*holds: exhausted" prove.log; then
		echo holds
	elif grep -q "$1 .*broken in" prove.log; then
		echo broken
	fi
}

# same EXPECTED RULE SCENARIO FORM REQUEST BUG [VARIANT]
same() {
	spin=$(verdict_of_spin "$4" "$5" "$6")
	case $4 in
	515) form=v5.15 ;;
	*) form=v5.16 ;;
	esac
	kick=$(verdict_of_kicksim "$2" "$3" "$form" "${7:-}")
	n=$((n + 1))
	what="$2 in $3 on $form${7:+ with $7}"
	if [ "$spin" = "$1" ] && [ "$kick" = "$1" ]; then
		echo "ok $n - $what: $1"
	else
		echo "not ok $n - $what: expected $1, spin says $spin, kicksim $kick"
		failed=1
	fi
}

echo "1..7"
same broken lost-kick kick-vs-migrate 515 0 0
same holds lost-kick kick-vs-migrate 516 0 0
same holds lost-request request-and-kick 515 1 0
same holds lost-request request-and-kick 516 1 0
same broken lost-request request-and-kick 516 1 1 entry-ignores-requests
same broken lost-request halt-wake 516 1 2 request-after-kick
same broken lost-request request-and-kick 516 1 3 check-before-irqs-off
exit $failed
