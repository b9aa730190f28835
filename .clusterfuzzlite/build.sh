#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds the fuzz targets as OSS-Fuzz and ClusterFuzzLite want them: compiled by
# $CC with $CFLAGS, linked by $CXX with $LIB_FUZZING_ENGINE, all into $OUT.
#
# The code under test is the same objects as everywhere: a run must not depend on
# who looks at it.  They go beside the targets, which look for them there.
set -eu

: "${CC:?}" "${CXX:?}" "${CFLAGS=}" "${CXXFLAGS=}" "${LIB_FUZZING_ENGINE:?}" "${OUT:?}"
work=${WORK:-$(mktemp -d)}
mkdir -p "$work/o" "$OUT/kvmcore" "$OUT/lib"

ninja forms >/dev/null
cp out/kvmcore/*.so "$OUT/kvmcore/"

base="-std=gnu17 -D_GNU_SOURCE -g -fno-omit-frame-pointer -mno-red-zone -fno-pie -I."
compile() {
	# shellcheck disable=SC2086
	$CC $CFLAGS $base -c "$1" -o "$work/o/$(echo "$1" | tr / _).o"
}
if [ "${1:-}" = --one ]; then
	compile "$2"
	exit
fi

# All but what is a program, and but what belongs to AFL++'s own build.
common=$(ls sim/*.c fuzz/*.c results/*.c | grep -v -e '/main_' -e '/parse_' -e '/bench_' \
	-e '/afl_map' -e '/mutate_afl')
targets="main_libfuzzer parse_bytes parse_database parse_litmus parse_patch parse_schedule"
export WORK="$work"
{
	echo "$common"
	for target in $targets; do
		echo "fuzz/$target.c"
	done
} | xargs -P "$(nproc)" -n 1 "$0" --one

objects=
for source in $common; do
	objects="$objects $work/o/$(echo "$source" | tr / _).o"
done
for target in $targets; do
	name=$target
	[ "$target" = main_libfuzzer ] && name=kick
	# shellcheck disable=SC2086
	$CXX $CXXFLAGS "$work/o/fuzz_$target.c.o" $objects $LIB_FUZZING_ENGINE -no-pie -rdynamic \
		-Wl,-Ttext-segment=0x60000000 \
		-Wl,-rpath,'$ORIGIN/lib' -lsqlite3 -lxxhash -ldw -lelf -lcapstone -lseccomp \
		-o "$OUT/$name"
done

# The machine that runs the targets need not have the libraries.
ldd "$OUT/kick" | awk '/lib(sqlite3|xxhash|dw|elf|capstone|seccomp|lzma|bz2|z|zstd)\.so/ { print $3 }' |
	xargs -I LIB cp LIB "$OUT/lib/"
printf '[libfuzzer]\nmax_len = 256\nlen_control = 0\n' >"$OUT/kick.options"
if command -v zip >/dev/null; then
	zip -q -j "$OUT/kick_seed_corpus.zip" corpus/seeds/*
	zip -q -j "$OUT/parse_litmus_seed_corpus.zip" tests/litmus/*.litmus
	zip -q -j "$OUT/parse_schedule_seed_corpus.zip" corpus/*.sched
fi
