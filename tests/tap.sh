# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Sourced first by tests that are scripts:  . "$(dirname "$0")/tap.sh"
#
# The script is then in the top folder, wherever it was called from, with nothing on
# stdin, in the C locale; $KICKSIM is the program under test, with its full path, and
# $tmp a folder that goes away.  Each of these tests one thing and prints a line of
# TAP, with what there is to complain of as comments before it:
#
#   verdict WHAT COMPLAINT               the complaint is empty
#   check WHAT COMMAND..                 the command, or function, succeeds
#   held WHAT STATUS                     what was tried before has this status, 0
#   expect WHAT EXIT PATTERN COMMAND..   its exit code, and a line that it prints
#   says WHAT PATTERN                    what the last command that was run prints, too
#   refuses EXIT PATTERN ARGUMENT..      kicksim with these: its exit code, one line
#                                        on stderr and nothing on stdout
#   skip WHAT WHY                        is not tested here
#
# Patterns are those of grep -E.  run COMMAND.. leaves $tmp/out, $tmp/err and $code;
# of these "ended EXIT" and "printed PATTERN FILE.." complain, and told COMPLAINT adds
# what the command printed, if there is a complaint.
#
# The last line of the script is "finish": the counts, and the exit status.
set -u

cd "$(dirname "$0")/.." || exit 4
exec </dev/null
KICKSIM=$(realpath "${KICKSIM:-out/kicksim}") || exit 4
LC_ALL=C
export KICKSIM LC_ALL
unset NO_COLOR CLICOLOR_FORCE COLUMNS
tmp=$(mktemp -d) || exit 4
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0

verdict() {
	if [ -z "$2" ]; then
		passed=$((passed + 1))
		echo "ok - $1"
	else
		failed=$((failed + 1))
		# A test may be of lines that are TAP.
		printf '%s\n' "$2" | sed 's/^/# /' | head -n 40
		echo "not ok - $1"
	fi
}

# What is stuck is ended, so that it is told; no machine is so slow.  The new output
# takes its place last: the command may read that of the one before.
run() {
	timeout -s KILL 400 "$@" >"$tmp/out.new" 2>"$tmp/err.new"
	code=$?
	mv "$tmp/out.new" "$tmp/out"
	mv "$tmp/err.new" "$tmp/err"
}

ended() {
	[ "$code" -eq "$1" ] || echo "exit code $code, not $1"
}

printed() {
	pattern=$1
	shift
	grep -Eqs -e "$pattern" "$@" || echo "no '$pattern' in:"
}

told() {
	[ -z "$1" ] || { printf '%s\n' "$1"; cat "$tmp/out" "$tmp/err"; }
}

check() {
	what=$1
	shift
	if complaint=$("$@" 2>&1); then
		complaint=
	else
		complaint="exit code $? of $*
$complaint"
	fi
	verdict "$what" "$complaint"
}

held() {
	complaint=
	[ "$2" -eq 0 ] || complaint=$(echo "status $2"; cat "$tmp/out" "$tmp/err" 2>/dev/null)
	verdict "$1" "$complaint"
}

says() {
	verdict "$1" "$(told "$(printed "$2" "$tmp/out" "$tmp/err")")"
}

expect() {
	what=$1 wanted=$2 pattern=$3
	shift 3
	run "$@"
	verdict "$what" "$(told "$(ended "$wanted"; printed "$pattern" "$tmp/out" "$tmp/err")")"
}

refuses() {
	wanted=$1 pattern=$2
	shift 2
	run "$KICKSIM" "$@"
	what=$(printf '%s\n' "$*" | sed "s|$tmp/||g")
	verdict "refused: $what ($pattern)" "$(told "$(
		ended "$wanted"; printed "$pattern" "$tmp/err"
		# Where to read more is said in a line of its own.
		[ "$(grep -vc '^Try .kicksim' "$tmp/err")" -eq 1 ] || echo "not one line on stderr"
		[ ! -s "$tmp/out" ] || echo "something on stdout")")"
}

skip() {
	echo "ok - $1 # SKIP $2"
}

finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}
