#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What each barrier of the kick protocol is good for: a table, and a test of it.
#
#   tests/barriers.sh [RUNS]
#
# Each kvmcore/variants/*.patch with a line "Barrier:" takes one barrier out.  Its
# header says which oracle then fires, and under which memory model at least.  Here
# it is run RUNS times (default 12000) under that model, where the oracle has to
# fire, and under each weaker one, where it must not.  For "Oracle: none" nothing
# may fire that does not fire with the barrier in place too, and the header says
# why nobody misses it.
#
# A row is "ok" or "not ok", the architecture, what was found under sc, tso and
# weak ("." is nothing, "-" was not run), and the barrier.  Sampling with a fixed
# seed: the same rows each time.  Exit status 1 if a row is not ok.
set -eu

runs=${1:-12000}
kicksim=${KICKSIM:-out/kicksim}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM

field() {
	sed -n "/^---/q; s/^$2: //p" "$1"
}

# Not the barrier's business: they fire under sc too, or break no rule.
harmless='data-race|misdirected-ipi|redundant-ipi|ipi-to-offline-cpu'

# fired VARIANT FORM ARCH MODEL SCENARIO.. : what breaks a rule, one oracle a line
fired() {
	variant=$1 form=$2 arch=$3 model=$4
	shift 4
	rm -f "$tmp/db"
	"$kicksim" campaign "$@" --kernel "$form" --kernels "$form" --arch "$arch" \
		--variant "$variant" --model "$model" --runs "$runs" --jobs 1 --seed 1 \
		--db "$tmp/db" >"$tmp/out" 2>"$tmp/err" || {
		cat "$tmp/err" >&2
		exit 4
	}
	awk '/^runs that break/ { on = 1; next }
	     /^ran / { on = 0; ran = 1 }
	     on && NF == 3 { print $1 }
	     END { exit !ran }' "$tmp/out" | { grep -Evx "$harmless" || :; }
}

# row PATCH
row() {
	form=$(field "$1" Base) arch=$(field "$1" Arch) least=$(field "$1" Model)
	oracle=$(field "$1" Oracle) scenario=$(field "$1" Scenario)
	name=$(basename "$1" .patch)
	ok=ok cells=
	for model in sc tso weak; do
		found=-
		if [ -z "$least" ]; then
			cells="$cells $found"
			continue
		fi
		# The scenario may come with options of its own.
		# shellcheck disable=SC2086
		found=$(fired "$name" "$form" "$arch" "$model" $scenario)
		if [ "$model" = "$least" ]; then
			least=
			if [ "$oracle" = none ]; then
				[ -z "$found" ] || ok="not ok"
			else
				echo "$found" | grep -qx "$oracle" || ok="not ok"
			fi
		elif [ -n "$found" ]; then
			ok="not ok"
		fi
		cells="$cells $(echo ${found:-.} | tr ' ' ,)"
	done
	# shellcheck disable=SC2086
	printf '%-6s %-6s %-4s %-20s %-24s %s\n' "$ok" "$arch" $cells "$(field "$1" Barrier)"
	[ "$oracle" != none ] || printf '  # %s: %s\n' "$name" "$(field "$1" Why)"
	[ "$ok" = ok ]
}

printf '# %d runs each\n# %-4s %-6s %-4s %-20s %-24s %s\n' "$runs" "" arch sc tso weak barrier
status=0
for patch in $(grep -l '^Barrier:' kvmcore/variants/*.patch); do
	row "$patch" || status=1
done
exit $status
