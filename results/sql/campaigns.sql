-- SPDX-License-Identifier: GPL-2.0-only
-- All searches, the latest first.
SELECT	id, state, engine, started, round(wall_s, 1) AS wall_s, jobs, runs,
	states, findings, harmful, tool
FROM v_campaigns
ORDER BY started_us DESC;
