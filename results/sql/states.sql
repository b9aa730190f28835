-- SPDX-License-Identifier: GPL-2.0-only
-- Abstract states of a vCPU that were met, the rarest first.
SELECT	kernel, arch, model, variant, text AS state, sum(hits) AS hits,
	count(*) AS scenarios
FROM v_states
GROUP BY kernel, arch, model, variant, state
ORDER BY sum(hits), kernel, arch, model, variant, text;
