#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The manual and the shell's completion say what --help says: every page is
# correct man(7), every option of --help is in the command's page and among what
# bash completes, and values complete to what kicksim lists.
. "$(dirname "$0")/tap.sh"

# completed WORD..: what bash offers for the last one, in one line
cat >"$tmp/complete" <<'EOF2'
PATH=$1:$PATH
eval "$(kicksim completion bash)"
COMP_WORDS=(kicksim "${@:2}")
COMP_CWORD=$(($# - 1))
_kicksim
echo " ${COMPREPLY[*]} "
EOF2
mkdir "$tmp/bin"
ln -s "$KICKSIM" "$tmp/bin/kicksim"
completed() {
	bash "$tmp/complete" "$tmp/bin" "$@"
}

verdict "the front page is man(7)" "$("$KICKSIM" man | mandoc -Tlint -W warning)"
commands=$("$KICKSIM" help | sed -n 's/^  \([a-z]*\)  .*/\1/p' | grep -vE '^(man|completion)$')
verdict "there are commands" "$([ "$(echo "$commands" | wc -l)" -ge 10 ] || echo "$commands")"
for c in $commands; do
	"$KICKSIM" man "$c" >"$tmp/page.1"
	verdict "$c: the page is man(7)" "$(mandoc -Tlint -W warning "$tmp/page.1")"
	mandoc -Tascii "$tmp/page.1" | col -b >"$tmp/text"
	completed "$c" -- >"$tmp/words"
	verdict "$c: its options are everywhere" "$(
		"$KICKSIM" "$c" --help | grep -oE '^ {2,6}(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+' |
		while read -r option; do
			grep -qe "$option" "$tmp/text" || echo "no $option in the page"
			grep -qe " $option " "$tmp/words" || echo "no $option among the words"
		done)"
done

# offers WHAT PATTERN WORD..
offers() {
	what=$1 pattern=$2
	shift 2
	words=$(completed "$@")
	case $words in
	*" $pattern "*) verdict "$what" "" ;;
	*) verdict "$what" "no '$pattern' in '$words'" ;;
	esac
}
offers "a command completes" replay rep
offers "a scenario completes" kick-vs-migrate run kick-
offers "a kernel completes" v5.15 replay --kernel v5
offers "a format completes" tracedat show --as tr
offers "a severity completes" harmful campaign --fail-on ha
verdict "what does not fit is not offered" "$(completed run kick- | grep -o lockless-walk)"
refuses 2 nonsense man nonsense
refuses 2 "which shell" completion tcsh
finish
