#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Fills what `kicksim matrix` shows: every kernel form that is built, under every
# memory model, is sampled on all scenarios, and each scenario is searched
# exhaustively as far as the time goes.
#
#   results/fill-matrix.sh [SECONDS [DB [FORM..]]]
#
# SECONDS for each cell (default 10), half of it for proofs; a FORM is named as in
# `kicksim list kernels` (v5.16-arm64).  Stopped and called again it adds to what
# is there.
set -u

kicksim=${KICKSIM:-out/kicksim}
seconds=${1:-10}
db=${2:-results/matrix.db}
[ $# -ge 2 ] && shift 2 || set --
case $seconds in '' | *[!0-9]* | 0)
	echo "fill-matrix: '$seconds' is no number of seconds" >&2
	exit 2 ;;
esac
forms=${*:-$($kicksim list kernels)} || exit 4
models=$($kicksim list models | sed '/^$/,$d; s/ .*//')
scenarios=$($kicksim list scenarios | sed 's/ .*//')

for form in $forms; do
	kernel=${form%-*} arch=${form##*-}
	for model in $models; do
		of="--kernel $kernel --arch $arch --model $model --db $db"
		echo "$kernel $arch $model"
		# shellcheck disable=SC2086 # several words
		$kicksim campaign $of --time "$((seconds * 500))ms" >/dev/null 2>&1
		[ $? -le 1 ] || { echo "fill-matrix: $kernel $arch $model: the campaign failed" >&2; exit 4; }
		end=$(($(date +%s) + seconds / 2 + 1))
		for scenario in $scenarios; do
			left=$((end - $(date +%s)))
			[ $left -gt 0 ] || break
			# What is not exhausted in this time stays "not found in N".
			# shellcheck disable=SC2086
			$kicksim prove "$scenario" $of --time "${left}s" --memory 1G >/dev/null 2>&1
			[ $? -le 4 ] || exit 130
		done
	done
done
$kicksim matrix --db "$db"
