#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A results file of N findings (default a million: 0.6 GB), made with plain SQL, and
# how long a report of it takes.
#
#   tests/report_bench.sh [N [DB]]
#
# With DB the file is kept.
set -eu

kicksim=${KICKSIM:-out/kicksim}
n=${1:-1000000}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
db=${2:-$tmp/bench.db}

{
	echo "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;"
	cat results/schema.sql results/schema-2.sql
	echo "PRAGMA application_id = 0x4B53494D; PRAGMA user_version = 2;"
	cat <<-EOF2
	CREATE TEMP TABLE n AS WITH RECURSIVE r (n) AS
		(SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < $n) SELECT n FROM r;
	INSERT INTO core VALUES ('c0ffee', '0.1.0', 'bench', 0);
	INSERT INTO campaign SELECT 'c' || printf('%016x', n), 'c0ffee',
		iif(n % 3, 'pct:3', 'pos'), '{"seed":"' || n || '"}', 2, 'finished',
		1000000 * n, 1000000 * n + 60000000, 1000000, 40000000, 700, 9000000000
		FROM n WHERE n <= 20;
	INSERT INTO stat_sample SELECT c.id, 1000 * n, 10000 * n, 400000 * n, 40 * n, n, n
		FROM campaign AS c, n WHERE n <= 20;
	INSERT INTO target SELECT 't' || n, 'v5.1' || (5 + n % 2), 'x86', 'sc', '', 's' || n
		FROM n WHERE n <= 12;
	INSERT INTO effort SELECT c.id, t.key, 80000, 3000000 FROM campaign AS c, target AS t;
	INSERT INTO cov_point SELECT c.id, t.key, 'f' || (n % 40) || ':' || (n / 40) || ':read4',
		m.column1, n * 7 % 900 FROM campaign AS c, target AS t, n,
		(VALUES ('outside'), ('in guest'), ('exiting'), ('reading')) AS m WHERE n <= 60;
	INSERT INTO schedule SELECT CAST(printf('%016d', n) AS BLOB), 'c0ffee',
		'{"kernel":"v5.15","scenario":"kick-vs-migrate"}', '3:1/4e', x'000102', '[]',
		printf('%016x', n), 60 + n % 30, 1 + n % 4 FROM n;
	INSERT INTO finding SELECT 'k' || printf('%08x%024x', n * 2654435761 % 4294967296, n),
		'o' || (n % 17), 'v5.1' || (5 + n % 2), 'x86', 'sc', '', 'f' || n || ':3:read4',
		CASE n % 50 WHEN 0 THEN 'harmful' WHEN 1 THEN 'degraded' WHEN 2 THEN 'race'
		ELSE 'benign' END, 'o' || (n % 17) || ' of vcpu0 in f' || n,
		CAST(printf('%016d', n) AS BLOB), n, n FROM n;
	INSERT INTO occurrence SELECT key, 'c' || printf('%016x', 1 + first_us % 20), 'pct:3',
		's1', 1 + first_us % 7, first_us, 1000, 7, first_us FROM finding;
	COMMIT;
	EOF2
} | sqlite3 "$db" >/dev/null

begin=$(date +%s%N)
# Of these schedules none can be run: there is nothing to draw.
$kicksim report "$db" --no-pictures -o "$tmp/page.html" >/dev/null
end=$(date +%s%N)
echo "$n findings, $(($(stat -c %s "$db") / 1000000)) MB: a page of $(($(stat -c %s \
	"$tmp/page.html") / 1000)) kB in $(((end - begin) / 1000000)) ms"
cp "$tmp/page.html" "${db%.db}.html"
