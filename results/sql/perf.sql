-- SPDX-License-Identifier: GPL-2.0-only
-- How fast each search was, the latest first.
SELECT	campaign, engine, jobs, runs, runs_per_s, runs_per_cpu_s,
	events_per_run, ns_per_event, tool, substr(core, 1, 8) AS core
FROM v_perf
ORDER BY started_us DESC;
