#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The report: its numbers are the database's, it asks nobody for anything, it is the
# same bytes each time, and a browser that renders it has nothing to complain of.
. "$(dirname "$0")/tap.sh"

ask() {
	sqlite3 "$tmp/a.db" "$1"
}

for seed in 1 2; do
	"$KICKSIM" campaign kick-vs-migrate two-senders --seed $seed --runs 60000 --jobs 1 \
		--db "$tmp/a.db" >/dev/null 2>&1
done
"$KICKSIM" prove kick-vs-migrate --db "$tmp/a.db" >/dev/null 2>&1
id=$(ask "SELECT key FROM finding ORDER BY first_us LIMIT 1")
# What a person or a hostile file says is text, never markup.
ask "INSERT INTO note VALUES ('$id', '<script>alert(1)</script> & \"so\"', 5)"
verdict "it is written" "$("$KICKSIM" report "$tmp/a.db" -o "$tmp/a.html" 2>&1 | grep -vx "$tmp/a.html")"
verdict "the same bytes again" "$("$KICKSIM" report "$tmp/a.db" -o "$tmp/b.html" >/dev/null
	cmp "$tmp/a.html" "$tmp/b.html" 2>&1)"
verdict "nothing is fetched" "$(grep -oE '(src|href|url|@import)[=( ]["'"'"']?(https?:)?//[^"]*' \
	"$tmp/a.html")"
verdict "notes are text" "$(grep -qF '&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;so&quot;' \
	"$tmp/a.html" || echo "the note is not there"; grep -F '<script>alert' "$tmp/a.html")"
"$KICKSIM" campaign halt-wake --seed 3 --runs 5000 --jobs 1 --db "$tmp/c.db" >/dev/null 2>&1
verdict "several files are joined" "$(
	"$KICKSIM" report "$tmp/a.db" "$tmp/c.db" -o "$tmp/ac.html" 2>&1 | grep -vx "$tmp/ac.html"
	grep -q '3 searches' "$tmp/ac.html" || echo "no '3 searches'")"

verdict "a page of many findings is no larger" "$(
	tests/report_bench.sh 20000 "$tmp/many.db" >/dev/null 2>&1 || echo "no page"
	[ "$(grep -c '<tr class="f"' "$tmp/many.html")" -eq 200 ] || echo "not 200 rows"
	grep -q 'and <span title="19800">19.8k</span> more' "$tmp/many.html" || echo "no 'more'"
	grep -q '</span> 400</span><span class="what">harmful in v5.15<' "$tmp/many.html" ||
		echo "no 400 harmful ones")"

browser=$(command -v chromium)
if [ -z "$browser" ]; then
	skip "in a browser" "no chromium"
