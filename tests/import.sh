#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A KCSAN report is read as people have it, its race is found again, and so is what
# the seed says of it: v5.15 loses kicks with it, v5.16 does not.
. "$(dirname "$0")/tap.sh"

"$KICKSIM" show corpus/claim-a.sched --as kcsan >"$tmp/report" 2>/dev/null
sed 's/^/[  123.456789][ T201] /' "$tmp/report" >"$tmp/dmesg"
expect "the race is found again" 0 'race +data-race +in 1 of' \
	"$KICKSIM" import --kcsan "$tmp/report" --runs 60000 --db "$tmp/t.db"
says "with the kick that it loses" 'degraded +lost-kick .* k[0-9a-f]{8}$'
expect "and a triage" 0 'callers that only kick may miss one' \
	"$KICKSIM" import --kcsan "$tmp/report" --runs 60000
says "v5.16 has none of it" 'on v5.16: 0 of'
id=$("$KICKSIM" query "SELECT id FROM v_findings WHERE oracle = 'lost-kick'" --csv \
	--db "$tmp/t.db" | tail -n 1)
expect "what was kept replays" 1 identical "$KICKSIM" replay "$id" --db "$tmp/t.db"
expect "a log's time stamps do not matter" 0 'kvm_arch_vcpu_load / kvm_vcpu_kick +4 bytes' \
	"$KICKSIM" import --kcsan "$tmp/dmesg" --runs 6000
sed 's/kvm_vcpu_kick/kvm_vcpu_poke/' "$tmp/report" >"$tmp/other"
expect "a race of code that is not modelled" 3 'none of .* runs has this race' \
	"$KICKSIM" import --kcsan "$tmp/other" --runs 6000
sed 's/^write to/write (marked) to/' "$tmp/report" >"$tmp/marked"
expect "a race of other accesses" 3 'none of .* runs has this race' \
	"$KICKSIM" import --kcsan "$tmp/marked" --runs 6000
expect "no report" 2 "no line 'BUG: KCSAN" "$KICKSIM" import --kcsan /dev/null
head -n 2 "$tmp/report" >"$tmp/cut"
expect "a cut report" 2 'no line says which access' "$KICKSIM" import --kcsan "$tmp/cut"
expect "no file" 2 'No such file' "$KICKSIM" import --kcsan "$tmp/none"
finish
