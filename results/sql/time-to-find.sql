-- SPDX-License-Identifier: GPL-2.0-only
-- Runs to the first hit, over repetitions that differ in the seed only.
SELECT	id, oracle, kernel, variant, scenario, engine, found, reps,
	median_runs, min_runs, max_runs, round(median_cpu_s, 3) AS median_cpu_s
FROM v_ttf
ORDER BY id, scenario, median_runs IS NULL, median_runs, engine;
