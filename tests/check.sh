#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The gate: what it lets through and what not, that it says the same each time, and
# that what it writes is what readers of KTAP, JUnit XML, SARIF and GitHub's
# annotations take.
. "$(dirname "$0")/tap.sh"

# gate CODE WORD..: runs the check quickly, stdout in $tmp/out, stderr in $tmp/err
gate() {
	wanted=$1
	shift
	"$KICKSIM" check --runs 6000 --jobs 2 "$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	[ $got -eq "$wanted" ] || { echo "exit code $got instead of $wanted: check $*"
		cat "$tmp/out" "$tmp/err"; }
}

# has TEXT: stdout of the check has it
has() {
	grep -qF -- "$1" "$tmp/out" || { echo "no '$1' in:"; cat "$tmp/out"; }
}

verdict "v5.16 passes" "$(gate 0; has '0 failed, '; has 'known     deadlock')"
cp "$tmp/out" "$tmp/first"
verdict "the same again, by one process" "$(gate 0 --jobs 1; diff "$tmp/first" "$tmp/out")"
verdict "another seed is another search" "$(gate 0 --seed deadbeef
	cmp -s "$tmp/first" "$tmp/out" && echo "the same")"
verdict "v5.15 does not" "$(gate 1 --kernel v5.15 --format plain --format "github=$tmp/github" \
	--format "ktap=$tmp/ktap" --format "junit=$tmp/junit.xml" --format "sarif=$tmp/sarif" \
	--format "json=$tmp/json" --artifact-prefix "$tmp/files/new-"
	has 'lost-request of vcpu0 in kvm_make_request   new: not in v5.16-x86'
	has 'lost-kick of vcpu0'; has 'also in '
	tail -n 1 "$tmp/out" | grep -qE '^[1-9][0-9]* failed, [0-9]+ passed, [0-9]+ skipped$' ||
		echo "the last line has no counts"
	[ "$(wc -l <"$tmp/out")" -le 25 ] || echo "more than 25 lines")"
verdict "what the base breaks too is known" "$(gate 0 --kernel v5.15 --base v5.15
	gate 1 --kernel v5.15 --base none --corpus none
	has 'new: no kept schedule shows it')"
verdict "a planted bug is new" "$(gate 1 --variant request-after-kick; has 'not in v5.16-x86')"
verdict "a planted bug that faults" "$(gate 1 --variant kick-trusts-running-vcpu
	has 'oops      oops in '; has 'replay: ')"
verdict "a planted bug of no consequence passes" "$(gate 0 --variant no-self-check-kick)"
verdict "a search that misses the known bugs" "$(gate 3 --canary-runs 1; has 'canary missed')"
verdict "time that is up" "$(gate 0 --runs 100000000 --time 300ms; has 'stopped by --time')"
verdict "only what is asked for" "$(gate 0 --kernel v5.15 --fail-on tool-error
	gate 1 --fail-on race --kernel v5.15
	has 'data-race in kvm_arch_vcpu_load / kvm_vcpu_kick   new')"

# What can be pasted and what was written reproduce.
verdict "the replay line of a finding" "$(gate 1 --kernel v5.15
	sed -n 's/^  replay: //p' "$tmp/out" | while read -r line; do
		eval "$line" >"$tmp/replay"
		[ $? -eq 1 ] || { echo "$line"; cat "$tmp/replay"; }
	done)"
