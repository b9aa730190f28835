#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Bad input to run and replay, and wrong options of every command: one line on stderr
# that names the place, the exit code of its kind, and never a crash.
. "$(dirname "$0")/tap.sh"

# file TEXT: a schedule file with that text
file() {
	printf '%b' "$1" >"$tmp/bad.sched"
}

good='{"kernel":"v5.15","scenario":"kick-vs-migrate"}'

for c in $("$KICKSIM" help | sed -n 's/^  \([a-z]*\)  .*/\1/p' | grep -vE '^(man|completion)$'); do
	refuses 2 "no option '--nonsense' \(kicksim $c --help" "$c" --nonsense
done
refuses 2 "did you mean no-reduction" prove --no-reducton
refuses 2 "'--ke': --keep-dead or --kernel" prove --ke
refuses 2 "--no-reduction takes no value" prove --no-reduction=1
refuses 2 "no option '-x'" prove -Rx
refuses 2 "--time wants DURATION" prove -Rt
refuses 2 "--db wants FILE" campaign --seed 1 --db
refuses 2 "one scenario, not 'b' too \(kicksim run --help" run a b

refuses 2 "did you mean" rnu
refuses 2 "did you mean" run kick-vs-migrat
refuses 2 "list scenarios" run nosuchthing
refuses 2 "takes" run kick-vs-migrate --pcpus 0
refuses 2 "takes" run kick-vs-migrate --pcpus 9
refuses 2 "takes" run kick-vs-migrate --zaps 1
refuses 2 "not a number" run kick-vs-migrate --pcpus x
refuses 2 "not a number" run kick-vs-migrate --pcpus 99999999999999999999
refuses 2 "not a name" run kick-vs-migrate --kernel ../../etc/passwd
refuses 2 "list models" run kick-vs-migrate --model x
refuses 2 "default or strict" run kick-vs-migrate --kcsan x
refuses 4 "no kernel form" run kick-vs-migrate --kernel v9.99
refuses 4 "no kernel form" run kick-vs-migrate --variant nosuchbug

# An object from before a change of kvmcore/machine.h must be refused, not read askew.
mkdir "$tmp/forms"
echo 'const unsigned long kvmcore_form[64] = { 7 };' |
	${CC:-gcc} -shared -fPIC -nostdlib -x c - -o "$tmp/forms/old-x86.so" || exit 4
forms=${KICKSIM_FORMS:-}
export KICKSIM_FORMS="$tmp/forms"
refuses 4 "made for another kicksim" run kick-vs-migrate --kernel old
[ -n "$forms" ] && KICKSIM_FORMS=$forms || unset KICKSIM_FORMS

refuses 2 "pct" run kick-vs-migrate --seed 1 --engine pct:0
refuses 2 "character 8 " run kick-vs-migrate --schedule '3:1/4e 4:1/4'
refuses 2 "a position" run kick-vs-migrate --schedule 'nonsense'
refuses 2 "above" run kick-vs-migrate --schedule '3:1/4e 3:1/4e'

refuses 2 "no finding's id" replay "$tmp/none.sched"
refuses 2 "no '}'" replay '{"kernel":"v5.15"'
refuses 2 "a position" replay "$good x"
refuses 2 "bound above" replay "$good 3:4/4e"
# What does not fit a run is an answer, not an error.
expect "a choice among others" 3 "does not fit: choice 3 was" "$KICKSIM" replay "$good 3:1/99e"
expect "a choice after the end" 3 "does not fit: the run ends" "$KICKSIM" replay "$good 30000:1/2e"

file ''
refuses 2 "not a whole schedule file" replay "$tmp/bad.sched"
file '# only\nschedule -\n'
refuses 2 "no 'config' line" replay "$tmp/bad.sched"
file "config $good\n"
refuses 2 "no 'schedule' line" replay "$tmp/bad.sched"
file "config $good\nschedule 1:2\n"
refuses 2 "bad.sched:2" replay "$tmp/bad.sched"
file "config $good\nschedule -\nexpect 12\n"
refuses 2 "16 hex digits" replay "$tmp/bad.sched"
file "config $good\nwhat is this\nschedule -\n"
refuses 2 "bad.sched:2" replay "$tmp/bad.sched"
file 'config {"kernel":\nschedule -\n'
refuses 2 "bad.sched:1" replay "$tmp/bad.sched"
file 'config {"kernel":"v5.15","scenario":"kick-vs-migrate","nonsense":1}\nschedule -\n'
refuses 2 "nonsense" replay "$tmp/bad.sched"
file "config $good\nschedule -\n\000more\n"
refuses 2 "not a schedule file" replay "$tmp/bad.sched"
head -c 2000000 /dev/zero >"$tmp/bad.sched"
refuses 2 "not a schedule file" replay "$tmp/bad.sched"
refuses 4 "directory" replay "$tmp"

file "config $good\nschedule -\nexpect 0123456789abcdef\n"
expect "another trace" 3 "kept 0123456789abcdef" "$KICKSIM" replay "$tmp/bad.sched"
finish
