#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What one claims another can verify, out of a mail as mail programs leave it; and a
# mail makes kicksim do nothing but answer the question in it.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

claim() {
	"$KICKSIM" claim "$@" >"$tmp/claim"
}

# mailed WHAT EXIT PATTERN SED: the claim, after what SED does to it, is verified
mailed() {
	sed "$4" "$tmp/claim" >"$tmp/mail"
	expect "$1" "$2" "$3" "$KICKSIM" claim --verify "$tmp/mail"
}

check "diff: a claim" claim --by 'A B <a@b.org>' diff two-senders --kernel v5.15 \
	--kernel=v5.16 --runs 3000
expect "it says what was lost" 0 '^lost-request .* 0\.0' cat "$tmp/claim"
expect "and by whom" 0 '^Tested-by: A B <a@b\.org>$' cat "$tmp/claim"
verdict "no line of it is too long for a mail" "$(grep -E '.{79}' "$tmp/claim")"
mailed "it holds" 0 '^MATCH$' ''
mailed "quoted, too" 0 '^MATCH$' 's/^/> /; s/$/\r/; 1s/^/On Monday A B wrote:\n/'
mailed "with its command in two lines, too" 0 '^MATCH$' 's/--runs/\\\n    --runs/'
mailed "another number does not" 1 '^DIFFERENT$' '/^lost-request/s/ 0\.0/ 0.1/'
says "and is named" '^claimed lost-request .* 0\.1'
mailed "a line less does not" 1 '^DIFFERENT$' '/^lost-request/d'
mailed "another command does not" 1 '^DIFFERENT$' 's/3000/2000/'
mailed "other objects are told" 0 '^MATCH: .*other objects' 's/^form v5.15-x86 ./&0/'

check "prove: a claim" claim prove lockless-walk
expect "it says what was searched" 0 'rules hold: exhausted' cat "$tmp/claim"
mailed "it holds" 0 '^MATCH$' ''
mailed "a rule more does not" 1 '^DIFFERENT$' 's/[0-9]* other rules/99 other rules/'
check "nothing is left behind" test ! -e results/kicksim.db -o results/kicksim.db -ot "$tmp"

refuses 4 'no answer to claim' claim prove two-senders --memory 1M
refuses 2 'diff and prove' claim run kick-vs-migrate
refuses 2 'only options' claim diff --db "x"
refuses 2 'letters' claim diff 'a;b'
refuses 2 'no command' claim
refuses 2 'takes its command from the mail' claim --verify x diff
refuses 2 'No such file' claim --verify "$tmp/none"
# shellcheck disable=SC2016 # that no shell reads it is the test
for bad in '/8 --/d' '/^. kicksim/d' 's/lockless-walk/$(id)/' 's/prove/campaign/' \
	's/kicksim prove/& --db x/'; do
	sed "$bad" "$tmp/claim" >"$tmp/mail"
	refuses 2 '(mail|claim)' claim --verify "$tmp/mail"
done
finish
