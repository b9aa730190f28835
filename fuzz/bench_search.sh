#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Time to find: each engine on each planted bug and on what the forms are known
# for, from nothing, for each of some seeds.
#
#   fuzz/bench_search.sh all|hard DB FILE.md
#
# all	every planted bug, and the known findings of forms; a search ends after
#	RUNS (300000) runs
# hard	fuzz/bench_hard.txt: what random needs more than ten million runs for; RUNS
#	is 20000000
#
# SEEDS (20), FIRST (seed, 1), ENGINES, RUNS and ONLY (a pattern of names) make it
# smaller.  Runs and not seconds bound a search, so what comes out depends on no
# machine but for the CPU seconds, and AFL++, which looks at the clock.  Parts that
# several processes made, each with a DB of its own, are one after `kicksim merge`.
#
# Killed, it goes on where it was when it is started again: DB.done has a line for
# each search that is done.  Another build begins anew, beside the old DB.
set -eu

list=$1 db=$2 table=$3
case $list in
all) : "${RUNS:=300000}" ;;
hard) : "${RUNS:=20000000}" ;;
*) echo "bench_search.sh: '$list': all or hard" >&2; exit 2 ;;
esac
: "${SEEDS:=20}" "${FIRST:=1}" "${ONLY:=}" "${ENGINES:=random pct:3 pos libfuzzer afl}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

field() {
	sed -n "/^---$/q; s/^$2: //p" "$1"
}

# NAME ORACLE and the words of a campaign, a line for each bug.
bugs() {
	if [ "$list" = hard ]; then
		grep -v '^#' fuzz/bench_hard.txt
		return
	fi
	echo v5.15-kick lost-kick kick-vs-migrate --kernel v5.15
	echo v5.15-request lost-request two-senders --kernel v5.15
	echo v5.16-kick misdirected-ipi kick-vs-migrate --kernel v5.16
	echo v6.16-wait missed-ack waiting-kick --kernel v6.16
	for patch in kvmcore/variants/*.patch; do
		oracle=$(field "$patch" Oracle)
		[ "$oracle" = none ] && continue
		name=$(field "$patch" Variant)
		echo "$name $oracle $(field "$patch" Scenario)" \
			"--kernel $(field "$patch" Base) --arch $(field "$patch" Arch)" \
			"--model $(field "$patch" Model) --variant $name"
	done
}

# What the answers depend on, in one word.
build() {
	cat out/kicksim out/fuzz/kick_libfuzzer out/fuzz/kick_afl out/fuzz/kick_mutator.so \
		out/kvmcore/*.so | cksum | cut -d ' ' -f 1
}

begin() {
	now=$(build)
	if [ -e "$db" ] && [ "$(head -n 1 "$db.done" 2>/dev/null)" != "$now" ]; then
		echo "another build: $db.old is what the last one found" >&2
		for end in "" -wal -shm .done; do
			rm -f "$db.old$end"
			[ ! -e "$db$end" ] || mv "$db$end" "$db.old$end"
		done
	fi
	[ -e "$db.done" ] || echo "$now" >"$db.done"
}

# search SEED ENGINE NAME ORACLE WORDS...
search() {
	id="$1 $2 $RUNS $3"
	seed=$1 engine=$2 oracle=$4
	shift 4
	grep -qxF "$id" "$db.done" && return
	# One seed of two engines is enough to know how many answers it takes.
	case $seed-$engine in
	1-pos | 1-libfuzzer) ;;
	*) set -- "$@" --no-shrink ;;
	esac
	out/kicksim campaign "$@" --until "$oracle" --engine "$engine" --jobs 1 --runs "$RUNS" \
		--seed "$seed" --db "$db" --corpus "$tmp/corpus" >"$tmp/log" 2>&1 </dev/null || {
		cat "$tmp/log" >&2
		exit 4
	}
	rm -rf "$tmp/corpus"
	echo "$id" >>"$db.done"
}

begin
bugs | grep -e "$ONLY" >"$tmp/bugs"
seed=$FIRST
while [ "$seed" -le "$SEEDS" ]; do
	while read -r line; do
		for engine in $ENGINES; do
			# shellcheck disable=SC2086
			search "$seed" "$engine" $line
		done
	done <"$tmp/bugs"
	echo "seed $seed: $(wc -l <"$tmp/bugs") bugs"
	seed=$((seed + 1))
done
fuzz/bench_table.sh "$list" "$db" >"$tmp/table"
cat "$tmp/table" >"$table"
echo "$table"
