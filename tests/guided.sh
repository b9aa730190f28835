#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# libFuzzer and AFL++, by hand and by campaign: each finds v5.15's lost request in a
# bounded number of executions, and what it found replays in the plain program.
. "$(dirname "$0")/tap.sh"

# exits STATUS COMMAND...: true if it does so
exits() {
	want=$1
	shift
	run "$@"
	[ "$code" -eq "$want" ]
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
exits 77 $fuzzer $target -seed=1 -max_len=200 -runs=3000000 -artifact_prefix="$tmp/" -verbosity=0
held "libFuzzer by hand crashes at a finding, as it does" $?
exits 1 "$KICKSIM" replay "$tmp"/crash-* && out lost-request
held "its artifact replays" $?

export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_BENCH_UNTIL_CRASH=1
export AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_CUSTOM_MUTATOR_ONLY=1 AFL_FAST_CAL=1
export AFL_CUSTOM_MUTATOR_LIBRARY="$PWD/out/fuzz/kick_mutator.so"
# shellcheck disable=SC2086
exits 0 afl-fuzz -s 1 -t 5000 -E 100000 -i corpus/seeds -o "$tmp/afl" -- out/fuzz/kick_afl $target
crash=$(find "$tmp/afl/default/crashes" -name 'id*' 2>/dev/null | head -n 1)
[ -n "$crash" ]
held "AFL++ by hand saves a crash" $?
grep -q "^stability *: 100.00%" "$tmp/afl/default/fuzzer_stats"
held "and says that it is stable: an input always gives the same map" $?
exits 1 env KICKSIM_KERNEL=v5.15 KICKSIM_SCENARIO=two-senders "$KICKSIM" replay "${crash:-none}" &&
	out lost-request
held "its crash replays with the settings that it was found with" $?
unset AFL_BENCH_UNTIL_CRASH AFL_CUSTOM_MUTATOR_LIBRARY AFL_CUSTOM_MUTATOR_ONLY

campaign="$KICKSIM campaign --db $tmp/a.db --corpus $tmp/corpus --seed 1"
for engine in libfuzzer afl; do
	# shellcheck disable=SC2086
	exits 1 $campaign two-senders --kernel v5.15 --engine $engine --until lost-request \
		--runs 30000000 --jobs 1 --fail-on harmful && out "lost-request  *harmful"
	held "a campaign with $engine ends with what it was to look for" $?
	exits 1 "$KICKSIM" replay @last --db "$tmp/a.db" && out identical
	held "and that replays: identical" $?
done
[ "$(sqlite3 "$tmp/a.db" "SELECT DISTINCT engine FROM occurrence ORDER BY 1" | tr '\n' ,)" = afl,libfuzzer, ]
held "the database says which engine it was" $?

# shellcheck disable=SC2086
exits 0 $campaign kick-vs-migrate --kernel v5.16 --engine random,libfuzzer --time 2s --merge-corpus
status=$?
corpus=$tmp/corpus/v5.16-x86-sc-kick-vs-migrate/libfuzzer
[ $status -eq 0 ] && [ "$(find "$corpus" -type f | wc -l)" -gt 10 ]
held "a campaign mixes engines and keeps its corpus" $?
# shellcheck disable=SC2086
exits 0 $campaign kick-vs-migrate --kernel v5.16 --engine libfuzzer --time 1s --jobs 1 &&
	grep -q "INFO: .* files found in .*kick-vs-migrate/libfuzzer" "${corpus%/*}/libfuzzer-0.log"
held "the next one goes on from there" $?

for i in 1 2; do
	exits 0 "$KICKSIM" campaign kick-vs-migrate --kernel v5.16 --engine libfuzzer --jobs 1 \
		--runs 5000 --seed 3 --db "$tmp/$i.db" --corpus "$tmp/corpus$i" || break
	grep -v -e "^how much" -e "^next" -e replay: "$tmp/out" >"$tmp/said$i"
done
sqlite3 "$tmp/1.db" "SELECT runs BETWEEN 5000 AND 5300 FROM v_campaigns" | grep -qx 1 &&
	cmp -s "$tmp/said1" "$tmp/said2"
held "so many runs are so many, and the same ones for a seed" $?

# shellcheck disable=SC2086
$campaign two-senders --kernel v5.16 --engine libfuzzer,afl --time 60s >"$tmp/out" 2>"$tmp/err" &
pid=$!
sleep 2
kill -INT $pid
wait $pid
[ $? -eq 130 ] && ! pgrep -f "$tmp/corpus" >"$tmp/err"
held "Ctrl-C stops the engines, too" $?

exits 2 "$KICKSIM" campaign --engine libfuzz && one_line "random, pct"
held "a word that is no engine" $?
exits 2 $fuzzer --kernle=v5.15 && one_line "'--kernle=v5.15'"
held "a harness refuses what it does not know" $?
exits 4 env KICKSIM_KERNEL=v9 $fuzzer && one_line "no kernel form 'v9-x86'"
held "and a form that is not there" $?
mkdir "$tmp/bin"
cp "$KICKSIM" "$tmp/bin/kicksim"
forms=$PWD/out/kvmcore
exits 4 sh -c "cd '$tmp' && KICKSIM_FORMS='$forms' bin/kicksim campaign --engine afl" &&
	one_line "ninja engines"
held "an engine that was not built: one line, exit 4" $?

finish
