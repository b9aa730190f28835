-- SPDX-License-Identifier: GPL-2.0-only
-- What nobody had met before the latest search did.
SELECT	campaign, id, severity, oracle, kernel, arch, model, variant, steps,
	replay
FROM v_new_since
WHERE campaign_key = (
	SELECT key FROM v_campaigns ORDER BY started_us DESC, key LIMIT 1)
ORDER BY severity_rank, key;
