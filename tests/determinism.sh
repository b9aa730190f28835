#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# One schedule, one trace: in every build, in any order, twice, with other
# addresses, and under valgrind.  (Of valgrind only the processor is used: what its
# memory checker says of code that changes stacks is wrong.)
. "$(dirname "$0")/tap.sh"

hashes=out/tests/hashes

# same SEEDS COMMAND..: its lines, sorted, are those of the plain build
same() {
	sort "$tmp/plain.$1" >"$tmp/wanted"
	shift
	"$@" >"$tmp/got" && sort "$tmp/got" | diff "$tmp/wanted" -
}

"$hashes" 0 299 >"$tmp/plain.300" && "$hashes" 0 2 >"$tmp/plain.3" || exit 4
[ "$(wc -l <"$tmp/plain.300")" -ge 3000 ] || exit 4
# Were all runs alike, none of this would tell anything.
check "runs differ from each other" \
	test "$(sed 's/.*: //' "$tmp/plain.300" | sort -u | wc -l)" -ge 2000
check "twice" same 300 "$hashes" 0 299
check "backwards" same 300 "$hashes" 0 299 backwards
check "without address randomization" same 300 setarch "$(uname -m)" -R "$hashes" 0 299
check "with sanitizers" same 300 out/asan/tests/hashes 0 299
check "under valgrind" same 3 valgrind -q --tool=none "$hashes" 0 2
finish
