#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The lessons can be solved as they say, undoing undoes, and the last one tells a
# fix from what is none.
. "$(dirname "$0")/tap.sh"

"$KICKSIM" learn >"$tmp/lessons"
expect "seven lessons" 0 '^7  ' cat "$tmp/lessons"

# The kick in the dull run finds OUTSIDE; with the vCPU first, IN_GUEST and EXITING.
printf 'a\nr\np0 40\na\n' >"$tmp/moves"
expect "lesson 1: three outcomes" 0 'all three' "$KICKSIM" learn 1 <"$tmp/moves"
printf 'a\n' >"$tmp/moves"
expect "lesson 1: one outcome is not enough" 1 'seen so far: OUTSIDE$' "$KICKSIM" learn 1 <"$tmp/moves"

for lesson in 2 3 4 5 6; do
	"$KICKSIM" learn "$lesson" --solve >"$tmp/moves"
	expect "lesson $lesson: its solution solves it" 0 'You found' \
		"$KICKSIM" learn "$lesson" <"$tmp/moves"
	sed -i 's/^[1-9][0-9]*$/0/' "$tmp/moves"
	expect "lesson $lesson: the dull run does not" 1 'The run is over' \
		"$KICKSIM" learn "$lesson" <"$tmp/moves"
done

# A wrong move, taken back, and then the solution.
{ echo p1; echo u; "$KICKSIM" learn 4 --solve; } >"$tmp/moves"
expect "an undone move is undone" 0 'You found lost-kick' "$KICKSIM" learn 4 <"$tmp/moves"
printf '9\nnonsense\nh\ng\nq\n' >"$tmp/moves"
expect "what is no move is refused" 1 'no such way' "$KICKSIM" learn 4 <"$tmp/moves"
expect "help for what is no command" 1 'u: undo' "$KICKSIM" learn 4 <"$tmp/moves"
expect "no lesson 8" 2 'one lesson, 1 to 7' "$KICKSIM" learn 8

# Its object must not stand among the forms while other tests list them.
mkdir "$tmp/forms"
ln -s "$PWD/out/kvmcore/v5.15-x86.so" "$tmp/forms"
export KICKSIM_FORMS="$tmp/forms"
expect "lesson 7 begins with the code" 0 'edit kvm_vcpu_kick' "$KICKSIM" learn 7 --file "$tmp/kick.c"
expect "v5.15 as it is loses" 1 'two-senders: lost-request' "$KICKSIM" learn 7 --file "$tmp/kick.c"
cp kvmcore/kick/v5.16.c "$tmp/kick.c"
expect "the kernel's fix does not" 0 'two-senders: nothing lost' "$KICKSIM" learn 7 --file "$tmp/kick.c"
echo 'int x = ;' >>"$tmp/kick.c"
expect "what does not compile is told" 2 'does not compile' "$KICKSIM" learn 7 --file "$tmp/kick.c"
finish
