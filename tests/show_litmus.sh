#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A finding as a litmus test is judged by kicksim litmus as the simulator judged the
# run: what was found under a model is seen there, and what only a weak machine
# does is never seen without one.
#
#   tests/show_litmus.sh
#
# KICKSIM names the program.
set -u

cd "$(dirname "$0")/.." || exit 4
: "${KICKSIM:=out/kicksim}"
LC_ALL=C
export LC_ALL
tmp=$(mktemp -d) || exit 4
trap 'rm -rf "$tmp"' EXIT
nr=0 failed=0

result() {
	nr=$((nr + 1))
	if [ "$1" = 0 ]; then
		echo "ok $nr - $2"
	else
		cat "$tmp/said"
		echo "not ok $nr - $2"
		failed=$((failed + 1))
	fi
}

# verdicts FILE : "sc Never tso Never weak Sometimes", as kicksim litmus has them
verdicts() {
	for model in sc tso weak; do
		printf '%s %s ' "$model" "$("$KICKSIM" litmus "$1" --model $model |
			sed -n 's/^Observation [^ ]* \([A-Z][a-z]*\) .*/\1/p')"
	done
}

# judged NAME WORD WANTED : exports it; the verdicts have to be WANTED, and its comment's
judged() {
	{
		timeout -s KILL 60 "$KICKSIM" show "$2" --as litmus >"$tmp/t.litmus" &&
		got=$(verdicts "$tmp/t.litmus") && echo "$got" &&
		told=$(sed -n 's/^ \* On \([a-z]*\): \([A-Z][a-z]*\)\.$/\1 \2 /p' \
			"$tmp/t.litmus" | tr -d '\n') &&
		[ "$got" = "$told" ] && [ "$got" = "$3 " ] &&
		grep -q '^ \* Result: Sometimes' "$tmp/t.litmus"
	} >"$tmp/said" 2>&1
	result $? "$1: $3"
}

everywhere='sc Sometimes tso Sometimes weak Sometimes'
weak_only='sc Never tso Never weak Sometimes'

# Found under sc: no ordering is missing, so each machine shows it.
for name in a b c d d-leave d2 d2-mask e j-v5.15; do
	judged "claim-$name" "corpus/claim-$name.sched" "$everywhere"
done

# Both barriers of the kick are gone: the cmpxchg passes the request.
judged "a kick without barriers" '{"kernel":"v5.16","arch":"arm64","variant":"kick-without-barriers","model":"weak","scenario":"request-and-kick"} 1:1/4e 25:1/2l' "$weak_only"

# A race is told as one.
"$KICKSIM" show corpus/claim-a.sched --as litmus >"$tmp/race.litmus" 2>"$tmp/said"
"$KICKSIM" litmus "$tmp/race.litmus" --model weak >"$tmp/said"
grep -q '^Flag data-race' "$tmp/said"
result $? "claim-a: the race is flagged"

# What it cannot say it does not say.
refuses() {
	"$KICKSIM" show "$1" --as litmus >"$tmp/out" 2>"$tmp/said"
	[ $? -eq 2 ] && [ ! -s "$tmp/out" ] && [ "$(wc -l <"$tmp/said")" -eq 1 ] &&
		grep -q "no litmus form: $2" "$tmp/said"
	result $? "$1: no litmus form"
}
refuses corpus/claim-i-mask.sched "what it needs is no order of memory accesses"
refuses corpus/claim-f-after.sched "nothing is broken"

if [ "$failed" -gt 0 ]; then
	echo "$((nr - failed)) passed, $failed failed" >&2
	exit 1
fi
echo "$nr passed, 0 failed"
