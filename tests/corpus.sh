#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Each schedule of the corpus does what it was kept for, bit for bit, in each
# build.  `ninja bless` accepts other traces.
. "$(dirname "$0")/tap.sh"

nr=0
for sched in corpus/*.sched; do
	nr=$((nr + 1))
	name=$(basename "$sched" .sched)
	# The first line is for people.
	verdict "$name says what it shows" "$(sed -n '1{/^# ./!p}' "$sched")"
	# What expects a broken rule has to end with 1, others with 0.
	status=0
	grep -q '^expect [0-9a-f]* .' "$sched" && status=1
	for build in out out/asan out/fuzz; do
		expect "$name ($build)" $status '^identical: ' $build/kicksim replay "$sched"
	done
done
check "there is a corpus" test $nr -ge 10
finish
