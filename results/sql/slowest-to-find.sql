-- SPDX-License-Identifier: GPL-2.0-only
-- Findings that took the most runs to meet: where a better engine would tell.
SELECT	id, severity, oracle, kernel, model, variant,
	min(first_runs) AS fewest_runs, max(first_runs) AS most_runs,
	count(DISTINCT campaign_key) AS campaigns
FROM v_hits
GROUP BY key
ORDER BY min(first_runs) DESC, key
LIMIT 50;
