#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The page of a run, driven in a browser: at each record it shows the state that
# the trace has there, on both forms; its keys step; it fetches nothing.
#
#   tests/show_html.sh
#
# KICKSIM names the program.
set -u

cd "$(dirname "$0")/.." || exit 4
: "${KICKSIM:=out/kicksim}"
LC_ALL=C
export LC_ALL
tmp=$(mktemp -d) || exit 4
trap 'rm -rf "$tmp"' EXIT
nr=0 failed=0
witness=corpus/claim-b.sched

check() {
	name=$1
	shift
	nr=$((nr + 1))
	if "$@" >"$tmp/said" 2>&1; then
		echo "ok $nr - $name"
	else
		head -n 20 "$tmp/said"
		echo "not ok $nr - $name"
		failed=$((failed + 1))
	fi
}

# states RUN ARGUMENT.. : "RUN RECORD mode cpu requests" of the trace's records
states() {
	run=$1
	shift
	"$KICKSIM" show "$witness" --as json "$@" | jq -r --arg run "$run" -s '
		[.[] | select(.what == "step")] | to_entries[] |
		"\($run) \(.key) \(.value.vcpus[0].mode) \(.value.vcpus[0].cpu)" +
		" \(.value.vcpus[0].requests_text)"'
}

"$KICKSIM" show "$witness" --as html --compare v5.16 -o "$tmp/page.html" || exit 1
"$KICKSIM" show "$witness" --as html --compare v5.16 >"$tmp/stdout.html" || exit 1
check "a file and stdout get the same" cmp "$tmp/page.html" "$tmp/stdout.html"

fetches_nothing() {
	! grep -nE 'src=|href=|@import|fetch\(|XMLHttp|https?://' "$tmp/page.html" |
		grep -v 'http://www.w3.org/2000/svg'
}
check "nothing is fetched" fetches_nothing

# The page as it is, and after it a script that plays the reader.
cat "$tmp/page.html" - >"$tmp/driven.html" <<'END'
<pre id="told"></pre>
<script>
const told = [];
const cell = (n, name) =>
	document.querySelector("#state" + n + " [data-name='" + name + "']").firstChild.nodeValue;
const press = (key) => document.dispatchEvent(new KeyboardEvent("keydown", { key: key }));
runs.forEach((run, n) => run.records.forEach((r, i) => {
	go(i);
	told.push(n + " " + i + " " + ["vcpu0->mode", "vcpu0->cpu", "vcpu0->requests"]
		.map((name) => cell(n, name)).join(" "));
}));
go(5);
press("ArrowDown");
told.push("down " + at);
press("ArrowUp");
told.push("up " + at);
press("End");
told.push("end " + (at === longest - 1));
press("Home");
told.push("home " + at);
press("ArrowRight");
told.push("right " + (at > 0 && runs.some((r) => r.records[at].drawn)) + " " +
	runs.some((r) => r.records.slice(1, at).some((x) => x.drawn)));
press("p");
told.push("part " + (at === data.part));
press("f");
told.push("fold " + document.body.classList.contains("all"));
const before = document.documentElement.dataset.theme;
press("t");
told.push("theme " + (document.documentElement.dataset.theme !== before));
told.push("cursor " + (Number(runs[0].cursors[0].getAttribute("x1")) === runs[0].records[at].x[0]));
go(at);
told.push("changed " + runs[0].records.filter((r, i) => {
	go(i);
	return document.querySelector("#state0 td.new");
}).length);
document.getElementById("told").textContent = told.join("\n");
</script>
END
timeout -s KILL 120 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
	--user-data-dir="$tmp/profile" --virtual-time-budget=5000 --dump-dom \
	"file://$tmp/driven.html" >"$tmp/dom" 2>"$tmp/err" || tail -n 3 "$tmp/err"
sed -n '/<pre id="told">/,/<\/pre>/p' "$tmp/dom" |
	sed 's/.*<pre id="told">//; s/<\/pre>.*//; s/&gt;/>/g' >"$tmp/told"

states 0 >"$tmp/states"
states 1 --kernel v5.16 >>"$tmp/states"
head -n "$(wc -l <"$tmp/states")" "$tmp/told" >"$tmp/shown"
check "both traces have records" test "$(wc -l <"$tmp/states")" -gt 100
check "each record shows the trace's state, on both forms" diff "$tmp/states" "$tmp/shown"
says() {
	grep -qx "$1" "$tmp/told" || { tail -n 12 "$tmp/told"; return 1; }
}
check "Down goes on by one record" says 'down 6'
check "Up goes back" says 'up 5'
check "End goes to the last" says 'end true'
check "Home goes to the first" says 'home 0'
check "Right goes to the next that is drawn" says 'right true false'
check "p goes where the forms part" says 'part true'
check "f unfolds" says 'fold true'
check "t changes between light and dark" says 'theme true'
check "the cursor stands at the record" says 'cursor true'
check "some records change the state, most do not" grep -qE '^changed ([5-9]|[1-3][0-9])$' \
	"$tmp/told"

# Where the traces differ first, without the page.
parts_there() {
	for kernel in v5.15 v5.16; do
		"$KICKSIM" show "$witness" --as json --kernel "$kernel" | jq -r '
			select(.what == "step") | "\(.pcpu) \(.task) \(.kind) \(.text)"' >"$tmp/$kernel"
	done
	wanted=$(cmp "$tmp/v5.15" "$tmp/v5.16" | sed 's/.*line //')
	grep -q "\"part\":$((wanted - 1))[,}]" "$tmp/page.html"
}
check "they part where the traces differ first" parts_there

refuses() {
	code=$1 words=$2
	shift 2
	"$KICKSIM" "$@" >"$tmp/said" 2>"$tmp/err"
	[ $? -eq "$code" ] && [ "$(wc -l <"$tmp/err")" -eq 1 ] && grep -qF -- "$words" "$tmp/err" ||
		{ cat "$tmp/err"; return 1; }
}
check "no such form" refuses 4 "no kernel form" show "$witness" --as html --compare v9.9
check "no page of it" test ! -s "$tmp/said"
check "only pages compare" refuses 2 "--as html" show "$witness" --as svg --compare v5.16
check "no such folder" refuses 4 "none/x" show "$witness" --as svg -o "$tmp/none/x"

if [ "$failed" -gt 0 ]; then
	echo "$((nr - failed)) passed, $failed failed" >&2
	exit 1
fi
echo "$nr passed, 0 failed"
