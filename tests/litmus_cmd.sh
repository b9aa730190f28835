#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kicksim litmus as its users meet it: the fixtures on each model, what it
# prints, and how it ends.
. "$(dirname "$0")/tap.sh"

# is WHAT EXPECTED GOT
is()
{
	verdict "$1" "$([ "$2" = "$3" ] || printf 'expected: %s\ngot:      %s\n' "$2" "$3")"
}

# The number before a word of the summary.
counted()
{
	awk -v word="$1" '$2 == word { print $1 }' "$tmp/out"
}

tests=$(find tests/litmus -name '*.litmus' | wc -l)
"$KICKSIM" litmus --expect tests/litmus > "$tmp/out"
is "weak: the fixtures end well" 0 $?
is "weak: all as the table says" "$tests" "$(counted exact)"
for model in sc tso; do
	"$KICKSIM" litmus --expect --model $model tests/litmus > "$tmp/out"
	is "$model: the fixtures end well" 0 $?
	is "$model: nothing unsound" 0 "$(counted unsound)"
done

# What each machine can show of the kick protocol, in the order of names.
kick()
{
	"$KICKSIM" litmus --model "$1" tests/litmus/kick |
		sed -n 's/^Observation kick-\([^ ]*\) Sometimes.*/\1/p' |
		tr '\n' ' '
}
is "sc: the kick" "cpu-before-mode " "$(kick sc)"
is "tso: the kick" "cpu-before-mode dekker-no-vcpu-mb " "$(kick tso)"
is "weak: the kick" "cpu-after-mode-no-release cpu-after-mode-relaxed \
cpu-before-mode dekker-no-kicker-mb dekker-no-vcpu-mb " "$(kick weak)"

# A store buffer lets a load pass an earlier store, and nothing else.
seen=$("$KICKSIM" litmus --model tso tests/litmus |
	sed -n 's/^Observation \([^k][^ ]*\) Sometimes.*/\1/p' |
	sort | tr '\n' ' ')
is "tso: only these" "3.SB+mb+po+mb 3.SB+po+po+po R+mb+po R+po+po R+rel+po \
R+wmb+po RCU+two-readers RWC+-+mb+po SB+forward SB+mb+po SB+po+mb SB+po+po \
Z6.0+po+po+po Z6.0+rel+rel+po race " "$seen"
seen=$("$KICKSIM" litmus --model sc tests/litmus |
	sed -n 's/^Observation \([^k][^ ]*\) Sometimes.*/\1/p')
is "sc: only a race" race "$seen"

"$KICKSIM" litmus tests/litmus/SB+po+po.litmus > "$tmp/out"
is "prints as herd7 does" "Test SB+po+po Allowed
States 4
0:r0=0; 1:r0=0;
0:r0=0; 1:r0=1;
0:r0=1; 1:r0=0;
0:r0=1; 1:r0=1;
Ok
Witnesses
Positive: 1 Negative: 3
Condition exists (0:r0=0 /\\ 1:r0=0)
Observation SB+po+po Sometimes 1 3" "$(cat "$tmp/out")"

for pair in x86:Never mips:Never arm64:Sometimes; do
	is "a failing cmpxchg() on ${pair%:*}" "${pair#*:}" \
		"$("$KICKSIM" litmus --arch "${pair%:*}" \
			tests/litmus/SB+cmpxchg-fails.litmus |
			awk '/^Observation/ { print $3 }')"
done

is "a race is flagged" "Flag data-race" \
	"$("$KICKSIM" litmus tests/litmus/race.litmus | grep Flag)"

mkdir "$tmp/bad"
sed 's/Result: Sometimes/Result: Never/' tests/litmus/SB+po+po.litmus \
	> "$tmp/bad/wrong.litmus"
"$KICKSIM" litmus --expect "$tmp/bad" > "$tmp/out"
is "an unsound verdict is a finding" 1 $?
is "... and is counted" 1 "$(counted unsound)"
rm "$tmp/bad/wrong.litmus"

echo 'C t
{}
P0(int *x) { int r0 }
exists (x=0)' > "$tmp/bad/a.litmus"
cp tests/litmus/SB+po+po.litmus "$tmp/bad/b.litmus"
"$KICKSIM" litmus "$tmp/bad" > "$tmp/out" 2> "$tmp/err"
is "bad input is a usage error" 2 $?
is "... with its place" "$tmp/bad/a.litmus:3: expected \";\" after the \
statement, found \"}\"" "$(sed 's/.*error: //' "$tmp/err")"
is "... and the rest runs" 1 "$(grep -c ^Observation "$tmp/out")"

echo 'C t
{}
P0(int *x) { srcu_read_lock(x); }
exists (x=0)' > "$tmp/bad/a.litmus"
is "what it cannot do is skipped" "Skipped t $tmp/bad/a.litmus:3: \
srcu_read_lock() is not a primitive of this machine" \
	"$("$KICKSIM" litmus "$tmp/bad/a.litmus")"
"$KICKSIM" litmus --max-states 5 tests/litmus/SB+po+po.litmus > "$tmp/out"
is "a cap is no verdict" 0 "$(grep -c ^Observation "$tmp/out")"
"$KICKSIM" litmus "$tmp/none" > "$tmp/out" 2>&1
is "no such file" 2 $?
"$KICKSIM" litmus --json - < tests/litmus/SB+po+po.litmus |
	cut -d, -f1 > "$tmp/out"
is "JSON Lines" '{"schema":"kicksim.litmus/1"
{"schema":"kicksim.litmus-summary/1"' "$(cat "$tmp/out")"
finish
