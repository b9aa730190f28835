#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# README.md's sample output is what its command prints.  Only the seconds and the
# rate, which differ by machine, are left out of the comparison.
set -u

program=${KICKSIM:-out/kicksim}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# seconds and rates: "in 2.1 s, 188.1k/s,"
timeless() {
	sed 's/ in [0-9.]* s, [0-9.]*[kM]*\/s,/ in T s, R\/s,/'
}

sed -n '/readme-test: begin/,/readme-test: end/s/^    //p' README.md >"$dir/block"
command=$(sed -n 's/^\$ out\/kicksim //p' "$dir/block")
sed 1d "$dir/block" | grep . | timeless >"$dir/want"
rm -f /tmp/sample.db /tmp/sample.db-wal /tmp/sample.db-shm
# shellcheck disable=SC2086
"$program" $command 2>"$dir/err" | sed "s|$program|out/kicksim|" | grep . | timeless >"$dir/got"
if [ -s "$dir/want" ] && cmp -s "$dir/want" "$dir/got"; then
	echo "ok 1 - the sample campaign prints what README.md shows"
	exit 0
fi
diff "$dir/want" "$dir/got" | sed 's/^/# /'
sed 's/^/# /' "$dir/err"
echo "not ok 1 - the sample campaign prints what README.md shows"
exit 1