verdict "artifacts" "$(ls "$tmp/files" | grep -vE '^new-k[0-9a-f]{8}(\.race)?\.[a-z]+$'
	[ "$(ls "$tmp/files" | grep -c 'sched$')" -ge 3 ] || ls "$tmp/files"
	for f in "$tmp"/files/*.sched; do
		"$KICKSIM" replay "$f" | grep -q '^identical: ' || echo "$f"
		[ -s "${f%sched}txt" ] && [ -s "${f%sched}race.txt" ] || echo "$f: not shown"
	done)"

verdict "KTAP" "$(awk -f tests/formats/ktap.awk "$tmp/ktap")"
# The reader must see what is wrong.
for break in 's/^1\.\./1..9/' '/not ok 9 no-lost-kick/d' 's/^not ok \(.*kick-vs-migrate\)/ok \1/' \
	's/^    ok 3/   ok 3/' '/^    1\.\.1[0-9]$/d' 's/^\([0-9]*\) failed/9&/' '$d'; do
	verdict "KTAP that is not: $break" "$(sed "$break" "$tmp/ktap" |
		awk -f tests/formats/ktap.awk >/dev/null && echo "is taken for KTAP")"
done

if command -v xmllint >/dev/null; then
	verdict "JUnit XML" "$(xmllint --noout --schema tests/formats/junit.xsd "$tmp/junit.xml" 2>&1 |
		grep -v ' validates$')"
	verdict "JUnit XML's counts" "$(for what in "@tests testcase" "@failures failure" \
		"@errors error" "@skipped skipped"; do
		set -- $what
		said=$(xmllint --xpath "string(/testsuites/$1)" "$tmp/junit.xml")
		sums=$(xmllint --xpath "sum(//testsuite/$1)" "$tmp/junit.xml")
		are=$(xmllint --xpath "count(//$2)" "$tmp/junit.xml")
		[ "$said" = "$are" ] && [ "$sums" = "$are" ] || echo "$1: $said, $sums, $are"
	done
	[ "$(xmllint --xpath 'count(//failure)' "$tmp/junit.xml")" -ge 3 ] || echo "no failures"
	xmllint --xpath 'string(//failure)' "$tmp/junit.xml" | grep -q '^replay: ' || echo "no replay"
	xmllint --xpath 'string(//failure)' "$tmp/junit.xml" | grep -q 'pCPU0' || echo "no steps")"
	verdict "JUnit XML that is not" "$(sed 's/ tests="[0-9]*"//' "$tmp/junit.xml" |
		xmllint --noout --schema tests/formats/junit.xsd - 2>/dev/null && echo "is taken for it")"
else
	skip "JUnit XML" "no xmllint"
fi
if command -v jq >/dev/null; then
	verdict "SARIF" "$(jq -r -f tests/formats/sarif.jq "$tmp/sarif" 2>&1)"
	for break in '.runs[0].results[0].codeFlows[0].threadFlows[0].locations[0].executionOrder = 5' \
		'.runs[0].results[0].ruleIndex = 7' 'del(.runs[0].tool.driver.name)' \
		'del(.runs[0].results[0].locations)'; do
		verdict "SARIF that is not: $break" "$([ "$(jq "$break" "$tmp/sarif" |
			jq -r -f tests/formats/sarif.jq 2>&1)" ] || echo "is taken for SARIF")"
	done
	verdict "JSON Lines" "$(jq -c . "$tmp/json" >/dev/null 2>"$tmp/why" || cat "$tmp/why"
		grep -vE '^\{"schema":"kicksim\.check(-case)?/1",' "$tmp/json"
		[ "$(jq -s 'map(select(.status == "failed")) | length' "$tmp/json")" = \
		  "$(jq -s '.[-1].failed' "$tmp/json")" ] || tail -n 1 "$tmp/json")"
else
	skip "SARIF" "no jq"
fi
verdict "GitHub's annotations" "$(grep -vE \
	'^::error (file=[^,:]+,line=[1-9][0-9]*,)?title=[^:,]+::[^%]*(%0A[^%]*)*$' "$tmp/github"
	[ "$(wc -l <"$tmp/github")" -ge 3 ] || cat "$tmp/github"
	sed -n 's/^::error file=\([^,]*\),.*/\1/p' "$tmp/github" | while read -r f; do
		[ -f "$f" ] || echo "$f is no file"
	done)"

# What one check keeps the next replays.
verdict "a database" "$(gate 1 --kernel v5.15 --db "$tmp/check.db"
	has "--db $tmp/check.db"
	line=$(sed -n 's/^  replay: //p' "$tmp/out" | head -n 1)
	eval "$line" >"$tmp/replay"
	[ $? -eq 1 ] || { echo "$line"; cat "$tmp/replay"; }
	gate 1 --kernel v5.15 --base none --db "$tmp/check.db"
	gate 0 --kernel v5.15 --base none --db "$tmp/check.db"
	has 'kept as k')"

# git bisect finds the commit that brought a bug in.
bisect() {
	git -C "$tmp" init -q repo && cd "$tmp/repo" || exit
	git config user.email test@localhost
	git config user.name test
	n=0
	for v in no-self-check-kick no-self-check-kick no-self-check-kick \
		 request-after-kick nosuchform request-after-kick; do
		n=$((n + 1))
		echo "$v" >variant
		date +%N >salt
		git add -A
		git commit -q -m "$n-$v"
	done
	git bisect start -q HEAD HEAD~5 >/dev/null
	git bisect run sh -c "exec $KICKSIM check --bisect --runs 3000 --corpus none \
		--variant \$(cat variant)" 2>&1
}
said=$(bisect)
verdict "git bisect" "$(echo "$said" | grep -q 'is the first bad commit' &&
	echo "$said" | grep -q '^    4-request-after-kick$' || echo "$said")"
verdict "git bisect's exit codes" "$(gate 125 --bisect --kernel v9.99
	gate 130 --bisect --no-such-option; gate 131 --bisect --canary-runs 1
	gate 1 --bisect --kernel v5.15; gate 0 --bisect)"

refuses 2 "did you mean 'sarif'" check --format sarfi=x
refuses 2 "name a file" check --format junit
refuses 2 "quick or full" check --profile slow
refuses 2 "a number from 1 up" check --runs 0
refuses 2 "name a folder" check --corpus "$tmp/none"
refuses 2 "all scenarios" check kick-vs-migrate
refuses 4 "no kernel form" check --base v9.99
# What it has found it says all the same.
run "$KICKSIM" check --runs 10 --format "junit=$tmp/nosuchfolder/x"
verdict "a file that cannot be written" "$(told "$(ended 4; printed nosuchfolder "$tmp/err"
	[ "$(wc -l <"$tmp/err")" -eq 1 ] || echo "not one line on stderr")")"
echo "this is no database" >"$tmp/bad.db"
refuses 4 "bad.db" check --runs 10 --db "$tmp/bad.db"
finish
