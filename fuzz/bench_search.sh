#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Time to find: each engine on each planted bug, and on what the forms are known
# for, from nothing, for each of some seeds.
#
#   fuzz/bench_search.sh DB
#
# SEEDS (20), ENGINES, ONLY (a pattern of planted bugs), RUNS (2000000, the most of
# one search) and TIME (60s) make it smaller.  All of it is some 4,800 searches of
# half a second on the average, so the better part of an hour of one core.
set -eu

db=$1
: "${SEEDS:=20}" "${RUNS:=2000000}" "${TIME:=60s}" "${ONLY:=}"
: "${ENGINES:=random pct:3 pos libfuzzer afl}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

field() {
	sed -n "/^---$/q; s/^$2: //p" "$1"
}

# search NAME ORACLE WORDS...: all engines and seeds
search() {
	name=$1 oracle=$2
	shift 2
	case $name in
	*"$ONLY"*) ;;
	*) return 0 ;;
	esac
	for engine in $ENGINES; do
		seed=1
		while [ "$seed" -le "$SEEDS" ]; do
			out/kicksim campaign "$@" --until "$oracle" --engine "$engine" --jobs 1 \
				--runs "$RUNS" --time "$TIME" --seed "$seed" --db "$db" \
				--corpus "$tmp/corpus" >"$tmp/log" 2>&1 || {
				cat "$tmp/log" >&2
				exit 4
			}
			rm -rf "$tmp/corpus"
			seed=$((seed + 1))
		done
	done
	echo "$name"
}

search v5.15-kick lost-kick kick-vs-migrate --kernel v5.15
search v5.15-request lost-request two-senders --kernel v5.15
search v5.16-kick misdirected-ipi kick-vs-migrate --kernel v5.16
for patch in kvmcore/variants/*.patch; do
	oracle=$(field "$patch" Oracle)
	[ "$oracle" = none ] && continue
	# shellcheck disable=SC2046
	search "$(field "$patch" Variant)" "$oracle" $(field "$patch" Scenario) \
		--kernel "$(field "$patch" Base)" --arch "$(field "$patch" Arch)" \
		--model "$(field "$patch" Model)" --variant "$(field "$patch" Variant)"
done
