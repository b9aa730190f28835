#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The page of a run, driven in a browser: at each record it shows the state that
# the trace has there, on both forms; its keys step; it fetches nothing.
. "$(dirname "$0")/tap.sh"
witness=corpus/claim-b.sched

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
run cat "$tmp/told"
says "Down goes on by one record" '^down 6$'
says "Up goes back" '^up 5$'
says "End goes to the last" '^end true$'
says "Home goes to the first" '^home 0$'
says "Right goes to the next that is drawn" '^right true false$'
says "p goes where the forms part" '^part true$'
says "f unfolds" '^fold true$'
says "t changes between light and dark" '^theme true$'
says "the cursor stands at the record" '^cursor true$'
says "some records change the state, most do not" '^changed ([5-9]|[1-3][0-9])$'

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

refuses 4 "no kernel form" show "$witness" --as html --compare v9.9
refuses 2 "--as html" show "$witness" --as svg --compare v5.16
refuses 4 "none/x" show "$witness" --as svg -o "$tmp/none/x"
finish
