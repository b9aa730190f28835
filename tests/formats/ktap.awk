# SPDX-License-Identifier: GPL-2.0-only
#
# A strict reader of KTAP version 1, as kunit.py reads it: the version line and the
# plan come first at each level, four blanks to a level, results are numbered from 1
# without a gap and as many as planned, a subtest's result follows its last line and
# is the worst of its children, a diagnostic stands before what it explains.  Prints
# what is wrong; at the end one plain line with counts that agree.

function wrong(why) { print "line " NR ": " why ": " $0; bad++ }

# The results of the level that just ended, for its parent's.
function leave() {
	if (next_number[depth] != planned[depth] + 1)
		wrong("of " planned[depth] " planned came " next_number[depth] - 1)
	worst = failed[depth]; child_ended = 1; depth--
}

BEGIN { depth = -1 }

closed { wrong("there is something behind the counts"); next }

/^[0-9]+ failed, [0-9]+ passed, [0-9]+ skipped$/ {
	if (depth != 0) wrong("counts inside of a subtest")
	if ($1 != not_ok || $3 != ok_count || $5 != skips) wrong("the counts are not those above")
	closed = 1
	next
}

{
	match($0, /^ */)
	if (RLENGTH % 4) wrong("not a multiple of four blanks")
	level = RLENGTH / 4
	line = substr($0, RLENGTH + 1)
}

line == "KTAP version 1" {
	if (level != depth + 1) wrong("a level is left out")
	depth = level; planned[depth] = -1; next_number[depth] = 1; failed[depth] = 0
	diagnostics = 0; child_ended = 0
	next
}

depth < 0 { wrong("no version line"); exit }

line ~ /^1\.\.[0-9]+$/ {
	if (level != depth || planned[depth] >= 0) wrong("a plan here")
	planned[depth] = substr(line, 4) + 0
	next
}

line ~ /^#/ {
	if (level != depth) wrong("a diagnostic of another level")
	if (line ~ /^# Subtest: /) {
		if (planned[depth] >= 0) wrong("a subtest's name behind its plan")
		name[depth] = substr(line, 12)
	} else if (line ~ /pass:[0-9]+ fail:[0-9]+ skip:[0-9]+ total:[0-9]+$/) {
		summary_seen = 1
	} else {
		diagnostics++
	}
	next
}

line ~ /^(not )?ok [0-9]+ [^#]+( # SKIP .+)?$/ {
	is_ok = line ~ /^ok/; number = is_ok ? substr(line, 4) + 0 : substr(line, 8) + 0
	skipped = line ~ / # SKIP /
	if (level == depth - 1) {
		if (diagnostics) wrong("a diagnostic that nothing follows")
		leave()
		text = line; sub(/^(not )?ok [0-9]+ /, "", text); sub(/ # SKIP .*/, "", text)
		if (text != name[level + 1]) wrong("the subtest was called " name[level + 1])
		if (worst == is_ok) wrong("a parent is as its worst child")
	} else {
		if (level != depth) wrong("a result of another level")
		if (!is_ok) not_ok++
		else if (skipped) skips++
		else ok_count++
	}
	if (planned[depth] < 0) wrong("a result before the plan")
	if (number != next_number[depth]++) wrong("not the next number")
	if (!is_ok) failed[depth] = 1
	diagnostics = 0
	next
}

{ wrong("not KTAP") }

END {
	if (depth != 0) { print "it ends inside of a subtest"; bad++ }
	else if (next_number[0] != planned[0] + 1) { print "top level: not as planned"; bad++ }
	if (!closed) { print "no line of counts"; bad++ }
	exit bad != 0
}
