#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A finding as a litmus test is judged by kicksim litmus as the simulator judged the
# run: what was found under a model is seen there, and what only a weak machine
# does is never seen without one.
. "$(dirname "$0")/tap.sh"

# verdicts FILE : "sc Never tso Never weak Sometimes", as kicksim litmus has them
verdicts() {
	for model in sc tso weak; do
		printf '%s %s ' "$model" "$("$KICKSIM" litmus "$1" --model $model |
			sed -n 's/^Observation [^ ]* \([A-Z][a-z]*\) .*/\1/p')"
	done
}

# judged FILE WANTED : exports it; the verdicts have to be WANTED, and its comment's
judged() {
	timeout -s KILL 60 "$KICKSIM" show "$1" --as litmus >"$tmp/t.litmus" || return
	got=$(verdicts "$tmp/t.litmus")
	told=$(sed -n 's/^ \* On \([a-z]*\): \([A-Z][a-z]*\)\.$/\1 \2 /p' "$tmp/t.litmus" | tr -d '\n')
	echo "$got" "$told"
	[ "$got" = "$told" ] && [ "$got" = "$2 " ] && grep -q '^ \* Result: Sometimes' "$tmp/t.litmus"
}

everywhere='sc Sometimes tso Sometimes weak Sometimes'
weak_only='sc Never tso Never weak Sometimes'

# Found under sc: no ordering is missing, so each machine shows it.
for name in a b c d d-leave d2 d2-mask e j-v5.15; do
	check "claim-$name: $everywhere" judged "corpus/claim-$name.sched" "$everywhere"
done

# Both barriers of the kick are gone: the cmpxchg passes the request.
check "a kick without barriers: $weak_only" judged \
	'{"kernel":"v5.16","arch":"arm64","variant":"kick-without-barriers","model":"weak","scenario":"request-and-kick"} 1:1/4e 25:1/2l' "$weak_only"

# A race is told as one.
"$KICKSIM" show corpus/claim-a.sched --as litmus >"$tmp/race.litmus" 2>"$tmp/err"
expect "claim-a: the race is flagged" 0 '^Flag data-race' \
	"$KICKSIM" litmus "$tmp/race.litmus" --model weak

# What it cannot say it does not say.
refuses 2 "no litmus form: what it needs is no order of memory accesses" \
	show corpus/claim-i-mask.sched --as litmus
refuses 2 "no litmus form: nothing is broken" show corpus/claim-f-after.sched --as litmus
finish
