#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Compiles a form with a planted bug.
#
#   kvmcore/variants/build.sh FOLDER/FORM-ARCH+NAME.so
#
# The patch kvmcore/variants/NAME.patch is applied to a copy of kvmcore beside the
# object; that it still applies without fuzz is a part of the test.
set -eu

out=$1
id=$(basename "$out" .so)
name=${id#*+} base=${id%%+*}
form=${base%-*} arch=${base##*-}
patch=kvmcore/variants/$name.patch
root=$(dirname "$out")/src/$name

rm -rf "$root"
mkdir -p "$root/kvmcore"
(cd kvmcore && tar -cf - --exclude=./variants .) | tar -xf - -C "$root/kvmcore"
patch -s -p1 -F0 --no-backup-if-mismatch -d "$root" <"$patch"

# A header may be everywhere; other files are compiled by themselves.
objects=$(dirname "$out")/$form-$arch.so.o
if grep -q '^+++ .*\.h$' "$patch"; then
	objects=
fi
kvmcore/build.sh "$form" "$arch" "$out" "$name" "$root" "$objects"

# What the copies were made from is what the object depends on.
sed "s|$root/||g" "$out.d" >"$out.d.tmp"
mv "$out.d.tmp" "$out.d"
