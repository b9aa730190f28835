#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Compiles one form of kvmcore into one shared object.
#
#   kvmcore/build.sh FORM ARCH OUT [VARIANT ROOT [OBJECTS]]
#
# FORM names a file of kvmcore/kick, ARCH those of kvmcore/arch.  FORM is also the
# kernel version that all other files follow, unless KVMCORE_VERSION names one, as
# it has to for a form with a name of its own.  ROOT is where
# the tree stands whose kvmcore is compiled: a copy, if a VARIANT was patched
# in.  OBJECTS are those of the form without the patch, taken for files that it
# left alone.  Beside OUT appear OUT.d, what ninja has to know of, and OUT.o/.
#
# A form prefers one address, where it lands in every process that loads no other
# form before it: return addresses are a part of the states that searches compare.
#
# There is one set of flags for all purposes.  Every access hook is a place where
# the machine may switch, so flags that add or move accesses would make
# schedules unfit for each other.  KVMCORE_CFLAGS is for those that do not, such as
# the warnings that lifted code may be compiled with.
set -eu

form=$1 arch=$2 out=$3 variant=${4:-} root=${5:-.} reuse=${6:-}
core=$root/kvmcore
objects=$out.o
: "${KVMCORE_CC:=clang}" "${KVMCORE_VERSION:=$form}" "${KVMCORE_CFLAGS:=}"
case $KVMCORE_VERSION in
v[0-9]*.[0-9]*)	;;
*)	echo "kvmcore/build.sh: $KVMCORE_VERSION: no kernel version such as v6.1;" \
		"name one by KVMCORE_VERSION" >&2
	exit 2 ;;
esac
major=${KVMCORE_VERSION#v} major=${major%%.*} minor=${KVMCORE_VERSION#*.}

rm -rf "$objects"
mkdir -p "$objects"
for src in "$core"/*.c "$core/kick/$form.c" "$core/arch/$arch"*.c "$core"/scenarios/*.c \
	   "$core/scenarios/$arch"/*.c; do
	[ -e "$src" ] || continue	# an architecture without scenarios of its own
	name=$(basename "$src" .c)
	# Not by its form: the order of objects decides where per-CPU variables lie.
	[ "$src" != "$core/kick/$form.c" ] || name=kick
	object=$objects/$name.o
	if [ -n "$reuse" ] && [ "$name" != form ] && cmp -s "$src" "kvmcore${src#"$core"}"; then
		cp "$reuse/$name.o" "$reuse/$name.d" "$objects"
		continue
	fi
	# shellcheck disable=SC2086 # several words
	"$KVMCORE_CC" -std=gnu17 -O1 -fno-inline -fno-omit-frame-pointer \
		-fno-optimize-sibling-calls -fPIC -fno-plt -fvisibility=hidden -gdwarf-4 -gdwarf-aranges \
		-Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Werror $KVMCORE_CFLAGS \
		-fsanitize=thread -mllvm -tsan-distinguish-volatile=1 \
		-mllvm -tsan-instrument-func-entry-exit=0 \
		-mllvm -tsan-instrument-read-before-write=1 \
		-ffile-prefix-map="$root/=" -ffile-prefix-map="$PWD=." \
		-DKVMCORE_ARCH_"$(echo "$arch" | tr a-z A-Z)" \
		-DKVMCORE_FORM="\"$form\"" -DKVMCORE_ARCH="\"$arch\"" \
		-DKVMCORE_VARIANT="\"$variant\"" \
		-DKVMCORE_MAJOR="$major" -DKVMCORE_MINOR="$minor" \
		-I"$core/include" -I"$core" -I"$core/scenarios" -MMD -MT out.so -c -o "$object" "$src"
done
# A place of its own for each, so that several fit into one process unmoved.
slot=$(printf %s "$form-$arch$variant" | cksum | cut -d' ' -f1)
base=$(printf 0x%x $((0x30000000 + slot % 192 * 0x100000)))
"$KVMCORE_CC" -shared -nostdlib -Wl,-q -Wl,--build-id=none -Wl,-Ttext-segment="$base" \
	-Wl,--version-script="$core/export.map" -Wl,-T,"$core/no-ctors.ld" -o "$out" "$objects"/*.o
sed "s|^out.so:|$out:|" "$objects"/*.d >"$out.d"
