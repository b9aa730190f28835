#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The targets build with the environment of OSS-Fuzz, and run from where they are
# put, with the kernel forms and libraries that are there.
set -u

out=$(mktemp -d) || exit 4
trap 'rm -rf "$out"' EXIT
failed=0

check() {
	if [ "$2" -eq 0 ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		sed 's/^/# /' "$out/log" | tail -n 20
		failed=1
	fi
}

# Not optimised: it is about building at all.
flags="-O0 -fsanitize=address -fsanitize=fuzzer-no-link"
CC=clang CXX=clang++ CFLAGS="$flags" CXXFLAGS="$flags" LIB_FUZZING_ENGINE=-fsanitize=fuzzer \
	OUT="$out" WORK="$out/work" SRC="$PWD/.." SANITIZER=address FUZZING_ENGINE=libfuzzer \
	.clusterfuzzlite/build.sh >"$out/log" 2>&1
check "build.sh" $?
top=$PWD
cd "$out" || exit 4
./kick -runs=300 -seed=1 >log 2>&1 && grep -q "Done 300 runs" log
check "the target runs from its folder" $?
./kick --kernel=v5.15 --scenario=kick-vs-migrate -runs=200000 -seed=1 >log 2>&1
[ $? -eq 77 ] && grep -q "lost-kick" log
check "and finds what v5.15 is known for" $?
mkdir in
for target in parse_bytes parse_database parse_litmus parse_patch parse_schedule; do
	"./$target" -runs=50 -seed=1 -close_fd_mask=2 in "$top/corpus/seeds" >log 2>&1
	check "$target" $?
done
exit $failed
