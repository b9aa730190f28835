-- SPDX-License-Identifier: GPL-2.0-only
-- How the latest search went on: runs, distinct states and findings over time.
SELECT	t_s, runs, states, findings,
	states - lag(states, 1, 0) OVER (ORDER BY t_s) AS new_states
FROM v_samples
WHERE campaign_key = (
	SELECT key FROM v_campaigns ORDER BY started_us DESC, key LIMIT 1)
ORDER BY t_s;
