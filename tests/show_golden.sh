#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Real schedules look as they did: each format of a run is compared with its file
# in tests/golden/.
#
#   tests/show_golden.sh [bless]
#
# With "bless", what is printed becomes the golden file; read the difference
# before you commit it.  KICKSIM names the program.
set -eu

cd "$(dirname "$0")/.."
: "${KICKSIM:=out/kicksim}"
golden=tests/golden
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0 passed=0
unset NO_COLOR CLICOLOR_FORCE COLUMNS 2>/dev/null || :

# show NAME LOCALE ARGUMENT.. : one run in one format
show() {
	name=$1 locale=$2
	shift 2
	if ! LC_ALL=$locale "$KICKSIM" run "$@" >"$tmp/$name" 2>"$tmp/stderr"; then
		echo "not ok $name: kicksim run $*" >&2
		cat "$tmp/stderr" >&2
		failed=$((failed + 1))
		return
	fi
	# How the program was called is its own affair.
	sed 's|\(replay: \)[^ ]*kicksim |\1kicksim |' "$tmp/$name" >"$tmp/plain"
	mv "$tmp/plain" "$tmp/$name"
	if [ "${bless:-}" ]; then
		mkdir -p "$golden"
		cp "$tmp/$name" "$golden/$name"
	elif diff -u "$golden/$name" "$tmp/$name" >&2; then
		passed=$((passed + 1))
	else
		echo "not ok $name: '$0 bless' accepts it" >&2
		failed=$((failed + 1))
	fi
}

case ${1:-} in
'') ;;
bless) bless=1 ;;
*)
	echo "usage: $0 [bless]" >&2
	exit 2
	;;
esac

# The seed's schedule and scenario: the IPI goes to the pCPU that the vCPU has left.
lost='3:1/4e 7:2/4e 9:1/4e 11:1/4e 12:1/2m'
seed() {
	name=$1 locale=$2
	shift 2
	show "$name" "$locale" kick-vs-migrate --kernel v5.15 "$@"
}
seed lost-kick.columns C --schedule "$lost" --as columns
seed lost-kick.utf8 C.UTF-8 --schedule "$lost" --as columns
seed lost-kick.race C --schedule "$lost" --as race
seed lost-request.race C --actors 1 --schedule "$lost" --as race

# Two senders: the second relies on the first, whose IPI went to the wrong pCPU.
show two-senders.race C two-senders --kernel v5.15 \
	--schedule '6:1/6e 31:1/5e 32:2/3m' --as race

# The same as a picture, with what it needs.
show two-senders.svg C two-senders --kernel v5.15 \
	--schedule '6:1/6e 31:1/5e 32:2/3m' --as svg

# The seed's cost: one cmpxchg more, on a vCPU that is not loaded anywhere.
show v5.15.counts C kick-vs-migrate --kernel v5.15 --as counts
show v5.16.counts C kick-vs-migrate --kernel v5.16 --as counts

# The load of vcpu->cpu beside the store, as KCSAN tells it.
seed race.kcsan C --schedule 3:1/4e --as kcsan

# Nothing to find: the load of cpu comes after that of mode, and nobody moves.
show no-race.race C kick-vs-migrate --kernel v5.16 --as race

# Eight pCPUs in 80 columns.
show lanes.columns C request-and-kick --kernel v5.16 --pcpus 8 --vcpus 4 --kickers 3 \
	--as columns

if [ "$failed" -gt 0 ]; then
	echo "$passed passed, $failed failed" >&2
	exit 1
fi
[ "${bless:-}" ] || echo "$passed passed, 0 failed"
