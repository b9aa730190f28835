-- SPDX-License-Identifier: GPL-2.0-only
-- Runs and CPU seconds to the first hit: quartiles over campaigns that differ in the seed alone.
WITH rep AS (
	SELECT key, engine, json_remove(config, '$.seed') AS what,
		json_extract(config, '$.until') AS until
	FROM v_campaigns
), size AS (
	SELECT engine, what, until, count(*) AS reps FROM rep GROUP BY 1, 2, 3
), first AS (
	SELECT	rep.key, rep.engine AS engines, rep.what, h.engine, h.oracle,
		h.kernel || '-' || h.arch || iif(h.variant = '', '', '+' || h.variant)
			|| ' ' || h.scenario AS target,
		h.model, min(h.first_runs) AS runs, min(h.first_cpu_s) AS cpu
	FROM rep
	JOIN v_hits AS h ON h.campaign_key = rep.key
	WHERE rep.until IS NULL OR rep.until = h.oracle
	GROUP BY rep.key, h.engine, h.oracle, target, h.model
), ranked AS (
	SELECT	*, row_number() OVER (PARTITION BY engines, what, engine, oracle, target,
			model ORDER BY runs) AS by_runs,
		row_number() OVER (PARTITION BY engines, what, engine, oracle, target,
			model ORDER BY cpu) AS by_cpu
	FROM first
)
-- One that never met it was infinitely slow: its place is behind all others.
SELECT * FROM (
SELECT	r.oracle, r.target, r.model,
	json_extract(r.what, '$.numbers') AS numbers,
	r.engine, count(*) AS found, s.reps,
	max(iif(by_runs = (s.reps + 3) / 4, runs, NULL)) AS q1_runs,
	max(iif(by_runs = (s.reps + 1) / 2, runs, NULL)) AS median_runs,
	max(iif(by_runs = (3 * s.reps + 3) / 4, runs, NULL)) AS q3_runs,
	round(max(iif(by_cpu = (s.reps + 3) / 4, cpu, NULL)), 3) AS q1_cpu_s,
	round(max(iif(by_cpu = (s.reps + 1) / 2, cpu, NULL)), 3) AS median_cpu_s,
	round(max(iif(by_cpu = (3 * s.reps + 3) / 4, cpu, NULL)), 3) AS q3_cpu_s
FROM ranked AS r
JOIN size AS s ON s.engine = r.engines AND s.what = r.what
GROUP BY r.engines, r.what, r.engine, r.oracle, r.target, r.model
UNION ALL
SELECT	s.until, json_extract(s.what, '$.targets[0]'), NULL,
	json_extract(s.what, '$.numbers'),
	s.engine, 0, s.reps, NULL, NULL, NULL, NULL, NULL, NULL
FROM size AS s
WHERE s.until IS NOT NULL AND NOT EXISTS (
	SELECT 1 FROM first AS f WHERE f.engines = s.engine AND f.what = s.what)
)
ORDER BY oracle, target, numbers, median_runs IS NULL, median_runs, engine;
