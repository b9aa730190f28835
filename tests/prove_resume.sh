#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kicksim prove can be interrupted, killed and gone on with: the same states and
# verdicts as in one go, in another process.  What was stopped never reads as proved.
set -u

cd "$(dirname "$0")/.." || exit 2
kicksim=${KICKSIM:-out/kicksim}
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
passed=0
failed=0
c=$dir/c.prove

tell() { # STATUS NAME
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok $2"
	else
		failed=$((failed + 1))
		echo "not ok $2"
	fi
}

prove() { # OUT ARGUMENT..: its exit status in $status
	out=$dir/$1
	shift
	"$kicksim" prove "$@" --db "$dir/k.db" --ascii --fail-on tool-error >"$out" 2>"$dir/err"
	status=$?
}

# What must not depend on how often it was stopped: verdicts, states, transitions, ends.
verdicts() {
	sed -n '/^  [+*x ] /p; s/^  \(.*\) longest path.*/\1/p' "$dir/$1"
}

same() {
	[ "$(verdicts "$1")" = "$(verdicts "$2")" ] && grep -q 'states,' "$dir/$1"
}

# wait_for COMMAND..: until it is true, or ten seconds have passed
wait_for() {
	i=0
	while ! "$@" && [ $i -lt 200 ]; do
		sleep 0.05
		i=$((i + 1))
	done
}

what="self-kick --kernel v5.16 --no-reduction"
# What is split is options.
# shellcheck disable=SC2086
{
prove whole $what --jobs 1
[ "$status" -eq 0 ] && grep -q '^  exhausted' "$dir/whole"
tell $? "exhausted in one go"

prove short $what --jobs 1 --time 30ms --checkpoint "$c"
[ "$status" -eq 4 ] && grep -q '^  not exhausted: out of time' "$dir/short" &&
	! grep -q 'holds' "$dir/short"
tell $? "out of time: exit code 4, nothing holds"
prove rest $what --jobs 2 --resume "$c"
[ "$status" -eq 0 ] && same whole rest
tell $? "gone on with after running out of time, by two processes"

prove little $what --jobs 2 --memory 6M --checkpoint "$c"
[ "$status" -eq 4 ] && grep -q '^  not exhausted: out of memory' "$dir/little"
tell $? "out of memory: exit code 4"
prove rest $what --jobs 1 --resume "$c"
[ "$status" -eq 0 ] && same whole rest
tell $? "gone on with after running out of memory"

# In the middle: a Ctrl-C once there is a checkpoint, and then a kill.
long="cpu-offline --kernel v5.16"
rm -f "$c"
"$kicksim" prove $long --checkpoint "$c" --checkpoint-every 50ms --db "$dir/k.db" --ascii \
	>"$dir/out" 2>"$dir/err" &
pid=$!
wait_for test -e "$c"
kill -TERM $pid
wait $pid
[ $? -eq 130 ] && grep -q '^  not exhausted: interrupted' "$dir/out"
tell $? "interrupted: exit code 130"

rm -f "$c"
"$kicksim" prove $what --jobs 2 --checkpoint "$c" --checkpoint-every 5ms --db "$dir/k.db" \
	>"$dir/out" 2>"$dir/err" &
pid=$!
wait_for test -e "$c"
kill -KILL $pid
wait $pid 2>/dev/null
prove rest $what --jobs 2 --resume "$c"
[ "$status" -eq 0 ] && same whole rest
tell $? "gone on with after a kill"

prove wrong $what --vcpus 1 --resume "$c"
[ "$status" -eq 2 ] && [ "$(wc -l <"$dir/err")" -eq 1 ]
tell $? "a checkpoint of another configuration: one line, exit code 2"
prove wrong self-kick --kernel v5.15 --no-reduction --resume "$c"
[ "$status" -eq 2 ] && [ "$(wc -l <"$dir/err")" -eq 1 ]
tell $? "of another kernel: one line, exit code 2"
prove wrong $what --resume tests/run
[ "$status" -eq 2 ] && grep -q "not a checkpoint" "$dir/err"
tell $? "something else: exit code 2"
prove wrong $what --resume "$dir/none"
[ "$status" -eq 4 ]
tell $? "no such file: exit code 4"
# Told before the search, not after it.
prove wrong $what --checkpoint "$dir/no/folder"
[ "$status" -eq 4 ] && grep -q "checkpoint '$dir/no/folder'" "$dir/err"
tell $? "nowhere to keep it: said, exit code 4"
}
# Another build has its code elsewhere, and other hashes for the same states.
if [ -x out/asan/kicksim ]; then
	# shellcheck disable=SC2086
	out/asan/kicksim prove $what --resume "$c" --db "$dir/k.db" >"$dir/out" 2>"$dir/err"
	[ $? -eq 4 ] && grep -q "another build" "$dir/err"
	tell $? "of another build: exit code 4"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