else
	# $1: what is behind the #; stdout: the page as it is after its script has run
	render() {
		timeout 60 "$browser" --headless --no-sandbox --disable-gpu --enable-logging=stderr \
			--user-data-dir="$tmp/profile" --dump-dom "file://$tmp/a.html#$1" 2>"$tmp/log"
	}
	render light >"$tmp/dom"
	# tile WORDS: the number above them
	tile() {
		tr '\n' ' ' <"$tmp/dom" | sed 's/<div class="tile/\n&/g' | grep -F "$1<" | head -n 1 |
			sed 's/.*class="n">//; s/<\/span><span class="what.*//; s/.*title="\([0-9]*\)".*/\1/;
			     s/<span[^>]*>[^<]*<\/span> *//g; s/<[^>]*>//g; s/[^0-9]//g'
	}
	verdict "nothing on the console" "$(grep -E 'CONSOLE|Uncaught' "$tmp/log")"
	verdict "tiles" "$(for t in \
		"findings, benign ones too|SELECT count(*) FROM finding" \
		"schedules run|SELECT sum(runs) FROM campaign" \
		"abstract states of a vCPU met|SELECT count(DISTINCT state) FROM cov_state" \
		"searches exhausted|SELECT count(*) FROM proof WHERE exhausted" \
		"harmful in v5.15|SELECT count(*) FROM finding WHERE severity = 'harmful' AND kernel = 'v5.15'"
	do
		shown=$(tile "${t%%|*}") is=$(ask "${t#*|}")
		[ "$shown" = "$is" ] || echo "${t%%|*}: '$shown', the file has $is"
	done)"
	verdict "a row and a shape for each finding" "$(for id in \
		$(ask "SELECT substr(key, 1, 9) FROM finding"); do
		grep -q "<tr class=\"f[^\"]*\" id=\"$id\"" "$tmp/dom" || echo "no row $id"
		grep -q "replay $id" "$tmp/dom" || echo "no replay line of $id"
	done
	nr=$(grep -c '<td class="shape"><svg' "$tmp/dom")
	[ "$nr" -eq "$(ask "SELECT count(*) FROM finding")" ] || echo "$nr shapes")"
	verdict "the worst stands open" "$(grep -o '<tr class="more"[^>]*>' "$tmp/dom" | head -n 1 |
		grep hidden)"
	verdict "places" "$(is=$(ask "SELECT count(*) FROM (SELECT DISTINCT kernel, arch, place
		FROM v_coverage)")
		grep -q ">$is places, " "$tmp/dom" || echo "not $is places")"
	verdict "dark" "$(render dark | grep -q '<html[^>]* data-theme="dark"' || echo "it is not")"
	render "$(ask "SELECT substr(key, 1, 9) FROM finding ORDER BY key LIMIT 1")" >"$tmp/dom"
	verdict "a finding by its name" "$(grep -q 'tr class="f at" id="'"$(ask \
		"SELECT substr(key, 1, 9) FROM finding ORDER BY key LIMIT 1")" "$tmp/dom" || echo "not shown")"
	# The log would tell of an error.
	sed 's/"use strict";/"use strict"; missing();/' "$tmp/a.html" >"$tmp/broken.html"
	mv "$tmp/broken.html" "$tmp/a.html"
	render light >/dev/null
	verdict "an error on the console is seen" "$(grep -qE 'CONSOLE|Uncaught' "$tmp/log" ||
		echo "it is not")"
fi

refuses 4 "none.db" report "$tmp/none.db" -o "$tmp/x.html"
refuses 4 "nosuchfolder" report "$tmp/a.db" -o "$tmp/nosuchfolder/x.html"
refuses 4 "disk full" report "$tmp/c.db" -o /dev/full
echo "not a database" >"$tmp/bad.db"
refuses 4 "bad.db" report "$tmp/bad.db" -o "$tmp/x.html"
verdict "a device is not removed" "$([ -c /dev/full ] || echo "/dev/full is gone")"
verdict "no half page is left" "$([ -e "$tmp/x.html" ] && echo "there is one")"
echo kept >"$tmp/old.html"
refuses 4 "bad.db" report "$tmp/bad.db" -o "$tmp/old.html"
verdict "what was there stays" "$([ "$(cat "$tmp/old.html")" = kept ] || echo "it does not";
	ls "$tmp" | grep '\.part$')"
# A pipe stands for all that is no file: what comes out of it is the answer.
mkfifo "$tmp/pipe"
for form in "report $tmp/a.db" "show corpus/claim-d2.sched --as svg"; do
	# shellcheck disable=SC2086
	"$KICKSIM" $form -o - >"$tmp/direct"
	timeout 20 cat "$tmp/pipe" >"$tmp/piped" &
	# shellcheck disable=SC2086
	timeout 20 "$KICKSIM" $form -o "$tmp/pipe" >/dev/null
	wait
	verdict "${form%% *} writes into what is no file" "$([ -p "$tmp/pipe" ] ||
		echo "it was replaced"; cmp "$tmp/direct" "$tmp/piped" 2>&1)"
done
finish
