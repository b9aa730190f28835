-- SPDX-License-Identifier: GPL-2.0-only
-- Who met each finding: hits by scenario and engine, and runs to the first one.
SELECT	id, severity, oracle, kernel, scenario, engine,
	count(*) AS campaigns, sum(hits) AS hits, min(first_runs) AS first_runs
FROM v_hits
GROUP BY key, scenario, engine
ORDER BY sum(hits) DESC, key, scenario, engine;
