-- SPDX-License-Identifier: GPL-2.0-only
-- What each engine has met, and how soon on the median.
SELECT	engine, count(DISTINCT key) AS findings,
	count(DISTINCT CASE WHEN severity = 'harmful' THEN key END) AS harmful,
	sum(hits) AS hits, count(DISTINCT campaign_key) AS campaigns,
	min(first_runs) AS fastest_runs
FROM v_hits
GROUP BY engine
ORDER BY harmful DESC, findings DESC, engine;
