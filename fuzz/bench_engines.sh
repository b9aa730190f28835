#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Schedules a second of CPU time through libFuzzer and AFL++, as a campaign has them
# run: one job, all features, from nothing.  The best of some tries counts, because
# on a shared machine the others measure the neighbours too.
#
# runs		were made
# schedules	with those that are known to repeat the run that they were made from,
#		and were not run (fuzz/branch.h)
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
echo
echo "a second of CPU time, kick-vs-migrate v5.16 sc:"
for engine in libfuzzer afl; do
	[ $engine = afl ] && goal='500000 schedules' || goal='300000 runs'
	for seed in 1 2 3; do
		out/kicksim campaign kick-vs-migrate --kernel v5.16 --engine $engine --time 6s \
			--jobs 1 --seed $seed --min-severity tool-error --db "$tmp/$seed.db" \
			--corpus "$tmp/$engine$seed" >"$tmp/log" 2>&1 || {
			cat "$tmp/log" >&2
			exit 4
		}
		rate=$(out/kicksim query "SELECT runs_per_cpu_s FROM v_perf
			WHERE engine = '$engine'" --csv --db "$tmp/$seed.db" | tail -n 1)
		awk -v rate="$rate" '
		function number(text)
		{
			return text * (text ~ /M$/ ? 1e6 : text ~ /k$/ ? 1e3 : 1)
		}
		/^how much/ { runs = number($3) }
		/^repeats/ { repeats = number($2) }
		END { print rate, rate * (1 + repeats / runs) }' "$tmp/log"
	done | sort -n | tail -n 1 | {
		read -r runs schedules
		printf '%-10s %.0f runs, %.0f schedules (goal %s)\n' $engine "$runs" \
			"$schedules" "$goal"
	}
done
