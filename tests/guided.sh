#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# libFuzzer and AFL++, by hand and by campaign: each finds v5.15's lost request in a
# bounded number of executions, and what it found replays in the plain program.
set -u

: "${KICKSIM:=out/kicksim}"
tmp=$(mktemp -d) || exit 4
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0

# check TEXT STATUS: a test that held if STATUS is 0
check() {
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok - $1"
	else
		failed=$((failed + 1))
		echo "not ok - $1"
		sed 's/^/# /' "$tmp/out" "$tmp/err" | tail -n 20
	fi
}

# run STATUS COMMAND...: true if it exits so
run() {
	want=$1
	shift
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	[ $? -eq "$want" ]
}

out() {
	grep -q -- "$1" "$tmp/out"
}

one_line() {
	[ "$(wc -l <"$tmp/err")" -eq 1 ] && grep -q -- "$1" "$tmp/err"
}

fuzzer=out/fuzz/kick_libfuzzer
target="--kernel=v5.15 --scenario=two-senders --min-severity=harmful"

# shellcheck disable=SC2086
run 77 $fuzzer $target -seed=1 -max_len=200 -runs=3000000 -artifact_prefix="$tmp/" -verbosity=0
check "libFuzzer by hand crashes at a finding, as it does" $?
run 1 "$KICKSIM" replay "$tmp"/crash-* && out lost-request
check "its artifact replays" $?

export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_BENCH_UNTIL_CRASH=1
export AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_CUSTOM_MUTATOR_ONLY=1 AFL_FAST_CAL=1
export AFL_CUSTOM_MUTATOR_LIBRARY="$PWD/out/fuzz/kick_mutator.so"
# shellcheck disable=SC2086
run 0 afl-fuzz -s 1 -t 5000 -E 100000 -i corpus/seeds -o "$tmp/afl" -- out/fuzz/kick_afl $target
crash=$(find "$tmp/afl/default/crashes" -name 'id*' 2>/dev/null | head -n 1)
[ -n "$crash" ]
check "AFL++ by hand saves a crash" $?
run 1 env KICKSIM_KERNEL=v5.15 KICKSIM_SCENARIO=two-senders "$KICKSIM" replay "${crash:-none}" &&
	out lost-request
check "its crash replays with the settings that it was found with" $?
unset AFL_BENCH_UNTIL_CRASH AFL_CUSTOM_MUTATOR_LIBRARY AFL_CUSTOM_MUTATOR_ONLY

campaign="$KICKSIM campaign --db $tmp/a.db --corpus $tmp/corpus --seed 1"
for engine in libfuzzer afl; do
	# shellcheck disable=SC2086
	run 1 $campaign two-senders --kernel v5.15 --engine $engine --until lost-request \
		--runs 30000000 --jobs 1 --fail-on harmful && out "lost-request  *harmful"
	check "a campaign with $engine ends with what it was to look for" $?
	run 1 "$KICKSIM" replay @last --db "$tmp/a.db" && out identical
	check "and that replays: identical" $?
done
[ "$(sqlite3 "$tmp/a.db" "SELECT DISTINCT engine FROM occurrence ORDER BY 1" | tr '\n' ,)" = afl,libfuzzer, ]
check "the database says which engine it was" $?

# shellcheck disable=SC2086
run 0 $campaign kick-vs-migrate --kernel v5.16 --engine random,libfuzzer --time 2s --merge-corpus
status=$?
corpus=$tmp/corpus/v5.16-x86-sc-kick-vs-migrate/libfuzzer
[ $status -eq 0 ] && [ "$(find "$corpus" -type f | wc -l)" -gt 10 ]
check "a campaign mixes engines and keeps its corpus" $?
# shellcheck disable=SC2086
run 0 $campaign kick-vs-migrate --kernel v5.16 --engine libfuzzer --time 1s --jobs 1 &&
	grep -q "INFO: .* files found in .*kick-vs-migrate/libfuzzer" "${corpus%/*}/libfuzzer-0.log"
check "the next one goes on from there" $?

# shellcheck disable=SC2086
$campaign two-senders --kernel v5.16 --engine libfuzzer,afl --time 60s >"$tmp/out" 2>"$tmp/err" &
pid=$!
sleep 2
kill -INT $pid
wait $pid
[ $? -eq 130 ] && ! pgrep -f "$tmp/corpus" >"$tmp/err"
check "Ctrl-C stops the engines, too" $?

run 2 "$KICKSIM" campaign --engine libfuzz && one_line "random, pct"
check "a word that is no engine" $?
run 2 $fuzzer --kernle=v5.15 && one_line "'--kernle=v5.15'"
check "a harness refuses what it does not know" $?
run 4 env KICKSIM_KERNEL=v9 $fuzzer && one_line "no kernel form 'v9-x86'"
check "and a form that is not there" $?
mkdir "$tmp/bin"
cp "$KICKSIM" "$tmp/bin/kicksim"
forms=$PWD/out/kvmcore
run 4 sh -c "cd '$tmp' && KICKSIM_FORMS='$forms' bin/kicksim campaign --engine afl" &&
	one_line "ninja engines"
check "an engine that was not built: one line, exit 4" $?

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
