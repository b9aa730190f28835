#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What importers of JSON trace events insist on, for each schedule of the corpus:
# events in the order of time, slices of a track that nest, flows with both ends
# inside slices, a name for each track.  And that a file that breaks a rule is
# told from one that does not.
. "$(dirname "$0")/tap.sh"

# wrong FILE: each broken rule in a line
wrong() {
	sqlite3 :memory: <<-EOF
	CREATE TABLE doc(t);
	INSERT INTO doc VALUES (readfile('$1'));
	CREATE TABLE e AS SELECT key AS n, value ->> 'ph' AS ph, value ->> 'name' AS name,
		value ->> 'pid' AS pid, value ->> 'tid' AS tid,
		CAST(round((value ->> 'ts') * 1000) AS INTEGER) AS ts,
		CAST(round((value ->> 'dur') * 1000) AS INTEGER) AS dur,
		value ->> 'id' AS id, value ->> 'cat' AS cat
		FROM doc, json_each(doc.t, '\$.traceEvents');
	CREATE TABLE x AS SELECT * FROM e WHERE ph = 'X';
	SELECT 'no events' WHERE NOT EXISTS (SELECT * FROM x);
	SELECT 'event ' || b.n || ' goes back in time' FROM e a JOIN e b ON b.n = a.n + 1
		WHERE a.ph <> 'M' AND b.ts < a.ts;
	SELECT 'slice ' || n || ' has no length' FROM x WHERE NOT coalesce(dur > 0, 0);
	SELECT 'slices ' || a.n || ' and ' || b.n || ' cross' FROM x a JOIN x b
		ON a.pid = b.pid AND a.tid = b.tid AND a.n < b.n AND b.ts < a.ts + a.dur
		WHERE b.ts + b.dur > a.ts + a.dur;
	SELECT 'flow ' || id || ' has not two ends' FROM e WHERE ph IN ('s', 'f')
		GROUP BY id HAVING sum(ph = 's') <> 1 OR sum(ph = 'f') <> 1;
	SELECT 'flow ' || f.id || ' ends in no slice' FROM e f WHERE f.ph IN ('s', 'f')
		AND NOT EXISTS (SELECT * FROM x WHERE x.pid = f.pid AND x.tid = f.tid
				AND x.ts <= f.ts AND f.ts < x.ts + x.dur);
	SELECT 'flow ' || s.id || ' ends before it begins' FROM e s JOIN e f USING (id)
		WHERE s.ph = 's' AND f.ph = 'f' AND f.ts < s.ts;
	SELECT DISTINCT 'track ' || pid || '/' || tid || ' has no name' FROM x
		WHERE NOT EXISTS (SELECT * FROM e WHERE e.ph = 'M' AND e.name = 'thread_name'
				  AND e.pid = x.pid AND e.tid = x.tid);
	SELECT 'no process name for ' || pid FROM x
		WHERE NOT EXISTS (SELECT * FROM e WHERE e.ph = 'M' AND e.name = 'process_name'
				  AND e.pid = x.pid) GROUP BY pid;
	EOF
}

for sched in corpus/*.sched; do
	"$KICKSIM" show "$sched" --as perfetto >"$tmp/t.json" 2>"$tmp/err" || :
	verdict "$sched" "$(cat "$tmp/err"; wrong "$tmp/t.json")"
done

# A cut slice, a flow with one end, a nameless track, and time that goes back.
"$KICKSIM" show corpus/claim-d2.sched --as perfetto >"$tmp/good.json"
grep -q '"ph":"s"' "$tmp/good.json" || verdict "an IPI is a flow" "no flow in claim-d2"
broken() {
	sed "$2" "$tmp/good.json" >"$tmp/t.json"
	verdict "$1 is found" "$(wrong "$tmp/t.json" | grep -q "$3" || echo "it is not")"
}
broken "a flow with one end" 's/"ph":"f"/"ph":"i"/' 'two ends'
broken "a nameless track" 's/"thread_name"/"other"/' 'has no name'
broken "time that goes back" 's/"ts":60\.000/"ts":1.000/' 'back in time'
broken "a slice across another" 's/"dur":0\.900/"dur":40.900/' 'cross'
finish
