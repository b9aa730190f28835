#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The results of fuzz/bench_search.sh as a page of Markdown.
#
#   fuzz/bench_table.sh all|hard DB
#
# A win is the least median.  Ratios are geometric means over the bugs that both
# engines found in the median, and not with the first run.
set -eu

list=$1 db=$2
echo "<!-- made by fuzz/bench_table.sh of what 'ninja bench-search' or 'ninja bench-hard' left -->"
if [ "$list" = hard ]; then
	echo "# Time to find: what random is thought to need more than ten million runs for"
else
	echo "# Time to find: planted bugs and known findings"
fi
# "random 20, pct:3 20": not all have been searched by each, if it was stopped.
seeds=$(out/kicksim query "SELECT group_concat(engine || ' ' || nr, '; ') AS seeds FROM (
		SELECT engine, count(DISTINCT json_extract(config, '\$.seed')) AS nr
		FROM v_campaigns WHERE state = 'finished' GROUP BY engine)" \
	--csv --db "$db" | tail -n 1)
runs=$(out/kicksim query "SELECT group_concat(runs, ' or ') AS runs FROM (
		SELECT DISTINCT json_extract(config, '\$.runs') AS runs
		FROM v_campaigns WHERE state = 'finished' ORDER BY runs)" \
	--csv --db "$db" | tail -n 1)
out/kicksim query time-to-find --csv --db "$db" | awk -F, -v seeds="$seeds" -v runs="$runs" '
function number(cell)
{
	if (cell == "" || cell ~ /^>/)
		return 0
	split(cell, word, " ")
	return word[1] * (word[1] ~ /M$/ ? 1e6 : word[1] ~ /k$/ ? 1e3 : 1)
}

function cells(from, to, start,    line, i)
{
	line = start
	for (i = from; i <= to; i++)
		line = line " " $i " |"
	return line
}

NR == 1 {
	for (i = 5; i <= 9; i++)
		engine[i] = $i
	next
}

{
	depth = $3 == "" ? "not found" : $3 <= 1 ? "0-1" : $3 <= 3 ? $3 : "4 or more"
	bugs[depth, $4]++
	nr[$4]++
	for (i = 5; i <= 9; i++) {
		wins[depth, engine[i], $4] += engine[i] == $11
		if (number($5) && number($i)) {
			ratio[i, $4] += log(number($i) / number($5))
			both[i, $4]++
		}
		found[i, $4] += $i != "" && $i !~ /^>/
	}
	rows = rows cells(1, 9, "|") " " $11 " | " $12 " |\n"
}

END {
	print "\n" nr["runs"] " bugs; seeds: " seeds ".  A search ends after " runs \
	      " runs.  How often each engine has the least median, in runs / in CPU seconds " \
	      "(the simpler one if there are two), by the number of answers in the shortest " \
	      "schedule:\n"
	head = "| answers | bugs |"
	line = "|---|---|"
	for (i = 5; i <= 9; i++) {
		head = head " " engine[i] " |"
		line = line "---|"
	}
	print head "\n" line
	split("0-1,2,3,4 or more,not found", depths, ",")
	for (d = 1; d <= 5; d++) {
		depth = depths[d]
		if (!bugs[depth, "runs"])
			continue
		row = "| " depth " | " bugs[depth, "runs"] " |"
		for (i = 5; i <= 9; i++)
			row = row " " wins[depth, engine[i], "runs"] " / " \
			      wins[depth, engine[i], "CPU s"] " |"
		print row
	}
	row = "| found in the median | |"
	cost = "| runs / CPU s, random = 1 | |"
	for (i = 5; i <= 9; i++) {
		row = row " " found[i, "runs"] " |"
		cost = cost (both[i, "runs"] ? sprintf(" %.2f / %.2f |",
			exp(ratio[i, "runs"] / both[i, "runs"]),
			ratio[i, "CPU s"] ? exp(ratio[i, "CPU s"] / both[i, "CPU s"]) : 1) : " - |")
	}
	print row "\n" cost
	print "\nMedian (quartiles) of the runs and CPU seconds to the first find; `>`: not " \
	      "found by then; `n/m`: found with n of m seeds.\n"
	head = "| bug | oracle | answers | unit |"
	line = "|---|---|---|---|"
	for (i = 5; i <= 9; i++) {
		head = head " " engine[i] " |"
		line = line "---|"
	}
	print head " best | where |\n" line "---|---|"
	printf "%s", rows
}'
