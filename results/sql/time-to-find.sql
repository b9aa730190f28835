-- SPDX-License-Identifier: GPL-2.0-only
-- Runs and CPU seconds to the first hit by engine: median (quartiles) over seeds, ">": not by then.
WITH rep AS (	-- the latest search of each seed; one that was killed says nothing
	SELECT * FROM (
	SELECT	c.key, c.engine, c.cpu_s,
		json_remove(c.config, '$.seed', '$.runs', '$.time_ms') AS what,
		json_extract(c.config, '$.until') AS until,
		e.target_key AS target, e.runs,
		iif(e.variant = '', e.kernel || '-' || e.arch, e.variant) AS bug,
		e.scenario || coalesce((
			SELECT group_concat(' ' || key || ' ' || value, '')
			FROM json_each(c.config, '$.numbers')), '')
			|| iif(e.model = 'sc', '', ' ' || e.model) AS place,
		row_number() OVER (PARTITION BY c.engine, c.config, e.target_key
			ORDER BY c.started_us DESC) AS nr
	FROM v_campaigns AS c
	JOIN v_effort AS e ON e.campaign_key = c.key
	WHERE c.state = 'finished')
	WHERE nr = 1
), first AS (
	SELECT	rep.key, rep.target, rep.what, h.oracle, min(h.first_runs) AS runs,
		min(h.first_cpu_s) AS cpu_s, min(f.nonzero) AS answers
	FROM rep
	JOIN target AS t ON t.key = rep.target
	JOIN v_hits AS h ON h.campaign_key = rep.key AND h.kernel = t.kernel
		AND h.arch = t.arch AND h.variant = t.variant
		AND h.scenario = t.scenario
	JOIN v_findings AS f ON f.key = h.key
	WHERE rep.until IS NULL OR rep.until = h.oracle
	GROUP BY rep.key, rep.target, h.oracle
), bug AS (
	SELECT target, what, oracle, min(answers) AS answers
	FROM (	SELECT target, what, oracle, answers FROM first
		UNION ALL
		SELECT target, what, until, NULL FROM rep WHERE until IS NOT NULL)
	GROUP BY target, what, oracle
), value AS (
	SELECT	bug.*, rep.bug, rep.place, rep.engine, unit.name AS unit,
		iif(unit.name = 'runs', f.runs, f.cpu_s) AS value,
		iif(f.runs IS NOT NULL, NULL,
			iif(unit.name = 'runs', rep.runs, rep.cpu_s)) AS bound
	FROM bug
	JOIN rep ON rep.target = bug.target AND rep.what = bug.what
	JOIN (SELECT 'runs' AS name UNION ALL SELECT 'CPU s') AS unit
	LEFT JOIN first AS f ON f.key = rep.key AND f.target = bug.target
		AND f.oracle = bug.oracle
), ranked AS (
	-- One that never met it was infinitely slow: its place is behind all others.
	SELECT	*, count(*) OVER same AS reps, count(value) OVER same AS found,
		min(bound) OVER same AS least,
		row_number() OVER (PARTITION BY target, what, oracle, engine, unit
			ORDER BY value IS NULL, value) AS rank
	FROM value
	WINDOW same AS (PARTITION BY target, what, oracle, engine, unit)
), point AS (
	SELECT	ranked.*, quart.nr AS quart, iif(value IS NULL, '>', '') || CASE
		WHEN unit = 'CPU s' AND coalesce(value, least) < 9.95
			THEN printf('%.2g', max(coalesce(value, least), 0.0001))
		WHEN unit = 'CPU s' THEN printf('%.0f', coalesce(value, least))
		WHEN coalesce(value, least) < 9995 THEN printf('%d', coalesce(value, least))
		WHEN coalesce(value, least) < 99950
			THEN printf('%.1fk', coalesce(value, least) / 1e3)
		WHEN coalesce(value, least) < 999500
			THEN printf('%.0fk', coalesce(value, least) / 1e3)
		ELSE printf('%.1fM', coalesce(value, least) / 1e6) END AS text
	FROM ranked
	JOIN (SELECT 1 AS nr UNION ALL SELECT 2 UNION ALL SELECT 3) AS quart
		ON ranked.rank = CASE quart.nr WHEN 1 THEN (reps + 3) / 4
			WHEN 2 THEN (reps + 1) / 2 ELSE (3 * reps + 3) / 4 END
), cell AS (
	SELECT	target, what, oracle, answers, bug, place, unit, engine,
		max(iif(quart = 2, value, NULL)) AS median,
		max(iif(quart = 2, text, NULL)) || iif(found = 0, '', ' ('
			|| max(iif(quart = 1, text, NULL)) || '..'
			|| max(iif(quart = 3, text, NULL)) || ')')
			|| iif(found IN (0, reps), '', ' ' || found || '/' || reps) AS text
	FROM point
	GROUP BY target, what, oracle, engine, unit
), judged AS (
	SELECT	*, first_value(iif(median IS NULL, '-', engine)) OVER (
			PARTITION BY target, what, oracle, unit
			ORDER BY median IS NULL, median,
			coalesce(nullif(instr('random pct:3 pos libfuzzer afl', engine), 0), 99)
		) AS best
	FROM cell
)
SELECT	bug, oracle, answers, unit,
	max(iif(engine = 'random', text, NULL)) AS random,
	max(iif(engine = 'pct:3', text, NULL)) AS "pct:3",
	max(iif(engine = 'pos', text, NULL)) AS pos,
	max(iif(engine = 'libfuzzer', text, NULL)) AS libfuzzer,
	max(iif(engine = 'afl', text, NULL)) AS afl,
	group_concat(iif(engine IN ('random', 'pct:3', 'pos', 'libfuzzer', 'afl'), NULL,
		engine || ': ' || text), '; ') AS others,
	best, place
FROM judged
GROUP BY target, what, oracle, unit
ORDER BY bug, place, oracle, what, unit DESC;
