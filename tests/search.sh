#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# fuzz/bench_search.sh: what is killed goes on, what was another build's begins anew,
# and a search that ends without a find is told as one.
. "$(dirname "$0")/tap.sh"

bench() {
	SEEDS=3 ENGINES="random pos" fuzz/bench_search.sh all "$tmp/db" "$tmp/md" >"$tmp/out" 2>&1
}

campaigns() {
	out/kicksim query "SELECT count(*) AS nr FROM v_campaigns" --db "$tmp/db" --csv | tail -n 1
}

# Found at once, and never in 64 runs.
export ONLY='^mask-never-waits \|^mask-shared ' RUNS=64

bench && [ "$(campaigns)" -eq 12 ] && [ "$(wc -l <"$tmp/db.done")" -eq 13 ]
held "two bugs, two engines, three seeds: 12 searches" $?
bench && [ "$(campaigns)" -eq 12 ]
held "what is done is not done again" $?
sed -i '$d' "$tmp/db.done"
bench && [ "$(campaigns)" -eq 13 ] && [ "$(wc -l <"$tmp/db.done")" -eq 13 ]
held "what was killed goes on" $?

out/kicksim query time-to-find --db "$tmp/db" --csv >"$tmp/out"
[ "$(grep -c ',runs,' "$tmp/out")" -eq 2 ] && [ "$(grep -c ',CPU s,' "$tmp/out")" -eq 2 ]
held "two rows for each bug" $?
grep -q '^mask-shared,missed-ack,,runs,>64,,>64,,,,-,request-mask vcpus 1 kickers 2 migrations 0$' \
	"$tmp/out"
held "who never found it has run for more than 64 runs, and nobody is best" $?
grep -Eq '^mask-never-waits,missed-ack,1,runs,[^,]*,,[^,]*,,,,(random|pos),request-mask$' "$tmp/out"
held "a bug, its answers, the better engine" $?
# The second of three by the found ones alone: a search that found nothing comes last.
out/kicksim query "SELECT h.engine, h.first_runs FROM v_hits AS h WHERE
	h.variant = 'mask-never-waits' ORDER BY 1, 2" --db "$tmp/db" --csv >"$tmp/hits"
median=$(grep '^pos' "$tmp/hits" | cut -d , -f 2 | sed -n 2p)
grep -Eq "^mask-never-waits,missed-ack,1,runs,[^,]*,,(${median:->64}) \(" "$tmp/out"
held "the median is that of the hits" $?
grep -q '^| mask-shared | missed-ack |  *| runs | >64 |' "$tmp/md"
held "the page has the table" $?

# Its first run has more answers than a schedule holds.
out/kicksim campaign self-kick --kernel v5.16 --variant kick-spins --until soft-lockup \
	--engine random --jobs 1 --runs 3000 --seed 2 --no-shrink --db "$tmp/spins.db" >"$tmp/out" 2>&1
grep -q "soft-lockup" "$tmp/out"
held "a finding of which one run cannot be kept is kept by another" $?

sed -i '1s/.*/0/' "$tmp/db.done"
bench && [ "$(campaigns)" -eq 12 ] && [ -e "$tmp/db.old" ]
held "another build begins anew, and the old answers are kept" $?
! fuzz/bench_search.sh some "$tmp/db" "$tmp/md" >"$tmp/out" 2>&1
held "a list that there is not is refused" $?

finish
