#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Fills what `kicksim matrix` shows: every kernel form that is built, under every
# memory model, is sampled on all its scenarios, and the smaller scenarios are
# searched exhaustively as far as a fixed memory goes.
#
#   results/fill-matrix.sh [RUNS [DB [FORM..]]]
#
# RUNS for each cell (default 50000); a FORM is named as in `kicksim list kernels`
# (v5.16-arm64); lifted ones are left out unless named.  Nothing depends on how
# fast the machine is, so the same forms give the same cells everywhere.  Forms
# are done side by side, JOBS of them (default: one for each CPU), each into a file
# of its own beside DB; stopped and called again it goes on with those that are not
# whole.
set -u

kicksim=${KICKSIM:-out/kicksim}

# fill FORM PART RUNS: one form under all models
fill() {
	kernel=${1%-*} arch=${1##*-}
	small="kick-vs-migrate request-and-kick halt-wake"
	[ "$arch" != x86 ] || small="$small lockless-walk vm-bugged"
	# Not every form has this one, and random schedules seldom meet its hole.
	$kicksim run waiting-kick --kernel "$kernel" --arch "$arch" >/dev/null 2>&1 &&
		small="$small waiting-kick"
	rm -f "$2.part"
	for model in $($kicksim list models | sed '/^$/,$d; s/ .*//'); do
		of="--kernel $kernel --arch $arch --model $model --jobs 1 --db $2.part"
		# shellcheck disable=SC2086 # several words
		$kicksim campaign $of --seed 1 --runs "$3" >/dev/null 2>&1
		[ $? -le 1 ] || { echo "fill-matrix: $1 $model: the campaign failed" >&2; exit 255; }
		for scenario in $small; do
			# What does not fit stays "0 in N".
			# shellcheck disable=SC2086
			$kicksim prove "$scenario" $of --full --memory 12M >/dev/null 2>&1
			case $? in
			0 | 1 | 4) ;;
			*)	echo "fill-matrix: $1 $model: prove $scenario failed" >&2
				exit 255 ;;
			esac
		done
	done
	mv "$2.part" "$2"
	echo "$1"
}

if [ "${1:-}" = --form ]; then
	fill "$2" "$3" "$4"
	exit
fi
runs=${1:-50000}
db=${2:-results/matrix.db}
[ $# -ge 2 ] && shift 2 || set --
case $runs in '' | *[!0-9]* | 0)
	echo "fill-matrix: '$runs' is no number of schedules" >&2
	exit 2 ;;
esac
forms=${*:-$($kicksim list kernels)} || exit 4
[ $# -gt 0 ] || forms=$(for form in $forms; do
	[ -e "${KICKSIM_FORMS:-out/kvmcore}/$form.lift" ] || echo "$form"
done)
mkdir -p "$db.parts" || exit 4
for form in $forms; do
	[ -e "$db.parts/$form" ] || echo "--form $form $db.parts/$form $runs"
done | xargs -r -P "${JOBS:-$(getconf _NPROCESSORS_ONLN)}" -L 1 "$0" || exit 4
rm -f "$db"
# shellcheck disable=SC2046 # names of forms have no blanks
$kicksim merge -o "$db" $(for form in $forms; do echo "$db.parts/$form"; done) >/dev/null || exit 4
$kicksim matrix --db "$db"
