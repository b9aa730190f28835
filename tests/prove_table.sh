#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The table of proofs: every scenario of two forms, with the bounds that prove takes by
# itself, under each model, by one process, with a limit of time for each.
#
#	tests/prove_table.sh [SECONDS [MODEL..]]       ARCH=arm64 for that (default x86)
#
# Not a test: the README has what it prints, and whoever doubts that can run it.  The
# rows come from the database that the searches fill; 'kicksim query proofs' shows more.
set -u

cd "$(dirname "$0")/.." || exit 2
kicksim=${KICKSIM:-out/kicksim}
seconds=${1:-60}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- sc tso weak
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

arch=${ARCH:-x86}
echo "| scenario | form | model | bounds, and a campaign's | states | seconds | broken |"
echo "|---|---|---|---|---|---|---|"
for model in "$@"; do
	for scenario in $("$kicksim" list scenarios --ascii | awk '/^[a-z]/ { print $1 }'); do
		for kernel in v5.15 v5.16; do
			rm -f "$dir"/k.db*
			"$kicksim" prove "$scenario" --kernel $kernel --arch $arch --model "$model" \
				--jobs 1 --time "${seconds}s" --db "$dir/k.db" --color never \
				--fail-on tool-error >"$dir/out" 2>"$dir/err" || [ $? -eq 4 ] ||
				{ grep -q "no scenario" "$dir/err" || cat "$dir/err" >&2; continue; }
			cpu=$(sed -n 's/.* choices, \([0-9.]*\) s,.*/\1/p' "$dir/out")
			bounds=$(sed -n 's/^  bounds: .*: //p' "$dir/out")
			"$kicksim" query "SELECT '| $scenario | $kernel-$arch | $model | $bounds | ' ||
				iif(exhausted, '', 'more than ') || states || ' | $cpu | ' ||
				coalesce(replace(violated, ' ', ', '), '') || ' |' FROM v_proofs" \
				--db "$dir/k.db" --csv | sed -n 's/"//g; /^| /p'
		done
	done
done
