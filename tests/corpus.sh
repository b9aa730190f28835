#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Each schedule of the corpus does what it was kept for, bit for bit, in each
# build.  `ninja bless` accepts other traces.
set -u

failed=0 nr=0
for sched in corpus/*.sched; do
	nr=$((nr + 1))
	name=$(basename "$sched" .sched)
	# The first line is for people: what it shows.
	if ! head -n 1 "$sched" | grep -q '^# .'; then
		echo "not ok - $name says what it shows"
		failed=1
	fi
	# What expects a broken rule has to end with 1, others with 0.
	wanted=0
	grep -q '^expect [0-9a-f]* .' "$sched" && wanted=1
	for build in out out/asan out/fuzz; do
		said=$($build/kicksim replay "$sched" 2>&1)
		got=$?
		if [ $got -eq $wanted ] && echo "$said" | grep -q '^identical: '; then
			echo "ok - $name ($build)"
		else
			echo "$said" | tail -n 3
			echo "# exit code $got instead of $wanted: $build/kicksim replay $sched"
			echo "not ok - $name ($build)"
			failed=1
		fi
	done
done
if [ $nr -lt 10 ]; then
	echo "not ok - there is a corpus"
	failed=1
fi
exit $failed
