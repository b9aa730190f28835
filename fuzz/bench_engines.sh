#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Schedules a second of CPU time through libFuzzer and AFL++, as a campaign has them
# run: one job, all features, from nothing.  The best of some tries counts, because
# on a shared machine the others measure the neighbours too.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for engine in libfuzzer afl; do
	for seed in 1 2 3; do
		out/kicksim campaign kick-vs-migrate --kernel v5.16 --engine $engine --time 3s \
			--jobs 1 --seed $seed --min-severity tool-error --db "$tmp/a.db" \
			--corpus "$tmp/$engine$seed" >"$tmp/log" 2>&1 || {
			cat "$tmp/log" >&2
			exit 4
		}
	done
done
echo
echo "schedules a second of CPU time, kick-vs-migrate v5.16 sc:"
out/kicksim query "SELECT engine, max(runs_per_cpu_s) AS best FROM v_perf GROUP BY engine" \
	--db "$tmp/a.db"
