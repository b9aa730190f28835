#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# One schedule, one trace: in every build, in any order, twice, with other
# addresses, and under valgrind.  (Of valgrind only the processor is used: what its
# memory checker says of code that changes stacks is wrong.)
set -u

hashes=out/tests/hashes
tmp=$(mktemp -d) || exit 4
trap 'rm -rf "$tmp"' EXIT

# same NAME SEEDS COMMAND..: its lines, sorted, are those of the plain build
same() {
	name=$1 seeds=$2
	shift 2
	LC_ALL=C sort "$tmp/plain.$seeds" >"$tmp/wanted"
	if "$@" >"$tmp/out" 2>"$tmp/err" && LC_ALL=C sort "$tmp/out" >"$tmp/got" &&
	   cmp -s "$tmp/wanted" "$tmp/got"; then
		echo "ok - $name"
		return
	fi
	diff "$tmp/wanted" "$tmp/got" | head -n 5
	tail -n 5 "$tmp/err"
	echo "not ok - $name"
	failed=1
}

failed=0
"$hashes" 0 299 >"$tmp/plain.300" && "$hashes" 0 2 >"$tmp/plain.3" || exit 4
[ "$(wc -l <"$tmp/plain.300")" -ge 3000 ] || exit 4
# Were all runs alike, none of this would tell anything.
if [ "$(sed 's/.*: //' "$tmp/plain.300" | LC_ALL=C sort -u | wc -l)" -ge 2000 ]; then
	echo "ok - runs differ from each other"
else
	echo "not ok - runs differ from each other"
	failed=1
fi
same "twice" 300 "$hashes" 0 299
same "backwards" 300 "$hashes" 0 299 backwards
same "without address randomization" 300 setarch "$(uname -m)" -R "$hashes" 0 299
same "with sanitizers" 300 out/asan/tests/hashes 0 299
same "under valgrind" 3 valgrind -q --tool=none "$hashes" 0 2
exit $failed
