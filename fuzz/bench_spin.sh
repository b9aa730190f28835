#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The handshake in Spin, on this machine, beside what `ninja bench` printed of
# kicksim: the same sizes, judged by the same rule, with partial-order reduction.
# W4pair would take minutes and gigabytes.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
if ! command -v spin >/dev/null 2>&1; then
	echo "spin is not installed: no search by it"
	exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# search NAME VCPUS KICKERS
search() {
	spin -a -DVCPUS="$2" -DKICKERS="$3" -DPAIRS=0 "$top/kvmcore/bench/handshake.pml" >log
	cc -O2 -w -DSAFETY -DMEMLIM=2000 -o pan pan.c
	./pan -m1000000 >log
	if ! grep -q 'errors: 0' log || grep -q 'out of memory\|max search depth' log; then
		cat log >&2
		exit 4
	fi
	awk -v name="$1" '
		/states, stored/ { states = $1 }
		/elapsed time/ { seconds = $4 }
		END { printf "%-11s Spin here: %d states, %s s\n", name, states, seconds }' log
}

echo
search V1K2 1 2
search W3bcast 2 2
